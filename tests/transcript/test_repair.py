import re
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.blocks import Block, Drawing, draw
from chat_app.transcript.markdown.splitter import Splitter
from chat_app.transcript.maths import normalise_math
from chat_app.transcript.repair import repair
from tests.helpers.examples import examples
from tests.transcript.growth import grows_linearly
from tests.transcript.judge import html, words

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.md"))
ANSWERS = [pytest.param(path.read_text("utf-8"), id=path.stem) for path in CORPUS]
MARKERS = ("**", "__", "~~", "`", "](", "][", "]:", "![", "[^", "|", "$$", "\\", "&amp", "<")
HOSTILE = [
    "*", "_", "~~", "[", "]", "`", "`` ` ", "![", "[](", "[a](b ", "[a](<", '[a](b "', "<", "<a ",
    '<a b="', "&", "&#", "$", "$a ", "$$ ", "\\(", "\\[", "\\", "*a _b ", "**a *", "a*", "[^",
    "[^1]", "[^a] `", "> ", "- ", "1. ", "#", "|", "| ", "|a|\n", "http://", "a](", "<!--", "(",
    "[](a(", "[a]: ", " ", "[1, ", "\\(`", "\\[a ", "**a ** ", "a$_", "<!-- ",
]  # fmt: skip
HOSTILE_LINES = [
    "\n",
    "\t",
    "*a\n",
    "- - a\n",
    "|a|\n",
    "[a]:b\n",
    "> a\n",
    "`\n",
    "$$\n",
    "<a>\n",
    "\\[\n",
]

SLACK = 12
"""Letters at the end that may change their place or look with the next token."""


def looks(blocks: Sequence[Block]):
    """The text as HTML, and its footnotes, which move when the text is finished."""
    text = html(*(block.drawn for block in blocks if not block.is_note))
    return text, *(html(block.drawn) for block in blocks if block.is_note)


@lru_cache
def moments(answer: str):
    """(The text so far, how it looks), letter by letter."""
    drawing = Drawing("p")
    seen: list[tuple[str, tuple[str, ...]]] = []
    for length in range(len(answer) + 1):
        drawing.update(answer[:length])
        seen.append((answer[:length], looks([*drawing.closed, drawing.tail])))
    return seen


@lru_cache
def finished(answer: str):
    return looks(draw(answer, "p"))


def unbracketed(drawn: str):
    """What a person reads: a citation loses its brackets when its link is defined."""
    return re.sub(r"[\[\]]", "", words(drawn))


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_was_seen_stays_while_the_answer_grows(answer: str):
    final, *final_notes = (unbracketed(drawn) for drawn in finished(answer))
    for prefix, (seen, *notes) in moments(answer):
        assert final.startswith(unbracketed(seen)[:-SLACK]), prefix[-60:]
        for note in notes:
            assert unbracketed(note)[:-SLACK] in final_notes[-1], prefix[-60:]


@pytest.mark.parametrize("answer", ANSWERS)
def test_only_little_is_hidden_at_any_moment(answer: str):
    for prefix, seen in moments(answer)[::7]:
        # The label of a link hides until it is defined.
        whole = re.sub(r"\]\[[^\]]*\]", "", words("".join(finished(prefix))))
        assert len(words("".join(seen))) >= len(whole) - 70, prefix[-60:]
    last = words("".join(moments(answer)[-1][1]))
    assert len(last) >= len(words("".join(finished(answer)))) - SLACK


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_marker_shows_that_the_finished_answer_does_not_show(answer: str):
    final = words("".join(finished(answer)), code=False)
    for prefix, seen in moments(answer):
        shown = words("".join(seen), code=False)
        for marker in MARKERS:
            assert shown.count(marker) <= final.count(marker), (marker, prefix[-60:])


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_half_address_can_be_followed(answer: str):
    final = set(links("".join(finished(answer))))
    for prefix, seen in moments(answer):
        assert final.issuperset(links("".join(seen))), prefix[-60:]


def links(drawn: str):
    """Addresses of the links, those that are plain words included."""
    text = re.sub(r"<(pre|code|math)\b.*?</\1>|<a .*?</a>", "", drawn, flags=re.DOTALL)
    return [*re.findall(r'href="([^"]*)"', drawn), *re.findall(r"(?:https?://|www\.)[^\s<]+", text)]


@pytest.mark.parametrize("answer", ANSWERS)
def test_repair_changes_nothing_in_a_finished_block(answer: str):
    for block in draw(answer, "p"):
        whole = block.source.rstrip("\n") + "\n\n"
        assert html(normalise_math(repair(whole))) == html(normalise_math(whole))


