import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.transcript.blocks import Block, Drawing, draw
from chat_app.transcript.markdown.footnotes import slug
from tests.helpers.examples import examples


def shown(text: str):
    """What is drawn of a finished text, and its notes."""
    *blocks, last = draw(text, "0.1")
    notes = last.drawn if last.is_note and not last.source else ""
    blocks = blocks if notes else [*blocks, last]
    return "".join(block.drawn for block in blocks), notes


def shown_while_it_grows(text: str):
    drawing = Drawing("0.1")
    for length in range(len(text) + 1):
        drawing.update(text[:length])
    return "".join(block.drawn for block in [*drawing.closed, drawing.tail])


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("a[^x] b[^y] c[^x]", "a[1](#fn-0.1-x) b[2](#fn-0.1-y) c[1](#fn-0.1-x)"),
        ("a[^x][^y]", "a[1](#fn-0.1-x)[2](#fn-0.1-y)"),
        ("**a**[^x]!", "**a**[1](#fn-0.1-x)!"),
        ("a![^x]", "a\\![1](#fn-0.1-x)"),
        ("a[^X]", "a[1](#fn-0.1-x)"),
        ("# a[^x]", "# a[1](#fn-0.1-x)"),
        ("> - a[^x]", "> - a[1](#fn-0.1-x)"),
        ("|a[^x]|\n|-|\n|b[^y]|", "|a[1](#fn-0.1-x)|\n|-|\n|b[2](#fn-0.1-y)|"),
        ("`a[^x]` b[^y]", "`a[^x]` b[1](#fn-0.1-y)"),
        ("```\n[^x]\n```", "```\n[^x]\n```"),
        ("    [^x]", "    [^x]"),
        ("<p>\n[^x]\n</p>", "<p>\n[^x]\n</p>"),
        ("<!-- [^x] --> a", "<!-- [^x] --> a"),
        ("$a[^x]$", "$a[^x]$"),
        ("$$\n[^x]\n$$", "$$\n[^x]\n$$"),
        ("\\[\n$$[^x]\n\\] as in[^y]", "$$$\n$$[^x]\n$$$\nas in[1](#fn-0.1-y)"),
        ("[a](b[^x])", "[a](b[^x])"),
        ("<http://a.b/[^x]>", "<http://a.b/[^x]>"),
        ("a \\[^x]", "a \\[^x]"),
        ("[^x](http://a.b)", "[^x](http://a.b)"),
        ("a[^z]", "a\\[^z]"),
        ("a![^z]", "a\\!\\[^z]"),
        ("[^z] [^x]", "\\[^z] [1](#fn-0.1-x)"),
        ("> [^x]: a", "> [1](#fn-0.1-x): a"),
    ],
)
def test_a_reference_is_a_link_with_a_number_except_where_it_is_none(text: str, drawn: str):
    defined = "\n\n[^x]: X\n[^y]: Y"
    assert shown(text + defined)[0].removesuffix("\n\n") == drawn


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("[^a]: one", "1. [](#fnref-0.1-a) one"),
        ("[^a]:one\nlazy", "1. [](#fnref-0.1-a) one\n   lazy"),
        ("[^a]: one\n\n    two\n\n    - l", "1. [](#fnref-0.1-a) one\n\n   two\n\n   - l"),
        ("[^a]:\n    ```\n\n      y\n    ```", "1. [](#fnref-0.1-a)\n\n   ```\n\n     y\n   ```"),
        ("[^a]:\n\t- l", "1. [](#fnref-0.1-a)\n\n   - l"),
        ("[^a]:\n    |x|\n    |-|", "1. [](#fnref-0.1-a)\n\n   |x|\n   |-|"),
        ("[^a]: [x](y)", "1. [](#fnref-0.1-a) [x](y)"),
        ("[^a]:", "1. [](#fnref-0.1-a)"),
        ("[^a]: [^b]\n[^b]: b", "1. [](#fnref-0.1-a) [2](#fn-0.1-b)\n2. [](#fnref-0.1-b) b"),
        ("[^a]: one[^a]", "1. [](#fnref-0.1-a) one[1](#fn-0.1-a)"),
        ("[^a]: [^b]: one", "1. [](#fnref-0.1-a) \\[^b]: one"),
        ("[^a]: one\n[^A]: again", "1. [](#fnref-0.1-a) one"),
        ("[^b]: nobody asks\n[^a]: one", "1. [](#fnref-0.1-a) one"),
        ("[^a]: \\(x\\)", "1. [](#fnref-0.1-a) $x$"),
        ("[^a]: [x]\n\n[x]: /y", "[x]: /y\n\n1. [](#fnref-0.1-a) [x]"),
    ],
)  # fmt: skip
def test_notes_are_listed_at_the_end(text: str, notes: str):
    assert shown("text[^a]\n\n" + text)[1] == notes


