"""Gathering what arrives: a fast stream of items becomes at most one batch every 40 ms.

The browser paints 60 times a second at best, and every view sent costs a fold, a lock, a delta and
a paint. So tokens wait for their neighbours, while anything a person acts on goes out at once.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

from chat_app.runs import tasks
from chat_app.runs.load import load
from chat_app.runs.times import LONGEST_VIEW, VIEW

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """Holds what arrived until its time has come.

    What `is_urgent` (a tool call, an end, an error) does not wait. The last batch always goes out,
    and then, if the source raised, its error.
    """

    def __init__(self, *, is_urgent: Callable[[Item], bool], interval: float = VIEW) -> None:
        self.gate = asyncio.Event()
        """Cleared from an item's arrival until the next batch is due: a source may wait for it."""
        self.gate.set()
        self.arrived = 0.0
        """When the first item of the batch that was yielded last arrived: of `time.monotonic`."""
        self._since = 0.0
        self._is_urgent = is_urgent
        self._interval = interval
        self._items: list[Item] = []
        self._arrived = asyncio.Event()
        self._urgent = asyncio.Event()
        self._filling: asyncio.Task[None] | None = None
        self._failure: Exception | None = None
        self._closed = False

    def close(self) -> None:
        """Cancel reading: what the source had sent so far is still yielded, then the batches end.

        Those that have not begun yet end at once.
        """
        self._closed = True
        if self._filling:
            self._filling.cancel()

    async def batches(self, source: AsyncGenerator[Item, None]) -> AsyncGenerator[list[Item], None]:
        """Yield all items of `source` in order; ending this iterator closes `source`.

        The first batch goes out at once and is empty: by then `source` is being read.
        """
        filling = self._filling = tasks.spawn(self._fill(source), name="mailbox")
        filling.add_done_callback(self._wake)
        if self._closed:
            filling.cancel()
        late = 0.0
        try:
            yield []
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                self._urgent.clear()
                over = filling.done()
                if self._items:
                    items, self._items = self._items, []
                    self.arrived = self._since
                    yield items
                if over:
                    break
                late = await self._rest(late)
            if self._failure:
                raise self._failure
        finally:
            if not filling.done():
                await tasks.end(filling)

    async def _fill(self, source: AsyncGenerator[Item, None]) -> None:
        try:
            async with aclosing(source):
                async for item in source:
                    if not self._items:
                        self._since = monotonic()
                    self._items.append(item)
                    self.gate.clear()
                    self._arrived.set()
                    if self._is_urgent(item):
                        self._urgent.set()
        except Exception as failure:  # noqa: BLE001 - raised where the batches are read
            self._failure = failure

    def _wake(self, _: object) -> None:
        self._urgent.set()
        self._arrived.set()

    def _open(self) -> None:
        self.gate.set()
        self._urgent.set()

    async def _rest(self, late: float) -> float:
        """Wait the interval out, or less when something urgent arrives; return how late it ends.

        The interval is longer where the one before ended late, which means that the event loop has
        more to do than it can: fewer and larger batches are less to do.
        """
        interval = max(self._interval, min(self._interval + late, LONGEST_VIEW))
        due = monotonic() + interval
        timer = asyncio.get_running_loop().call_later(interval, self._open)
        await self._urgent.wait()
        timer.cancel()
        late = max(monotonic() - due, 0)
        load.note(late)
        return late
