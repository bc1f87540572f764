"""The one place that connects to the Redis of ``REDIS_URL``.

Every call has a time limit, and during an outage most calls fail at once: one in a second tries
whether Redis is back. So nothing waits long for it, in a thread or on the event loop. An outage is
one line in the log when it begins, and one when it ends.

    with shared.client() as redis:            # in a thread
        redis.set(key("greeting"), "hello")
    async with shared.async_client() as redis:
        await redis.get(key("greeting"))
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.exceptions import (
    BusyLoadingError,
    ConnectionError,  # noqa: A004 - it is no subclass of Python's own
    ReadOnlyError,
    RedisError,
    TimeoutError,  # noqa: A004
)
from redis.retry import Retry

from chat_app.config import settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

PREFIX = "chat:"
"""Of all keys: other programs may use the same Redis."""
TIMEOUT = 1.0
"""Seconds for connecting, and for each answer."""
TRIED_EVERY = 1.0
"""Seconds between two attempts during an outage."""
_MOST_CONNECTIONS = 50
"""Of one process, of each kind."""
_OUTAGE = (ConnectionError, TimeoutError, BusyLoadingError, ReadOnlyError, OSError)

_log = logging.getLogger(__name__)


class SharedStoreDownError(Exception):
    """Redis cannot be used now. Whether it did what it was asked last is not known."""


def key(*parts: str) -> str:
    """The name of a key, such as ``chat:logins:ID``."""
    return PREFIX + ":".join(parts)


class SharedStore:
    """One Redis, from any thread and any event loop of this process."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT,
        tried_every: float = TRIED_EVERY,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Connect to nothing yet.

        Args:
            url: such as ``redis://10.0.0.7:6379/0``; also ``rediss://`` and ``unix://``.
            timeout: seconds for connecting, and for each answer.
            tried_every: seconds between two attempts during an outage.
            now: a clock in seconds.

        Raises:
            ValueError: it is no such address.
        """
        self._url, self._timeout = url, timeout
        self._state = _State(tried_every, now)
        self._sync = redis.Redis.from_pool(
            redis.BlockingConnectionPool.from_url(
                url,
                timeout=timeout,
                max_connections=_MOST_CONNECTIONS,
                socket_timeout=timeout,
                socket_connect_timeout=timeout,
                retry=Retry(NoBackoff(), 0),
            )
        )
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis] = (
            WeakKeyDictionary()
        )

    @property
    def is_up(self) -> bool:
        """Whether the last call was answered; true before the first."""
        return self._state.is_up

    @property
    def up_for(self) -> float:
        """Seconds since the last outage that was noticed here: 0 in one, infinite without any."""
        return self._state.up_for

    @contextmanager
    def client(self) -> Generator[redis.Redis]:
        """The client, for calls in a thread where waiting a second does no harm.

        Raises:
            SharedStoreDownError: it cannot be used now, or could not in the middle of the block.
        """
        with self._state.watched():
            yield self._sync

    @asynccontextmanager
    async def async_client(self) -> AsyncGenerator[redis.asyncio.Redis]:
        """The client, for the event loop that runs; raises as `client`."""
        with self._state.watched():
            yield self._of_this_loop()

    async def ping(self) -> bool:
        """Whether Redis answers now: within the time limit, and at once during an outage."""
        try:
            async with self.async_client() as client:
                await client.execute_command("PING")
        except SharedStoreDownError:
            return False
        return True

    async def aclose(self) -> None:
        """Close all connections but those of other event loops."""
        if known := self._loops.pop(asyncio.get_running_loop(), None):
            await known.aclose(close_connection_pool=True)
        self._sync.close()
        self._sync.connection_pool.disconnect()

    def _of_this_loop(self) -> redis.asyncio.Redis:
        loop = asyncio.get_running_loop()
        if loop not in self._loops:
            pool = redis.asyncio.BlockingConnectionPool.from_url(
                self._url,
                timeout=self._timeout,
                max_connections=_MOST_CONNECTIONS,
                socket_timeout=self._timeout,
                socket_connect_timeout=self._timeout,
                retry=AsyncRetry(NoBackoff(), 0),
            )
            self._loops[loop] = redis.asyncio.Redis.from_pool(pool)
        return self._loops[loop]


class _State:
    """Whether there is an outage, and who may try whether it is over."""

    def __init__(self, tried_every: float, now: Callable[[], float]) -> None:
        self._tried_every, self._now = tried_every, now
        self._lock = threading.Lock()
        self._down_since: float | None = None
        self._try_at = 0.0
        self._up_since = -math.inf

    @property
    def is_up(self) -> bool:
        return self._down_since is None

    @property
    def up_for(self) -> float:
        return self._now() - self._up_since if self.is_up else 0.0

    @contextmanager
    def watched(self) -> Generator[None]:
        if not self._may_try():
            msg = "it did not answer a moment ago"
            raise SharedStoreDownError(msg)
        try:
            yield
        except _OUTAGE as problem:
            self._failed(problem)
            raise SharedStoreDownError(type(problem).__name__) from problem
        except RedisError as problem:  # such as a full disk or memory
            _log.warning("Redis did not do what it was asked: %s", str(problem).partition(" ")[0])
            raise SharedStoreDownError(type(problem).__name__) from problem
        self._answered()

    def _may_try(self) -> bool:
        if self.is_up:
            return True
        with self._lock:
            if self._now() < self._try_at:
                return False
            self._try_at = self._now() + self._tried_every
            return True

    def _failed(self, problem: BaseException) -> None:
        with self._lock:
            self._try_at = self._now() + self._tried_every
            if self._down_since is not None:
                return
            self._down_since = self._now()
        _log.warning("Redis cannot be used: %s. What is shared has to wait.", _said(problem))

    def _answered(self) -> None:
        if self.is_up:
            return
        with self._lock:
            since, self._down_since = self._down_since, None
            self._up_since = self._now()
        if since is not None:
            _log.info("Redis is back, after %.0f s", self._now() - since)


def _said(problem: BaseException) -> str:
    """The kind of a failure: what it says may have the address, and with it a password."""
    cause = problem.__cause__ or problem.__context__
    came = f" from {type(cause).__name__}" if cause else ""
    return f"{type(problem).__name__}{came}"


@lru_cache(maxsize=1)
def shared_store() -> SharedStore | None:
    """That of the settings; None where each host is alone."""
    url = settings().redis_url.get_secret_value()
    return SharedStore(url) if url else None
