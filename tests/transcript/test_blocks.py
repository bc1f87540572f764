import re
import sys
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chat_app.transcript.blocks import Splitter, render_ready, resolve, split
from chat_app.transcript.markdown.structure import Kind, Verbatim, lines
from chat_app.transcript.maths import normalise_math
from tests.transcript.growth import grows_linearly
from tests.transcript.judge import html

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.md"))
ANSWERS = [pytest.param(path.read_text("utf-8"), id=path.stem) for path in CORPUS]

PIECES = st.sampled_from(
    [
        "word", "two words", "**b**", "*i", "`c`", "- ", "-", "* ", "+ x", "1. ", "2) ", "10. ",
        "> ", ">", "# ", "## h", "---", "===", "***", "_", "    ", "  ", " ", "   ", "\t", "```",
        "```py", "~~~", "````", "|", "| a | b |", "|---|---|", "|-", "a | b", "- | -", "<div>",
        "</div>", "<!--", "-->", "<b>", "<pre>", "</pre>", "<?", "?>", "[foo]", "[foo]: /url",
        "[foo]:", '"title"', "[a](b)", "\\", "\n", "\n", "\n", "\n", "\n\n", "\n\n", "\n  ",
        "\n    ", "\n> ", "\n- ", "\n```\n", "\n   ", "$$", "\n$$\n",
        "\\[", "\\]", "\n\\[\n", "\n\\]\n", "$x$", "$5",
    ]
)  # fmt: skip
DISPUTED = re.compile(r"^[ \t>]*(?: {4}|\t)[ \t]*>|\]:[^\n]*\n[ >]*-[ \t]*$", re.MULTILINE)
"""Readers disagree: a `>` four columns deep, and a lone `-` right below a link definition."""

MARKDOWN = st.lists(PIECES, max_size=24).map("".join)


@pytest.mark.parametrize("answer", ANSWERS)
def test_blocks_drawn_one_by_one_look_like_the_whole(answer: str):
    blocks = (normalise_math(block) for block in render_ready(answer))
    assert html(*blocks) == html(normalise_math(answer))


@settings(max_examples=600, deadline=None, derandomize=True)
@given(MARKDOWN)
def test_any_blocks_drawn_one_by_one_look_like_the_whole(text: str):
    assume(not leaves_a_display_open(text))
    assume(not DISPUTED.search(text))
    blocks = (normalise_math(block) for block in render_ready(text))
    assert html(*blocks) == html(normalise_math(text))


def leaves_a_display_open(text: str):
    """A display that never closes turns out to be text, too late for the block before it."""
    was_open = False
    for _, _, line in lines(text):
        if was_open and (line.opens or line.kind is not Kind.MATHS):
            return True
        leaf = line.after.leaf
        was_open = isinstance(leaf, Verbatim) and leaf.kind is Kind.MATHS
    return was_open


@pytest.mark.parametrize("answer", ANSWERS)
def test_blocks_joined_are_the_text(answer: str):
    assert "".join(split(answer)) == answer


@settings(max_examples=300, deadline=None)
@given(MARKDOWN)
def test_closed_blocks_never_change_while_the_text_grows(text: str):
    grows_well(text)


@pytest.mark.parametrize("answer", ANSWERS)
def test_closed_blocks_of_an_answer_never_change(answer: str):
    grows_well(answer)


def grows_well(text: str):
    splitter = Splitter()
    seen = []
    for length in range(len(text) + 1):
        splitter.update(text[:length])
        assert splitter.closed[: len(seen)] == seen
        assert "".join(splitter.closed) + splitter.tail == text[:length]
        seen = list(splitter.closed)
    assert list(split(text)[: len(seen)]) == seen


