"""All sessions of this process with one server (see `chat_app.runs.session`)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chat_app.runs.session import ThreadSession

if TYPE_CHECKING:
    from chat_app.runs.backend import Backend


class Sessions:
    """All sessions of this process with one server. `rights` keep those of people apart."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._open: dict[tuple[str, str], ThreadSession] = {}

    def get(
        self, thread_id: str, rights: str = "", *, backend: Backend | None = None
    ) -> ThreadSession:
        """The session of a thread, made for the first tab that asks; `backend` is for a new one."""
        key = (thread_id, rights)
        if key not in self._open:
            used = backend or self._backend
            self._open[key] = ThreadSession(thread_id, used, lambda _: self._forget(key), self.of)
        return self._open[key]

    def find(self, thread_id: str, rights: str = "") -> ThreadSession | None:
        """The session of a thread, if there is one."""
        return self._open.get((thread_id, rights))

    def of(self, thread_id: str) -> list[ThreadSession]:
        """All sessions of a thread, whatever their rights."""
        return [session for key, session in self._open.items() if key[0] == thread_id]

    def are_settled(self) -> bool:
        """Whether none of them has a request under way that changes something at the server."""
        return all(session.snapshot.conversation.is_settled for session in self._open.values())

    @property
    def queued(self) -> int:
        """How many messages wait for a run to end."""
        return sum(len(session.snapshot.conversation.queue) for session in self._open.values())

    def temporary(self) -> list[str]:
        """The temporary threads that tabs show."""
        return [key[0] for key, session in self._open.items() if session.is_temporary_here]

    def _forget(self, key: tuple[str, str]) -> None:
        self._open.pop(key, None)

    def __len__(self) -> int:
        return len(self._open)

    async def aclose(self) -> None:
        """Close all of them."""
        open_now, self._open = list(self._open.values()), {}
        await asyncio.gather(*(session.aclose() for session in open_now))
