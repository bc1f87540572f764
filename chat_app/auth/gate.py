"""The gate: each call that names a thread passes it, and gets nothing of a foreign one.

A session (`chat_app.runs.session`) exists only here. It is one person's: it has the server's client
only after the thread's metadata was read and allows that person (`chat_app.runs.permission`), which
opening a thread does anyway. Of a foreign thread the session shows, answers and takes exactly what
it does of one that does not exist, because both end at the same place: so ids cannot be probed.

What else belongs to a thread is read with `client`: files of messages, agents inside the agent.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from chat_app.auth.budgets import PersonalBudget, budgets
from chat_app.auth.rights import may_use, rights_of
from chat_app.runs import tasks, thread_metadata
from chat_app.runs.exporting import read_saved
from chat_app.runs.feedback import for_file
from chat_app.runs.importing import make_thread
from chat_app.runs.inspector.visits import Visits
from chat_app.runs.machine.events import Changed, Opened
from chat_app.runs.permission import NotThereError, Permission
from chat_app.runs.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from chat_app.auth.person import Person
    from chat_app.client import LangGraphClient
    from chat_app.runs.backend import Backend
    from chat_app.runs.session import ThreadSession
    from chat_app.transcript.record import SavedThread
    from chat_app.transcript.removed_runs import RemovedRun

_ENDS_WITHIN = 20.0
"""Seconds in which a stopped run has ended."""


class Gate:
    """To all threads of one server.

    `connect_as` gives the client for one person, where the server is told who it is.
    """

    def __init__(
        self,
        backend: Backend,
        connect_as: Callable[[Person], Awaitable[LangGraphClient]] | None = None,
    ) -> None:
        self._backend = backend
        self._connect_as = connect_as
        self._sessions = Sessions(backend)
        self._visits = Visits()

    def open(self, person: Person, thread_id: str) -> ThreadSession:
        """The session in which a person uses a thread: all tabs of the person have the same one.

        One of a foreign thread is as that of a thread which does not exist.
        """
        rights = rights_of(person)
        known = self._sessions.find(thread_id, rights)
        if known:
            return known
        meter = self._budget(person)
        backend = self._backend.within(self._permission(person, thread_id), meter)
        return self._sessions.get(thread_id, rights, backend=backend)

    def create(self, person: Person, title: str, *, is_temporary: bool = False) -> ThreadSession:
        """The session of a new thread, which is this person's; the first message creates it."""
        session = self.open(person, str(uuid4()))
        metadata = thread_metadata.made_for(person.id, title, is_temporary=is_temporary)
        session.create_with(title, metadata)
        return session

    @property
    def backend(self) -> Backend:
        """The server, for what is no person's: see `chat_app.routes.shared`."""
        return self._backend

    def find(self, person: Person, thread_id: str) -> ThreadSession | None:
        """The session in which a person uses a thread, if a tab of the person shows it."""
        return self._sessions.find(thread_id, rights_of(person))

    async def visit(self, person: Person, thread_id: str) -> ThreadSession:
        """The session of a thread for an inspector, whose page may be at another process.

        Raises:
            LangGraphError: the thread cannot be read.
            TimeoutError: it was not read in time.
        """
        session = self.open(person, thread_id)
        await self._visits.see(session)
        return session

    async def client(self, person: Person, thread_id: str) -> LangGraphClient:
        """The server's client, for what concerns one thread.

        Raises:
            NotThereError: there is no such thread, or the person may not use it.
            LangGraphError: the server cannot be asked.
        """
        if known := self._sessions.find(thread_id, rights_of(person)):
            return await known.client()
        return await self._permission(person, thread_id).connect()

    async def read_saved(self, person: Person, thread_id: str) -> SavedThread:
        """A whole thread, for a file, with the person's own ratings of its answers.

        Raises:
            NotThereError: there is no such thread, or the person may not use it.
            LangGraphError: the server does not tell.
        """
        client = await self.client(person, thread_id)
        saved = await read_saved(client, self._backend, thread_id)
        return replace(saved, feedback=await for_file(client, person.id, thread_id))

    async def client_for_all(
        self, person: Person, thread_ids: Sequence[str]
    ) -> tuple[LangGraphClient, list[str]]:
        """The server's client, and which of these threads the person may use.

        Their values are not read.

        Raises:
            LangGraphError: the server cannot be asked.
        """
        client = await self._connection(person)()
        found = await client.threads.search(
            ids=thread_ids, limit=len(thread_ids), select=("thread_id", "metadata")
        )
        told = {
            str(row.get("thread_id")): may_use(person, row.get("metadata"))
            for row in (found if isinstance(found, list) else ())
        }
        # A server that cannot be asked by ids tells of others.
        for thread_id in thread_ids:
            if thread_id not in told:
                told[thread_id] = await self._may_use(person, thread_id)
        return client, [one for one in thread_ids if told[one]]

    async def _may_use(self, person: Person, thread_id: str) -> bool:
        try:
            await self.client(person, thread_id)
        except NotThereError:
            return False
        return True

    def reload(self, thread_id: str) -> None:
        """Have all sessions of a thread read it again: it was changed here, or deleted."""
        for session in self._sessions.of(thread_id):
            tasks.spawn(_read_again(session), name=f"read {thread_id} again")

    def changed_elsewhere(self, thread_id: str) -> None:
        """Another process has changed the queue of a thread, or what is paused there."""
        for session in self._sessions.of(thread_id):
            session.post(Opened())
            session.post(Changed())

    def run_removed(self, thread_id: str, removed: RemovedRun | None) -> None:
        """A run of a thread was deleted: its sessions know at once, and read the thread again."""
        for session in self._sessions.of(thread_id):
            if removed:
                session.run_removed(removed)
        self.reload(thread_id)

    async def make_thread(self, person: Person, saved: SavedThread) -> str:
        """A thread of this person's, made of a stored one; returns its id.

        Raises:
            LangGraphError: the server did not do it.
        """
        client = await self._connection(person)()
        return await make_thread(client, self._backend, saved, person.id)

    async def check_budget(self, person: Person, thread_id: str) -> None:
        """See whether a person may start a run in a thread; an empty one is new.

        Raises:
            OverBudgetError: not now, and why.
            LangGraphError: the server, which has to be asked, does not tell.
        """
        if budget := self._budget(person):
            await budget.check(thread_id)

    def has_session(self, thread_id: str, rights: str) -> bool:
        """Whether a tab of those with these rights shows the thread."""
        return self._sessions.find(thread_id, rights) is not None

    def is_open(self, thread_id: str) -> bool:
        """Whether anyone has a session of the thread."""
        return bool(self._sessions.of(thread_id))

    def is_settled(self) -> bool:
        """Whether no request is under way that changes something at the server."""
        return self._sessions.are_settled()

    @property
    def sessions(self) -> Sessions:
        """All that are open, to be counted."""
        return self._sessions

    def temporary_threads(self) -> list[str]:
        """The temporary threads that tabs of this process show."""
        return self._sessions.temporary()

    async def aclose(self) -> None:
        """Close all sessions."""
        self._visits.close()
        await self._sessions.aclose()

    def _permission(self, person: Person, thread_id: str) -> Permission:
        allows = partial(may_use, person)
        return Permission(thread_id, self._connection(person), allows, owner=person.id)

    def _budget(self, person: Person) -> PersonalBudget | None:
        known = budgets()
        return PersonalBudget(known, person.id, self._connection(person)) if known else None

    def _connection(self, person: Person) -> Callable[[], Awaitable[LangGraphClient]]:
        return partial(self._connect_as, person) if self._connect_as else self._backend.connect


async def _read_again(session: ThreadSession) -> None:
    """Read a thread once the run that was stopped in it has ended here too."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_ENDS_WITHIN):
            await session.at_rest()
    session.open()
