"""Texts compared line by line."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.state.diff import ADDED, AROUND, GAP, REMOVED, SAME, Change, compared

TEXTS = st.lists(st.sampled_from(["", "a", "b", "c", "  d"]), max_size=40).map("\n".join)


def lines_of(changes: list[Change], *kinds: str) -> list[tuple[int, str]]:
    """The numbered lines of some kinds."""
    return [
        (change.line + offset, line)
        for change in changes
        if change.kind in kinds
        for offset, line in enumerate(change.text.split("\n"))
    ]


@given(TEXTS, TEXTS)
def test_every_line_stands_where_its_number_says(before: str, now: str) -> None:
    changes = compared(before, now)
    old, new = before.splitlines(), now.splitlines()
    assert all(new[n - 1] == line for n, line in lines_of(changes, SAME, ADDED))
    assert all(old[n - 1] == line for n, line in lines_of(changes, REMOVED))


@given(TEXTS, TEXTS)
def test_what_is_left_out_is_all_that_is_missing(before: str, now: str) -> None:
    changes = compared(before, now)
    gaps = sum(int(change.text) for change in changes if change.kind == GAP)
    assert len(lines_of(changes, SAME, ADDED)) + gaps == len(now.splitlines())
    assert len(lines_of(changes, SAME, REMOVED)) + gaps == len(before.splitlines())


def test_a_change_is_shown_with_a_little_of_what_is_around_it() -> None:
    before = [f"line {n}" for n in range(1, 31)]
    now = [*before[:14], "new", *before[15:]]
    assert compared("\n".join(before), "\n".join(now)) == [
        Change(GAP, "11", 1),
        Change(SAME, "line 12\nline 13\nline 14", 12),
        Change(REMOVED, "line 15", 15),
        Change(ADDED, "new", 15),
        Change(SAME, "line 16\nline 17\nline 18", 16),
        Change(GAP, "12", 19),
    ]
    assert AROUND == 3


@pytest.mark.parametrize(
    ("before", "now", "kinds"),
    [("", "a", [ADDED]), ("a", "", [REMOVED]), ("a\nb", "a\nc", [SAME, REMOVED, ADDED])],
)
def test_small_texts_are_shown_whole(before: str, now: str, kinds: list[str]) -> None:
    assert [change.kind for change in compared(before, now)] == kinds


def test_texts_too_long_to_compare_are_shown_one_after_the_other_at_once() -> None:
    before, now = ("\n".join(f"{word} {n % 7}" for n in range(20_000)) for word in ("a", "b"))
    begun = time.process_time()
    assert [change.kind for change in compared(before, now)] == [REMOVED, ADDED]
    assert time.process_time() - begun < 8


@pytest.mark.parametrize("between", [[""], ["", "}", "*", "-"]])
def test_long_texts_with_lines_that_come_again_and_again_are_compared_at_once(
    between: list[str],
) -> None:
    before, now = (
        [line for n in range(350) for line in (f"{word} {n}", between[n % len(between)])]
        for word in ("a", "b")
    )
    before[350] = now[350] = "the only one that stayed"
    begun = time.process_time()
    changes = compared("\n".join(before), "\n".join(now))
    assert time.process_time() - begun < 8
    assert "the only one that stayed" in "\n".join(c.text for c in changes if c.kind == SAME)


def test_blank_lines_beside_a_change_are_not_part_of_it() -> None:
    before = [line for n in range(20) for line in (f"paragraph {n}", "")]
    now = [line.replace("graph 9", "graph nine") for line in before]
    changes = compared("\n".join(before), "\n".join(now))
    assert [c.text for c in changes if c.kind in (REMOVED, ADDED)] == [
        "paragraph 9",
        "paragraph nine",
    ]
