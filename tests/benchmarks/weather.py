"""Bad weather between the app and its server: one fault after the other, by the dice."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

    from tests.helpers.faults import FaultyProxy


class Weather:
    """`happened` counts the faults by name."""

    def __init__(self, proxy: FaultyProxy, dice: Random) -> None:
        self.happened: Counter[str] = Counter()
        self._proxy = proxy
        self._dice = dice

    async def storm(self, seconds: float) -> None:
        """Bring fault after fault for so long, then let the sun shine."""
        faults: list[Callable[[], Awaitable[None]]]
        faults = [self._cut, self._refuse, self._stall, self._split, self._delay]
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await asyncio.sleep(self._dice.uniform(1, 5))
                    fault = self._dice.choice(faults)
                    self.happened[fault.__name__.strip("_")] += 1
                    await fault()
        except TimeoutError:
            self._clear()

    def _clear(self) -> None:
        self._proxy.accept()
        self._proxy.flow()
        self._proxy.split(0)
        self._proxy.delay(0)

    async def _cut(self) -> None:
        self._proxy.cut()

    async def _refuse(self) -> None:
        self._proxy.refuse()
        await asyncio.sleep(self._dice.uniform(0.5, 1.5))
        self._proxy.accept()

    async def _stall(self) -> None:
        self._proxy.stall()
        await asyncio.sleep(self._dice.uniform(0.5, 3))
        self._proxy.flow()

    async def _split(self) -> None:
        self._proxy.split(self._dice.randint(7, 97))
        await asyncio.sleep(self._dice.uniform(1, 3))
        self._proxy.split(0)

    async def _delay(self) -> None:
        self._proxy.delay(self._dice.uniform(0.01, 0.1))
        await asyncio.sleep(self._dice.uniform(1, 3))
        self._proxy.delay(0)
