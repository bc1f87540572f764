"""The Runs tab: the runs of the thread, and what can be done with one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.inspector import JS
from chat_app.components.inspector.trouble import trouble
from chat_app.state.assistants import AssistantOption, AssistantsState
from chat_app.state.inspector.runs import RunRow, RunsState
from chat_app.state.run import RunState

RUNS_WORDS: dict[str, Any] = {
    "language": text.LANGUAGE,
    "seconds": text.SECONDS,
    "minutes": text.MINUTES,
    "empty": text.INSPECTOR_EMPTY,
    "list": text.RUNS_OF_THREAD,
    "more": text.SHOW_MORE_RUNS,
    "statuses": text.RUN_STATUSES,
    "starters": text.RUN_STARTERS,
    "followed": text.RUN_FOLLOWED,
    "ways": text.RUN_WAYS,
    "open": text.OPEN_RUN,
    "join": text.JOIN_RUN,
    "cancel": text.CANCEL,
    "remove": text.DELETE,
    "sure": text.RUN_DELETE_SURE,
    "keep": text.KEEP_SCHEDULE,
}


def _of_one(run_id: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (run_id,)


class RunsTab(rx.Component):
    """The list. `of` is the thread that the rows are of, `thread` the one that is open.

    `settled` counts the requests that were dealt with; `said` is what the last one did.
    """

    library = JS["tabs.js"]
    tag = "RunsTab"

    thread: rx.Var[str]
    of: rx.Var[str]
    rows: rx.Var[list[RunRow]]
    running: rx.Var[bool]
    has_more: rx.Var[bool]
    problem: rx.Var[str]
    said: rx.Var[str]
    settled: rx.Var[int]
    options: rx.Var[list[AssistantOption]]
    words: rx.Var[dict[str, Any]]
    on_load: rx.EventHandler[rx.event.no_args_event_spec]
    on_more: rx.EventHandler[rx.event.no_args_event_spec]
    on_cancel: rx.EventHandler[_of_one]
    on_delete: rx.EventHandler[_of_one]
    on_join: rx.EventHandler[_of_one]


def runs() -> rx.Component:
    """Return the content of the tab."""
    return rx.el.div(
        trouble(RunsState.problem, RunsState.problem_detail),
        RunsTab.create(
            thread=RunState.thread_id,
            of=RunsState.thread,
            rows=RunsState.rows,
            running=RunState.running,
            has_more=RunsState.has_more,
            problem=RunsState.problem,
            said=RunsState.said,
            settled=RunsState.settled,
            options=AssistantsState.options,
            words=RUNS_WORDS,
            on_load=RunsState.load,
            on_more=RunsState.show_more,
            on_cancel=RunsState.cancel,
            on_delete=RunsState.delete,
            on_join=RunsState.join,
        ),
        class_name="inspector-scroll",
    )
