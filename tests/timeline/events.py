"""Events for timelines: those of recorded streams, and any others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from chat_app.client.events import Outcome, RunEnd, decode
from chat_app.timeline.record import recorded
from chat_app.timeline.spans import Timeline
from tests.helpers import captures
from tests.helpers.values import VALUES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chat_app.client.events import Event

_IDS = st.sampled_from(["a", "b", "c", "run-1", "call-1"]) | VALUES
_NODES = st.sampled_from(["model", "tools", "__start__", "__interrupt__", "__metadata__"])
_MESSAGES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["ai", "tool", "human", "AIMessageChunk"]) | VALUES,
        "content": VALUES,
    },
    optional={
        "id": _IDS,
        "tool_call_id": _IDS,
        "status": VALUES,
        "usage_metadata": st.dictionaries(
            st.sampled_from(["input_tokens", "output_tokens"]), VALUES
        ),
        "tool_calls": VALUES | st.lists(st.fixed_dictionaries({"id": _IDS, "name": _IDS})),
    },
)
_INPUTS = VALUES | st.fixed_dictionaries({"messages": st.lists(_MESSAGES, max_size=3)})
_TASKS = st.fixed_dictionaries(
    {"id": _IDS, "name": _NODES | VALUES},
    optional={
        "input": _INPUTS,
        "result": _INPUTS,
        "error": VALUES,
        "interrupts": VALUES | st.lists(st.fixed_dictionaries({"id": _IDS}), max_size=2),
        "triggers": VALUES | st.just(["branch:to:model"]),
    },
)
_CHECKPOINTS = st.fixed_dictionaries(
    {},
    optional={
        "config": VALUES | st.fixed_dictionaries({"configurable": VALUES}),
        "metadata": VALUES | st.fixed_dictionaries({"step": VALUES}),
        "tasks": VALUES | st.lists(_TASKS, max_size=3),
    },
)
_PLACES = st.sampled_from(["", "a:a", "a:a|b:b", "a:a|a:b|model:c", "b", "|", "a:a|1", "x:|:x"])
_METADATA = st.fixed_dictionaries(
    {},
    optional={
        "langgraph_node": _NODES | VALUES,
        "langgraph_step": VALUES,
        "langgraph_checkpoint_ns": _PLACES | VALUES,
    },
)
_DATA: dict[str, st.SearchStrategy[Any]] = {
    "metadata": st.fixed_dictionaries({"run_id": _IDS, "attempt": VALUES}),
    "tasks": _TASKS,
    "debug": st.fixed_dictionaries(
        {
            "type": st.sampled_from(["task", "task_result", "checkpoint"]) | VALUES,
            "payload": _TASKS | _CHECKPOINTS | VALUES,
            "step": VALUES,
        }
    ),
    "checkpoints": _CHECKPOINTS,
    "messages": st.tuples(_MESSAGES, _METADATA).map(list),
    "messages/metadata": st.dictionaries(
        st.sampled_from("abc"), st.fixed_dictionaries({"metadata": _METADATA})
    ),
    "messages/partial": st.lists(_MESSAGES, max_size=2),
    "updates": st.dictionaries(_NODES, _INPUTS, max_size=3),
    "values": _INPUTS | st.fixed_dictionaries({"__interrupt__": VALUES}),
    "tools": st.fixed_dictionaries(
        {"event": st.sampled_from(["tool-started", "tool-finished", "tool-error"])},
        optional={"tool_call_id": _IDS, "tool_name": VALUES, "message": VALUES},
    ),
    "events": st.fixed_dictionaries(
        {"event": st.just("on_chain_start"), "metadata": _METADATA, "run_id": _IDS},
        optional={"name": _NODES, "tags": st.just(["graph:step:1"]) | VALUES},
    ),
    "error": VALUES,
    "end": VALUES | st.fixed_dictionaries({"status": st.sampled_from(["success", "error"])}),
    "never heard of": VALUES,
}


@st.composite
def any_event(draw: st.DrawFn) -> Event:
    """One that servers might send, or one with any other data."""
    name = draw(st.sampled_from(sorted(_DATA)))
    place = draw(_PLACES)
    data = draw(_DATA[name] | VALUES)
    return decode(f"{name}|{place}" if place else name, data, size=draw(st.integers(0, 99)))


def disordered(events: Sequence[Event]) -> st.SearchStrategy[list[Event]]:
    """Some of these, each any number of times, in any order."""
    return st.lists(one_of(events), max_size=2 * len(events))


def one_of(events: Sequence[Event]) -> st.SearchStrategy[Event]:
    """One of these, without a text of them all in each report."""
    return st.integers(0, len(events) - 1).map(lambda number: events[number])


def end(outcome: Outcome) -> Event:
    return RunEnd(event="end", outcome=outcome)


def timeline_of(events: Iterable[Event], timeline: Timeline | None = None) -> Timeline:
    """That of these events, one each millisecond."""
    timeline = timeline or Timeline()
    for number, event in enumerate(events, 1):
        timeline.take(recorded(event, number=number, at=float(number)))
    return timeline


def pool() -> list[Event]:
    """Events of recorded runs of all kinds."""
    names = ["agent_tasks", "agent_multi", "agent_checkpoints", "agent_messages", "delegates"]
    names += ["supervisor", "hitl_1", "interrupt_1", "errors_messages", "subgraph_on_values"]
    return [event for name in names for event in captures.events(name)]
