"""The threads of one person, newest first, polled once for all of that person's tabs.

How often is in `polling`, how pages are read in `pages`. What an open session says of its thread is
newer than any poll (`session_notes`), and so is what a person just changed (`changes`).
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from chat_app.client import LangGraphError
from chat_app.runs.availability import is_missing
from chat_app.runs.threads.changes import Change, ThreadChanges
from chat_app.runs.threads.listed import Listed, Scope, Whose
from chat_app.runs.threads.pages import Cursor, Newest, Page, ThreadPages
from chat_app.runs.threads.polling import Polling
from chat_app.runs.threads.session_notes import BUSY, SessionNotes
from chat_app.runs.times import LIST_PINNED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from chat_app.runs.availability import Availability

__all__ = ["BUSY", "Change", "Listed", "Scope", "ThreadList", "ThreadLists"]


class ThreadList:
    """That of one owner.

    `left` is called with each thread that a person has deleted, when that was, and a client: it may
    be left to this process to delete it at the server.
    """

    def __init__(
        self,
        whose: Whose,
        connect: Callable[[], Awaitable[LangGraphClient]],
        availability: Availability,
        *,
        has_session: Callable[[str], bool],
        left: Callable[[str, float, LangGraphClient], None],
    ) -> None:
        self._connect = connect
        self._left = left
        self._availability = availability
        self._pages = ThreadPages(whose)
        self._polling = Polling(self.refresh, availability)
        self._notes = SessionNotes(has_session)
        self._rows: list[Listed] = []
        self._pinned_at = 0.0
        self._was_read = False
        self.changes = ThreadChanges(self._show)
        """What people here have changed."""
        self.newest = Newest()
        """What the server has told last."""
        self.threads: tuple[Listed, ...] = ()
        """The pinned ones and the newest, without those of the archive; by time, newest first."""
        self.changed: tuple[Change, ...] = ()
        """What is other than the server's list has it, of any thread."""
        self.problem = ("", "")
        """What the server did not do for a person: a sentence, and what it said itself."""
        self.is_read = False
        """The server has told them at least once."""
        self.version = 0
        """Counts the changes of all of these."""

    def subscribe(self, notify: Callable[[], None], *, is_visible: bool | None) -> None:
        """Call `notify` after each change of `threads`.

        `is_visible` is the tab's, and may be changed by another call; a tab that has not told does
        not make the list be polled.
        """
        self._polling.subscribe(notify, is_visible=is_visible)

    def unsubscribe(self, notify: Callable[[], None]) -> None:
        """Call `notify` no more."""
        self._polling.unsubscribe(notify)

    def touch(self) -> None:
        """A person whose list it is did something in a tab."""
        self._polling.touch()

    @property
    def rest(self) -> float:
        """Seconds between two requests of one that nothing happens to."""
        return self._polling.rest

    def add(self, thread_id: str, title: str) -> None:
        """Show a thread whose first message is on its way: the server may not have it yet."""
        self._rows.insert(0, Listed(thread_id, title, BUSY))
        self.note(thread_id, BUSY)

    def note(self, thread_id: str, status: str) -> None:
        """Take the status that a thread's open session tells."""
        shown = next((one for one in self.threads if one.id == thread_id), None)
        newest = max((one.at for one in self.threads), default=0)
        if self._notes.note(thread_id, status, shown=shown, newest=newest):
            self._show()

    async def refresh(self) -> None:
        """Ask the server now.

        Raises:
            LangGraphError: the list stays as it is.
        """
        self._polling.asked_at = asked_at = time.monotonic()
        try:
            client = await self._connect()
            begun = time.monotonic()
            known_to = max((row.touched for row in self.newest.rows), default=0)
            newest = await self._pages.newest(client, known_to=known_to)
        except LangGraphError as failure:
            if not is_missing(failure):
                self._availability.answered()
            raise
        self._availability.answered()
        self._polling.took = time.monotonic() - begun
        if asked_at < self._notes.applied:
            return  # a request that began later was answered sooner
        self._notes.applied = asked_at
        self._apply(newest)
        for row in newest.rows:
            if row.deleted_at:
                self._left(row.id, row.deleted_at, client)
        await self._read_pinned(client)

    def complain(self, sentence: str, detail: str = "") -> None:
        """Say in all tabs what could not be done; nothing where the sentence is empty."""
        self.problem = (sentence, detail)
        self._tell()

    async def older(self, cursor: Cursor, *, is_archived: bool = False) -> Page:
        """The threads after those that a tab shows, or those of the archive.

        Raises:
            LangGraphError: the server does not tell.
        """
        return await self._pages.older(await self._connect(), cursor, is_archived=is_archived)

    async def client(self) -> LangGraphClient:
        """The server's client of this person; raises as `older`."""
        return await self._connect()

    async def find(self, thread_id: str) -> Listed | None:
        """A thread that may be far below the newest ones; raises as `older`."""
        return await self._pages.find(await self._connect(), thread_id)

    def title_of(self, thread_id: str) -> str:
        """The title of a thread by all that is known here; empty where it is not."""
        change = self.changes.of(thread_id)
        known = next((row for row in self._rows if row.id == thread_id), None)
        known = known or (change.row if change else None)
        if known is None:
            return str(dict(change.patch).get("title", "")) if change else ""
        return (change.applied(known) if change else known).title

    async def aclose(self) -> None:
        """End the polling."""
        await self._polling.aclose()

    async def _read_pinned(self, client: LangGraphClient) -> None:
        """Read the pinned ones now and then: one that is pinned meanwhile is among the newest."""
        now = time.monotonic()
        if self._pinned_at and now - self._pinned_at < LIST_PINNED:
            return
        found = await self._pages.pinned(client)
        self._pinned_at = now
        known = {row.id for row in self._rows if not self._is_extra(row)}
        self._rows = [row for row in self._rows if row.id in known]
        self._rows += [row for row in found if row.id not in known]
        self._show()

    def _is_extra(self, row: Listed) -> bool:
        """Whether a row is only listed because it is pinned."""
        complete_to = self.newest.complete_to
        return row.is_pinned and complete_to is not None and row.touched <= complete_to

    def _apply(self, newest: Newest) -> None:
        self.newest = newest
        rows = {row.id: row for row in newest.rows}
        for row in filter(self._is_extra, self._rows):
            rows.setdefault(row.id, row)
        # A thread whose first message is on its way may not be there yet.
        new = [row for row in self._rows if row.id not in rows and self._notes.is_new(row)]
        self._rows = [*new, *rows.values()]
        self.is_read = True
        self._notes.forget_old()
        self.changes.forget_old()
        self._show()

    def _show(self) -> None:
        threads, changed = self._visible(), self.changes.all()
        is_first = self.is_read and not self._was_read
        if (threads, changed) == (self.threads, self.changed) and not is_first:
            return
        self.threads, self.changed, self._was_read = threads, changed, self.is_read
        self._tell()

    def _tell(self) -> None:
        self.version += 1
        self._polling.notify()

    def _visible(self) -> tuple[Listed, ...]:
        found = []
        for row in map(self._notes.seen, self._rows):
            change = self.changes.of(row.id)
            now = change.applied(row) if change else row
            if not (now.is_archived or now.is_hidden or (change and change.is_gone)):
                found.append(now)
        return tuple(sorted(found, key=lambda row: -row.at))


