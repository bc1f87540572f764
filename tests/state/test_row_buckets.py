from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chat_app.state.row_buckets import MIDDLE_LIMIT, NEW_LIMIT, Levels
from chat_app.state.rows import Row, TextRow

rows_of = st.lists(st.integers(0, 5), max_size=60).map(
    lambda numbers: [TextRow(f"{place}", str(n)) for place, n in enumerate(numbers)]
)


def row(number: int) -> Row:
    return TextRow(f"{number}", f"row {number}")


def whole(levels: Levels) -> list[Row]:
    return levels.old + levels.middle + levels.new


@given(st.lists(st.tuples(st.floats(0, 1), rows_of), max_size=25))
def test_the_three_lists_always_read_as_the_one(steps: list[tuple[float, list[Row]]]) -> None:
    levels: Levels = Levels()
    one: list[Row] = []
    page: dict[str, list[Row]] = {"old": [], "middle": [], "new": []}
    for part, rows in steps:
        keep = int(part * len(one))
        one = one[:keep] + rows
        page |= levels.place(keep, rows)
        assert whole(levels) == one
        assert page["old"] + page["middle"] + page["new"] == one
        assert len(levels) == len(one)
        assert len(levels.new) <= NEW_LIMIT
        assert len(levels.middle) <= MIDDLE_LIMIT


@given(st.lists(rows_of, min_size=1, max_size=8))
def test_a_list_that_stays_is_not_named(steps: list[list[Row]]) -> None:
    levels = Levels()
    for rows in steps:
        before = {name: list(getattr(levels, name)) for name in ("old", "middle", "new")}
        changed = levels.place(len(levels), rows)
        assert all(getattr(levels, name) != before[name] for name in changed)
        assert all(getattr(levels, name) == before[name] for name in before.keys() - changed)
    assert levels.place(len(levels), []) == {}


def test_a_list_once_given_away_is_never_touched_again() -> None:
    levels = Levels()
    given = levels.place(0, [row(0)])["new"]
    levels.place(1, [row(1)])
    assert given == [row(0)]


def sent(count: int) -> int:
    """Rows in all lists that changed while `count` rows came one by one."""
    levels = Levels()
    return sum(
        len(changed)
        for number in range(count)
        for changed in levels.place(number, [row(number)]).values()
    )


def test_appending_rows_one_by_one_costs_far_less_than_the_square() -> None:
    assert sent(100) < 100 * 12
    assert sent(1000) < 1000 * 22
    assert sent(1000) < 1000**2 / 2 / 20
