"""Progress in words: what a line says, what stands behind it, and what stands alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.state import aside_rows
from chat_app.state.aside_rows import stand_alone
from chat_app.state.rows import EventRow, Row, WidgetRow
from chat_app.transcript.message import CustomEvent, Decision, Widget


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    names: set[str] = set()
    monkeypatch.setattr(aside_rows, "_alone", names)
    return names


def rows(*asides: Any, steps: bool = True) -> list[Row]:
    return aside_rows.aside_rows("1", asides, steps=steps)


def events(*told: Any) -> list[EventRow]:
    painted = rows(*told)
    assert all(isinstance(row, EventRow) for row in painted)
    return [row for row in painted if isinstance(row, EventRow)]


def widget(one: Widget) -> WidgetRow:
    (row,) = rows(one)
    assert isinstance(row, WidgetRow)
    return row


def line(value: Any, name: str = "") -> EventRow:
    (row,) = events(CustomEvent(name, value))
    return row


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Reading\n the  page", "Reading the page"),
        ({"text": "one", "label": "two"}, "one"),
        ({"message": "Searching"}, "Searching"),
        ({"status": " ", "label": "Sorting"}, "Sorting"),
        ({"text": {"no": "words"}, "status": "busy"}, "busy"),
        (["a", 1], '["a", 1]'),
        (7, "7"),
        (None, "null"),
        ("x" * 2000, "x" * 499 + "…"),
    ],
)
def test_an_event_says_its_own_words(value: Any, words: str) -> None:
    assert line(value).text == words


@pytest.mark.parametrize(
    ("fields", "amount", "share"),
    [
        ({"done": 3, "of": 10}, "3 of 10", "30"),
        ({"done": 1500, "total": 6000}, "1,500 of 6,000", "25"),
        ({"progress": 0.5, "total": 2}, "0.5 of 2", "25"),
        ({"current": 0, "total": 4}, "0 of 4", "0"),
        ({"done": 12, "of": 10}, "12 of 10", "100"),
        ({"done": -1, "of": 10}, "-1 of 10", "0"),
        ({"percent": 42}, "42%", "42"),
        ({"progress": 0.25}, "25%", "25"),
        ({"progress": 7}, "", ""),
        ({"done": 1, "of": 0}, "", ""),
        ({"done": "1", "of": 10}, "", ""),
        ({"done": 10**30, "of": 10**31}, "", ""),
        ({"percent": float("inf")}, "", ""),
    ],
)
def test_numbers_that_belong_together_are_an_amount_and_a_share(
    fields: dict[str, Any], amount: str, share: str
) -> None:
    row = line(fields)
    assert (row.amount, row.percent) == (amount, share)


def test_an_object_without_words_is_its_values_and_all_of_it_behind_them() -> None:
    row = line({"type": "seen", "pages": 3}, "seen")
    assert (row.name, row.text, row.gist) == ("seen", "", "pages: 3")
    assert row.fields == {"type": "seen", "pages": 3}


def test_what_follows_each_other_is_one_row_of_the_latest_with_the_earlier_behind_it() -> None:
    told = ["first", {"label": "second", "done": 1, "of": 2}, {"n": 3}, "last"]
    (row,) = events(*(CustomEvent("", value) for value in told))
    assert (row.text, row.earlier) == ("last", ["first", "second, 1 of 2", "n: 3"])


def test_the_row_of_progress_keeps_its_key_as_more_is_told() -> None:
    first = rows(CustomEvent("", "a"))
    assert [row.key for row in rows(CustomEvent("", "a"), CustomEvent("", "b"))] == [first[0].key]


def test_components_and_decisions_part_what_was_told_before_from_what_was_told_after() -> None:
    told = rows(
        CustomEvent("", "a"),
        Widget("u", "chart", {}),
        CustomEvent("", "b"),
        Decision("i", ("Approved",)),
        CustomEvent("", "c"),
        CustomEvent("", "d"),
    )
    assert [row.kind for row in told] == ["event", "widget", "event", "decision", "event"]
    assert [row.earlier for row in told if isinstance(row, EventRow)] == [[], [], ["c"]]
    assert len({row.key for row in told}) == len(told)


def test_events_that_are_drawn_stand_alone() -> None:
    stand_alone("progress")
    told = [CustomEvent("", "a"), CustomEvent("progress", {"id": 1}), CustomEvent("", "b")]
    assert [row.earlier for row in events(*told, CustomEvent("progress", {"id": 2}))] == [[]] * 4


def test_progress_is_a_step_and_is_not_sent_where_these_may_not_be_shown() -> None:
    told = CustomEvent("", "a"), Widget("u", "chart", {"n": 1}), Decision("i", ("Approved",))
    assert [row.kind for row in rows(*told, steps=False)] == ["widget", "decision"]


def test_a_component_is_its_name_and_props() -> None:
    row = widget(Widget("u", "mystery", {"n": 2**60, "of": "water"}))
    assert (row.name, row.gist) == ("mystery", f"n: {2**60}, of: water")
    assert row.props == {"n": str(2**60), "of": "water"}


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": value}
    return value


def test_what_is_nested_too_deeply_is_not_sent() -> None:
    assert line(deep(200)).fields == {}
    assert line(deep(100_000)).fields == {}
    row = widget(Widget("u", "x", deep(200)))
    assert row.props == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["done", "of", "total", "progress", "percent", "text", "x"]), inner
        )
    ),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=6))
def test_whatever_is_told_can_be_sent_to_a_browser(told: list[Any]) -> None:
    for row in events(*(CustomEvent("n", value) for value in told)):
        sent = json.dumps(vars(row), default=vars, allow_nan=False, ensure_ascii=False)
        assert sent.encode()
        assert not row.percent or 0 <= int(row.percent) <= 100
