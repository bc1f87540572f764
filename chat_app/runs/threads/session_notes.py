"""What open sessions say of their threads, which is newer than any list of the server.

The server's list lags behind the stream of a run. So a session's status counts as long as the
session is open, and for `LIST_LAG` seconds after its last change.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chat_app.runs.times import LIST_LAG

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.runs.threads.listed import Listed

BUSY = "busy"
"""The status of a thread with a run under way, in the server's words."""


@dataclass(frozen=True)
class _Noted:
    """What a session said last of its thread; `at` is in seconds of `time.monotonic`.

    `begun` is when it began to be busy, as `Listed.at`; 0 where it did not.
    """

    status: str
    at: float
    begun: int


class SessionNotes:
    """Those for one list. `has_session` tells of a thread whether a session is open."""

    def __init__(self, has_session: Callable[[str], bool]) -> None:
        self._has_session = has_session
        self._noted: dict[str, _Noted] = {}
        self.applied = 0.0
        """When the list was asked for that is shown, in seconds of `time.monotonic`."""

    def note(self, thread_id: str, status: str, *, shown: Listed | None, newest: int = 0) -> bool:
        """Take what a session says, where the list shows something else; returns whether it does.

        `newest` is the latest `Listed.at` that is shown: a thread in which something happens is
        before all others, whatever clock the server has.
        """
        is_news = shown is None or shown.status != status
        if not is_news and self.has(thread_id):
            return False
        known = self._noted.get(thread_id)
        begun = known.begun if known else 0
        if status == BUSY and is_news:
            begun = max(newest + 1, time.time_ns() // 1000)
        at = time.monotonic() if is_news else -LIST_LAG
        self._noted[thread_id] = _Noted(status, at, begun)
        return True

    def has(self, thread_id: str) -> bool:
        """Whether what a session said is newer than what the server has listed."""
        noted = self._noted.get(thread_id)
        if noted is None:
            return False
        return self._has_session(thread_id) or self.applied < noted.at + LIST_LAG

    def is_new(self, row: Listed) -> bool:
        """Whether the server may not have this row yet."""
        return self.status(row) == BUSY and self.has(row.id)

    def status(self, row: Listed) -> str:
        """That of a thread, as far as anything tells it."""
        return self._noted[row.id].status if self.has(row.id) else row.status

    def seen(self, row: Listed) -> Listed:
        """A row of the server's list, as it is by now."""
        status, noted = self.status(row), self._noted.get(row.id)
        is_late = noted is not None and self.applied < noted.at + LIST_LAG
        is_old = BUSY in (status, row.status) or is_late
        at = max(row.at, noted.begun) if noted and self.has(row.id) else row.at
        return replace(row, status=status, changed="" if is_old else row.changed, at=at)

    def forget_old(self) -> None:
        """Keep what still is newer than the list."""
        self._noted = {key: one for key, one in self._noted.items() if self.has(key)}
