"""What is too much to parse is told in linear time, is plain text, and stays so."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.blocks import Drawing, draw
from chat_app.transcript.markdown.limits import MAX_CODE_LENGTH, PIECE_LENGTH, exceeds_limits
from tests.helpers.pathological import SHAPES, UNITS, nested_list, repeated
from tests.transcript.growth import grows_linearly

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.transcript.blocks import Block

CORPUS = Path(__file__).resolve().parent / "corpus"
LIMITS = Path(__file__).resolve().parents[2] / "chat_app/components/prose/limits.js"
ANSWERS = {file.stem: file.read_text() for file in sorted(CORPUS.glob("*.md"))}
TOO_MUCH = [
    "> " * 40 + "a",
    ">" * 40 + "a",
    "- " * 40 + "a",
    "1. > " * 40 + "a",
    nested_list(40),
    "*a **a " * 60,
    "*a_ " * 200,
    "*" * 200 + "a",
    "[" * 200,
    "]" * 200,
    "<!-- " * 60,
    "|a" * 500 + "\n" + "a\n" * 20,
    "a\n" * 2_000,
    "a" * 70_000,
    "```\n" + "a\n" * MAX_CODE_LENGTH,
]
CUT = TOO_MUCH[-2:]
"""Too long for one block, and cut in blocks that are not."""
FINE = [
    "> " * 20 + "a",
    "- - - " * 60,
    "* " * 60,
    "snake_case_name " * 300,
    "**a** and *b*, `c`. " * 150,
    "```py\n" + "x = [y]\n" * 5_000 + "```\n",
    "~~~\n" + "> - *a " * 5_000,
    "word " * 12_000,
    nested_list(20),
    *ANSWERS.values(),
]


@pytest.mark.parametrize("text", TOO_MUCH, ids=range(len(TOO_MUCH)))
def test_what_is_nested_or_repeated_too_much_is_plain_text(text: str):
    blocks = draw(text + "\n\nAfter it.\n", "p")
    assert exceeds_limits(text)
    assert [block.is_plain for block in blocks][:1] == [text not in CUT]
    assert text in CUT or all(block.drawn == block.source for block in blocks)
    assert not blocks[-1].is_plain or not text.endswith("a")


@pytest.mark.parametrize("text", FINE, ids=range(len(FINE)))
def test_what_people_write_is_parsed(text: str):
    assert not exceeds_limits(text)


@pytest.mark.parametrize("name", [*UNITS, *SHAPES])
def test_pieces_of_plain_text_are_small_and_are_the_text(name: str):
    text = (SHAPES.get(name) or repeated(name, 120_000)) + "\n\nAfter it."
    blocks = draw(text, "p")
    assert "".join(block.source for block in blocks) == text
    assert max((len(b.source) for b in blocks if b.is_plain), default=0) <= PIECE_LENGTH


def looks(blocks: Iterable[Block]) -> list[tuple[str, bool]]:
    return [(block.drawn, block.is_plain) for block in blocks if block.drawn]


@pytest.mark.parametrize("name", [*UNITS, *SHAPES])
def test_a_text_that_came_in_pieces_is_drawn_as_the_whole_one_is(name: str):
    text = (SHAPES.get(name) or repeated(name, 12_000)) + "\n\nAfter it.\n\n"
    drawing = Drawing("p")
    for length in range(0, len(text), 1_171):
        drawing.update(text[:length])
        assert "".join(b.source for b in (*drawing.closed, drawing.tail)) == text[:length]
        assert len(drawing.tail.drawn) < 4 * len(drawing.tail.source) + 200
    drawing.update(text)
    assert drawing.finish() == draw(text, "p")
    if "^" not in text and "\\" not in text:  # these are known to the end only
        assert looks((*drawing.closed, drawing.tail)) == looks(draw(text, "p"))


@pytest.mark.parametrize("name", ["entities", "nested emphasis"])
def test_a_cut_that_later_text_allows_shows_nothing_twice(name: str):
    text = SHAPES.get(name) or repeated(name, 12_000)
    drawing = Drawing("p")
    for length in range(0, len(text), 371):
        drawing.update(text[:length])
        assert "".join(b.source for b in (*drawing.closed, drawing.tail)) == text[:length]


@given(st.text("*_[]`$|<!->.1 \n\ta&~\\(", max_size=300), st.integers(1, 40), st.integers(0, 9999))
def test_too_much_stays_too_much_when_more_comes(unit: str, times: int, cut: int):
    text = unit * times * 20
    if exceeds_limits(text[:cut].rpartition("\n")[0] + "\n"):
        assert exceeds_limits(text)


@pytest.mark.parametrize("name", UNITS)
def test_work_grows_with_the_length_of_a_pathological_text(name: str):
    def work(text: str):
        draw(text, "p")
        drawing = Drawing("p")
        drawing.update(text)
        drawing.update(text + "x")

    assert grows_linearly(work, UNITS[name])


@pytest.mark.parametrize("name", ["one letter", "paragraphs", "open displays", "quotes", "bars"])
def test_a_megabyte_takes_seconds(name: str):
    started = time.process_time()
    draw(repeated(name, 1_000_000), "p")
    assert time.process_time() - started < 20


def test_the_browser_has_the_same_rule():
    texts = [*TOO_MUCH, *FINE, *SHAPES.values()]
    for name in UNITS:
        texts += [repeated(name, length) for length in (100, 400, 1_000, 4_000, 16_000, 70_000)]
    script = """
        import { readFileSync } from "node:fs";
        const { exceedsLimits } = await import(process.argv[1]);
        const texts = JSON.parse(readFileSync(0, "utf8"));
        process.stdout.write(JSON.stringify(texts.map(exceedsLimits)));
    """
    node = which("node")
    assert node, "Reflex needs Node, too"
    ran = subprocess.run(
        [node, "--input-type=module", "-e", script, str(LIMITS)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    differ = [
        text[:40]
        for text, exceeds in zip(texts, json.loads(ran.stdout), strict=True)
        if exceeds != exceeds_limits(text)
    ]
    assert differ == []
