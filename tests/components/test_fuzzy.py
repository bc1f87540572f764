"""The fuzzy search of the palette: what is found, what is marked, and what comes first."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tests.helpers.node import each

MATCH = """
    const { match, rangesOf, termsOf } = module;
    const [query, text] = given;
    const fit = match(termsOf(query), text);
    return fit && { score: fit.score, ranges: rangesOf(text, fit.places) };
"""
TITLES = st.text(
    st.one_of(
        st.sampled_from("abcXYZ 0-/éßİﬁ日本مرحبаз\u0301\u0327"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=40,
)


def matched(*asked: tuple[str, str]) -> list[dict[str, Any] | None]:
    return each("commands/fuzzy.js", MATCH, list(asked))


def marked(query: str, text: str) -> list[str] | None:
    (fit,) = matched((query, text))
    if fit is None:
        return None
    units = text.encode("utf-16-le")
    return [units[2 * a : 2 * b].decode("utf-16-le") for a, b in fit["ranges"]]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("lisbon", "A weekend in Lisbon", ["Lisbon"]),
        ("nch", "New chat", ["N", "ch"]),
        ("chat new", "New chat", ["New", "chat"]),
        ("cafe", "Le Café noir", ["Café"]),
        ("é", "Cafe\u0301", ["e\u0301"]),
        ("strasse", "Große Straße", ["Straße"]),
        ("日本", "東京と日本", ["日本"]),
        ("жив", "Живопись", ["Жив"]),
        ("😀", "well 😀 then", ["😀"]),
        ("lsbon", "Lisbon", ["L", "sbon"]),
        ("", "anything", []),
        ("   ", "anything", []),
    ],
)
def test_letters_are_found_and_marked(query: str, text: str, expected: list[str]) -> None:
    assert marked(query, text) == expected


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("xyz", "New chat"),
        ("nwt", "Answer without it"),
        ("chat zebra", "New chat"),
        ("tahc", "New chat"),
        ("et", "Great"[::-1]),
    ],
)
def test_letters_that_only_happen_to_be_there_are_not_found(query: str, text: str) -> None:
    assert marked(query, text) is None


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("new", "New chat", "Renewed"),
        ("chat", "Chat", "Chatterbox"),
        ("chat", "Next chat", "A snapchat"),
        ("dark", "Theme: Dark", "Data rack of knives"),
        ("plan", "Plan", "Plan a weekend away with the whole family"),
    ],
)
def test_the_better_name_comes_first(query: str, better: str, worse: str) -> None:
    good, bad = matched((query, better), (query, worse))
    assert good
    assert bad is None or good["score"] > bad["score"]


@given(st.lists(st.tuples(TITLES, st.integers(0, 39), st.integers(1, 40)), min_size=20))
@examples(30)
def test_any_part_of_a_name_finds_it_and_marks_are_whole_characters(
    cases: list[tuple[str, int, int]],
) -> None:
    asked = [(text[at % len(text) :][:size], text) for text, at, size in cases]
    for (query, text), fit in zip(asked, matched(*asked), strict=True):
        assert fit, (query, text)
        units = text.encode("utf-16-le")
        last = 0
        for start, end in fit["ranges"]:
            assert last <= start < end <= len(units) // 2
            part = units[2 * start : 2 * end].decode("utf-16-le")  # raises within a character
            rest = units[2 * end :].decode("utf-16-le")
            assert start == 0 or not unicodedata.combining(part[0]) or not _has_letters(text)
            assert not rest or not unicodedata.combining(rest[0]), (query, text)
            last = end


def _has_letters(text: str) -> bool:
    return any(not unicodedata.combining(one) for one in text)


@given(st.lists(st.tuples(st.text(max_size=12), TITLES), min_size=20))
@examples(20)
def test_any_query_gets_an_answer(asked: list[tuple[str, str]]) -> None:
    assert len(matched(*asked)) == len(asked)


def test_ten_thousand_names_are_searched_within_a_frame_or_two() -> None:
    body = """
        const { match, prepare, termsOf } = module;
        const places = ["rivers", "towns", "Lisbon"];
        const nameOf = (_, n) => `Notes on chapter ${n} about ${places[n % 3]} and more`;
        const names = Array.from({ length: 10_000 }, nameOf);
        prepare(names);
        const search = (query) => {
            const terms = termsOf(query);
            const { user } = process.cpuUsage();
            const count = names.filter((name) => match(terms, name)).length;
            return [count, (process.cpuUsage().user - user) / 1000];
        };
        const best = (tries) => tries.sort((one, other) => one[1] - other[1])[0];
        return given.map((query) => best([search(query), search(query), search(query)]));
    """
    ((*some, none),) = each(
        "commands/fuzzy.js", body, [["n", "chapter 99", "ntcabr", "lisbon", "qx"]]
    )
    assert [count > 0 for count, _ in some] == [True] * 4
    assert none[0] == 0
    assert max(took for _, took in [*some, none]) < 60, "ms of the processor"
