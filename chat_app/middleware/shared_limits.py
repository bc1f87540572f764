"""Limits on people and addresses that count in all processes which share a Redis.

Each process counts for itself, in memory, and decides by that: nothing waits for Redis. Once a
second it tells the others, in a stream, what each person and address has used of the rates and how
much each of them holds, where that is a noticeable part of the limit, and counts what the others
tell. So a limit may be exceeded for a second, and by a tenth for each further process. During an
outage each process counts alone.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chat_app.middleware.rates import Buckets
from chat_app.shared_store.redis import SharedStoreDownError, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.middleware.quota import Quota
    from chat_app.middleware.rates import Rate
    from chat_app.shared_store.redis import SharedStore

EVERY = 1.0
"""Seconds between two exchanges."""
HEARD_FOR = 5.0
"""Seconds for which it counts what a process has said it holds: one that was killed says nothing
more."""
_STREAM = key("limits")
_MOST = 1000
"""Of the stream, about: more than the processes say in some seconds."""
_NO_WORDS = (ValueError, TypeError, KeyError, AttributeError)
"""What comes of words of another version of the app, or of another program: they are left out."""
_NOTICEABLE = 0.1
"""Of a limit."""

Amounts = list[tuple[str, str, float]]
"""The kind of a key, which, and how much."""


class SharedLimits:
    """What one process counts, and what it has heard from the others."""

    def __init__(self) -> None:
        self._own = secrets.token_hex(8)
        self._buckets: dict[str, tuple[Buckets, str]] = {}
        self._quotas: dict[str, tuple[Quota, Mapping[str, int]]] = {}
        self._heard: dict[str, tuple[float, dict[str, Amounts]]] = {}
        self._seen = b""
        self._is_told = False

    def begin(self) -> None:
        """Count what is used from now on, for `exchange`: it would add up where no one is told."""
        self._is_told = True
        for buckets, _ in self._buckets.values():
            buckets.used = {}

    def buckets(self, name: str, kind: str, rate: Rate) -> Buckets:
        """Buckets of which the others are told, for keys of one kind."""
        made = Buckets(rate)
        made.used = {} if self._is_told else None
        self._buckets[name] = made, kind
        return made

    def share(self, name: str, quota: Quota, most: Mapping[str, int]) -> Quota:
        """Have the others told of a quota, for the kinds of keys that have a limit there."""
        self._quotas[name] = quota, most
        return quota

    async def exchange(self, store: SharedStore, now: float) -> None:
        """Tell the others, and hear them.

        Args:
            store: that all of them share.
            now: the time in seconds, by the clock of the buckets.

        Raises:
            SharedStoreDownError: not now. What was used meanwhile is not told later.
        """
        said = self._says()
        try:
            async with store.async_client() as client:
                if not self._seen:
                    last = await client.xrevrange(_STREAM, count=1)
                    self._seen = last[0][0] if last else b"0-0"
                await client.xadd(_STREAM, {self._own: json.dumps(said)}, maxlen=_MOST)
                entries = await client.xread({_STREAM: self._seen}, count=2 * _MOST)
        except SharedStoreDownError:
            self._seen = b""
            self._heard.clear()
            self._count_held(now)
            raise
        for at, entry in entries[0][1] if entries else []:
            self._seen = at
            for process, words in entry.items():
                if process.decode() != self._own:
                    with suppress(*_NO_WORDS):
                        self._hear(process.decode(), json.loads(words), now)
        self._count_held(now)

    def _says(self) -> dict[str, dict[str, Amounts]]:
        used: dict[str, Amounts] = {}
        for name, (buckets, kind) in self._buckets.items():
            taken, buckets.used = buckets.used or {}, {}
            least = _NOTICEABLE * buckets.rate.per_second * EVERY
            used[name] = [(kind, str(one), n) for one, n in taken.items() if n >= least]
        held: dict[str, Amounts] = {}
        for name, (quota, most) in self._quotas.items():
            held[name] = [
                (kind, one, n)
                for (kind, one), n in quota.all_used()
                if kind in most and n >= _NOTICEABLE * most[kind]
            ]
        return {"used": _not_empty(used), "held": _not_empty(held)}

    def _hear(self, process: str, words: Any, now: float) -> None:
        held = {
            name: [(str(kind), str(one), float(amount)) for kind, one, amount in amounts]
            for name, amounts in words["held"].items()
        }
        for name, amounts in words["used"].items():
            if name in self._buckets:
                for _, one, amount in amounts:
                    self._buckets[name][0].drain(one, amount, now)
        self._heard[process] = now, held

    def _count_held(self, now: float) -> None:
        self._heard = {one: said for one, said in self._heard.items() if said[0] > now - HEARD_FOR}
        for name, (quota, _) in self._quotas.items():
            quota.elsewhere = _sum(held.get(name, []) for _, held in self._heard.values())


def _not_empty(said: dict[str, Amounts]) -> dict[str, Amounts]:
    return {name: amounts for name, amounts in said.items() if amounts}


def _sum(of_processes: Iterable[Amounts]) -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for amounts in of_processes:
        for kind, one, amount in amounts:
            total[kind, one] += int(amount)
    return total


_limits = SharedLimits()


def shared_limits() -> SharedLimits:
    """Those of this process."""
    return _limits


async def keep_exchanging(store: SharedStore, *, every: float = EVERY) -> None:
    """Tell the other processes and hear them, for ever."""
    _limits.begin()
    while True:
        with suppress(SharedStoreDownError):  # which is told of in the log already
            await _limits.exchange(store, time.monotonic())
        await asyncio.sleep(every)
