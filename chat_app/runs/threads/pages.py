"""Reads the list of threads in pages, so that each thread is on one of them whatever changes.

A server pages by offset, in the order of `Listed.touched`, newest first. Between two requests
threads are made, deleted, and move to the top. So a page begins before the place where the last one
ended, at a row that was read already or is newer; where it does not, it begins earlier. A row that
is read twice is known by its id.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from chat_app.runs import thread_metadata
from chat_app.runs.threads.listed import SELECT, Listed, Scope, field, listed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Json
    from chat_app.runs.threads.listed import Whose

NEWEST = 50
_MOST_NEWEST = 6
"""Requests for the newest threads, where many have changed since the last ones."""
_LOOKED_AT = 200
"""Of the newest threads, to find those without an owner: a server cannot be asked for these."""
_PINNED = 100
_PAGE = 100
_ENOUGH = 40
"""Threads to be shown that make a page."""
_REQUESTS = 12
"""For one page."""
_MOST_DIGITS = 17


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: what was touched before this time is not read yet.

    `last` is the row at `offset - 1`. `touched` is 0 at the beginning, and on a server that does
    not order, where the offset is all there is.
    """

    touched: int = 0
    offset: int = 0
    last: str = ""

    def __str__(self) -> str:
        return f"{self.touched}.{self.offset}.{self.last}"

    @classmethod
    def parsed(cls, text: object) -> Cursor | None:
        """Read what `str` has written; None where that is not what it is."""
        if text == "":
            return cls()
        parts = text.split(".") if isinstance(text, str) else []
        match parts:
            case [touched, offset, last] if _is_number(touched) and _is_number(offset):
                return cls(int(touched), int(offset), last)
        return None


@dataclass(frozen=True)
class Newest:
    """The newest threads.

    `complete_to`: all that were touched later than this are here. 0 where that is all there are,
    None where the server does not order, so that nothing is known.

    `shown_to`: what happened before this time is shown when the pages have come there; 0: all is.
    """

    rows: tuple[Listed, ...] = ()
    complete_to: int | None = None
    shown_to: int = 0
    cursor: Cursor | None = None
    """Where older ones begin; None where there are none."""


@dataclass(frozen=True)
class Page:
    """Older threads. `shown_to` is that of `Newest`, `cursor` None at the end."""

    rows: tuple[Listed, ...]
    shown_to: int
    cursor: Cursor | None


@dataclass(frozen=True)
class _Read:
    """One answer of the server: rows that are not in the list are part of the order too."""

    rows: tuple[Any, ...]
    limit: int

    @property
    def is_last(self) -> bool:
        return len(self.rows) < self.limit

    @property
    def is_ordered(self) -> bool:
        times = [listed(row).touched for row in self.rows if field(row, "thread_id")]
        return all(times) and times == sorted(times, reverse=True)

    @property
    def oldest(self) -> int:
        return listed(self.rows[-1]).touched if self.rows else 0


