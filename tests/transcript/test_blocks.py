import re
import sys
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chat_app.transcript.blocks import Block, Drawing, draw
from chat_app.transcript.markdown.structure import Kind, Verbatim, lines
from chat_app.transcript.maths import normalise_math
from tests.helpers.examples import examples
from tests.transcript.growth import grows_linearly
from tests.transcript.judge import html, whole, without_paragraphs

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.md"))
ANSWERS = [pytest.param(path.read_text("utf-8"), id=path.stem) for path in CORPUS]

PIECES = st.sampled_from(
    [
        "word", "two words", "**b**", "*i", "`c`", "- ", "-", "* ", "+ x", "1. ", "2) ", "10. ",
        "> ", ">", "# ", "## h", "---", "===", "***", "_", "    ", "  ", " ", "   ", "\t", "```",
        "```py", "~~~", "````", "|", "| a | b |", "|---|---|", "|-", "a | b", "- | -", "<div>",
        "</div>", "<!--", "-->", "<b>", "<pre>", "</pre>", "<?", "?>", "[foo]", "[foo]: /url",
        "[foo]:", '"title"', "[a](b)", "[^a]", "[^b]", "[^A]:", "\n[^a]: ",
        "\n[^b]:\n    ", "\\", "\n", "\n", "\n", "\n", "\n\n", "\n\n", "\n  ",
        "\n    ", "\n> ", "\n- ", "\n```\n", "\n   ", "$$", "\n$$\n",
        "\\[", "\\]", "\n\\[\n", "\n\\]\n", "$x$", "$5",
    ]
)  # fmt: skip
DISPUTED = re.compile(
    r"^[ \t>]*(?: {4}|\t)[ \t]*>|\]:(?:[^\n]*\n){1,3}[ >]*(?:-|<b>)[ \t]*$|\[\^\w+\]\[\w"
    r"|(?:\$\$|\\\])[ \t]*\[\^\w+\]:",
    re.MULTILINE,
)
"""Readers disagree: a `>` four columns deep, a lone `-` or tag right below a link definition,
`[^a][b]` where `b` is not defined, and `[^a]:` behind display maths, which is text here."""

UNCUT = 10**6
"""Longer than any block here; `test_cuts` has those that are cut."""

MARKDOWN = st.lists(PIECES, max_size=24).map("".join)


@pytest.mark.parametrize("answer", ANSWERS)
def test_blocks_drawn_one_by_one_look_like_the_whole(answer: str):
    assert looks(draw(answer, "p", longest=UNCUT)) == whole(normalise_math(answer))


@examples(600, is_comparison=True)
@given(MARKDOWN)
@example("\n\\[\n\\]```\\]\n```\nword")
def test_any_blocks_drawn_one_by_one_look_like_the_whole(text: str):
    assume(not leaves_a_display_open(text))
    assume(not DISPUTED.search(text))
    assert looks(draw(text, "p")) == whole(normalise_math(text))


def looks(blocks: list[Block]):
    """The text and the list of its footnotes, drawn block by block."""
    text = html(*(block.drawn for block in blocks if not block.is_note))
    return text, without_paragraphs(html(*(block.drawn for block in blocks if block.is_note)))


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
def test_what_was_written_can_be_had_from_the_blocks(answer: str):
    assert "".join(sources(answer)) == answer


@examples(300)
@given(MARKDOWN)
def test_closed_blocks_stay_where_they_are_while_the_text_grows(text: str):
    grows_well(text)


@pytest.mark.parametrize("answer", ANSWERS)
def test_closed_blocks_of_an_answer_stay_where_they_are(answer: str):
    grows_well(answer)


def grows_well(text: str):
    drawing = Drawing("p")
    seen: list[str] = []
    for length in range(len(text) + 1):
        drawing.update(text[:length])
        closed = [block.source for block in drawing.closed]
        assert closed[: len(seen)] == seen
        assert "".join(closed) + drawing.tail.source == text[:length]
        seen = closed
    assert sources(text)[: len(seen)] == seen
    assert drawing.finish() == draw(text, "p")


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_is_drawn_while_an_answer_grows_is_what_the_finished_answer_shows(answer: str):
    drawing = Drawing("p")
    for length in range(len(answer) + 3):
        drawing.update((answer + "\n\n")[:length])
    finished = draw(answer, "p")
    for grown, final in zip(drawing.closed, finished, strict=False):
        assert grown == final or grown.is_note


@examples(200)
@given(MARKDOWN, st.lists(st.integers(1, 9), min_size=1, max_size=60))
def test_the_way_a_text_arrives_makes_no_difference(text: str, sizes: list[int]):
    pieces = Drawing("p")
    at = 0
    for size in sizes:
        at += size
        pieces.update(text[:at])
    pieces.update(text)
    whole = Drawing("p")
    whole.update(text)
    assert (pieces.closed, pieces.tail) == (whole.closed, whole.tail)


