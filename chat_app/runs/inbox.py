"""The threads of one person that wait for an answer, oldest first, for all tabs of that person.

Nothing is polled beside the list of threads (`threads.thread_list`): a thread that begins to wait,
or is answered, is among the newest there. So the server is asked again when the waiting threads of
that list change, and every `INBOX_REFRESH` seconds while a tab is visible, for what happens further
down. For the number alone it counts; rows are read for tabs that show them.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from chat_app.client import LangGraphError, NotFoundError
from chat_app.runs import tasks, thread_metadata
from chat_app.runs.thread_metadata import is_hidden
from chat_app.runs.threads.listed import Scope, Whose, field
from chat_app.runs.times import INBOX_REFRESH, INBOX_REFRESH_HIDDEN, LIST, LIST_LAG, LIST_RETRY
from chat_app.transcript.load import BREAKPOINT, with_interrupts
from chat_app.transcript.replying import reply_to

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Thread
    from chat_app.runs.availability import Availability
    from chat_app.runs.threads.changes import Change
    from chat_app.runs.threads.thread_list import ThreadList
    from chat_app.transcript.message import Interrupt

WAITING = "interrupted"
"""The status of a thread that waits for a person, in the server's words."""
MOST = 500
"""Rows that are read at most."""
MOST_COUNTED = 1000
"""The most rows that a server gives for one request: where it does not count, there may be more."""
_READ_AT_ONCE = 4
_FIELDS = ("thread_id", "metadata", "status", "updated_at", "state_updated_at")


@dataclass(frozen=True)
class Waiting:
    """One thread that waits. `since` is the server's time of its last change, in ISO 8601."""

    id: str
    title: str
    since: str
    assistant_id: str = ""
    graph_id: str = ""
    question: str = ""
    """What is asked first, in one short line."""
    questions: int = 1
    """How many are open."""


@dataclass(frozen=True)
class _Wish:
    """What one tab wants: whether it is visible (None until it has told), and how many rows."""

    is_visible: bool | None
    rows: int


