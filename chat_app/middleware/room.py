"""How much may be there at one time: counted for each address, each person, and all together."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping

Key = tuple[str, str]
"""A kind of key and which: ``("address", "192.0.2.1")``."""

_ALL: Key = ("all", "")


class NoRoomError(Exception):
    """It did not become free in time, or too many wait for it already."""

    def __init__(self, *, is_own: bool) -> None:
        super().__init__("no room")
        self.is_own = is_own
        """Whether the same address or person takes it up, and not everyone together."""


@dataclass(eq=False)
class _Waiter:
    keys: tuple[Key, ...]
    amount: int
    is_in: asyncio.Event = field(default_factory=asyncio.Event)


class Room:
    """Room for so much of each kind of key.

    Something that is larger than all of the room may come in alone. Who waits comes in as soon as
    there is room, in order, but for those whose own address or person has none.
    """

    def __init__(self, most: Mapping[str, int], waiting: Mapping[str, int] | None = None) -> None:
        """Take the most of each kind; of the kind ``all`` there is one key.

        Args:
            most: how much there is room for, by kind.
            waiting: how many may wait, by kind; none where nobody may.
        """
        self._most = dict(most)
        self._most_waiting = dict(waiting or {})
        self._used: Counter[Key] = Counter()
        self._waiters: list[_Waiter] = []

    def used(self, key: Key = _ALL) -> int:
        """How much is taken up."""
        return self._used[key]

    def is_free(self, keys: Iterable[Key], amount: int) -> bool:
        """Whether there is room for so much more."""
        return not self._full(self._all(keys), amount)

    def take(self, keys: Iterable[Key], amount: int) -> bool:
        """Take up so much now, or nothing; returns whether there was room."""
        keys = self._all(keys)
        if self._full(keys, amount):
            return False
        for key in keys:
            self._used[key] += amount
        return True

    def give_back(self, keys: Iterable[Key], amount: int) -> None:
        """Free so much of what was taken."""
        for key in self._all(keys):
            self._used[key] -= amount
            if self._used[key] <= 0:
                del self._used[key]
        self._admit()

    @asynccontextmanager
    async def taken(
        self, keys: Iterable[Key], amount: int, *, within: float
    ) -> AsyncGenerator[None]:
        """Take up so much for the time of the block; wait for it at most `within` seconds.

        Raises:
            NoRoomError: there is none.
        """
        keys = self._all(keys)
        await self._come_in(keys, amount, within)
        try:
            yield
        finally:
            self.give_back(keys, amount)

    async def _come_in(self, keys: tuple[Key, ...], amount: int, within: float) -> None:
        if self.take(keys, amount):
            return
        full = self._full(keys, amount)
        waiting = Counter(key for waiter in self._waiters for key in waiter.keys)
        if crowded := [key for key in keys if waiting[key] >= self._most_waiting.get(key[0], 0)]:
            raise NoRoomError(is_own=crowded != [_ALL])
        waiter = _Waiter(keys, amount)
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(within):
                await waiter.is_in.wait()
        except BaseException as ended:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
            else:  # it came in at the same moment
                self.give_back(keys, amount)
            if isinstance(ended, TimeoutError):
                raise NoRoomError(is_own=full != [_ALL]) from None
            raise

    def _admit(self) -> None:
        for waiter in list(self._waiters):
            if self.take(waiter.keys, waiter.amount):
                self._waiters.remove(waiter)
                waiter.is_in.set()

    def _full(self, keys: tuple[Key, ...], amount: int) -> list[Key]:
        """The keys that have no room for it."""
        return [
            key
            for key in keys
            if (used := self._used[key]) and used + amount > self._most.get(key[0], amount + used)
        ]

    @staticmethod
    def _all(keys: Iterable[Key]) -> tuple[Key, ...]:
        given = tuple(keys)
        return given if _ALL in given else (*given, _ALL)
