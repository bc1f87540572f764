"""Names that may be used once: in all processes that share a Redis, or in this one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from chat_app.shared_store.redis import key, shared_store

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 10_000
"""Names in memory; of more, those that are over are forgotten."""


class Once:
    """Names of one kind."""

    def __init__(self, kind: str, now: Callable[[], float] = time.time) -> None:
        self._kind, self._now = kind, now
        self._used: dict[str, float] = {}

    async def use(self, name: str, seconds: float) -> bool:
        """Use a name; False where it was used in the last `seconds` already.

        Raises:
            SharedStoreDownError: that is not known.
        """
        if store := shared_store():
            async with store.async_client() as client:
                place = key("once", self._kind, name)
                return bool(await client.set(place, 1, nx=True, px=max(1, int(seconds * 1000))))
        now = self._now()
        if self._used.get(name, 0) > now:
            return False
        if len(self._used) >= _MOST:
            self._used = {one: until for one, until in self._used.items() if until > now}
        self._used[name] = now + seconds
        return True
