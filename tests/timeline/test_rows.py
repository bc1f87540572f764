"""What the page is sent of a timeline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import Outcome, decode
from chat_app.timeline.record import recorded
from chat_app.timeline.rows import LONGEST_TEXT, MOST_ITEMS, MOST_VALUES, details, rows
from chat_app.timeline.spans import Timeline
from tests.helpers import captures
from tests.helpers.examples import examples
from tests.helpers.values import VALUES
from tests.timeline.events import any_event, end, one_of, pool, timeline_of

if TYPE_CHECKING:
    from chat_app.client.events import Event

POOL = pool()


class Price(NamedTuple):
    input: float
    output: float


PRICES = {"scripted-*": Price(2.0, 10.0)}


class Page:
    """A page that keeps the rows it was sent."""

    def __init__(self) -> None:
        self.version = 0
        self.rows: dict[str, Any] = {}

    def read(self, timeline: Timeline) -> None:
        answer = json.loads(json.dumps(rows(timeline, PRICES, after=self.version)))
        self.version = answer["version"]
        if answer["whole"]:
            self.rows = {}
        self.rows |= {row["id"]: row for row in answer.get("rows", ())}


@examples(150)
@given(
    st.lists(any_event() | one_of(POOL), max_size=40),
    st.sets(st.integers(0, 40)),
    st.sampled_from([3, 10, 4_000]),
)
def test_a_page_that_reads_as_a_run_goes_has_the_rows_of_its_end(
    events: list[Event], reads: set[int], most_spans: int
) -> None:
    timeline, page = Timeline(most_spans), Page()
    for number, event in enumerate([*events, end(Outcome.FINISHED)]):
        timeline.take(recorded(event, number=number + 1, at=float(number)))
        if number in reads:
            page.read(timeline)
    page.read(timeline)
    fresh = rows(timeline, PRICES)
    assert fresh["whole"]
    assert page.rows == {row["id"]: json.loads(json.dumps(row)) for row in fresh["rows"]}
    assert page.rows.keys() == timeline.spans.keys()


@examples(60)
@given(st.lists(any_event() | one_of(POOL), max_size=30))
def test_each_row_comes_after_that_of_its_parent_and_has_details(events: list[Event]) -> None:
    timeline = timeline_of(events)
    levels = {"": -1}
    for row in rows(timeline, PRICES)["rows"]:
        assert row["level"] == levels[row["parent"]] + 1
        levels[row["id"]] = row["level"]
        found = details(timeline, row["id"], PRICES)
        assert found
        assert json.loads(json.dumps(found))["row"] == json.loads(json.dumps(row))


def test_an_unchanged_timeline_has_no_rows() -> None:
    timeline = timeline_of(captures.events("agent_tasks"))
    answer = rows(timeline, PRICES, after=timeline.version)
    assert answer["run"]["state"] == "running"
    assert "rows" not in answer
    # A page that knows more than there is has that of another run.
    assert rows(timeline, PRICES, after=timeline.version + 1)["whole"]


def test_only_the_rows_that_changed_are_sent() -> None:
    first = decode("tasks", {"id": "a", "name": "a", "input": {}})
    timeline = timeline_of([first])
    before = timeline.version
    timeline_of([decode("tasks", {"id": "b", "name": "b", "input": {}})], timeline)
    answer = rows(timeline, PRICES, after=before)
    assert (answer["whole"], [row["id"] for row in answer["rows"]]) == (False, ["b"])


def test_tokens_of_a_message_that_is_being_written_change_no_row() -> None:
    events = captures.events("agent_multi")
    timeline, sent = Timeline(), 0
    for number, event in enumerate(events):
        before = timeline.version
        timeline.take(recorded(event, number=number + 1, at=float(number)))
        sent += timeline.version > before
    words = sum(event.event == "messages" for event in events)
    assert words > 35
    assert sent < len(events) - words + 10


def test_the_run_has_its_tokens_seconds_and_cost() -> None:
    timeline = timeline_of([*captures.events("agent_tasks"), end(Outcome.FINISHED)])
    run = rows(timeline, PRICES)["run"]
    assert run["usage"] == [
        {
            "model": "scripted-1",
            "input": 85,
            "output": 37,
            "cached": 0,
            "reasoning": 0,
            "cost": pytest.approx((85 * 2 + 37 * 10) / 1e6),
        }
    ]
    assert run["cost"] == run["usage"][0]["cost"]
    assert (run["state"], run["seconds"]) == ("done", 0.009)
    assert rows(timeline, {})["run"]["cost"] is None


@examples(100)
@given(VALUES)
def test_small_values_are_whole_in_details(value: Any) -> None:
    timeline = timeline_of([decode("tasks", {"id": "a", "name": "a", "input": value})])
    found = details(timeline, "a", {})
    assert found
    assert (found["input"], found["elided"]) == (value, False)


@pytest.mark.parametrize(
    "value",
    [
        "x" * (LONGEST_TEXT + 1),
        {"x" * (LONGEST_TEXT + 1): 1},
        list(range(MOST_ITEMS + 1)),
        [[0] * MOST_ITEMS] * MOST_ITEMS,
        {"a": [{"b": "y" * 5_000_000}]},
    ],
    ids=["text", "key", "list", "lists", "deep"],
)
def test_large_values_end_early_in_details(value: Any) -> None:
    timeline = timeline_of([decode("tasks", {"id": "a", "name": "a", "input": value})])
    found = details(timeline, "a", {})
    assert found
    assert found["elided"]
    assert len(json.dumps(found["input"])) < 4 * max(LONGEST_TEXT, MOST_VALUES) + 100


def test_a_span_that_is_not_known_has_no_details() -> None:
    assert details(timeline_of([]), "a", {}) is None


def test_a_span_that_was_dropped_and_comes_again_within_its_own_child_is_no_circle() -> None:
    timeline = Timeline(most_spans=1)
    timeline.spans["a"] = timeline.begin("a", "a", (), 1.0)
    timeline.begin("b", "b", (), 2.0, parent="gone")
    assert timeline.spans["b"].parent == ""
    timeline.begin("gone", "gone", (), 3.0, parent="b")
    assert rows(timeline, {})["rows"]
