"""What the processes of the app tell each other: who does a duty, and which threads are open.

Those of one host do so by files in the data folder; those of several by Redis. What is not told
again expires: a process may be killed. Where nothing can be told, each process is alone: duties are
then done by each of them, which does no harm.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
import time
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

from chat_app.config import settings
from chat_app.shared_store.redis import SharedStoreDownError, key, shared_store

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Collection

    from chat_app.shared_store.redis import SharedStore

TOLD_EVERY = 5.0
"""Seconds after which a process tells again which threads are open in it."""
FRESH = 20.0
"""Seconds for which that counts."""
THIS_PROCESS = uuid4().hex
_FOLDER, _OPEN, _DUTIES = "processes", "open", "duties"
_OWN_FOLDER, _OWN_FILE = 0o700, 0o600
_OLD = 3600.0
_log = logging.getLogger(__name__)


class Processes(Protocol):
    """The processes that serve the same people, as one of them sees them."""

    async def claim(self, duty: str, seconds: float) -> bool:
        """Whether this process is the one to do a duty that is done once in so many seconds."""
        ...

    async def tell_open(self, thread_ids: Collection[str]) -> None:
        """These threads are open here, for `FRESH` seconds from now on; no others are."""
        ...

    async def are_open_elsewhere(self) -> frozenset[str] | None:
        """The threads that are open in other processes; None where that is not known."""
        ...


class HostProcesses:
    """Those of one host; `folder` is theirs. `name` is that of this process."""

    def __init__(self, folder: Path, name: str = THIS_PROCESS) -> None:
        self._folder, self._name = folder, name

    async def claim(self, duty: str, seconds: float) -> bool:
        try:
            return await asyncio.to_thread(self._claim, duty, seconds)
        except OSError as problem:
            _log.warning("Whether another process does %r cannot be told: %s", duty, problem)
            return True

    async def tell_open(self, thread_ids: Collection[str]) -> None:
        with suppress(OSError):
            await asyncio.to_thread(self._tell, list(thread_ids))

    async def are_open_elsewhere(self) -> frozenset[str]:
        return await asyncio.to_thread(self._open_elsewhere)

    def _claim(self, duty: str, seconds: float) -> bool:
        path = self._made() / f"{_DUTIES}.{duty}"
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, _OWN_FILE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            done = os.read(descriptor, 50)
            with suppress(ValueError):
                if 0 <= time.time() - float(done or 0) < seconds:
                    return False
            os.pwrite(descriptor, f"{time.time():<50}".encode(), 0)
        finally:
            os.close(descriptor)
        return True

    def _tell(self, thread_ids: list[str]) -> None:
        path = self._folder / f"{_OPEN}.{self._name}"
        if not thread_ids:
            path.unlink(missing_ok=True)
            return
        partial = self._made() / f"partial.{self._name}"
        partial.touch(_OWN_FILE)
        partial.write_text(json.dumps(thread_ids))
        partial.replace(path)

    def _open_elsewhere(self) -> frozenset[str]:
        found: set[str] = set()
        for path in self._folder.glob(f"{_OPEN}.*"):
            with suppress(OSError, ValueError):
                age = time.time() - path.stat().st_mtime
                if age > _OLD:
                    path.unlink()
                elif age < FRESH and path.name != f"{_OPEN}.{self._name}":
                    found.update(json.loads(path.read_text()))
        return frozenset(found)

    def _made(self) -> Path:
        self._folder.mkdir(_OWN_FOLDER, parents=True, exist_ok=True)
        return self._folder


class SharedProcesses:
    """Those of several hosts. `name` is that of this process."""

    def __init__(self, store: SharedStore, name: str = THIS_PROCESS) -> None:
        self._store, self._name = store, name

    async def claim(self, duty: str, seconds: float) -> bool:
        try:
            async with self._client() as redis:
                what = key(_FOLDER, _DUTIES, duty)
                return bool(await redis.set(what, self._name, nx=True, px=int(seconds * 1000)))
        except SharedStoreDownError:
            return True

    async def tell_open(self, thread_ids: Collection[str]) -> None:
        what = key(_FOLDER, _OPEN)
        with suppress(SharedStoreDownError):
            async with self._client() as redis:
                if thread_ids:
                    now, _ = await redis.time()
                    said = json.dumps([now, list(thread_ids)])
                    await redis.hset(what, self._name, said)
                    await redis.expire(what, int(_OLD))
                else:
                    await redis.hdel(what, self._name)

    async def are_open_elsewhere(self) -> frozenset[str] | None:
        found: set[str] = set()
        try:
            async with self._client() as redis:
                now, _ = await redis.time()
                for name, said in (await redis.hgetall(key(_FOLDER, _OPEN))).items():
                    at, thread_ids = json.loads(said)
                    if now - at > _OLD:
                        await redis.hdel(key(_FOLDER, _OPEN), name)
                    elif now - at < FRESH and name.decode() != self._name:
                        found.update(thread_ids)
        except SharedStoreDownError:
            return None
        # After an outage what they told has expired, until all have told it again.
        return frozenset(found) if self._store.up_for > FRESH else None

    @asynccontextmanager
    async def _client(self) -> AsyncGenerator[Any]:
        """The client; `redis` types its answers for the synchronous one, too."""
        async with self._store.async_client() as redis:
            yield redis


def processes() -> Processes:
    """Those of the settings."""
    if store := shared_store():
        return SharedProcesses(store)
    return HostProcesses(Path(settings().data_dir) / _FOLDER)