class ThreadPages:
    """Those of one list."""

    def __init__(self, whose: Whose) -> None:
        self._whose = whose
        self._own = {} if whose.scope is Scope.ALL else {thread_metadata.OWNER: whose.owner}

    async def newest(self, client: LangGraphClient, *, known_to: int = 0) -> Newest:
        """The newest ones, at least down to what was touched at `known_to`."""
        if self._whose.scope is Scope.WITH_UNOWNED:
            return await self._newest_of_all(client)
        search = partial(_search, client, self._own, NEWEST)
        at, found = Cursor(), []
        for _ in range(_MOST_NEWEST):
            read, at = await _next(search, at)
            found += read.rows
            if read.is_last:
                return Newest(self._listed(found), complete_to=0)
            if not at.touched or not at.touched > known_to > 0:
                break
        return Newest(self._listed(found), at.touched or None, at.touched, at)

    async def _newest_of_all(self, client: LangGraphClient) -> Newest:
        own, looked_at = await asyncio.gather(
            _search(client, self._own, NEWEST, 0), _search(client, {}, _LOOKED_AT, 0)
        )
        rows = self._listed([*own.rows, *looked_at.rows])
        if looked_at.is_last:
            return Newest(rows, complete_to=0)
        if not looked_at.is_ordered:
            return Newest(rows, cursor=Cursor(0, _LOOKED_AT))
        last = str(field(looked_at.rows[-1], "thread_id"))
        # Own threads that are older are shown too, though others between them may be missing.
        return Newest(rows, looked_at.oldest, cursor=Cursor(looked_at.oldest, _LOOKED_AT, last))

    async def pinned(self, client: LangGraphClient) -> tuple[Listed, ...]:
        """The pinned ones, however old."""
        read = await _search(client, {**self._own, thread_metadata.PINNED: True}, _PINNED, 0)
        return tuple(row for row in self._listed(read.rows) if row.is_pinned)

    async def find(self, client: LangGraphClient, thread_id: str) -> Listed | None:
        """One thread, if it is in the list."""
        rows = await client.threads.search(ids=[thread_id], limit=1, select=SELECT)
        found = self._listed(rows if isinstance(rows, list) else ())
        return next((row for row in found if row.id == thread_id and not row.is_hidden), None)

    async def older(
        self, client: LangGraphClient, cursor: Cursor, *, is_archived: bool = False
    ) -> Page:
        """The next older ones, or those of the archive."""
        everyone = self._whose.scope is Scope.WITH_UNOWNED
        asked: Json = {} if everyone else dict(self._own)
        if is_archived:
            asked[thread_metadata.ARCHIVED] = True
        search = partial(_search, client, asked, _PAGE)
        found: dict[str, Listed] = {}
        at = cursor
        for _ in range(_REQUESTS):
            read, at = await _next(search, at)
            for row in self._listed(read.rows):
                is_new = not (row.touched and cursor.touched) or row.touched <= cursor.touched
                if is_new and row.is_archived == is_archived and not row.is_hidden:
                    found[row.id] = row
            if read.is_last:
                return Page(tuple(found.values()), 0, None)
            if len(found) >= _ENOUGH:
                break
        return Page(tuple(found.values()), 0 if everyone else at.touched, at)

    def _listed(self, rows: Iterable[Any]) -> tuple[Listed, ...]:
        """Each thread once, as the first of its rows has it."""
        found: dict[str, Listed] = {}
        for row in rows:
            if self._whose.has(row):
                found.setdefault(str(row["thread_id"]), listed(row))
        return tuple(found.values())


async def _next(search: Callable[[int], Awaitable[_Read]], at: Cursor) -> tuple[_Read, Cursor]:
    """The page after `at`, and where it ends."""
    begin = max(0, at.offset - 1) if at.touched else at.offset
    read = await search(begin)
    while begin and not _continues(read, at):
        begin = max(0, begin - _PAGE)
        read = await search(begin)
    return read, _after(read, begin)


def _continues(read: _Read, at: Cursor) -> bool:
    """Whether nothing is missing between a page that ended at `at` and this one."""
    if not at.touched or not read.is_ordered:
        return True  # this server does not order
    if not read.rows:
        return False
    first = read.rows[0]
    return listed(first).touched > at.touched or str(field(first, "thread_id")) == at.last


def _after(read: _Read, begin: int) -> Cursor:
    offset = begin + len(read.rows)
    if not read.rows or not read.is_ordered:
        return Cursor(0, offset)
    return Cursor(read.oldest, offset, str(field(read.rows[-1], "thread_id")))


async def _search(client: LangGraphClient, metadata: Json, limit: int, offset: int) -> _Read:
    rows = await client.threads.search(
        metadata=metadata or None,
        limit=limit,
        offset=offset,
        sort_by="updated_at",
        sort_order="desc",
        select=SELECT,
    )
    return _Read(tuple(rows) if isinstance(rows, list) else (), limit)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
