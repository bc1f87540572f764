"""The newest threads of one person, polled once for all of that person's tabs.

A LangGraph server has no stream of its list, and one stream per thread would be dear. So the list
is polled: every `LIST` seconds while a tab is visible, less often while all are hidden or requests
fail, and not at all without a tab, or while the server is missing.

What a thread's open session says is newer than any poll, and the server's list lags behind the
stream of a run. So a session's status counts as long as the session is open, and for `LIST_LAG`
seconds after its last change.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from chat_app.client import LangGraphError
from chat_app.runs import tasks, thread_metadata
from chat_app.runs.availability import is_missing
from chat_app.runs.times import LIST, LIST_HIDDEN, LIST_LAG, LIST_RETRY, LIST_SHARE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Thread
    from chat_app.runs.availability import Availability

BUSY = "busy"
"""The status of a thread with a run under way, in the server's words."""
_MOST = 50
_LOOKED_AT = 200
"""Of the newest threads, to find those without an owner: a server cannot be asked for these."""
_SELECT = ("thread_id", "metadata", "status", "updated_at", "state_updated_at")


class Scope(Enum):
    """Which threads are in a list."""

    OWN = "own"
    WITH_UNOWNED = "with unowned"
    """Also those that other programs made."""
    ALL = "all"
    """Those of all people."""


@dataclass(frozen=True)
class Listed:
    """One thread. `status` is the server's: idle, busy, interrupted, error.

    `changed` is the time of the last change of its state, as the server writes it; empty while a
    run is under way, and until the server is known to tell the time of the last one.
    """

    id: str
    title: str
    status: str
    changed: str = ""


@dataclass(frozen=True)
class _Noted:
    """What a session said last of its thread; `at` is in seconds of `time.monotonic`."""

    status: str
    at: float


