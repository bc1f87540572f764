"""Whether the person of a session may use its thread, as the thread's metadata tells.

Every effect of a session asks for the server's client first, and gets none before the metadata was
read and allows that person: see `chat_app.auth.gate`, which is the only place that makes sessions.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from chat_app import text
from chat_app.client import InvalidError, NotFoundError
from chat_app.runs import thread_metadata
from chat_app.runs.pending_runs import Agenda, read_agenda
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import Any

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Thread


class NotThereError(AppError, NotFoundError):
    """The server has no such thread, or it is another person's: which of them is not told."""

    def __init__(self) -> None:
        super().__init__(text.THREAD_GONE)


class Head(NamedTuple):
    """What opening a thread reads first."""

    client: LangGraphClient
    agenda: Agenda
    thread: Thread


class Permission:
    """That of one session. `allows` decides by the metadata of a thread."""

    def __init__(
        self,
        thread_id: str,
        connect: Callable[[], Awaitable[LangGraphClient]],
        allows: Callable[[Mapping[str, Any] | None], bool],
        owner: str = "",
    ) -> None:
        self._thread_id = thread_id
        self._connect = connect
        self._allows = allows
        self.owner = owner
        """The id of the person, which the threads have that are made for them."""
        self._reading = asyncio.Lock()
        self.is_given = False
        """Until another look at the thread says otherwise."""

    def is_own(self, metadata: Mapping[str, Any] | None) -> bool:
        """Whether a thread with this metadata is the person's own, and not only theirs to use."""
        return bool(self.owner) and thread_metadata.owner_in(metadata) == self.owner

    def give(self) -> None:
        """The thread is being made here, for this person."""
        self.is_given = True

    async def connect(self) -> LangGraphClient:
        """The client, for all that concerns the thread.

        Raises:
            NotThereError: the person may not use the thread, or there is none.
            LangGraphError: the server does not tell.
        """
        if not self.is_given:
            async with self._reading:
                if not self.is_given:
                    return (await self._read()).client
        return await self._connect()

    async def head(self) -> Head:
        """Read what opening the thread needs; raises as `connect`."""
        async with self._reading:
            return await self._read()

    def check(self, thread: Any) -> None:
        """Look at a thread that was read or created.

        Raises:
            NotThereError: the person may not use it.
        """
        metadata = thread.get("metadata") if isinstance(thread, dict) else None
        self.is_given = self._allows(metadata)
        if not self.is_given:
            raise NotThereError

    def check_created(self, thread: Any) -> None:
        """Look at the answer to a request that creates the thread, unless there is one.

        Raises:
            NotThereError: there was one, of another person.
        """
        metadata = thread.get("metadata") if isinstance(thread, dict) else None
        if thread_metadata.owner_in(metadata):
            self.check(thread)

    async def _read(self) -> Head:
        client = await self._connect()
        # The runs before the state: a run that ends in between is in the state, and never missed.
        agenda, thread = await asyncio.gather(
            read_agenda(client, self._thread_id),
            client.threads.get(self._thread_id),
            return_exceptions=True,
        )
        if isinstance(thread, NotFoundError | InvalidError):
            self.is_given = False
            raise NotThereError
        if isinstance(thread, BaseException):
            raise thread
        self.check(thread)
        if isinstance(agenda, BaseException):
            raise agenda
        return Head(client, agenda, thread)