class Inbox:
    """That of one owner; `threads` is the list of the same owner."""

    def __init__(
        self,
        threads: ThreadList,
        owner: str,
        scope: Scope,
        connect: Callable[[], Awaitable[LangGraphClient]],
        availability: Availability,
    ) -> None:
        self._threads = threads
        self._whose = Whose(owner, scope)
        self._connect = connect
        self._availability = availability
        self._wishes: dict[Callable[[], None], _Wish] = {}
        self._changed = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._asked_at = -INBOX_REFRESH
        self._asked_for = 0
        self._is_stale = self._is_hurried = True
        self._failed = 0
        self._known: frozenset[tuple[str, str]] | None = None
        self._read: tuple[Waiting, ...] = ()
        self._counted = 0
        self._waits: set[str] = set()
        self._over: dict[str, float] = {}
        self._previews: dict[tuple[str, str], tuple[Interrupt, ...]] = {}
        self.rows: tuple[Waiting, ...] = ()
        """As many as were asked for, oldest first."""
        self.count = 0
        """How many wait."""
        self.is_read = False
        """The server has told at least once; `has_rows` if it was asked for rows, too."""
        self.has_rows = False
        self.failure: LangGraphError | None = None
        """Why it could not be read last."""
        self.version = 0
        """Counts the changes of all these."""

    def subscribe(self, notify: Callable[[], None], *, is_visible: bool | None, rows: int) -> None:
        """Call `notify` after each change; `rows` is how many of them are wanted.

        May be called again with other wishes.
        """
        if not self._wishes:
            self._threads.subscribe(self._look, is_visible=None)
            self._availability.subscribe(self._wake)
        self._wishes[notify] = _Wish(is_visible, min(rows, MOST))
        self._look()

    def unsubscribe(self, notify: Callable[[], None]) -> None:
        """Call `notify` no more."""
        if self._wishes.pop(notify, None) and not self._wishes:
            self._threads.unsubscribe(self._look)
            self._availability.unsubscribe(self._wake)
        self._wake()

    def note(self, thread_id: str, *, waits: bool) -> None:
        """Take what a thread's open session tells, which is newer than the server's list."""
        was_waiting = thread_id in self._waits or any(row.id == thread_id for row in self._read)
        if waits:
            self._waits.add(thread_id)
            is_back = self._over.pop(thread_id, None) is not None
            if not is_back and was_waiting:
                return
        else:
            self._waits.discard(thread_id)
            if not was_waiting or thread_id in self._over:
                return
            self._over[thread_id] = time.monotonic()
        self._is_stale = True
        self._show()
        self._wake()

    def hurry(self) -> None:
        """Read again now."""
        self._is_hurried = True
        self._wake()

    async def aclose(self) -> None:
        """End the reading."""
        for notify in tuple(self._wishes):
            self.unsubscribe(notify)
        if self._keeping:
            await tasks.end(self._keeping)

    def _look(self) -> None:
        """See whether the waiting ones among the listed threads have changed."""
        listed = self._threads.threads
        known = frozenset((one.id, one.changed) for one in listed if one.status == WAITING)
        if self._known is None and self._threads.is_read:
            # Both were asked at about the same time.
            is_fresh = self.is_read and time.monotonic() < self._asked_at + LIST
            self._known, self._is_stale = known, not is_fresh
        elif self._known is not None and known != self._known:
            self._known, self._is_stale = known, True
        self._show()
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        if self._is_wanted() and (self._keeping is None or self._keeping.done()):
            self._keeping = tasks.spawn(self._keep(), name="read inbox")

    def _is_wanted(self) -> bool:
        wishes = self._wishes.values()
        is_watched = any(wish.is_visible is not None or wish.rows for wish in wishes)
        return is_watched and self._availability.failure is None

    def _wanted_rows(self) -> int:
        return max((wish.rows for wish in self._wishes.values()), default=0)

    def _due(self) -> float:
        """When the server is to be asked again, in seconds of `time.monotonic`."""
        if self._is_hurried or (self._wanted_rows() > self._asked_for and not self._failed):
            return 0.0
        if self._failed:
            return self._asked_at + LIST_RETRY.pause(self._failed - 1)
        if self._is_stale:
            return self._asked_at + LIST
        is_seen = any(wish.is_visible for wish in self._wishes.values())
        usual = INBOX_REFRESH if is_seen else INBOX_REFRESH_HIDDEN
        return self._asked_at + max(usual, self._threads.rest)

    async def _keep(self) -> None:
        while self._is_wanted():
            self._changed.clear()
            left = self._due() - time.monotonic()
            if left > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await self._changed.wait()
                continue
            await self._refresh()

    async def _refresh(self) -> None:
        """Ask the server, once."""
        self._asked_at, self._is_stale, self._is_hurried = time.monotonic(), False, False
        self._asked_for = wanted = self._wanted_rows()
        try:
            client = await self._connect()
            found = await self._search(client, wanted) if self._needs_rows(wanted) else []
            listed = [one for one in found if self._is_listed(one)]
            rows = await self._rows(client, listed[:wanted])
            count = await self._count(client, found, listed)
        except LangGraphError as failure:
            self._failed += 1
            self.failure = failure
            self._tell()
            return
        is_news = self.failure is not None or not self.is_read or self.has_rows != bool(wanted)
        self._failed, self.failure = 0, None
        self.is_read, self.has_rows = True, bool(wanted)
        self._read, self._counted = tuple(rows), count
        self._over = {one: at for one, at in self._over.items() if self._asked_at < at + LIST_LAG}
        if self._over:
            self._is_stale = True
        self._show(is_news=is_news)

    def _show(self, *, is_news: bool = False) -> None:
        changed = {change.id: change for change in self._threads.changed}
        left = (row for row in self._read if row.id not in self._over)
        rows = tuple(filter(None, (_changed(row, changed.get(row.id)) for row in left)))
        count = max(self._counted - (len(self._read) - len(rows)), len(rows))
        if is_news or (rows, count) != (self.rows, self.count):
            self.rows, self.count = rows, count
            self._tell()

    def _tell(self) -> None:
        self.version += 1
        for notify in tuple(self._wishes):
            notify()

    def _needs_rows(self, wanted: int) -> bool:
        return wanted > 0 or self._whose.scope is Scope.WITH_UNOWNED

    async def _search(self, client: LangGraphClient, wanted: int) -> list[Thread]:
        """The oldest that wait; with those without an owner all that one request gives."""
        fields = (*_FIELDS, "interrupts") if wanted else _FIELDS
        search = partial(
            client.threads.search,
            status=WAITING,
            sort_by="state_updated_at",
            sort_order="asc",
            select=fields,
        )
        if self._whose.scope is not Scope.WITH_UNOWNED:
            own = (
                None
                if self._whose.scope is Scope.ALL
                else {thread_metadata.OWNER: self._whose.owner}
            )
            answers = [await search(metadata=own, limit=max(wanted, 1))]
        else:
            # A server cannot be asked for those without an owner.
            own = {thread_metadata.OWNER: self._whose.owner}
            most = search(limit=MOST_COUNTED, select=_FIELDS)
            answers = await asyncio.gather(search(metadata=own, limit=max(wanted, 1)), most)
        rows = [row for found in answers if isinstance(found, list) for row in found]
        single = {str(field(row, "thread_id")): row for row in reversed(rows)}
        return sorted(single.values(), key=_since)

    async def _count(
        self, client: LangGraphClient, found: list[Thread], listed: list[Thread]
    ) -> int:
        """How many wait: as the server counts, without those that were found not to be listed."""
        own = await self._count_own(client)
        if self._whose.scope is not Scope.WITH_UNOWNED:
            return own - (len(found) - len(listed))
        owners = [thread_metadata.owner_in(field(row, "metadata")) for row in listed]
        return own + owners.count("")

    async def _count_own(self, client: LangGraphClient) -> int:
        own = None if self._whose.scope is Scope.ALL else {thread_metadata.OWNER: self._whose.owner}
        try:
            count = await client.threads.count(status=WAITING, metadata=own)
        except NotFoundError:  # a server without this route
            count = None
        if isinstance(count, int):
            return count
        select = ("thread_id", "metadata", "status")
        rows = await client.threads.search(
            status=WAITING, metadata=own, limit=MOST_COUNTED, select=select
        )
        return sum(map(self._is_listed, rows)) if isinstance(rows, list) else 0

    def _is_listed(self, row: Any) -> bool:
        """Whether a row is the person's to see: not every server does filter as it is asked."""
        waits = field(row, "status") in (WAITING, None)
        return waits and self._whose.has(row) and not is_hidden(field(row, "metadata"))

    async def _rows(self, client: LangGraphClient, found: list[Thread]) -> list[Waiting]:
        at_once = asyncio.Semaphore(_READ_AT_ONCE)

        async def read(row: Thread) -> Waiting:
            async with at_once:
                return await self._row(client, row)

        return await asyncio.gather(*map(read, found))

    async def _row(self, client: LangGraphClient, row: Thread) -> Waiting:
        metadata = row.get("metadata") or {}
        asked = await self._asked(client, row) or (BREAKPOINT,)
        return Waiting(
            str(row["thread_id"]),
            thread_metadata.title_of(metadata),
            _since(row),
            str(metadata.get("assistant_id") or ""),
            str(metadata.get("graph_id") or ""),
            reply_to(asked[0]).label,
            len(asked),
        )

    async def _asked(self, client: LangGraphClient, row: Thread) -> tuple[Interrupt, ...]:
        """What a thread asks: of servers that do not list it, its state tells."""
        if isinstance(listed := row.get("interrupts"), dict):
            return _interrupts(listed.values())
        key = (str(row["thread_id"]), _since(row))
        if key not in self._previews:
            try:
                state = await client.threads.get_state(key[0], select=["tasks", "next"])
            except LangGraphError:
                return ()
            told = state.get("tasks") or []
            self._previews[key] = _interrupts(field(task, "interrupts") for task in told)
            for old in list(self._previews)[:-MOST]:
                del self._previews[old]
        return self._previews[key]


