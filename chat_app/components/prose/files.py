"""Names of files in the text of an answer, which open these files in the panel."""

from __future__ import annotations

import reflex as rx

from chat_app.components.prose import JS
from chat_app.state.workspace import FileEntry, FileState, WorkspaceState


def _path(path: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (path,)


class FileNames(rx.Component):
    """Sets the `files` whose names are buttons in the text of answers; renders nothing."""

    library = JS["files.jsx"]
    tag = "FileNames"

    files: rx.Var[list[FileEntry]]
    on_open: rx.EventHandler[_path]


def file_names() -> rx.Component:
    """Return it for the files of the open thread."""
    return FileNames.create(files=WorkspaceState.files, on_open=FileState.open)