def test_notes_are_listed_in_the_order_of_their_first_references():
    mentions = " ".join(f"[^{n}]" for n in range(11, 0, -1))
    definitions = "\n".join(f"[^{n}]: note {n}\n    goes on" for n in range(1, 12))
    items = shown(f"{mentions}\n\n{definitions}")[1].split("\n")
    assert items[0] == "1. [](#fnref-0.1-11) note 11"
    assert items[-2:] == ["11. [](#fnref-0.1-1) note 1", "    goes on"]


def test_the_address_of_a_link_mentions_no_note():
    assert shown("[a]: b[^x]\n\n[^x]: X")[1] == ""


def test_without_a_note_there_is_no_list():
    assert draw("a[^1]", "0.1") == [Block("a[^1]", "a\\[^1]")]


def test_a_number_shows_before_its_note_has_come():
    assert shown_while_it_grows("a[^x] and") == "a[1](#fn-0.1-x) and"


def test_a_note_shows_where_it_is_written_until_the_text_is_finished():
    text = "a[^x] b[^y]\n\n[^y]: One **tw"
    assert shown_while_it_grows(text).endswith("\n\n2. [](#fnref-0.1-y) One **tw**")
    assert shown(text)[0] == "a\\[^x] b[1](#fn-0.1-y)\n\n"


def test_a_note_shows_as_soon_as_something_mentions_it():
    text = "[^x]: One.\n\nSo\n\nit[^x] is"
    assert shown_while_it_grows(text[:20]) == "So\n\nit"
    assert shown_while_it_grows(text) == "So\n\nit[1](#fn-0.1-x) is"
    assert shown_while_it_grows(text + "\n\nand").startswith("1. [](#fnref-0.1-x) One.So")


def test_blocks_close_however_early_a_footnote_comes():
    text = "First[^1].\n\n" + "Words of a paragraph.\n\n" * 200 + "[^1]: The note.\n"
    drawing = Drawing("0.1")
    longest = 0
    for length in range(len(text)):
        drawing.update(text[:length])
        longest = max(longest, len(drawing.tail.drawn))
    assert longest < 60


def test_what_was_drawn_is_not_drawn_anew_for_a_note():
    text = "First[^1].\n\nSecond.\n\n[^1]: The note.\n\nThird[^1].\n\nFourth.\n"
    drawing = Drawing("0.1")
    drawing.update(text[:25])
    first = drawing.closed[0]
    drawing.update(text)
    assert drawing.closed[0] is first
    assert drawing.finish()[0] == first


@examples(300)
@given(st.lists(st.text(st.characters(exclude_characters="[] \t\n\r"), min_size=1), max_size=6))
def test_keys_of_different_labels_differ_and_are_plain(labels: list[str]):
    labels = list(dict.fromkeys(label.casefold() for label in labels))
    slugs = [slug(label) for label in labels]
    assert len(set(slugs)) == len(labels)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", slug) for slug in slugs)
