import re
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chat_app.transcript.blocks import Block, Drawing, draw
from chat_app.transcript.markdown.cuts import LONGEST
from chat_app.transcript.maths import normalise_math
from tests.helpers.examples import examples
from tests.transcript.joined import alike, joined
from tests.transcript.judge import whole
from tests.transcript.test_blocks import DISPUTED, MARKDOWN, calls_of, leaves_a_display_open

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.md"))
HARD_TO_COMPARE = re.compile(r"<|~~~|``|\[foo\]:|>\s+<|(?:[-+*]|\d[.)])[ \t]*\n(?:[ \t>]*\n){2}")
"""The judge makes elements of tags, forgets the space between two elements, and ends a list where
two blank lines follow an empty item."""
ANSWERS = [
    pytest.param(path.read_text("utf-8"), id=path.stem) for path in CORPUS if path.stem != "html"
]


def shown(text: str, longest: int) -> str:
    return joined(block for block in draw(text, "p", longest=longest) if not block.is_note)


@pytest.mark.parametrize("longest", [1, 40, 300])
@pytest.mark.parametrize("answer", ANSWERS)
def test_pieces_of_an_answer_joined_look_like_the_whole(answer: str, longest: int):
    assert shown(answer, longest) == alike(whole(normalise_math(answer))[0])


@examples(300, is_comparison=True)
@given(MARKDOWN, st.integers(1, 12))
@example("**** word", 1)
@example("x\n--- word", 1)
@example("$$two words\\\n\n\\$$word$$word", 1)
def test_any_pieces_joined_look_like_the_whole(text: str, longest: int):
    assume(not leaves_a_display_open(text))
    assume(not DISPUTED.search(text))
    assume(not HARD_TO_COMPARE.search(text))
    assert shown(text, longest) == alike(whole(normalise_math(text))[0])


@examples(150)
@given(MARKDOWN, st.integers(1, 12), st.lists(st.integers(1, 9), min_size=1, max_size=60))
def test_where_a_text_is_cut_does_not_depend_on_how_it_arrives(
    text: str, longest: int, sizes: list[int]
):
    growing = Drawing("p", longest=longest)
    seen: list[tuple[str, str]] = []
    at = 0
    for size in [*sizes, len(text)]:
        at += size
        growing.update(text[:at])
        closed = places(growing.closed)
        assert closed[: len(seen)] == seen
        assert "".join(block.source for block in (*growing.closed, growing.tail)) == text[:at]
        seen = closed
    at_once = Drawing("p", longest=longest)
    at_once.update(text)
    assert (growing.closed, growing.tail) == (at_once.closed, at_once.tail)
    assert places(draw(text, "p", longest=longest))[: len(seen)] == seen


@pytest.mark.parametrize(
    "opening", ["$$", "\\[", "- $$", "$$\nx", "$$\nx\n$$", "$$ x $$", "\\[\nx"]
)
def test_a_block_before_a_note_closes_though_the_note_may_open_a_display(opening: str):
    text = f"word\n[^a]: {opening}"
    for longest in (1, LONGEST):
        growing, at_once = Drawing("p", longest=longest), Drawing("p", longest=longest)
        for at in range(len(text)):
            growing.update(text[: at + 1])
        at_once.update(text)
        assert places(growing.closed)[:1] == [("word\n", "")]
        assert growing.closed == at_once.closed
        assert places(draw(text, "p", longest=longest))[:1] == [("word\n", "")]


@pytest.mark.parametrize(
    "text",
    ["- $$\n[^a]: \n[^a]: ", "$$\nof words and words\n\n# Two\n\nthree\n", "> \\[\n- a\n- b\n"],
)
def test_lines_of_a_display_that_is_none_are_read_one_by_one_however_they_arrive(text: str):
    at_once = Drawing("p", longest=1)
    at_once.update(text)
    for first in range(len(text)):
        growing = Drawing("p", longest=1)
        growing.update(text[:first])
        growing.update(text)
        assert (growing.closed, growing.tail) == (at_once.closed, at_once.tail), first


def places(blocks: list[Block]) -> list[tuple[str, str]]:
    return [(block.source, block.path) for block in blocks]


LONG = {
    "list": ("", "- item {n} with **bold** and `code`\n"),
    "loose list": ("", "- item {n}\n\n  and more of it\n\n"),
    "numbers": ("", "{n}. item\n"),
    "nested list": ("- outer\n", "  - item {n}\n"),
    "deep list": ("1. one\n   - two\n", "     - item {n}\n"),
    "list in a quote": ("> So:\n>\n", "> * item {n}\n"),
    "quote": ("", "> Sentence {n}.\n>\n"),
    "table": ("| a | b |\n|---|--:|\n", "| x {n} | *y* |\n"),
    "table in a list": ("- see\n\n  | a | b |\n  |---|---|\n", "  | x | {n} |\n"),
    "code": ("```py\n", "call({n})\n"),
    "code in a list": ("- see\n  ```py\n", "  call({n})\n\n"),
    "indented code": ("", "    call({n})\n"),
    "paragraph": ("", "Sentence {n} is *one* of [many](b). "),
    "paragraph of lines": ("", "Sentence {n} is *one* of [many](b).\n"),
    "paragraph in a list": ("- ", "Sentence {n} is one of many. "),
    "paragraph in a quote": ("> ", "Sentence {n} is\n> one of many. "),
    "Chinese": ("", "\u8fd9\u662f\u7b2c {n} \u53e5\u8bdd\u3002"),
    "letters": ("", "abcdefghij"),
}


MANY_CALLS = 12_000
"""More than the open end of any of them takes, far less than one per unit of it."""


@pytest.mark.parametrize("kind", LONG)
def test_of_a_long_block_only_the_end_is_open(kind: str):
    start, unit = LONG[kind]
    text = start + "".join(unit.format(n=n) for n in range(1, 1001))
    drawing = Drawing("p")
    drawing.update(text)
    assert len(drawing.tail.drawn) < 8000
    longest = max(len(block.drawn) for block in drawing.closed)
    assert longest < 8500
    assert "".join(block.source for block in (*drawing.closed, drawing.tail)) == text
    assert shown(text, LONGEST) == alike(whole(normalise_math(text))[0])


@pytest.mark.parametrize("kind", LONG)
def test_the_cost_of_a_token_does_not_grow_with_the_open_block(kind: str):
    def calls(units: int) -> int:
        start, unit = LONG[kind]
        drawing = Drawing("p")
        text = start + "".join(unit.format(n=n) for n in range(1, units))
        drawing.update(text)
        return calls_of(drawing, [text + unit.format(n=1)[:5]])

    calls(1)  # whatever is made once, by the first text of a process, is made here
    assert calls(8000) < MANY_CALLS