def sources(text: str):
    return [block.source for block in draw(text, "p") if block.source]


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
        ("a\n[^1]: b\nlazy\n\n    c\n\nd\n", ["a\n", "[^1]: b\nlazy\n\n    c\n\n", "d\n"]),
        (
            "<details>\n\n# a\n\n<details>\n</details>\n\nb</details>\n\nc",
            ["<details>\n\n# a\n\n<details>\n</details>\n\nb</details>\n\n", "c"],
        ),
        ("<details open>`<details>`\n\n- `a</details>`\n\nb", [
            "<details open>`<details>`\n\n- `a</details>`\n\nb"]),
        ("`<details>`\n\nb", ["`<details>`\n\n", "b"]),
        ("[^1]: a\n[^2]: b\n- c\n[^3]: d", ["[^1]: a\n", "[^2]: b\n", "- c\n", "[^3]: d"]),
        ("[^1]:\n    ```\n    a\n    ```\nb", ["[^1]:\n    ```\n    a\n    ```\n", "b"]),
        ("\n\nfirst\n", ["\n\nfirst\n"]),
        ("a\n\n\n\n", ["a\n\n\n\n"]),
        ("", []),
    ],
)  # fmt: skip
def test_text_is_cut_where_blocks_begin(text: str, blocks: list[str]):
    assert sources(text) == blocks


def closed(text: str):
    drawing = Drawing("p")
    drawing.update(text)
    return [block.source for block in drawing.closed]


def test_a_paragraph_closes_with_the_first_word_of_the_next_block():
    assert closed("one\n\n") == []
    assert closed("one\n\n**T") == ["one\n\n"]


def test_a_list_stays_open_while_the_next_line_could_belong_to_it():
    assert closed("- a\n\n-") == []
    assert closed("- a\n\n---\n") == ["- a\n\n"]


def test_another_text_starts_anew():
    drawing = Drawing("p")
    drawing.update("one[^1]\n\n[a]: /b\n\ntwo\n\nthree")
    drawing.update("other [a][a] [^2]!")
    assert drawing.closed == []
    assert drawing.tail.drawn == "other a [1](#fn-p-2)!"


def test_details_that_never_close_do_not_grow_without_end():
    text = "<details>\n\n" + "A paragraph.\n\n" * 20_000
    assert max(map(len, sources(text))) < 66_000


def test_a_link_defined_later_reaches_blocks_that_closed_before():
    drawing = Drawing("p")
    text = "see [The  Guide] and [x]\n\nno link [y]\n\n"
    drawing.update(text + "next\n\n[the gui")
    before = list(drawing.closed)
    drawing.update(text + "next\n\n[the guide]: /url\n\nend")
    assert html(drawing.closed[0].drawn) == '<p>see <a href="/url">The  Guide</a> and [x]</p>'
    assert drawing.closed[0].source == before[0].source
    assert drawing.closed[1] is before[1]


def test_the_first_of_two_definitions_counts():
    first, *_ = draw("[a]\n\n[a]: /one\n\n[a]: /two", "p")
    assert html(first.drawn) == '<p><a href="/one">a</a></p>'


def calls_of(drawing: Drawing, texts: list[str]) -> int:
    """How many functions are entered and left while `drawing` takes the texts."""
    count = 0

    def profiler(*_):
        nonlocal count
        count += 1

    sys.setprofile(profiler)
    for text in texts:
        drawing.update(text)
    sys.setprofile(None)
    return count


def test_the_cost_of_a_token_does_not_grow_with_the_text():
    def calls(paragraphs: int):
        drawing = Drawing("p")
        text = "See [that] and [the *words*][those] of a note[^1].\n\n" * paragraphs
        drawing.update(text)
        return calls_of(drawing, [text + "Twenty more letters."[:n] for n in range(1, 21)])

    calls(1)  # whatever is made once, by the first text of a process, is made here
    assert calls(2000) == calls(20)


@pytest.mark.parametrize(
    "unit",
    ["a\n", "- item of a list\n", "    code\n", "```\n", "| a | b |\n", "<p>\n", "> words\n"],
)
def test_complete_lines_are_not_read_again(unit: str):
    def calls(lines: int):
        drawing = Drawing("p")
        text = "- a\n" + unit * lines if unit.startswith("-") else unit * lines
        text = "```\n" + unit.replace("`", "code") * lines if unit.startswith("`") else text
        drawing.update(text)
        return calls_of(drawing, [text + "x"])

    calls(2)  # whatever is made once, by the first text of a process, is made here
    # Few enough to be one piece; `test_cuts` has those that are cut.
    assert calls(80) == calls(20)


@pytest.mark.parametrize(
    "unit",
    ["*", "[", "`", "`` ` ", "- ", "> ", "1. ", "#", "$", "|", "<a ", "a\n\n", "[a]: b\n", "[^a]",
     "[^a]: ", "[^a]:\n", "[^a]: b\n", "[^", "![^a]", "[a][b]", "[a][b", "[a](b", "[^a](", "[^a]["],
)  # fmt: skip
def test_hostile_text_takes_linear_time(unit: str):
    def grow(text: str):
        drawing = Drawing("p")
        drawing.update(text)
        drawing.update(text + "x")
        drawing.finish()

    assert grows_linearly(grow, unit)


@pytest.mark.parametrize("paragraph", ["a[^{n}]\n\n", "[^{n}]: a\n", "[a][{n}]\n\n[{n}]: /b\n\n"])
def test_many_references_take_linear_time(paragraph: str):
    def grow(text: str):
        drawing = Drawing("p")
        for length in range(0, len(text), 200):
            drawing.update(text[:length])
        drawing.finish()

    def many(unit: str):
        return "".join(paragraph.format(n=n) for n in range(len(unit) // len(paragraph)))

    assert grows_linearly(lambda unit: grow(many(unit)), "x")
