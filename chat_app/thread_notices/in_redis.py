"""Notices of the processes of several hosts: the entries of a stream in Redis."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from chat_app.shared_store.redis import key

if TYPE_CHECKING:
    from chat_app.shared_store.redis import SharedStore

_STREAM = key("threads", "changes")
_MOST = 1000
"""Entries of the stream, about: more than are made between two looks at it."""


class RedisNotices:
    """A `chat_app.thread_notices.Notices`."""

    def __init__(self, store: SharedStore) -> None:
        self._store = store
        self._own = secrets.token_hex(4).encode()
        """Tells the entries of this process from those of others."""
        self._seen = b""
        """The last entry that was read."""

    async def tell(self, thread_id: str) -> None:
        """Add an entry."""
        async with self._store.async_client() as client:
            await client.xadd(_STREAM, {"by": self._own, "id": thread_id}, maxlen=_MOST)

    async def read(self) -> list[str]:
        """Read what others have added."""
        async with self._store.async_client() as client:
            if not self._seen:
                last: Any = await client.xrevrange(_STREAM, count=1)
                self._seen = last[0][0] if last else b"0-0"
                return []
            found: Any = await client.xread({_STREAM: self._seen}, count=_MOST)
        entries = found[0][1] if found else []
        if entries:
            self._seen = entries[-1][0]
        return [entry[b"id"].decode() for _, entry in entries if entry[b"by"] != self._own]
