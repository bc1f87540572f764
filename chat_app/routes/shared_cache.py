"""A cache of pages that were made lately, bounded by their length and by how long they last."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

MOST = 40_000_000
"""Characters of all pages together; one that is longer than a quarter of it is not kept."""
LASTS = 60.0
"""Seconds for which a page is kept, if it is not said for how long."""

_Value = TypeVar("_Value")


class _Kept(NamedTuple, Generic[_Value]):
    value: _Value
    size: int
    until: float


class PageCache(Generic[_Value]):
    """The least recently used ones go first."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[Hashable, _Kept[_Value]] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable) -> _Value | None:
        """What is kept under a key, while it lasts."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.until < self._clock():
            self._remove(key)
            return None
        self._kept.move_to_end(key)
        return kept.value

    def put(self, key: Hashable, value: _Value, *, size: int, lasts: float | None = None) -> None:
        """Keep a value of that size for so many seconds."""
        self._remove(key)
        if size > MOST / 4:
            return
        until = self._clock() + (LASTS if lasts is None else lasts)
        self._kept[key] = _Kept(value, size, until)
        self._size += size
        while self._size > MOST:
            self._remove(next(iter(self._kept)))

    def _remove(self, key: Hashable) -> None:
        if kept := self._kept.pop(key, None):
            self._size -= kept.size
