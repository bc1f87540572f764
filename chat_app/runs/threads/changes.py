"""What people here have changed of listed threads: shown before the server has taken it.

A change is pending until the server has answered. Then the row that it answered with is kept for a
while: a tab may show the thread far below the newest ones, which is all that is asked for again.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chat_app.runs.threads.listed import Listed

KEPT = 60.0
"""Seconds; a tab without a connection for so long shows older rows until they change again."""
MOST = 300


@dataclass(frozen=True)
class Change:
    """What is other than the server's list has it, of one thread.

    `row` is newer than the list's, unless that was touched later. `patch` has the fields of a
    pending change. A thread that `is_gone` is in no list; one that was, and is back, has a change
    that says so.
    """

    id: str
    row: Listed | None = None
    patch: tuple[tuple[str, Any], ...] = ()
    is_gone: bool = False

    def applied(self, row: Listed) -> Listed:
        """A row of the server's list with this change."""
        if self.row and self.row.touched >= row.touched:
            row = replace(row, title=self.row.title, touched=self.row.touched)
            row = replace(row, is_pinned=self.row.is_pinned, is_archived=self.row.is_archived)
        return replace(row, **dict(self.patch))


@dataclass(frozen=True)
class _Done:
    row: Listed | None
    at: float


class ThreadChanges:
    """Those of one list. `changed` is called after each."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._pending: dict[str, dict[object, dict[str, Any]]] = {}
        self._done: dict[str, _Done] = {}
        self._gone: dict[str, tuple[float, bool]] = {}

    def begin(self, ids: Iterable[str], **fields: Any) -> object:
        """Show these fields of `Listed`, until the change that is returned has ended."""
        change = object()
        for thread_id in ids:
            self._pending.setdefault(thread_id, {})[change] = fields
        self._changed()
        return change

    def end(self, change: object, results: Mapping[str, Listed]) -> None:
        """The server has answered: these are the threads that it has changed."""
        for thread_id in [one for one, pending in self._pending.items() if change in pending]:
            pending = self._pending[thread_id]
            del pending[change]
            if not pending:
                del self._pending[thread_id]
            if row := results.get(thread_id):
                self._done.pop(thread_id, None)  # the newest last
                self._done[thread_id] = _Done(row, time.monotonic())
        self._changed()

    def remove(self, ids: Iterable[str]) -> None:
        """Show these threads no more."""
        self._gone |= dict.fromkeys(ids, (time.monotonic(), True))
        self._changed()

    def restore(self, ids: Iterable[str]) -> None:
        """Show them again."""
        self._gone |= dict.fromkeys(ids, (time.monotonic(), False))
        self._changed()

    def forget_old(self) -> None:
        """Keep no more than is needed."""
        since = time.monotonic() - KEPT
        done = [(one, entry) for one, entry in self._done.items() if entry.at > since]
        self._done = dict(done[-MOST:])
        gone = [(one, entry) for one, entry in self._gone.items() if entry[0] > since]
        self._gone = dict(gone[-MOST:])

    def of(self, thread_id: str) -> Change | None:
        """What has changed of a thread."""
        gone = self._gone.get(thread_id)
        if gone and gone[1]:
            return Change(thread_id, is_gone=True)
        done, pending = self._done.get(thread_id), self._pending.get(thread_id, {})
        if done is None and not pending and gone is None:
            return None
        patch: dict[str, Any] = {}
        for fields in pending.values():
            patch |= fields
        return Change(thread_id, done.row if done else None, tuple(patch.items()))

    def all(self) -> tuple[Change, ...]:
        """What has changed of all threads."""
        ids = dict.fromkeys((*self._done, *self._pending, *self._gone))
        return tuple(change for one in ids if (change := self.of(one)))
