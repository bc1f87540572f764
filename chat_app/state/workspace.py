"""What the agent keeps beside the messages: its todos as a checklist, its files as chips.

The texts of files go to the browser only for the one that a person opened.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text
from chat_app.state.diff import Change, compared
from chat_app.state.rows import TodoItem
from chat_app.state.safe_json import sendable
from chat_app.state.turn_results import checklist, next_of
from chat_app.transcript.message import Role

if TYPE_CHECKING:
    from chat_app.transcript.message import File, Todo, Transcript

MOST = 2_000_000
"""Characters of a file that are sent to be read; of a longer one the beginning."""


@dataclass(frozen=True)
class FileEntry:
    """One file: `name` is the end of its `path`, `mark` says what changed, or is empty."""

    path: str
    name: str
    size: str
    mark: str


class Workspace:
    """The todos and files of the open thread, and which of the files is open."""

    def __init__(self, *, steps: bool = True) -> None:
        self._steps = steps
        self._transcript: Transcript | None = None
        self._old: set[str] = set()
        self._old_todos: tuple[Todo, ...] = ()
        self._floats: dict[str, bool] = {}
        self._open: File | None = None

    def look(self, transcript: Transcript) -> dict[str, Any]:
        """Take the next view of the thread; returns the vars of `WorkspaceState` that changed."""
        before, self._transcript = self._transcript, transcript
        if not self._steps:
            return {}
        if before is None or (transcript.running and not before.running):
            self._old = {file.path for file in transcript.files}
            self._old_todos = () if before is None else transcript.todos
        changes: dict[str, Any] = {}
        if transcript.todos is not (before.todos if before else ()):
            changes |= _checklist(transcript)
        if transcript.files is not (before.files if before else ()):
            changes["files"] = [self._entry(file) for file in transcript.files]
        for name, value in self._floating(transcript).items():
            if self._floats.get(name, False) != value:
                self._floats[name] = changes[name] = value
        return changes

    def _floating(self, transcript: Transcript) -> dict[str, bool]:
        """Whether the plan and the files are above the composer: what the run at work wrote.

        Afterwards they are in its turn. Where no agent has a turn, all is above the composer.
        """
        has_place = any(message.role is not Role.HUMAN for message in transcript.messages)
        is_at_work = transcript.running or bool(transcript.interrupts)
        is_plan_new = transcript.todos is not self._old_todos
        are_files_new = any(self._mark(file) for file in transcript.files)
        return {
            "plan_floats": bool(transcript.todos)
            and (not has_place or (is_at_work and is_plan_new)),
            "files_float": bool(transcript.files)
            and (not has_place or (is_at_work and are_files_new)),
        }

    async def open(self, path: object) -> dict[str, Any]:
        """Open a file; returns the vars of `FileState`, nothing where there is no such file."""
        file = self._find(path)
        if file is None:
            return {}
        self._open = file
        return await self._page(file)

    def close(self) -> None:
        """The file was closed."""
        self._open = None

    async def reread(self) -> dict[str, Any]:
        """The vars of `FileState` if the open file is not as it was; one that is gone stays."""
        if self._open is None:
            return {}
        now = self._find(sendable(self._open.path))
        return {} if now is None or now == self._open else await self.open(sendable(now.path))

    def _find(self, path: object) -> File | None:
        if not self._steps or self._transcript is None:
            return None
        return next((f for f in self._transcript.files if sendable(f.path) == path), None)

    async def _page(self, file: File) -> dict[str, Any]:
        entry, is_cut = self._entry(file), len(file.text) > MOST
        is_changed = entry.mark == text.FILE_CHANGED and not is_cut
        return {
            "path": entry.path,
            "name": entry.name,
            "size": entry.size,
            "text": sendable(file.text[:MOST]),
            "cut": text.FILE_CUT.format(size=entry.size) if is_cut else "",
            "diff": await asyncio.to_thread(
                compared, sendable(file.before or ""), sendable(file.text)
            )
            if is_changed
            else [],
        }

    def _entry(self, file: File) -> FileEntry:
        path = sendable(file.path)
        octets = len(file.text.encode(errors="replace"))
        return FileEntry(
            path, PurePosixPath(path).name or path, text.size(octets), self._mark(file)
        )

    def _mark(self, file: File) -> str:
        if file.before is not None:
            return text.FILE_CHANGED if file.before != file.text else ""
        return "" if file.path in self._old else text.FILE_NEW


def _checklist(transcript: Transcript) -> dict[str, Any]:
    items, progress = checklist(transcript.todos)
    return {
        "todos": items,
        "progress": progress,
        "now": next_of(items),
    }


class WorkspaceState(rx.State):
    """The plan and the files of the thread. `now` is the todo that the agent is at or comes to."""

    todos: rx.Field[list[TodoItem]] = rx.field(default_factory=list)
    progress: rx.Field[str] = rx.field("")
    now: rx.Field[str] = rx.field("")
    files: rx.Field[list[FileEntry]] = rx.field(default_factory=list)
    plan_floats: rx.Field[bool] = rx.field(False)
    files_float: rx.Field[bool] = rx.field(False)
    """Whether the plan, and the files that were changed, are shown above the composer."""

    _workspace: Any = None
    """The `Workspace` of the open thread, which its canvas has too."""


class FileState(rx.State):
    """The file that is open in the panel; without a `path` there is none.

    `diff` is what became of it since the run began, `cut` a sentence where not all of it is here.
    """

    path: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    size: rx.Field[str] = rx.field("")
    text: rx.Field[str] = rx.field("")
    cut: rx.Field[str] = rx.field("")
    diff: rx.Field[list[Change]] = rx.field(default_factory=list)

    @rx.event
    async def open(self, path: str):
        """Show a file of the open thread."""
        workspace: Workspace | None = (await self.get_state(WorkspaceState))._workspace  # noqa: SLF001 - this module's own
        if workspace:
            _set(self, await workspace.open(path))

    @rx.event
    async def close(self):
        """Drop the file that is open."""
        workspace: Workspace | None = (await self.get_state(WorkspaceState))._workspace  # noqa: SLF001
        if workspace:
            workspace.close()
        self.reset()


async def show_workspace(tab: rx.State, workspace: Workspace, changes: dict[str, Any]) -> None:
    """Show what changed, also in the file that is open. Needs the tab's lock."""
    _set(await tab.get_state(WorkspaceState), changes)
    if page := await workspace.reread():
        _set(await tab.get_state(FileState), page)


def _set(state: rx.State, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(state, name, value)