@settings(max_examples=200, deadline=None)
@given(MARKDOWN, st.lists(st.integers(1, 9), min_size=1, max_size=60))
def test_the_way_a_text_arrives_makes_no_difference(text: str, sizes: list[int]):
    pieces = Splitter()
    at = 0
    for size in sizes:
        at += size
        pieces.update(text[:at])
    pieces.update(text)
    whole = Splitter()
    whole.update(text)
    assert (pieces.closed, pieces.tail) == (whole.closed, whole.tail)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("one\n\ntwo\nthree\n", ["one\n\n", "two\nthree\n"]),
        ("# a\ntext\n## b\n", ["# a\n", "text\n", "## b\n"]),
        ("text\n- a\n\n  b\n\n- c\n\nend", ["text\n", "- a\n\n  b\n\n- c\n\n", "end"]),
        ("- a\n* b\n1. c\n2. d\n1) e", ["- a\n", "* b\n", "1. c\n2. d\n", "1) e"]),
        ("text\n2. no list\n", ["text\n2. no list\n"]),
        ("> a\nlazy\n\n> b\n", ["> a\nlazy\n\n", "> b\n"]),
        ("> # a\nnot lazy\n", ["> # a\n", "not lazy\n"]),
        ("```\n\n# code\n\n```\nafter", ["```\n\n# code\n\n```\n", "after"]),
        ("- ```\n  a\n\n  b\n\nafter", ["- ```\n  a\n\n  b\n\n", "after"]),
        ("````\n```\n````\n```\nopen", ["````\n```\n````\n", "```\nopen"]),
        ("    a\n\n    b\n\nc", ["    a\n\n    b\n\n", "c"]),
        ("Title\n===\ntext\n", ["Title\n===\n", "text\n"]),
        ("|a|\n|-|\n|b|\nc\n- d\n", ["|a|\n|-|\n|b|\nc\n", "- d\n"]),
        ("<!-- a\n\nb -->\ntext", ["<!-- a\n\nb -->\n", "text"]),
        ("<div>\n*a*\n\n*b*", ["<div>\n*a*\n\n", "*b*"]),
        ("text\n$$\na\n\nb\n$$\nmore", ["text\n", "$$\na\n\nb\n$$\n", "more"]),
        ("\\[\na\n\nb\n\\]\n\nmore", ["\\[\na\n\nb\n\\]\n\n", "more"]),
        ("\\[ a\n\n= b \\], so\nit is\n\nmore", ["\\[ a\n\n= b \\], so\nit is\n\n", "more"]),
        ("\n\nfirst\n", ["\n\nfirst\n"]),
        ("a\n\n\n\n", ["a\n\n\n\n"]),
        ("", []),
    ],
)  # fmt: skip
def test_text_is_cut_where_blocks_begin(text: str, blocks: list[str]):
    assert list(split(text)) == blocks


def test_a_paragraph_closes_with_the_first_word_of_the_next_block():
    splitter = Splitter()
    splitter.update("one\n\n")
    assert splitter.closed == []
    splitter.update("one\n\n**T")
    assert splitter.closed == ["one\n\n"]


def test_a_list_stays_open_while_the_next_line_could_belong_to_it():
    splitter = Splitter()
    splitter.update("- a\n\n-")
    assert splitter.closed == []
    splitter.update("- a\n\n---\n")
    assert splitter.closed == ["- a\n\n"]


def test_another_text_starts_anew():
    splitter = Splitter()
    splitter.update("one\n\n[a]: /b\n\ntwo\n\nthree")
    splitter.update("other")
    assert (splitter.closed, splitter.tail, splitter.definitions) == ([], "other", {})


def test_nothing_closes_from_the_first_footnote_on():
    assert split("a\n\nb[^1]\n\nc\n\n[^1]: note\n\nd\n") == (
        "a\n\n",
        "b[^1]\n\nc\n\n[^1]: note\n\nd\n",
    )


def test_brackets_in_code_are_no_footnotes():
    assert len(split("a `[^a-z]+`\n\n```\n[^b]\n```\n\nc")) == 3


def test_a_link_defined_later_reaches_blocks_that_closed_before():
    splitter = Splitter()
    splitter.update("see [The  Guide] and [x]\n\n[the guide]: /url\n\nend")
    assert html(resolve(splitter.closed[0], splitter.definitions)) == (
        '<p>see <a href="/url">The  Guide</a> and [x]</p>'
    )
    assert resolve("no [x] here", splitter.definitions) == "no [x] here"


def test_the_first_of_two_definitions_counts():
    (first, *_) = render_ready("[a]\n\n[a]: /one\n\n[a]: /two")
    assert html(first) == '<p><a href="/one">a</a></p>'


def test_the_cost_of_a_token_does_not_grow_with_the_text():
    def calls(paragraphs: int):
        splitter = Splitter()
        text = "A paragraph of *words*.\n\n" * paragraphs
        splitter.update(text)
        count = 0

        def profiler(*_):
            nonlocal count
            count += 1

        sys.setprofile(profiler)
        for length in range(1, 21):
            splitter.update(text + "Twenty more letters."[:length])
        sys.setprofile(None)
        return count

    assert calls(2000) == calls(20)


@pytest.mark.parametrize(
    "unit", ["*", "[", "`", "`` ` ", "- ", "> ", "1. ", "#", "$", "|", "<a ", "a\n\n", "[a]: b\n"]
)
def test_hostile_text_takes_linear_time(unit: str):
    assert grows_linearly(split, unit)
