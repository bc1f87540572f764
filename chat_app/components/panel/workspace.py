"""The plan of the agent as a checklist and its files as chips, above the composer."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.panel.panel import FileChip
from chat_app.components.shared.icon import icon
from chat_app.state.view import steps
from chat_app.state.workspace import FileEntry, FileState, TodoItem, WorkspaceState


def workspace() -> rx.Component:
    """Return both; nothing if the agent has neither."""
    has_todos, has_files = WorkspaceState.todos.length() > 0, WorkspaceState.files.length() > 0
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


def _plan() -> rx.Component:
    """One row with the progress and the current item, which opens to the list."""
    now = rx.cond(WorkspaceState.now, WorkspaceState.now, text.ALL_DONE)
    return rx.el.details(
        rx.el.summary(
            icon("list-checks"),
            rx.el.span(WorkspaceState.progress, class_name="seconds"),
            rx.el.span(now, class_name="gist", dir="auto"),
            icon("chevron-right", class_name="chevron"),
        ),
        rx.el.ol(rx.foreach(WorkspaceState.todos, _todo)),
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
    return FileChip.create(file=file, on_open=FileState.open, key=file.path)
