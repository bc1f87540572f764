"""Timelines of recorded runs, and of events that nobody would send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import Outcome, decode
from chat_app.timeline.span import Kind, Span, State
from chat_app.timeline.spans import DEEPEST, Timeline
from tests.helpers import captures
from tests.helpers.examples import examples
from tests.timeline.events import any_event, disordered, end, one_of, pool, timeline_of

if TYPE_CHECKING:
    from chat_app.client.events import Event

POOL = pool()
OUTCOMES = st.sampled_from(Outcome)


def assert_sound(timeline: Timeline) -> None:
    """What holds of each timeline once the run is over."""
    assert not timeline.open
    ids = list(timeline.spans)
    for number, span in enumerate(timeline.spans.values()):
        assert span.state is not State.RUNNING
        assert span.end is not None
        assert span.start <= span.end
        assert span.parent == "" or span.parent not in ids or span.parent in ids[:number]
        assert span.version <= timeline.version


def nodes(timeline: Timeline) -> list[tuple[str, str]]:
    kept = [span for span in timeline.spans.values() if span.kind is Kind.NODE]
    return [(span.name, span.parent and timeline.spans[span.parent].name) for span in kept]


def only(events: list[Event], *modes: str) -> list[Event]:
    return [event for event in events if event.event.partition("|")[0] in modes]


@examples(300)
@given(st.lists(any_event() | one_of(POOL), max_size=30), OUTCOMES, st.integers(0, 30))
def test_no_events_raise_or_leave_a_span_running(
    events: list[Event], outcome: Outcome, place: int
) -> None:
    events.insert(place, end(outcome))
    timeline = timeline_of(events)
    assert timeline.state is not State.RUNNING
    assert_sound(timeline)


@pytest.mark.parametrize("name", ["agent_tasks", "agent_multi", "delegates", "supervisor"])
@examples(60)
@given(st.data(), OUTCOMES)
def test_events_of_a_run_may_be_lost_repeated_and_out_of_order(
    name: str, data: st.DataObject, outcome: Outcome
) -> None:
    timeline = timeline_of([*data.draw(disordered(captures.events(name))), end(outcome)])
    assert_sound(timeline)
    whole = timeline_of(captures.events(name))
    assert {span.name for span in timeline.spans.values()} <= {
        "",
        *(span.name for span in whole.spans.values()),
    }


@examples(50)
@given(st.lists(one_of(POOL), max_size=60), st.integers(1, 12), st.integers(0, 5_000))
def test_a_timeline_is_bounded_by_its_spans_and_bytes(
    events: list[Event], most_spans: int, most_bytes: int
) -> None:
    timeline = timeline_of([*events, end(Outcome.FINISHED)], Timeline(most_spans, most_bytes))
    assert_sound(timeline)
    again = timeline_of([*events, end(Outcome.FINISHED)])
    assert len(timeline.spans) + timeline.dropped >= len(again.spans)
    kept = [span for span in timeline.spans.values() if span.kind is Kind.NODE and span.input]
    assert len(kept) <= most_bytes or most_bytes == 0


def test_ended_spans_are_dropped_before_running_ones_and_with_all_inside() -> None:
    def task(number: int, **more: Any) -> Event:
        return decode("tasks", {"id": str(number), "name": "node", **more})

    timeline = Timeline(8)
    timeline_of([task(0, input={})], timeline)
    inner = decode("tasks|node:1", {"id": "inner", "name": "inner", "input": {}})
    timeline_of([task(1, input={}), inner, task(1, result={})], timeline)
    for number in range(2, 9):
        timeline_of([task(number, input={}), task(number, result={})], timeline)
    assert len(timeline.spans) <= 8
    assert timeline.dropped
    assert "0" in timeline.spans
    assert not {"1", "inner"} & timeline.spans.keys()


def test_values_of_the_oldest_spans_are_dropped_first() -> None:
    timeline = Timeline(most_bytes=250)
    for number in range(3):
        start = decode("tasks", {"id": str(number), "name": "n", "input": [number]}, size=100)
        timeline_of([start], timeline)
    assert [(span.input, span.is_elided) for span in timeline.spans.values()] == [
        (None, True),
        ([1], False),
        ([2], False),
    ]


@pytest.mark.parametrize("modes", [("updates",), ("messages", "values"), ("values", "updates")])
@pytest.mark.parametrize("name", ["agent_multi", "supervisor", "delegates"])
def test_any_modes_of_a_run_tell_the_same_nodes(name: str, modes: tuple[str, ...]) -> None:
    events = [*captures.events(name), end(Outcome.FINISHED)]
    whole, some = timeline_of(events), timeline_of([*only(events, *modes), events[-1]])
    assert sorted(nodes(some)) == sorted(nodes(whole))
    assert {span.state for span in some.spans.values()} == {State.DONE}


@pytest.mark.parametrize("name", ["agent_tasks", "agent_multi", "agent_updates", "agent_values"])
def test_all_modes_tell_messages_tools_and_tokens(name: str) -> None:
    timeline = timeline_of(captures.events(name))
    messages = [message for span in timeline.spans.values() for message in span.messages]
    assert len(messages) == len(set(messages)) == 4
    tools = [span for span in timeline.spans.values() if span.kind is Kind.TOOL]
    assert [(tool.name, tool.state) for tool in tools] == [("get_weather", State.DONE)] * 2
    assert all(tool.update for tool in tools)
    used = [used for span in timeline.spans.values() for used in span.usage.values()]
    assert [(model, tokens.output) for model, tokens in used] == [
        ("scripted-1", 16),
        ("scripted-1", 21),
    ]


def test_states_alone_make_steps_without_names() -> None:
    timeline = timeline_of(captures.events("agent_values"))
    steps = [span for span in timeline.spans.values() if span.kind is not Kind.TOOL]
    assert [(step.kind, step.name, step.step) for step in steps] == [
        (Kind.STEP, "", 1),
        (Kind.STEP, "", 2),
        (Kind.STEP, "", 3),
    ]


def test_repeated_events_of_tasks_change_nothing() -> None:
    def told(timeline: Timeline) -> list[Any]:
        return [
            (span.id, span.state, span.update, span.messages, span.usage, span.attempts)
            for span in timeline.spans.values()
        ]

    events = captures.events("agent_tasks")
    assert told(timeline_of(one for event in events for one in (event, event))) == told(
        timeline_of(events)
    )
    assert told(timeline_of([*events, *events])) == told(timeline_of(events))


def test_a_run_that_the_server_starts_again_tries_its_nodes_again() -> None:
    def metadata(attempt: int) -> Event:
        return decode("metadata", {"run_id": "r", "attempt": attempt})

    start = decode("tasks", {"id": "t", "name": "model", "input": {}})
    timeline = timeline_of([metadata(1), start, metadata(2), start])
    [span] = timeline.spans.values()
    assert (span.state, span.attempts, span.start, span.starts) == (State.RUNNING, 2, 2, [4])
    timeline.finish(Outcome.FAILED, 9, "broke")
    assert (span.state, span.error, span.end) == (State.FAILED, "broke", 9)


def spans_of_error(*names: str) -> list[Span]:
    starts = [decode("tasks", {"id": name, "name": name, "input": {}}) for name in names]
    error = decode("error", {"error": "ValueError", "message": "no"})
    return list(timeline_of([*starts, error, end(Outcome.FAILED)]).spans.values())


def test_an_error_without_a_node_is_that_of_the_only_one_that_runs() -> None:
    [sole] = spans_of_error("a")
    assert (sole.state, sole.error) == (State.FAILED, "ValueError: no")
    assert [(one.state, one.error) for one in spans_of_error("a", "b")] == [
        (State.INTERRUPTED, ""),
        (State.INTERRUPTED, ""),
    ]


def test_of_several_nodes_of_a_name_the_cached_one_is_that_without_an_end() -> None:
    starts = [decode("tasks", {"id": name, "name": "part", "input": {}}) for name in "abc"]
    cached = decode("updates", {"part": {"x": 1}, "__metadata__": {"cached": True}})
    ends = [decode("tasks", {"id": name, "name": "part", "result": {}}) for name in "ac"]
    timeline = timeline_of([*starts, cached, *ends, end(Outcome.FINISHED)])
    assert [(span.id, span.state) for span in timeline.spans.values()] == [
        ("a", State.DONE),
        ("b", State.CACHED),
        ("c", State.DONE),
    ]
    assert timeline.spans["b"].update == {"x": 1}


CALL = {"name": "look", "args": {"at": "it"}, "id": "c", "type": "tool_call"}
STARTED = decode(
    "tools",
    {"event": "tool-started", "tool_call_id": "c", "tool_name": "look", "input": {"at": "it"}},
)
FINISHED = decode("tools", {"event": "tool-finished", "tool_call_id": "c", "output": "seen"})
BROKEN = decode("tools", {"event": "tool-error", "tool_call_id": "c", "message": "too far"})


@pytest.mark.parametrize(
    ("before", "parent"),
    [
        ([], ""),
        ([decode("tasks", {"id": "t", "name": "tools", "input": [CALL]})], "t"),
        ([decode("tasks", {"id": "t", "name": "tools", "input": {}})], "t"),
    ],
    ids=["alone", "with its call", "with its node"],
)
def test_a_tool_begins_and_ends_when_it_says_so(before: list[Event], parent: str) -> None:
    for last, state, error in ((FINISHED, State.DONE, ""), (BROKEN, State.FAILED, "too far")):
        timeline = timeline_of([*before, STARTED, last, STARTED, end(Outcome.FINISHED)])
        [tool] = [span for span in timeline.spans.values() if span.kind is Kind.TOOL]
        assert (tool.name, tool.parent, tool.input) == ("look", parent, {"at": "it"})
        assert (tool.state, tool.error, tool.is_exact, tool.is_told) == (state, error, True, True)
        assert (tool.start, tool.end) == (len(before) + 1, len(before) + 2)


def test_a_namespace_that_is_made_up_makes_no_circle_and_no_endless_depth() -> None:
    deep = "|".join(f"n:{number}" for number in range(5_000))
    timeline = timeline_of(
        [
            decode("tasks|n:x", {"id": "x", "name": "n", "input": {}}),
            decode(f"tasks|{deep}", {"id": "end", "name": "n", "input": {}}),
            end(Outcome.FAILED),
        ]
    )
    assert_sound(timeline)
    assert len(timeline.spans) == DEEPEST + 2
