"""Tells open pages that the Redis which hosts share is away, and when it is back.

Pages go on meanwhile: see `chat_app.shared_store`. An outage that is over at the next look is not
told of.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.shared_store.redis import SharedStore

EVERY = 1.0
"""Seconds between two looks."""


class Outages:
    """Whether there is one, as pages are told."""

    def __init__(self) -> None:
        self.is_down = False
        self._was_down = False

    async def look(self, store: SharedStore, tell: Callable[[bool], Awaitable[None]]) -> None:
        """Look once, and tell of a change: `tell` gets whether the store is down."""
        is_down = not await store.ping()
        is_same = is_down is self._was_down
        self._was_down = is_down
        if is_down is not self.is_down and (is_same or not is_down):
            self.is_down = is_down
            await tell(is_down)

    async def keep_telling(
        self, store: SharedStore, tell: Callable[[bool], Awaitable[None]], *, every: float = EVERY
    ) -> None:
        """Look for ever."""
        while True:
            await self.look(store, tell)
            await asyncio.sleep(every)


_outages = Outages()


def outages() -> Outages:
    """That of this process."""
    return _outages
