"""Titles with the letters of a query, of which the page shows the best."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.runs.search.titles import titles_like
from tests.helpers.examples import examples
from tests.helpers.node import each

TITLES = st.text(st.sampled_from("abcde ÉßЖ日-"), min_size=1, max_size=20)


def like(query: str, *titles: str, most: int = 10) -> list[str]:
    return [title for _, title in titles_like(query, [(t, t) for t in titles], most=most)]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("lisbon", "A weekend in Lisbon"),
        ("lsbn", "A weekend in Lisbon"),
        ("cafe", "Le Café"),
        ("STRASSE", "Straße"),
        ("b a", "alphabet and Basel"),
        ("a.c", "a.c"),
        ("[", "a [list]"),
    ],
)
def test_letters_in_order_are_found(query: str, title: str) -> None:
    assert like(query, title) == [title]


@pytest.mark.parametrize("query", ["", "   ", "xyz", "nobsil", "\x00"])
def test_others_are_not(query: str) -> None:
    assert like(query, "A weekend in Lisbon") == []


def test_titles_with_the_words_come_before_those_with_the_letters_and_the_newest_first() -> None:
    titles = ("c h a t", "a chat", "chat", "cheat")
    assert like("chat", *titles) == ["a chat", "chat", "c h a t", "cheat"]
    assert like("chat", *titles, most=3) == ["a chat", "chat", "c h a t"]


@given(st.lists(st.tuples(st.text(st.sampled_from("abcde "), max_size=5), TITLES), min_size=10))
@examples(20)
def test_what_the_page_would_show_is_among_them(cases: list[tuple[str, str]]) -> None:
    body = "return Boolean(given[0].trim() && module.match(module.termsOf(given[0]), given[1]));"
    for (query, title), is_shown in zip(
        cases, each("commands/fuzzy.js", body, list(cases)), strict=True
    ):
        assert like(query, title) or not is_shown, (query, title)


def test_ten_thousand_titles_are_searched_in_a_moment_whatever_the_query() -> None:
    titles = [(str(n), f"Notes on chapter {n} about rivers and more") for n in range(10_000)]
    for query in ("a" * 200, "notes", "ntrvrs", "n o t e s c h", "zq"):
        begun = time.process_time()
        titles_like(query, titles, most=60)
        assert time.process_time() - begun < 0.5, query
