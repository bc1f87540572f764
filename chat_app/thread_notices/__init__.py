"""What one process has done to a thread that the others would not hear of from the server.

The agent server tells every program which runs begin and end, but not which messages wait: tabs of
one thread at different processes would show different queues until the run is over. So a process
names the threads whose queue it has changed, and the others read those that they have open.

==========  ==================================================================================
module      where
==========  ==================================================================================
`in_file`   a file in the data folder, for the processes of one host
`in_redis`  a stream in Redis, for those of several hosts
==========  ==================================================================================

A notice may be lost, as in an outage of Redis: the queue is then read when the run ends.
"""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chat_app.config import settings
from chat_app.shared_store.redis import SharedStoreDownError, shared_store
from chat_app.thread_notices.in_file import FileNotices
from chat_app.thread_notices.in_redis import RedisNotices

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FileNotices", "Notices", "RedisNotices", "keep_reading", "thread_notices"]

_log = logging.getLogger(__name__)

READ_EVERY = 0.5
"""Seconds."""
_FILE = "thread_notices"


class Notices(Protocol):
    """Names of threads, from each process to all others."""

    async def tell(self, thread_id: str) -> None:
        """Name a thread.

        Raises:
            OSError, SharedStoreDownError: the others cannot be told.
        """
        ...

    async def read(self) -> list[str]:
        """The threads that others have named since the last call; none at the first one.

        Raises:
            OSError, SharedStoreDownError: that cannot be known.
        """
        ...


@lru_cache(maxsize=1)
def thread_notices() -> Notices:
    """Those of the settings."""
    if store := shared_store():
        return RedisNotices(store)
    return FileNotices(Path(settings().data_dir) / _FILE)


async def tell(thread_id: str) -> None:
    """Name a thread, if that can be done."""
    try:
        await thread_notices().tell(thread_id)
    except SharedStoreDownError:
        pass  # that was logged
    except OSError as problem:
        _log.warning("Other processes are not told of a change: %s", problem.strerror)


async def keep_reading(changed: Callable[[str], None], *, every: float = READ_EVERY) -> None:
    """Call `changed` with each thread that another process names, for ever."""
    while True:
        try:
            for thread_id in await thread_notices().read():
                changed(thread_id)
        except (OSError, SharedStoreDownError) as problem:
            _log.debug("What other processes have changed is not known: %r", problem)
        await asyncio.sleep(every)
