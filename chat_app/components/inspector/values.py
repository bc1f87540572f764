"""The State tab: the values of a checkpoint, and what can be done there."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.forms.words import FORM_WORDS
from chat_app.components.inspector import JS
from chat_app.state.inspector.editing import EditingState
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.run import RunState

STATE_WORDS: dict[str, Any] = {
    "language": text.LANGUAGE,
    "counts": text.COUNTS,
    "copied": text.COPIED,
    "notCopied": text.NOT_COPIED,
    "empty": text.STATE_EMPTY,
    "none": text.STATE_NONE,
    "noValues": text.STATE_NO_VALUES,
    "failed": text.STATE_FAILED,
    "loading": text.INSPECTOR_LOADING,
    "newest": text.STATE_NEWEST,
    "past": text.STATE_PAST,
    "inChat": text.STATE_IN_CHAT,
    "unnamed": text.STATE_UNNAMED,
    "toNewest": text.STATE_TO_NEWEST,
    "actions": text.STATE_ACTIONS,
    "step": text.STATE_STEP,
    "next": text.STATE_NEXT,
    "asks": text.STATE_ASKS,
    "branch": text.STATE_BRANCH,
    "sources": text.STATE_SOURCES,
    "checkpoints": text.CHECKPOINTS,
    "older": text.OLDER_CHECKPOINTS,
    "edit": text.EDIT_STATE,
    "goOn": text.GO_ON_FROM,
    "goOnRuns": text.GO_ON_RUNS,
    "goOnShows": text.GO_ON_SHOWS,
    "runFrom": text.RUN_FROM,
    "oneStep": text.ONE_STEP,
    "stepMeans": text.ONE_STEP_MEANS,
    "breakpoints": text.BREAKPOINTS,
    "breakpointsMean": text.BREAKPOINTS_MEAN,
    "before": text.BREAKPOINT_BEFORE,
    "after": text.BREAKPOINT_AFTER,
    "everyStep": text.EVERY_STEP,
    "noNodes": text.NO_NODES,
    "compare": text.COMPARE,
    "compareWith": text.COMPARE_WITH,
    "choose": text.CHOOSE_CHECKPOINT,
    "changes": text.STATE_CHANGES,
    "moreChanges": text.MORE_STATE_CHANGES,
    "same": text.NO_CHANGES,
    "all": text.WHOLE_STATE,
    "close": text.CLOSE,
    "editAs": text.EDIT_AS,
    "asForm": text.EDIT_AS_FORM,
    "asJson": text.EDIT_AS_JSON,
    "values": text.STATE_VALUES,
    "asNode": text.AS_NODE,
    "anyNode": text.ANY_NODE,
    "save": text.SAVE_STATE,
    "saveAnyway": text.SAVE_STATE_ANYWAY,
    "cancel": text.CANCEL,
    "details": text.DETAILS,
    "input": text.TIMELINE_INPUT,
    "inputExample": text.RUN_INPUT_EXAMPLE,
    "run": text.RUN_WITH_INPUT,
    "marks": text.VALUE_MARKS,
    "moved": text.VALUE_MOVED,
    "inside": text.VALUE_INSIDE,
    "kinds": text.VALUE_KINDS,
    "noName": text.NO_KEY_NAME,
    "moreRows": text.MORE_ROWS,
    "wholeText": text.WHOLE_TEXT,
    "restIsCopied": text.REST_IS_COPIED,
    "copyTitle": text.STREAMS_COPY,
    "copyOne": text.COPY_VALUE_OF,
    "form": FORM_WORDS,
}


def _one(value: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (value,)


def _going_on(checkpoint: rx.Var[str], runs: rx.Var[bool]) -> tuple[rx.Var[str], rx.Var[bool]]:
    return (checkpoint, runs)


def _run(checkpoint: rx.Var[str], given: rx.Var[str]) -> tuple[rx.Var[str], rx.Var[str]]:
    return (checkpoint, given)


def _nodes(
    before: rx.Var[list[str]], after: rx.Var[list[str]]
) -> tuple[rx.Var[list[str]], rx.Var[list[str]]]:
    return (before, after)


def _saved(
    given: rx.Var[dict[str, Any] | None],
    json: rx.Var[str],
    node: rx.Var[str],
    is_forced: rx.Var[bool],
) -> tuple[rx.Var[dict[str, Any] | None], rx.Var[str], rx.Var[str], rx.Var[bool]]:
    return (given, json, node, is_forced)


class StateTab(rx.Component):
    """Asks the routes at `address` for states; `edited` is what is being changed at this tab."""

    library = JS["tabs.js"]
    tag = "StateTab"

    address: rx.Var[str]
    thread: rx.Var[str]
    running: rx.Var[bool]
    edited: rx.Var[dict[str, Any]]
    words: rx.Var[dict[str, Any]]
    on_load: rx.EventHandler[rx.event.no_args_event_spec]
    on_open: rx.EventHandler[_one]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]
    on_save: rx.EventHandler[_saved]
    on_go_on: rx.EventHandler[_going_on]
    on_run: rx.EventHandler[_run]
    on_step: rx.EventHandler[_one]
    on_breakpoints: rx.EventHandler[_nodes]


def values() -> rx.Component:
    """Return the content of the tab."""
    shown = EditingState
    edited = {
        "checkpoint": shown.checkpoint,
        "fields": shown.fields,
        "text": shown.text,
        "note": shown.note,
        "nodes": shown.nodes,
        "before": shown.before,
        "after": shown.after,
        "problem": shown.problem,
        "problem_detail": shown.problem_detail,
        "faults": shown.faults,
        "is_late": shown.is_late,
        "said": shown.said,
        "settled": shown.settled,
    }
    return StateTab.create(
        address=InspectorState.address,
        thread=InspectorState.thread,
        running=RunState.running,
        edited=rx.Var.create(edited),
        words=STATE_WORDS,
        on_load=shown.load,
        on_open=shown.open,
        on_close=shown.close,
        on_save=shown.save,
        on_go_on=shown.go_on,
        on_run=shown.run_from,
        on_step=shown.step,
        on_breakpoints=shown.set_breakpoints,
    )
