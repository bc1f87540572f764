"""The plan of the agent as a checklist and its files as chips.

They are above the composer while the run goes that writes them, and then in its turn.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.panel.panel import FileChip, FileChips
from chat_app.components.shared.icon import icon
from chat_app.state.rows import ResultsRow, TodoItem
from chat_app.state.run import RunState
from chat_app.state.view import steps
from chat_app.state.workspace import FileEntry, FileState, WorkspaceState


def workspace() -> rx.Component:
    """Return what the run at work wrote of both; nothing if that is neither."""
    has_todos = WorkspaceState.plan_floats & (WorkspaceState.todos.length() > 0)
    has_files = WorkspaceState.files_float & (WorkspaceState.files.length() > 0)
    return rx.cond(
        has_todos | has_files,
        rx.el.section(
            rx.cond(has_todos, _plan()),
            rx.cond(has_files, _files()),
            class_name="workspace",
            aria_label=text.PLAN,
            data_steps=steps(),
            data_testid="workspace",
        ),
    )


def results(row: ObjectVar[ResultsRow]) -> rx.Component:
    """Return the plan and the files of a turn."""
    return rx.el.section(
        rx.cond(row.todos, _checklist(row.progress, row.now, row.todos)),
        rx.cond(row.paths, turn_files(row=row)),
        class_name="results",
        aria_label=text.RESULTS,
    )


@rx.memo
def turn_files(row: rx.Var[ResultsRow]) -> rx.Component:
    """The files of a turn: a component of its own, as it depends on those of the thread."""
    return rx.el.div(
        FileChips.create(
            paths=row.to(ObjectVar, ResultsRow).paths,
            files=WorkspaceState.files,
            on_open=FileState.open,
        ),
        class_name="files",
        role="group",
        aria_label=text.FILES,
    )


def _plan() -> rx.Component:
    now = rx.cond(WorkspaceState.now, WorkspaceState.now, text.ALL_DONE)
    return _checklist(WorkspaceState.progress, now, WorkspaceState.todos)


def _checklist(progress: rx.Var[str], now: rx.Var[str] | str, todos: rx.Var[Any]) -> rx.Component:
    """One row with the progress and the current item, which opens to the list."""
    return rx.el.details(
        rx.el.summary(
            icon("list-checks"),
            rx.el.span(progress, class_name="seconds"),
            rx.el.span(now, class_name="gist", dir="auto"),
            icon("chevron-right", class_name="chevron"),
        ),
        rx.el.ol(rx.foreach(todos.to(list[TodoItem]), _todo)),
        class_name="disclosure plan",
        data_testid="plan",
    )


def _todo(item: ObjectVar[TodoItem]) -> rx.Component:
    sign = rx.match(
        item.status,
        ("completed", _said(text.DONE, icon("circle-check", class_name="good"))),
        ("in_progress", _said(text.TODO_UNDERWAY, icon("circle-dot", class_name="underway"))),
        _said(text.TODO_PENDING, icon("circle")),
    )
    return rx.el.li(sign, rx.el.span(item.text, dir="auto"), data_status=item.status)


def _said(status: str, sign: rx.Component) -> rx.Component:
    return rx.fragment(sign, rx.el.span(status, class_name="unseen"))


def _files() -> rx.Component:
    return rx.el.div(
        rx.foreach(WorkspaceState.files, _file),
        class_name="files",
        role="group",
        aria_label=text.FILES,
    )


def _file(file: ObjectVar[FileEntry]) -> rx.Component:
    chip = FileChip.create(file=file, on_open=FileState.open, key=file.path)
    is_of_run = file.mark.bool() | ~RunState.running
    return rx.cond(is_of_run, chip)
