"""The panel beside the conversation: a file of the agent, a result, or code of an answer."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.panel import JS
from chat_app.state.run import RunState
from chat_app.state.workspace import Change, FileEntry, FileState


def _path(path: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (path,)


class Panel(rx.Component):
    """Nothing if it is closed. `path` to `diff` are of the file that the app sent last."""

    library = JS["panel.jsx"]
    tag = "Panel"

    thread: rx.Var[str]
    path: rx.Var[str]
    name: rx.Var[str]
    size: rx.Var[str]
    text: rx.Var[str]
    cut: rx.Var[str]
    diff: rx.Var[list[Change]]
    label: rx.Var[str]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


class FileChip(rx.Component):
    """A button that opens a file in the panel."""

    library = JS["panel.jsx"]
    tag = "FileChip"

    file: rx.Var[FileEntry]
    on_open: rx.EventHandler[_path]


class FileChips(rx.Component):
    """The chips of those `files` that have these `paths`."""

    library = JS["panel.jsx"]
    tag = "FileChips"

    paths: rx.Var[list[str]]
    files: rx.Var[list[FileEntry]]
    on_open: rx.EventHandler[_path]


class OpenBeside(rx.Component):
    """A button that opens a long `value` in the panel; the rest of a `cut` one is requested."""

    library = JS["panel.jsx"]
    tag = "OpenBeside"

    name: rx.Var[str]
    value: rx.Var[Any]
    cut: rx.Var[bool]
    label: rx.Var[str]
    on_reveal: rx.EventHandler[rx.event.no_args_event_spec]


def panel() -> rx.Component:
    """Return the panel of the page."""
    return Panel.create(
        thread=RunState.thread_id,
        path=FileState.path,
        name=FileState.name,
        size=FileState.size,
        text=FileState.text,
        cut=FileState.cut,
        diff=FileState.diff,
        label=text.PANEL,
        on_close=FileState.close,
    )
