"""The rows of a timeline as they are drawn: nested, folded, in time; and what the keys do."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.examples import examples
from tests.helpers.node import each

MODULE = "inspector/timeline_rows.js"
IDS = st.sampled_from("abcdefgh")
ROWS = st.lists(
    st.fixed_dictionaries({"id": IDS, "parent": st.one_of(st.just(""), IDS)}),
    max_size=8,
    unique_by=lambda row: row["id"],
)


def nested(calls: list[Any]) -> list[Any]:
    return each(MODULE, "return module.nested(new Map(given.map((row) => [row.id, row])))", calls)


@examples(20)
@given(st.lists(ROWS, min_size=20, max_size=20))
def test_rows_stand_below_their_parents_once_whatever_they_name(calls: list[Any]) -> None:
    for rows, shown in zip(calls, nested(calls), strict=True):
        ids = [one["row"]["id"] for one in shown]
        known = {row["id"] for row in rows}
        assert len(ids) == len(set(ids))
        assert set(ids) <= known
        around: list[str] = []
        for one in shown:
            around = around[: one["level"] - 1]
            parent = one["row"]["parent"]
            assert around[-1:] == ([parent] if one["level"] > 1 else [])
            around.append(one["row"]["id"])


def test_rows_inside_of_folded_ones_are_not_shown() -> None:
    rows = [{"id": "a"}, {"id": "b", "parent": "a"}, {"id": "c", "parent": "b"}, {"id": "d"}]
    body = """
        const list = module.nested(new Map(given.rows.map((row) => [row.id, row])));
        return module.unfolded(list, new Set(given.folded)).map(({ row }) => row.id).join("");
    """
    folded = [[], ["a"], ["b"], ["a", "b"], ["d"], ["x"]]
    calls = [{"rows": rows, "folded": names} for names in folded]
    assert each(MODULE, body, calls) == ["abcd", "ad", "abd", "ad", "abcd", "abcd"]


@examples(30)
@given(st.lists(st.tuples(*[st.floats(-1e4, 1e7)] * 3), min_size=20, max_size=20))
def test_a_bar_is_never_outside_of_its_track(times: list[tuple[float, float, float]]) -> None:
    calls = [{"start": start, "end": end, "to": abs(to)} for start, end, to in times]
    bars = each(MODULE, "return module.barOf(given, { from: 0, to: given.to })", calls)
    for bar in bars:
        assert 0 <= bar["begin"] <= 1
        assert bar["length"] >= 0
        assert bar["begin"] + bar["length"] <= 1 + 1e-9


@examples(30)
@given(st.lists(st.tuples(st.floats(1, 1e8), st.integers(-1, 12)), min_size=20, max_size=20))
def test_the_axis_has_as_many_marks_as_there_is_room_for(calls: list[tuple[float, int]]) -> None:
    found = each(MODULE, "return module.ticksOf({ from: 0, to: given[0] }, given[1])", calls)
    for (length, most), ticks in zip(calls, found, strict=True):
        assert len(ticks) <= max(most + 1, 0)
        assert ticks == sorted(set(ticks))
        assert all(0 <= at <= length * (1 + 1e-6) for at in ticks)
        assert most < 3 or len(ticks) > 1


def test_keys_move_within_the_rows() -> None:
    keys = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End", "x"]
    body = "return module.moveTo(Array(5).fill({}), given[0], given[1], 3)"
    first = each(MODULE, body, [[0, key] for key in keys])
    last = each(MODULE, body, [[4, key] for key in keys])
    assert first == [1, 0, 3, 0, 0, 4, None]
    assert last == [4, 3, 4, 1, 0, 4, None]


def test_a_call_of_a_tool_is_what_its_row_has_made() -> None:
    node = {"id": "task", "kind": "node", "messages": ["m1", "m2"]}
    tool = {"id": "task/call_1", "kind": "tool", "messages": []}
    made = each(MODULE, "return module.madeBy(given)", [node, tool])
    assert made == [["m1", "m2"], ["call_1"]]
