"""The end of a process that loses nothing: its open pages reconnect to another one first.

A process that is told to end (SIGTERM, or a rolling restart) takes no new pages. The open ones are
asked to reconnect, each within some seconds, so that they do not all arrive at once at the
processes that take them. Answers go on at the LangGraph server, and the next process joins them.
The process ends as soon as no page is left and no request of its own to the server is under way.

This is the state of one process; the server (`scripts.draining_server`) begins it, the page's
socket (`chat_app.event_socket`) enters what is open, the middleware refuses what is new.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

_log = logging.getLogger("chat_app.draining")

_A_SECOND = 20.0
"""Pages that are asked to reconnect in a second: the processes that take them have other work."""
_SHARE = 0.6
"""Of the time for draining, what the pages have at most to reconnect by themselves."""
_GRACE = 1.0
"""Seconds beyond the time that a page was given until its connection is dropped."""
_LOOK_EVERY = 0.05


class Page(Protocol):
    """The connection of one page that is open."""

    async def ask_to_move(self, seconds: float) -> None:
        """Ask the page to reconnect within so many seconds."""
        ...

    async def drop(self) -> None:
        """Drop the connection as a lost network does, so that the page makes another one."""
        ...


class Drain:
    """Whether this process is about to end, and what has to leave it before."""

    def __init__(self) -> None:
        self.is_draining = False
        self._pages: dict[str, Page] = {}
        self._unsettled: list[Callable[[], bool]] = []
        self._changed = asyncio.Event()

    def enter(self, sid: str, page: Page) -> None:
        """A page is open."""
        self._pages[sid] = page

    def leave(self, sid: str) -> None:
        """A page is gone."""
        self._pages.pop(sid, None)
        self._changed.set()

    @property
    def open_pages(self) -> int:
        """How many pages this process serves."""
        return len(self._pages)

    def wait_for(self, is_under_way: Callable[[], bool]) -> Callable[[], None]:
        """Let the end wait while `is_under_way` says so; returns what takes that back."""
        self._unsettled.append(is_under_way)

        def take_back() -> None:
            with suppress(ValueError):
                self._unsettled.remove(is_under_way)

        return take_back

    async def drain(self, seconds: float) -> int:
        """Send the open pages elsewhere, at most so many seconds long.

        Returns:
            How many pages were still open at the end.
        """
        self.is_draining = True
        end = time.monotonic() + seconds
        pages = list(self._pages.values())
        within = min(_SHARE * seconds, len(pages) / _A_SECOND)
        _log.info("Draining: %d open pages are asked to reconnect", len(pages))
        await self._tell([page.ask_to_move(within) for page in pages], end)
        await self._until_left(min(end, time.monotonic() + within + _GRACE))
        await self._tell([page.drop() for page in self._pages.values()], end)
        await self._until_left(end)
        return self.open_pages

    async def _tell(self, asking: list[Coroutine[Any, Any, None]], end: float) -> None:
        """Wait for all, also where some fail: a page may have gone meanwhile."""
        if asking:
            with suppress(TimeoutError):
                async with asyncio.timeout(max(0.1, end - time.monotonic())):
                    await asyncio.gather(*asking, return_exceptions=True)

    async def _until_left(self, end: float) -> None:
        while self._is_needed and (left := end - time.monotonic()) > 0:
            self._changed.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LOOK_EVERY)):
                    await self._changed.wait()

    @property
    def _is_needed(self) -> bool:
        return bool(self._pages) or any(is_under_way() for is_under_way in self._unsettled)


_drain = Drain()


def drain() -> Drain:
    """That of this process."""
    return _drain
