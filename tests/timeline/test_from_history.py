"""Timelines of runs that are over, from the checkpoints of their threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.events import Outcome
from chat_app.timeline.from_history import (
    Stored,
    events,
    from_history,
    inside,
    missing_parents,
    moment,
)
from chat_app.timeline.span import Span, State
from tests.helpers import captures
from tests.helpers.examples import examples
from tests.helpers.values import VALUES
from tests.timeline.events import end, timeline_of

if TYPE_CHECKING:
    from chat_app.timeline.spans import Timeline

_IDS = st.sampled_from(["a", "b", "c"]) | VALUES
_TIMES = st.sampled_from(["2026-11-29T17:57:04.305442+00:00", "2026-11-29T17:57:05Z"]) | VALUES
_TASKS = st.fixed_dictionaries(
    {"id": _IDS},
    optional={
        "name": _IDS,
        "result": VALUES,
        "error": VALUES,
        "interrupts": VALUES,
        "path": VALUES | st.just(["__pregel_push"]),
        "checkpoint": VALUES | st.fixed_dictionaries({"checkpoint_ns": _IDS}),
    },
)
_STATES = st.fixed_dictionaries(
    {
        "values": VALUES,
        "checkpoint": VALUES | st.fixed_dictionaries({"checkpoint_id": _IDS}),
        "metadata": VALUES
        | st.fixed_dictionaries(
            {"run_id": st.sampled_from(["r", "s"]), "source": st.just("loop"), "step": VALUES}
        ),
        "tasks": VALUES | st.lists(_TASKS, max_size=3),
        "created_at": _TIMES,
    },
    optional={"parent_checkpoint": VALUES | st.fixed_dictionaries({"checkpoint_id": _IDS})},
)


def stored(states: list[Any], **more: Any) -> Stored:
    told = {"run_id": "r", "outcome": Outcome.FINISHED, "started": 0.0, "ended": 9e12} | more
    return Stored(states=states, **told)


def made(timeline: Timeline, span: Span) -> set[str]:
    """The messages of a span and of all within it."""
    within = [one for one in timeline.spans.values() if one.parent == span.id]
    return {*span.messages}.union(*(made(timeline, one) for one in within))


def nodes(timeline: Timeline) -> list[tuple[Any, ...]]:
    return [
        (span.name, span.state, span.error, span.update, made(timeline, span))
        for span in timeline.spans.values()
        if not span.parent
    ]


@pytest.mark.parametrize("name", ["supervisor", "swarm"])
def test_a_recorded_run_has_the_same_nodes_as_its_history(name: str) -> None:
    live = timeline_of([*captures.events(name), end(Outcome.FINISHED)])
    states = captures.documents(f"{name}_history")
    past = from_history(stored(states, run_id=live.run_id))
    kept = {message["id"] for message in states[0]["values"]["messages"]}
    assert nodes(past)
    assert nodes(past) == [(*told, messages & kept) for *told, messages in nodes(live)]
    assert past.state is live.state is State.DONE


@pytest.mark.parametrize("name", ["supervisor", "swarm"])
def test_the_states_and_updates_of_a_recorded_run_are_read_from_its_history(name: str) -> None:
    recording = captures.events(name)
    run_id = recording[0].data["run_id"]
    past = [
        event for _, event in events(stored(captures.documents(f"{name}_history"), run_id=run_id))
    ]
    for mode in ("values", "updates"):
        assert [event.data for event in past if event.event == mode] == [
            event.data for event in recording if event.event == mode
        ]


def test_graphs_inside_are_named_by_the_states_around_them() -> None:
    states = captures.documents("swarm_history")
    run_id = states[0]["metadata"]["run_id"]
    names = [one.partition(":")[0] for one in inside(states, run_id)]
    assert sorted(names) == ["Alice", "Bob"]


def test_a_state_that_the_run_went_on_from_is_missed() -> None:
    states = captures.documents("swarm_history")
    run_id = states[0]["metadata"]["run_id"]
    assert missing_parents(states, run_id) == []
    assert missing_parents(states[:1], run_id) == [states[1]["checkpoint"]["checkpoint_id"]]


def test_bars_of_a_step_last_from_one_state_to_the_next() -> None:
    states = captures.documents("swarm_history")
    past = from_history(stored(states, run_id=states[0]["metadata"]["run_id"]))
    times = [moment(state["created_at"]) for state in reversed(states)][1:]
    spans = [span for span in past.spans.values() if not span.parent]
    assert [span.start for span in spans] == times[:-1]
    assert [span.end for span in spans] == times[1:]
    assert not any(span.is_exact for span in spans)


@examples(100)
@given(
    st.lists(_STATES, max_size=6),
    st.dictionaries(st.sampled_from(["a:a", "a:b", "b:a|a:b"]), st.lists(_STATES, max_size=3)),
    st.sampled_from(Outcome),
    st.booleans(),
)
def test_any_states_make_a_timeline_that_is_over(
    states: list[Any], graphs: dict[str, Any], outcome: Outcome, is_cut_off: bool
) -> None:
    told = stored(states, inside=graphs, outcome=outcome, is_cut_off=is_cut_off)
    timeline = from_history(told)
    assert not timeline.open
    assert all(span.state is not State.RUNNING for span in timeline.spans.values())
    times = [at for at, _ in events(told)]
    assert times == sorted(times)
    assert isinstance(inside(states, "r"), list)
    assert isinstance(missing_parents(states, "r"), list)


@pytest.mark.parametrize("time", [None, "", "yesterday", 7, "9999-99-99T00:00:00"])
def test_a_time_that_is_none_is_no_moment(time: Any) -> None:
    assert moment(time) == 0