def _changed(row: Waiting, change: Change | None) -> Waiting | None:
    """A row with what a person here has changed of its thread; None where that was deleted."""
    if change is None:
        return row
    if change.is_gone:
        return None
    title = dict(change.patch).get("title") or (change.row.title if change.row else row.title)
    return replace(row, title=title)


def _interrupts(listed: Any) -> tuple[Interrupt, ...]:
    found: tuple[Interrupt, ...] = ()
    for of_task in listed:
        found = with_interrupts(found, of_task)
    return found


def _since(row: Any) -> str:
    return str(field(row, "state_updated_at") or field(row, "updated_at") or "")


class Inboxes:
    """The inboxes of all people whose tabs this process has."""

    def __init__(self, availability: Availability) -> None:
        self._availability = availability
        self._inboxes: WeakValueDictionary[tuple[str, str, Scope], Inbox] = WeakValueDictionary()

    def get(
        self,
        threads: ThreadList,
        owner: str,
        rights: str,
        scope: Scope,
        *,
        connect: Callable[[], Awaitable[LangGraphClient]],
    ) -> Inbox:
        """The inbox of an owner: the same one for all who hold it."""
        key = (owner, rights, scope)
        known = self._inboxes.get(key)
        if known is None:
            known = Inbox(threads, owner, scope, connect, self._availability)
            self._inboxes[key] = known
        return known

    async def aclose(self) -> None:
        """End all reading."""
        await asyncio.gather(*(known.aclose() for known in list(self._inboxes.values())))
