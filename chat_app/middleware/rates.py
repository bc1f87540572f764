"""How fast something may come: token buckets, pure but for the time that they are given."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable


@dataclass(frozen=True)
class Rate:
    """So much per second in the long run, and `burst` at once after a pause."""

    per_second: float
    burst: float

    def times(self, factor: float) -> Rate:
        """The rate for a group, such as all sockets of a person."""
        return Rate(self.per_second * factor, self.burst * factor)


class Bucket:
    """What is left of a rate. It may be overdrawn: then the next has to wait."""

    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._left = rate.burst
        self._at = now

    def take(self, amount: float, now: float) -> float:
        """Take `amount`; returns how many seconds to wait until it is earned, 0 where it is."""
        self._refill(now)
        self._left -= amount
        return max(0.0, -self._left / self._rate.per_second)

    def allow(self, amount: float, now: float) -> bool:
        """Take `amount` if it is there, else nothing; returns whether it was."""
        is_there = self.has(amount, now)
        self._left -= amount if is_there else 0
        return is_there

    def drain(self, amount: float, now: float) -> None:
        """Take `amount`, or what is left."""
        self._refill(now)
        self._left -= max(0.0, min(amount, self._left))

    def has(self, amount: float, now: float) -> bool:
        """Whether `amount` is there."""
        self._refill(now)
        return self._left >= amount

    def is_full(self, now: float) -> bool:
        """Whether nothing was taken for so long that the bucket may be forgotten."""
        self._refill(now)
        return self._left >= self._rate.burst

    def _refill(self, now: float) -> None:
        earned = max(0.0, now - self._at) * self._rate.per_second
        self._left = min(self._rate.burst, self._left + earned)
        self._at = now


class Buckets:
    """A bucket for each key, made when it is needed and forgotten when it is full again."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.used: dict[Hashable, float] | None = None
        """What was taken by each key, where that is counted."""
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, key: Hashable, amount: float, now: float) -> float:
        """As `Bucket.take`, from the one of `key`."""
        self._note(key, amount)
        return self._of(key, now).take(amount, now)

    def allow(self, key: Hashable, amount: float, now: float) -> bool:
        """As `Bucket.allow`, from the one of `key`."""
        is_allowed = self._of(key, now).allow(amount, now)
        if is_allowed:
            self._note(key, amount)
        return is_allowed

    def drain(self, key: Hashable, amount: float, now: float) -> None:
        """Take `amount`, or what is left, which was used elsewhere."""
        self._of(key, now).drain(amount, now)

    def has(self, key: Hashable, amount: float, now: float) -> bool:
        """As `Bucket.has`, of the one of `key`; a new one is full."""
        bucket = self._buckets.get(key)
        return bucket is None or bucket.has(amount, now)

    def _note(self, key: Hashable, amount: float) -> None:
        if self.used is not None:
            self.used[key] = self.used.get(key, 0) + amount

    def _of(self, key: Hashable, now: float) -> Bucket:
        bucket = self._buckets.pop(key, None) or Bucket(self.rate, now)
        self._forget(now)
        self._buckets[key] = bucket
        return bucket

    def _forget(self, now: float) -> None:
        """Drop the two that were used longest ago, if they are full: more than one comes anew."""
        for key in list(_first(self._buckets, 2)):
            if not self._buckets[key].is_full(now):
                return
            del self._buckets[key]


def _first(keys: Iterable[Hashable], count: int) -> Iterable[Hashable]:
    return (key for key, _ in zip(keys, range(count), strict=False))
