"""What became of a JSON value: the way from the old one to the new one, and where they differ."""

from __future__ import annotations

import json
from time import monotonic
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chat_app.timeline.difference import (
    ABSENT,
    ADDED,
    CHANGED,
    MOVED,
    REMOVED,
    Change,
    Same,
    applied,
    changes,
    difference,
)
from tests.helpers.examples import examples
from tests.helpers.values import VALUES

_IDS = st.lists(st.sampled_from("abcdef"), unique=True, max_size=6)
_LISTS = _IDS.flatmap(
    lambda ids: st.tuples(
        *(
            st.fixed_dictionaries({"id": st.just(name), "content": st.integers(0, 2)})
            for name in ids
        )
    ).map(list)
)


def as_text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def listed(before: Any, after: Any) -> list[Change]:
    return list(changes(difference(before, after)))


@examples(100)
@given(VALUES, VALUES)
def test_the_difference_leads_from_the_old_value_to_the_new_one(before: Any, after: Any) -> None:
    was, now = as_text(before), as_text(after)
    assert as_text(applied(before, difference(before, after))) == now
    assert (as_text(before), as_text(after)) == (was, now), "neither is changed"


@examples(100)
@given(_LISTS, _LISTS)
def test_so_it_does_where_messages_come_go_and_move(before: list[Any], after: list[Any]) -> None:
    found = difference(before, after)
    assert as_text(applied(before, found)) == as_text(after)
    known = {one["id"] for one in before}
    added = {one.after["id"] for one in changes(found) if one.kind == ADDED and len(one.path) == 1}
    assert added == {one["id"] for one in after} - known, "who has an id is known by it"


@examples(100)
@given(VALUES)
def test_a_value_is_the_same_as_its_copy(value: Any) -> None:
    assert isinstance(difference(value, json.loads(json.dumps(value))), Same)


@examples(100)
@given(VALUES, VALUES)
def test_there_is_a_change_exactly_where_the_values_differ(before: Any, after: Any) -> None:
    assert bool(listed(before, after)) == (as_text(before) != as_text(after))


@examples(100)
@given(VALUES, VALUES)
def test_each_change_is_found_where_its_path_leads(before: Any, after: Any) -> None:
    def at(value: Any, path: tuple[str | int, ...]) -> Any:
        for step in path:
            value = value[step]
        return value

    for one in listed(before, after):
        if one.kind in {ADDED, CHANGED}:
            assert as_text(at(after, one.path)) == as_text(one.after)


def test_one_and_true_and_a_fraction_are_three_values() -> None:
    assert [one.kind for one in listed({"n": 1}, {"n": True})] == [CHANGED]
    assert [one.kind for one in listed([1], [1.0])] == [CHANGED]
    assert listed({"n": None}, {}) == [Change(("n",), REMOVED, None, ABSENT)]


def test_a_message_that_moved_is_told_by_where_it_was() -> None:
    one, two, three = ({"id": name, "content": name} for name in "123")
    found = listed([one, two, three], [three, one, {**two, "content": "new"}])
    assert found == [
        Change((0,), MOVED, was=2),
        Change((2, "content"), CHANGED, "2", "new"),
    ]


def test_an_id_that_is_there_twice_says_nothing() -> None:
    twice = [{"id": "1", "n": 1}, {"id": "1", "n": 2}]
    found = difference(twice, twice[::-1])
    assert applied(twice, found) == twice[::-1]
    assert {one.kind for one in changes(found)} <= {ADDED, REMOVED}


def test_items_without_ids_are_matched_in_their_order() -> None:
    assert [(one.path, one.kind) for one in listed(["a", "b", "c"], ["b", "c", "d"])] == [
        ((0,), REMOVED),
        ((2,), ADDED),
    ]


def test_long_lists_and_deep_values_are_compared_in_a_moment() -> None:
    deep: Any = 1
    other: Any = 2
    for _ in range(400):
        deep, other = [deep], [other]
    begun = monotonic()
    old = [{"id": str(n), "content": "word " * 20} for n in range(3000)]
    new = [*old[5:], {"id": "new", "content": "x"}]
    assert len(listed(old, new)) == 6
    assert applied(deep, difference(deep, other)) == other
    numbers = list(range(20_000))
    assert applied(numbers, difference(numbers, numbers[::-1])) == numbers[::-1]
    assert monotonic() - begun < 10