class ThreadList:
    """That of one owner."""

    def __init__(
        self,
        owner: str,
        connect: Callable[[], Awaitable[LangGraphClient]],
        availability: Availability,
        *,
        has_session: Callable[[str], bool],
        scope: Scope = Scope.OWN,
    ) -> None:
        self._owner = owner
        self._scope = scope
        self._connect = connect
        self._availability = availability
        self._has_session = has_session
        self._rows: list[Listed] = []
        self._noted: dict[str, _Noted] = {}
        self._asked_at = self._applied = 0.0
        self._was_read = False
        self._took = 0.0
        self._failed = 0
        self._subscribers: dict[Callable[[], None], bool | None] = {}
        self._changed = asyncio.Event()
        self._polling: asyncio.Task[None] | None = None
        self.threads: tuple[Listed, ...] = ()
        """The newest first."""
        self.is_read = False
        """The server has told them at least once."""
        self.version = 0
        """Counts the changes of both."""

    def subscribe(self, notify: Callable[[], None], *, is_visible: bool | None) -> None:
        """Call `notify` after each change of `threads`.

        `is_visible` is the tab's, and may be changed by another call; a tab that has not told does
        not make the list be polled.
        """
        if notify not in self._subscribers:
            self._availability.subscribe(self._wake)
        self._subscribers[notify] = is_visible
        self._wake()

    def unsubscribe(self, notify: Callable[[], None]) -> None:
        """Call `notify` no more."""
        self._subscribers.pop(notify, None)
        if not self._subscribers:
            self._availability.unsubscribe(self._wake)
        self._wake()

    def add(self, thread_id: str, title: str) -> None:
        """Show a thread whose first message is on its way: the server may not have it yet."""
        self._rows.insert(0, Listed(thread_id, title, BUSY))
        self.note(thread_id, BUSY)

    def note(self, thread_id: str, status: str) -> None:
        """Take the status that a thread's open session tells."""
        shown = next((one for one in self.threads if one.id == thread_id), None)
        is_news = shown is None or shown.status != status
        if not is_news and self._is_noted(thread_id):
            return
        self._noted[thread_id] = _Noted(status, time.monotonic() if is_news else -LIST_LAG)
        if status == BUSY and shown and shown.status != BUSY:
            # A thread in which something happens is the newest.
            self._rows.sort(key=lambda row: row.id != thread_id)
        self._show()

    async def refresh(self) -> None:
        """Ask the server now.

        Raises:
            LangGraphError: the list stays as it is.
        """
        self._asked_at = asked_at = time.monotonic()
        try:
            client = await self._connect()
            begun = time.monotonic()
            found = await self._search(client)
        except LangGraphError as failure:
            if not is_missing(failure):
                self._availability.answered()
            raise
        self._availability.answered()
        self._took = time.monotonic() - begun
        if asked_at < self._applied:
            return  # a request that began later was answered sooner
        self._applied = asked_at
        self._apply([_listed(row) for row in found if self._is_in_scope(row)][:_MOST])

    async def _search(self, client: LangGraphClient) -> list[Thread]:
        own = {} if self._scope is Scope.ALL else {thread_metadata.OWNER: self._owner}
        asked = [(own, _MOST)]
        if self._scope is Scope.WITH_UNOWNED:
            asked.append(({}, _LOOKED_AT))
        search = partial(
            client.threads.search, sort_by="updated_at", sort_order="desc", select=_SELECT
        )
        answers = await asyncio.gather(
            *(search(metadata=metadata or None, limit=limit) for metadata, limit in asked)
        )
        rows = [row for found in answers if isinstance(found, list) for row in found]
        if len(answers) > 1:
            rows.sort(key=lambda row: str(_field(row, "updated_at")), reverse=True)
        return list({str(_field(row, "thread_id")): row for row in rows}.values())

    def _is_in_scope(self, row: Any) -> bool:
        """Whether a row may be listed: not every server does filter by metadata."""
        if not _field(row, "thread_id"):
            return False
        owner = thread_metadata.owner_in(_field(row, "metadata"))
        is_unowned = self._scope is Scope.WITH_UNOWNED and not owner
        return self._scope is Scope.ALL or is_unowned or owner == self._owner

    async def aclose(self) -> None:
        """End the polling."""
        self._subscribers.clear()
        if self._polling:
            await tasks.end(self._polling)

    def _apply(self, rows: list[Listed]) -> None:
        listed = {row.id for row in rows}
        # A thread whose first message is on its way may not be there yet.
        new = [
            row
            for row in self._rows
            if row.id not in listed and self._status(row) == BUSY and self._is_noted(row.id)
        ]
        self._rows = [*new, *rows]
        self.is_read = True
        self._noted = {key: one for key, one in self._noted.items() if self._is_noted(key)}
        self._show()

    def _is_noted(self, thread_id: str) -> bool:
        """Whether what a session said is newer than what the server has listed."""
        noted = self._noted.get(thread_id)
        if noted is None:
            return False
        return self._has_session(thread_id) or self._applied < noted.at + LIST_LAG

    def _status(self, row: Listed) -> str:
        return self._noted[row.id].status if self._is_noted(row.id) else row.status

    def _seen(self, row: Listed) -> Listed:
        status, noted = self._status(row), self._noted.get(row.id)
        is_late = noted is not None and self._applied < noted.at + LIST_LAG
        is_old = BUSY in (status, row.status) or is_late
        return replace(row, status=status, changed="" if is_old else row.changed)

    def _show(self) -> None:
        threads = tuple(self._seen(row) for row in self._rows)
        is_first = self.is_read and not self._was_read
        if threads == self.threads and not is_first:
            return
        self.threads, self._was_read = threads, self.is_read
        self.version += 1
        for notify in tuple(self._subscribers):
            notify()

    def _wake(self) -> None:
        """Poll from now on as often as the subscribers need it."""
        self._changed.set()
        is_polling = self._polling is not None and not self._polling.done()
        if not is_polling and self._pause() is not None:
            self._polling = tasks.spawn(self._poll(), name="list threads")

    def _pause(self) -> float | None:
        """Seconds between two requests; None where there shall be none."""
        visible = [each for each in self._subscribers.values() if each is not None]
        if not visible or self._availability.failure is not None:
            return None
        usual = max(LIST if any(visible) else LIST_HIDDEN, LIST_SHARE * self._took)
        return max(usual, LIST_RETRY.pause(self._failed - 1)) if self._failed else usual

    async def _poll(self) -> None:
        while (pause := self._pause()) is not None:
            self._changed.clear()
            left = self._asked_at + pause - time.monotonic()
            if left > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await self._changed.wait()
                continue  # a subscriber may have changed how often
            try:
                await self.refresh()
            except LangGraphError as failure:
                self._failed += 1
                if self._failed > 1:  # one alone may be a connection that was just closed
                    self._availability.report(failure)
            else:
                self._failed = 0


def _field(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, dict) else None


def _listed(row: Thread) -> Listed:
    title = thread_metadata.title_of(row.get("metadata"))
    changed = row.get("state_updated_at") or row.get("updated_at")
    return Listed(str(row["thread_id"]), title, str(row.get("status") or ""), str(changed or ""))


class ThreadLists:
    """The lists of all people whose tabs this process has. `rights` keep those apart."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[LangGraphClient]],
        availability: Availability,
        *,
        has_session: Callable[[str, str], bool],
    ) -> None:
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
                owner,
                connect or self._connect,
                self._availability,
                has_session=lambda thread_id: self._has_session(thread_id, rights),
                scope=scope,
            )
            self._lists[key] = known
        return known

    async def aclose(self) -> None:
        """End all polling."""
        await asyncio.gather(*(known.aclose() for known in list(self._lists.values())))
