"""What one process at a time may do, of all that share a Redis."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from chat_app.shared_store.redis import SharedStoreDownError, key, shared_store

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

_ASKED_EVERY = 0.1
"""Seconds between two looks whether a lease is free."""
_RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


@asynccontextmanager
async def leased(name: str, seconds: float) -> AsyncGenerator[None]:
    """Within the block no other process has the lease of this name; without a Redis, nothing.

    Args:
        name: of the lease.
        seconds: after which it ends, also where this process was killed.

    Raises:
        SharedStoreDownError: that cannot be known.
    """
    store = shared_store()
    if store is None:
        yield
        return
    place, own = key("lease", name), secrets.token_hex(16)
    while True:
        async with store.async_client() as client:
            if await client.set(place, own, nx=True, px=int(seconds * 1000)):
                break
        await asyncio.sleep(_ASKED_EVERY)
    try:
        yield
    finally:
        with suppress(SharedStoreDownError):  # it ends by itself
            async with store.async_client() as client:
                await cast("Any", client.eval(_RELEASE, 1, place, own))