class ThreadLists:
    """The lists of all people whose tabs this process has. `rights` keep those apart.

    `left` is that of `ThreadList`.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[LangGraphClient]],
        availability: Availability,
        *,
        has_session: Callable[[str, str], bool],
        left: Callable[[str, float, LangGraphClient], None],
    ) -> None:
        self._left = left
        self._connect = connect
        self._availability = availability
        self._has_session = has_session
        self._lists: WeakValueDictionary[tuple[str, str, Scope], ThreadList] = WeakValueDictionary()

    def get(
        self,
        owner: str,
        rights: str = "",
        scope: Scope = Scope.OWN,
        *,
        connect: Callable[[], Awaitable[LangGraphClient]] | None = None,
    ) -> ThreadList:
        """The list of an owner: the same one for all who hold it.

        `connect` gives the client that a new one asks the server with, if not the app's own.
        """
        key = (owner, rights, scope)
        known = self._lists.get(key)
        if known is None:
            known = ThreadList(
                Whose(owner, scope),
                connect or self._connect,
                self._availability,
                has_session=lambda thread_id: self._has_session(thread_id, rights),
                left=self._left,
            )
            self._lists[key] = known
        return known

    async def aclose(self) -> None:
        """End all polling."""
        await asyncio.gather(*(known.aclose() for known in list(self._lists.values())))
