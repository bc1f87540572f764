"""The Timeline tab: the nodes and tasks of a run, each as a bar in time."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inspector import JS
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.inspector.places import PlacesState
from chat_app.state.inspector.runs import RunRow, RunsState
from chat_app.state.run import RunState

TIMELINE_WORDS: dict[str, Any] = {
    "language": text.LANGUAGE,
    "empty": text.INSPECTOR_EMPTY,
    "failed": text.TIMELINE_FAILED,
    "gone": text.TIMELINE_GONE,
    "rows": text.TIMELINE_ROWS,
    "name": text.TIMELINE_NAME,
    "duration": text.TIMELINE_DURATION,
    "tokensShort": text.TIMELINE_TOKENS,
    "step": text.TIMELINE_STEP,
    "stepNumber": text.TIMELINE_STEP_NUMBER,
    "states": text.TIMELINE_STATES,
    "statuses": text.RUN_STATUSES,
    "nothing": text.TIMELINE_NOTHING,
    "cut": text.TIMELINE_CUT,
    "waits": text.TIMELINE_WAITS,
    "inAndOut": text.TIMELINE_IN_AND_OUT,
    "namespace": text.TIMELINE_NAMESPACE,
    "took": text.TIMELINE_TOOK,
    "about": text.TIMELINE_ABOUT,
    "attempts": text.TIMELINE_ATTEMPTS,
    "times": text.TIMELINE_TIMES,
    "retried": text.TIMELINE_RETRIED,
    "tokens": text.TIMELINE_TOKENS_IN_WORDS,
    "cost": text.TIMELINE_COST,
    "between": text.TIMELINE_BETWEEN,
    "run": text.TIMELINE_RUN,
    "pick": text.TIMELINE_PICK,
    "newest": text.TIMELINE_NEWEST,
    "copyRun": text.TIMELINE_COPY_RUN,
    "trace": text.TIMELINE_TRACE,
    "dropped": text.TIMELINE_DROPPED,
    "more": text.TIMELINE_MORE,
    "details": text.TIMELINE_DETAILS,
    "close": text.CLOSE,
    "state": text.TIMELINE_STATE,
    "began": text.TIMELINE_BEGAN,
    "tries": text.TIMELINE_TRIES,
    "costs": text.TIMELINE_COSTS,
    "elided": text.TIMELINE_ELIDED,
    "interrupts": text.TIMELINE_INTERRUPTS,
    "input": text.TIMELINE_INPUT,
    "update": text.TIMELINE_UPDATE,
    "messages": text.MESSAGES,
    "usage": text.TIMELINE_USAGE,
    "checkpoint": text.TIMELINE_CHECKPOINT,
}


def _listed(ids: rx.Var[list[str]]) -> tuple[rx.Var[list[str]]]:
    return (ids,)


class TimelineTab(rx.Component):
    """Asks the routes at `address` for its rows, often while the thread is `running`.

    `trace` is the template of a trace's address. `places` is where the messages that `on_places`
    was given stand in the chat, `runs` are those to choose from, which `on_runs` reads.
    """

    library = JS["tabs.js"]
    tag = "TimelineTab"

    address: rx.Var[str]
    thread: rx.Var[str]
    running: rx.Var[bool]
    trace: rx.Var[str]
    runs: rx.Var[list[RunRow]]
    places: rx.Var[dict[str, str]]
    words: rx.Var[dict[str, Any]]
    on_places: rx.EventHandler[_listed]
    on_runs: rx.EventHandler[rx.event.no_args_event_spec]


def timeline() -> rx.Component:
    """Return the content of the tab."""
    return TimelineTab.create(
        address=InspectorState.address,
        thread=InspectorState.thread,
        running=RunState.running,
        trace=InspectorState.trace_url,
        runs=rx.cond(RunsState.thread == InspectorState.thread, RunsState.rows, []),
        places=PlacesState.places,
        words=TIMELINE_WORDS,
        on_places=PlacesState.find,
        on_runs=RunsState.load,
    )
