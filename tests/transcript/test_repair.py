import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_app.transcript.blocks import Splitter, resolve, split
from chat_app.transcript.maths import normalise_math
from chat_app.transcript.repair import repair
from tests.transcript.judge import html, words

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.md"))
ANSWERS = [pytest.param(path.read_text("utf-8"), id=path.stem) for path in CORPUS]
SLACK = 12
"""Letters at the end that may change their place or look with the next token."""


def draw(splitter, tail):
    blocks = [*splitter.closed, tail]
    return html(*(normalise_math(resolve(block, splitter.definitions)) for block in blocks))


def drawn_prefixes(answer):
    splitter = Splitter()
    for length in range(len(answer) + 1):
        splitter.update(answer[:length])
        yield answer[:length], draw(splitter, repair(splitter.tail))


def drawn(answer):
    splitter = Splitter()
    splitter.update(answer + "\n\n")
    return draw(splitter, splitter.tail)


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_was_seen_stays_while_the_answer_grows(answer):
    final = words(drawn(answer))
    for prefix, seen in drawn_prefixes(answer):
        shown = words(seen)
        assert final.startswith(shown[:-SLACK]), prefix[-60:]


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_is_seen_keeps_up_with_the_answer(answer):
    """Hiding everything would pass the other tests."""
    lengths = [len(words(seen)) for _, seen in drawn_prefixes(answer)]
    final = len(words(drawn(answer)))
    assert lengths[-1] >= final - SLACK
    assert sum(lengths) > 0.4 * final * len(lengths) / 1.2 / 1.2


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_marker_shows_that_the_finished_answer_does_not_show(answer):
    final = words(drawn(answer), code=False)
    for prefix, seen in drawn_prefixes(answer):
        shown = words(seen, code=False)
        for marker in ("**", "__", "~~", "`", "](", "![", "[^", "|", "$$", "\\", "&amp", "<"):
            assert shown.count(marker) <= final.count(marker), (marker, prefix[-60:])
        assert not re.search(r"(?<!\w)[*_](?=\w)", shown) or re.search(r"(?<!\w)[*_](?=\w)", final)


@pytest.mark.parametrize("answer", ANSWERS)
def test_repair_changes_nothing_in_a_finished_block(answer):
    for block in split(answer):
        finished = normalise_math(block.rstrip("\n") + "\n\n")
        assert html(normalise_math(repair(block.rstrip("\n") + "\n\n"))) == html(finished)
