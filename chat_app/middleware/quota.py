"""Quotas on what exists at the same time: per address, per person, and in total."""

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


class QuotaExceededError(Exception):
    """Nothing was released within the time limit, or too many wait already."""

    def __init__(self, *, is_own: bool) -> None:
        super().__init__("quota exceeded")
        self.is_own = is_own
        """Whether the quota of the address or the person is used up, not the total."""


@dataclass(eq=False)
class _Waiter:
    keys: tuple[Key, ...]
    amount: int
    admitted: asyncio.Event = field(default_factory=asyncio.Event)


class Quota:
    """Limits amounts (bytes, sockets) by kind of key.

    An amount above a limit is admitted while nothing else of that key is in use. Those that wait
    are admitted in order, but do not block those of other keys.
    """

    def __init__(self, most: Mapping[str, int], waiting: Mapping[str, int] | None = None) -> None:
        """Set the limits; of the kind ``all`` there is one key, which counts everything.

        Args:
            most: the limit of each kind; none where it is missing.
            waiting: how many may wait, by kind; 0 where it is missing.
        """
        self._most = dict(most)
        self._most_waiting = dict(waiting or {})
        self._used: Counter[Key] = Counter()
        self.elsewhere: Counter[Key] = Counter()
        """What other processes use, as far as they have told."""
        self._waiters: list[_Waiter] = []

    def used(self, key: Key = _ALL) -> int:
        """The amount in use."""
        return self._used[key]

    def all_used(self) -> list[tuple[Key, int]]:
        """The amount of each key of which something is in use here."""
        return list(self._used.items())

    def is_free(self, keys: Iterable[Key], amount: int) -> bool:
        """Whether `amount` more would be admitted now."""
        return not self._full(self._all(keys), amount)

    def try_acquire(self, keys: Iterable[Key], amount: int) -> bool:
        """Acquire `amount` now, or nothing; return whether it was acquired."""
        keys = self._all(keys)
        if self._full(keys, amount):
            return False
        for key in keys:
            self._used[key] += amount
        return True

    def release(self, keys: Iterable[Key], amount: int) -> None:
        """Release `amount` of what was acquired."""
        for key in self._all(keys):
            self._used[key] -= amount
            if self._used[key] <= 0:
                del self._used[key]
        self._admit()

    @asynccontextmanager
    async def acquire(
        self, keys: Iterable[Key], amount: int, *, within: float
    ) -> AsyncGenerator[None]:
        """Acquire `amount` for the block; wait for it at most `within` seconds.

        Raises:
            QuotaExceededError: it was not admitted.
        """
        keys = self._all(keys)
        await self._wait_for(keys, amount, within)
        try:
            yield
        finally:
            self.release(keys, amount)

    async def _wait_for(self, keys: tuple[Key, ...], amount: int, within: float) -> None:
        if self.try_acquire(keys, amount):
            return
        full = self._full(keys, amount)
        waiting = Counter(key for waiter in self._waiters for key in waiter.keys)
        if crowded := [key for key in keys if waiting[key] >= self._most_waiting.get(key[0], 0)]:
            raise QuotaExceededError(is_own=crowded != [_ALL])
        waiter = _Waiter(keys, amount)
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(within):
                await waiter.admitted.wait()
        except BaseException as ended:
            if waiter in self._waiters:
                self._waiters.remove(waiter)
            else:  # admitted at the same moment
                self.release(keys, amount)
            if isinstance(ended, TimeoutError):
                raise QuotaExceededError(is_own=full != [_ALL]) from None
            raise

    def _admit(self) -> None:
        for waiter in list(self._waiters):
            if self.try_acquire(waiter.keys, waiter.amount):
                self._waiters.remove(waiter)
                waiter.admitted.set()

    def _full(self, keys: tuple[Key, ...], amount: int) -> list[Key]:
        """The keys whose limit it would exceed."""
        return [
            key
            for key in keys
            if (used := self._used[key] + self.elsewhere[key])
            and used + amount > self._most.get(key[0], amount + used)
        ]

    @staticmethod
    def _all(keys: Iterable[Key]) -> tuple[Key, ...]:
        given = tuple(keys)
        return given if _ALL in given else (*given, _ALL)
