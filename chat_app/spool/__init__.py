"""Attachments that are not sent yet, and files to be imported, where every process finds them.

A page's socket and its uploads may reach different processes, and a page that has lost its process
goes on at another one. So what a tab has uploaded is in no process's memory:

==========  ==================================================================================
module      where
==========  ==================================================================================
`entry`     what is kept, and the limits: the protocol of both
`files`     a private folder in the data folder, for the processes of one host
`shared`    Redis, for those of several hosts
==========  ==================================================================================

What belongs together has an *owner*, which is no name of a person or a tab but made of one with
the app's secret. It is kept for `KEPT` seconds after the last sign of the tab, whatever process
that came to.
"""

from __future__ import annotations

import asyncio
import logging
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from chat_app.config import settings
from chat_app.shared_store.redis import SharedStore, shared_store
from chat_app.spool.entry import (
    KEPT,
    LEFT,
    Entry,
    Limits,
    Spool,
    SpoolDownError,
    SpoolError,
    SpoolFullError,
)
from chat_app.spool.files import FileSpool
from chat_app.spool.shared import SharedSpool

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "KEPT",
    "LEFT",
    "Entry",
    "Limits",
    "Spool",
    "SpoolDownError",
    "SpoolError",
    "SpoolFullError",
    "keep_clean",
    "spool",
]

_log = logging.getLogger(__name__)

CLEAN_UP_EVERY = 300.0
_FOLDER = "spool"
_MB = 1_000_000
_OF_ALL = 400 * _MB
_OF_ALL_SHARED = 200 * _MB
"""In the memory of Redis."""
_PER: Mapping[str, int] = {"person": 150 * _MB, "address": 200 * _MB}
_LEAST = 100_000
_CONTENT_WITHIN = 20.0
"""Seconds for a file on its way to Redis and back: the other calls have a few bytes, and one."""


def spool() -> Spool:
    """That of the settings."""
    if store := shared_store():
        return SharedSpool(store, Limits(_OF_ALL_SHARED, _PER, _LEAST), _for_content())
    return FileSpool(Path(settings().data_dir) / _FOLDER, Limits(_OF_ALL, _PER, _LEAST))


@lru_cache(maxsize=1)
def _for_content() -> SharedStore:
    return SharedStore(settings().redis_url.get_secret_value(), timeout=_CONTENT_WITHIN)


async def keep_clean() -> None:
    """Remove what is over, for ever. Any number of processes may do it."""
    while True:
        try:
            await spool().clean_up()
        except SpoolDownError as problem:
            _log.warning("What is over could not be removed from the spool: %s", problem)
        await asyncio.sleep(CLEAN_UP_EVERY)
