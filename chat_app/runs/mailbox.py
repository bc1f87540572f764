"""Newest view wins: a fast stream of whole views becomes at most one every 40 ms.

The browser paints 60 times a second at best, and every view sent costs a lock, a delta and a paint.
So tokens wait for their neighbours, while anything a person acts on goes out at once. A view always
holds everything before it, hence skipping one loses nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Generic, TypeVar

from chat_app.runs import tasks

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

View = TypeVar("View")

INTERVAL = 0.04
"""Seconds between two views of tokens: below it the eye sees no difference."""


class Mailbox(Generic[View]):
    """Holds the newest view until its time has come.

    `is_urgent(before, now)` tells a change of structure (a tool call, an end, an error), which
    does not wait. The first view goes out at once, the last one always, and then, if the source
    raised, its error.
    """

    def __init__(
        self,
        *,
        is_urgent: Callable[[View | None, View], bool],
        interval: float = INTERVAL,
    ) -> None:
        self._is_urgent = is_urgent
        self._interval = interval
        self._newest: View | None = None
        self._arrived = asyncio.Event()
        self._urgent = asyncio.Event()
        self._filling: asyncio.Task[None] | None = None

    def close(self) -> None:
        """Let go of the source: what it had sent so far is still yielded, then the views end."""
        if self._filling:
            self._filling.cancel()

    async def views(self, source: AsyncGenerator[View, None]) -> AsyncGenerator[View, None]:
        """Yield the newest view of `source`; ending this iterator closes `source`."""
        filling = self._filling = tasks.spawn(self._fill(source), name="mailbox")
        filling.add_done_callback(self._wake)
        sent: View | None = None
        try:
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                self._urgent.clear()
                over = filling.done()
                newest = self._newest
                if newest is not None and newest is not sent:
                    sent = newest
                    yield newest
                if over:
                    break
                await self._rest()
            if not filling.cancelled():
                await filling
        finally:
            if not filling.done():
                await tasks.end(filling)

    async def _fill(self, source: AsyncGenerator[View, None]) -> None:
        async with aclosing(source):
            async for view in source:
                if self._is_urgent(self._newest, view):
                    self._urgent.set()
                self._newest = view
                self._arrived.set()

    def _wake(self, _: object) -> None:
        self._urgent.set()
        self._arrived.set()

    async def _rest(self) -> None:
        """Wait the interval out, or less when something urgent arrives."""
        try:
            async with asyncio.timeout(self._interval):
                await self._urgent.wait()
        except TimeoutError:
            pass
