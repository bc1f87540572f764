"""Keeps the index of one person's threads up to date in the background, and answers queries.

It works while a tab of the person is there: shortly after the page was opened, or at once where the
person searches. First it lists all threads, then it reads those that have changed, the newest
first; from then on it looks at the newest threads now and then. It rests between two requests for
longer than they take, unless the person is searching.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakValueDictionary

from chat_app.client import LangGraphError, NotFoundError
from chat_app.runs import tasks
from chat_app.runs.search import times
from chat_app.runs.search.files import exists, remove
from chat_app.runs.search.index import SearchIndex, ThreadText
from chat_app.runs.search.listing import Listing
from chat_app.runs.search.tables import DamagedError
from chat_app.runs.search.texts import read_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.runs.backend import Backend
    from chat_app.runs.search.files import IndexFiles
    from chat_app.runs.search.index import ListedThread
    from chat_app.runs.search.listing import Whose
    from chat_app.runs.search.lookup import FoundThread
    from chat_app.runs.search.query import Terms

_log = logging.getLogger("chat_app.search")

_MOST_MENDED = 3
"""How often a damaged file is made anew before messages are not searched any more."""


class Found(NamedTuple):
    """The answer to a query, and what it could not look at."""

    threads: Sequence[FoundThread]
    is_indexing: bool = False
    """Some threads were not read yet."""
    read: int = 0
    """How many were."""
    total: int = 0
    has_text: bool = True
    """Messages were searched, and not only titles."""
    is_fresh: bool = True
    """The server was asked for changes since the person began to ask for this."""


class Indexer:
    """That of one person. `backend` connects with the person's rights."""

    def __init__(self, whose: Whose, backend: Backend, files: IndexFiles) -> None:
        self._whose = whose
        self._listing = Listing(whose, backend.connect)
        self._backend = backend
        self._files = files
        self._index: SearchIndex | None = None
        self._opening, self._looking_up = asyncio.Lock(), asyncio.Lock()
        self._holders = 0
        self._working: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._searched_at = -times.SEARCHING_FOR
        self._swept_at: float | None = None
        self._checked_at = self._begun_at = -times.CHECK
        self._is_done = False
        self._mended = self._failed = 0
        self._changed = asyncio.Event()

    def hold(self) -> None:
        """A tab of the person is there: work from now on."""
        self._holders += 1
        if self._working is None or self._working.done():
            self._working = tasks.spawn(self._work(), name="index threads")

    def release(self) -> None:
        """The tab is gone. Without one the work ends."""
        self._holders -= 1
        if not self._holders:
            self._hurry.set()

    async def aclose(self) -> None:
        """End the work, and close the file."""
        if self._working:
            await tasks.end(self._working)
        await self._close()

    async def changed(self, within: float) -> None:
        """Wait until there may be more to find, but not for longer than so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._changed.wait()

    async def search(self, terms: Terms, *, most: int, asked_at: float | None = None) -> Found:
        """The threads that match, as the person may see them now.

        `asked_at` is when the person began to ask (`time.monotonic`), of a query that is repeated.

        Raises:
            LangGraphError: the server does not tell whether the person may.
        """
        self._searched_at = monotonic()
        asked_at = asked_at or self._searched_at
        if self._checked_at < asked_at:
            self._hurry.set()
        if self._is_absent:
            is_fresh = self._checked_at >= asked_at
            return Found((), is_indexing=not self._is_done, is_fresh=is_fresh)
        try:
            index = await self._opened()
            # A query that is given up goes on in its thread. The next one waits in no other.
            asked = tasks.spawn(self._look_up(index, terms, most), name="search")
            found = await asyncio.shield(asked)
            counts = await asyncio.to_thread(index.counts)
        except DamagedError as damage:
            await self._mend(damage)
            return Found((), is_indexing=True, is_fresh=False)
        except sqlite3.Error as problem:
            _log.info("a query could not be answered: %s", problem)
            return Found((), is_indexing=True, is_fresh=False)
        there = await self._listing.there([one.id for one in found])
        if gone := [one.id for one in found if one.id not in there]:
            await asyncio.to_thread(index.forget, gone)
        return Found(
            [one for one in found if one.id in there],
            is_indexing=not self._is_done,
            read=counts.read,
            total=counts.threads,
            has_text=index.has_text,
            is_fresh=self._checked_at >= asked_at,
        )

    async def _look_up(self, index: SearchIndex, terms: Terms, most: int) -> list[FoundThread]:
        async with self._looking_up:
            return await asyncio.to_thread(index.search, terms, most=most)

    async def titles(self) -> list[tuple[str, str]]:
        """The ids and titles of the threads that are known, the newest first.

        Those that were deleted a moment ago are among them.
        """
        self._hurry.set()
        if self._is_absent:
            return []
        try:
            index = await self._opened()
            return await asyncio.to_thread(index.titles)
        except DamagedError as damage:
            await self._mend(damage)
        except sqlite3.Error as problem:
            _log.info("titles could not be read: %s", problem)
        return []

    async def forget(self, thread_ids: Sequence[str]) -> None:
        """Remove threads that are deleted, if they are there."""
        if self._is_absent:
            return
        with suppress(DamagedError, sqlite3.Error):
            index = await self._opened()
            await asyncio.to_thread(index.forget, thread_ids)

    # The work.

    async def _work(self) -> None:
        while self._holders:
            try:
                # Titles alone are listed where someone searches.
                await self._rest(times.BEGIN if self._files.has_text else None)
                while self._holders:
                    pause = await self._round()
                    if self._holders:
                        await self._rest(pause)
            finally:
                await self._close()  # meanwhile another tab may come

    async def _round(self) -> float:
        """List and read what has changed; returns after how many seconds to look again."""
        begun = self._begun_at = monotonic()
        try:
            if not await self._look():
                return times.BETWEEN_CHECKS
        except LangGraphError as refused:
            _log.info("threads cannot be indexed now: %r", refused)
            self._failed += 1
            return times.RETRY.pause(self._failed - 1, refused)
        except DamagedError as damage:
            await self._mend(damage)
            return times.BETWEEN_CHECKS
        except sqlite3.ProgrammingError:  # it was closed meanwhile
            return times.BETWEEN_CHECKS
        except (sqlite3.Error, OSError) as problem:
            _log.warning("the index cannot be written: %s", problem)
            await self._close()
            return times.UNWRITABLE
        self._failed, self._is_done = 0, True
        self._checked_at = begun
        self._tell()
        return times.CHECK

    async def _look(self) -> bool:
        """List and read what has changed; False where the person is gone meanwhile."""
        if self._is_absent and not (await self._listing.page(0)).threads:
            return True
        index = await self._opened()
        return await self._list(index) and await self._read(index)

    async def _list(self, index: SearchIndex) -> bool:
        """List the threads: all of them now and then, else those that have changed.

        False where the person is gone meanwhile.
        """
        is_whole = self._swept_at is None or monotonic() - self._swept_at > times.SWEEP
        sweep = await asyncio.to_thread(index.sweep) + (1 if is_whole else 0)
        is_end = False
        for page in range(index.limits.threads // times.PAGE + 1):
            begun = monotonic()
            rows = await self._listing.page(page * times.PAGE)
            has_changed = await asyncio.to_thread(index.list, rows.threads, sweep=sweep)
            if rows.others:
                await asyncio.to_thread(index.forget, rows.others)
            if has_changed and index.has_text:
                self._is_done = False
            is_end = rows.is_last or not (is_whole or has_changed)
            if is_end or not self._holders:
                break
            await self._breathe(monotonic() - begun)
        if not self._holders:
            return False
        if is_whole:
            if is_end:
                await asyncio.to_thread(index.forget_before, sweep - 1)
            self._swept_at = monotonic()
        self._tell()
        return True

    async def _read(self, index: SearchIndex) -> bool:
        """Read the threads that have changed; False where the person is gone meanwhile."""
        while index.has_text and (stale := await asyncio.to_thread(index.stale, times.AT_ONCE)):
            batch: list[ThreadText] = []
            gone: list[str] = []
            until = monotonic() + times.BATCH
            for one in stale:
                begun = monotonic()
                try:
                    batch.append(await self._text(one))
                except NotFoundError:
                    gone.append(one.id)
                if monotonic() > until or not self._holders:
                    break
                await self._breathe(monotonic() - begun)
            await asyncio.to_thread(index.put, batch)
            await asyncio.to_thread(index.forget, gone)
            await asyncio.to_thread(index.trim)
            self._tell()
            if not self._holders:
                return False
        return True

    async def _text(self, thread: ListedThread) -> ThreadText:
        """What a thread says; nothing where the server cannot tell: it is read once it changes."""
        client = await self._backend.connect()
        try:
            messages = await read_texts(
                client,
                self._backend,
                thread.id,
                thread.assistant,
                has_branch=bool(thread.branch),
            )
        except LangGraphError as refused:
            if refused.retryable or isinstance(refused, NotFoundError):
                raise
            _log.info("thread %s: its text cannot be read: %r", thread.id, refused)
            messages = []
        return ThreadText(thread.id, thread.updated, messages, thread.branch)

    @property
    def _is_absent(self) -> bool:
        """There is no file yet: it is made for the first thread."""
        is_kept = self._files.has_text and self._mended < _MOST_MENDED
        return self._index is None and is_kept and not exists(self._files.path(self._whose.rights))

    @property
    def _is_searching(self) -> bool:
        return monotonic() - self._searched_at < times.SEARCHING_FOR

    async def _breathe(self, took: float) -> None:
        """Leave the server and this process to others for a while."""
        share = times.SHARE_SEARCHING if self._is_searching else times.SHARE
        await asyncio.sleep(max(times.SHORTEST_REST, took * share))

    async def _rest(self, seconds: float | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        await asyncio.sleep(max(0, self._begun_at + times.BETWEEN_CHECKS - monotonic()))
        self._hurry.clear()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    # The file.

    async def _opened(self) -> SearchIndex:
        async with self._opening:
            index = self._index
            if index and index.path and not exists(index.path):
                await asyncio.to_thread(index.close)
                index = None
            if index is None:
                self._swept_at, self._is_done = None, False
                opens = self._open if self._mended < _MOST_MENDED else lambda: SearchIndex(None)
                index = self._index = await asyncio.to_thread(opens)
            return index

    def _open(self) -> SearchIndex:
        self._files.prune([self._files.path(self._whose.rights)])
        return self._files.open(self._whose.rights)

    async def _mend(self, damage: DamagedError) -> None:
        """Remove a damaged file: the next one is made anew."""
        _log.warning("an index is made anew: %s", damage)
        self._mended += 1
        path = self._index.path if self._index else None
        await self._close()
        if path:
            await asyncio.to_thread(remove, path)
        self._hurry.set()

    async def _close(self) -> None:
        async with self._opening:
            index, self._index = self._index, None
            if index:
                await asyncio.to_thread(index.close)


class Indexers:
    """Those of all people whose tabs this process has."""

    def __init__(self, files: IndexFiles) -> None:
        self._files = files
        self._known: WeakValueDictionary[Whose, Indexer] = WeakValueDictionary()

    def get(self, whose: Whose, backend: Backend) -> Indexer:
        """The one for a person: the same one for all who hold it.

        `backend` is for a new one, and connects with the person's rights.
        """
        known = self._known.get(whose)
        if known is None:
            known = self._known[whose] = Indexer(whose, backend, self._files)
        return known

    async def forget(self, thread_ids: Sequence[str]) -> None:
        """Remove threads that are deleted from all indexes that are in use."""
        await asyncio.gather(*(known.forget(thread_ids) for known in list(self._known.values())))

    async def aclose(self) -> None:
        """End all work."""
        await asyncio.gather(*(known.aclose() for known in list(self._known.values())))