@pytest.mark.parametrize("answer", ANSWERS)
def test_repair_needs_not_read_again_what_the_splitter_read(answer: str):
    splitter = Splitter()
    for length in range(len(answer) + 1):
        splitter.update(answer[:length])
        shown = splitter.tail.shown
        assert repair(shown, splitter.reading) == repair(shown)


@examples(300)
@given(st.text("ab *_`~[]()!<>$\\\n-#|1.&:^", max_size=60))
def test_any_tail_can_be_repaired_and_shows_no_more_than_it_has(tail: str):
    repaired = repair(tail)
    letters = [letter for letter in tail if letter in "ab1"]
    assert len([letter for letter in repaired if letter in "ab1"]) <= len(letters)


@pytest.mark.parametrize(
    ("tail", "shown"),
    [
        ("", ""),
        ("so **bo", "so **bo**"),
        ("so **bold ", "so **bold** "),
        ("so **bold*", "so **bold**"),
        ("so **", "so"),
        ("so *a **b", "so *a **b***"),
        ("so ***a", "so ***a***"),
        ("so ***a**", "so ***a***"),
        ("~~gone~", "~~gone~~"),
        ("about ~5 and", "about ~5 and"),
        ("__a and _b", "__a and _b___"),
        ("snake_case and more_", "snake_case and more"),
        ("2*3 is", "2*3 is"),
        ("2 * 3 is", "2 * 3 is"),
        ("\\*not* so", "\\*not* so"),
        ("an \\", "an"),
        ("`a *b", "`a *b`"),
        ("``a ` b`", "``a ` b``"),
        ("an `", "an"),
        ("`*a` **b", "`*a` **b**"),
        ("[te", "te"),
        ("[**te", "**te**"),
        ("see [text]", "see text"),
        ("see [text](http://a.b/c_d", "see text"),
        ('see [text](http://a.b "ti', "see text"),
        ("see [text](http://a.b) *x", "see [text](http://a.b) *x*"),
        ("see [text](http://a.b/(c)", "see text"),
        ("see [text][re", "see text"),
        ("a[0] and b[1", "a[0] and b[1"),
        ("[0, 1) is " + "long " * 30, "[0, 1) is " + "long " * 30),
        ("**「引号」**で", "**「引号」**で"),
        ("これは**「引号", "これは**「引号**"),
        ("**强调。**后*文", "**强调。**后*文*"),
        ("an ![image](http", "an"),
        ("an ![im", "an"),
        ("[![im](a.png)](http://a", "![im](a.png)"),
        ("a <b", "a"),
        ('a <a href="x y', "a"),
        ("a < b and c", "a < b and c"),
        ("a <https://exam", "a"),
        ("R&D, a &am", "R&D, a"),
        ("is $5 and $10 and", "is $5 and $10 and"),
        ("is $x", "is $x"),
        ("is $\\frac{a", "is"),
        ("is \\(a", "is"),
        ("is \\(a\\) and *b", "is \\(a\\) and *b*"),
        ("text\n\\[\na", "text\n"),
        ("text\n\n$$\na\n\nb", "text\n\n"),
        ("- a\n  $$\n  b", "- a\n  "),
        ("a\n-", "a\n"),
        ("a\n==", "a\n"),
        ("- a\n- ", "- a\n"),
        ("- a\n- [", "- a\n"),
        ("1. a\n2.", "1. a\n"),
        ("a\n\n12", "a\n\n"),
        ("##", ""),
        ("## **a", "## **a**"),
        ("## **a\n", "## **a\n"),
        ("> ", ""),
        ("> *a", "> *a*"),
        ("- a\n\n  **b\n  c", "- a\n\n  **b\n  c**"),
        ("**a\n\n", "**a\n\n"),
        ("``", ""),
        ("a\n```py", "a\n"),
        ("```py\n", "```py\n```"),
        ("```py\nx = **", "```py\nx = **\n```"),
        ("```py\nx\n``", "```py\nx\n```"),
        ("```py\nx\n```", "```py\nx\n```"),
        ("````\n```\n", "````\n```\n````"),
        ("~~~\n``", "~~~\n``\n~~~"),
        ("- a\n  ```\n  b", "- a\n  ```\n  b\n  ```"),
        ("> ```\n> b\n", "> ```\n> b\n> ```"),
        ("|", ""),
        ("| **a", "| **a**\n|---|"),
        ("| a | b", "| a | b\n|---|---|"),
        ("| a \\| b |", "| a \\| b |\n|---|"),
        ("| a | b |\n", "| a | b |\n|---|---|"),
        ("| a | b |\n|:-", "| a | b |\n|---|---|"),
        ("| a | b |\nno", "| a | b |\nno"),
        ("**text\n| a | b |\n|--", "**text**\n| a | b |\n|---|---|"),
        ("> | a | b", "> | a | b\n> |---|---|"),
        ("- a\n\n  | b |\n  |", "- a\n\n  | b |\n  |---|"),
        ("| a | b |\n|---|---|\n", "| a | b |\n|---|---|\n"),
        ("| a | b |\n|---|---|\n| 1 | **x", "| a | b |\n|---|---|\n| 1 | **x**"),
        ("| a | b |\n|---|---|\n|", "| a | b |\n|---|---|\n"),
        ("a[^1", "a"),
        ("a[^1]", "a"),
        ("a[^1][", "a"),
        ("a[^1][^", "a[^1]"),
        ("a[^1](http:", "a"),
        ("a[^1] b", "a[^1] b"),
        ("a![^1", "a"),
        ("a ``b `c` `", "a ``b `c` ``"),
        ("a\n\n[^1]", "a\n\n"),
        ("a\n\n[^1]: ", "a\n\n"),
        ("see https://exam", "see"),
        ("see (http://a.b/c", "see ("),
        ("see http://a.b/c.", "see"),
        ("see http://a.b and", "see http://a.b and"),
        ("请看http://a.b。然后", "请看http://a.b。然后"),
        ("see www.exam", "see"),
        ("[guide]: http://exa", ""),
        ("**Note: **", "**Note:**"),
        ("**Note: ** ", "**Note:** "),
        ("**Note: ** te", "**Note: ** te"),
        ("~~http://a.b~~ and", "~~http://a.b~~ and"),
        ("~~http://a.b~", ""),
        ("in [4", "in"),
        ("in [4,", "in"),
        ("in [4, 5", "in"),
        ("in [4, 5)", "in [4, 5)"),
        ("in [4, 5]", "in"),
        ("in [4, 5] is", "in [4, 5] is"),
        ("in [-1, \u221e) and [x, y", "in [-1, \u221e) and"),
        ("see [2024 rep", "see 2024 rep"),
        ("- [ ] **", ""),
        ("- [x] `", ""),
        ("- a\n- [ ] [", "- a\n"),
        ("| ", ""),
        ("| **", ""),
        ("text\n| https://a.b", "text\n"),
        ("> [!NO", ""),
        ("> [!NOTE]", ""),
        ("> [!NOTE]\n> **a", "> [!NOTE]\n> **a**"),
        ("H$_", "H"),
        ("H$_2", "H"),
        ("set $_.Length", "set $_.Length"),
        ("a <!-- b", "a"),
        ("a\n\n<!-- b > c\n\nd", "a\n\n"),
        ("x</", "x"),
        ("a \\[not a lin", "a \\[not a lin"),
        ("a \\[x](", "a \\[x]("),
        ("a \\(x" + "+y" * 200, "a \\(x" + "+y" * 200),
        ("$$ \u2013 mod", ""),
        ("$$ \u2013 moderate pri", "$$ \u2013 moderate pri"),
        ("$$\nx\n\n- **it", "$$\nx\n\n- **it**"),
        ("$$\n" + "x\n" * 600 + "**b", "$$\n" + "x\n" * 600 + "**b**"),
        ("$$ x\n\nNext **par", "$$ x\n\nNext **par**"),
        ("\\begin{ali", ""),
        ("a\n\n\\begin{align}\nx", "a\n\n"),
        ("```math\nx^", ""),
        ("- ```math\n  x\n\n  - y", "- ```latex\n  x\n\n  - y\n  ```"),
        ("\tx **y", "\tx **y"),
        ("-\t**y", "-\t**y**"),
    ],
)  # fmt: skip
def test_what_is_half_written_is_closed_or_hidden(tail: str, shown: str):
    assert repair(tail) == shown


@pytest.mark.parametrize("unit", [*HOSTILE, *HOSTILE_LINES])
def test_hostile_text_is_repaired_in_linear_time(unit: str):
    assert grows_linearly(repair, unit)


@pytest.mark.parametrize("sign", ["*", "[", "`"])
def test_a_hundred_kilobytes_of_one_sign_are_no_burden(sign: str):
    started = time.process_time()
    repair(sign * 100_000)
    assert time.process_time() - started < 5
