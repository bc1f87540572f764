"""Ends what is over: sockets of logins that were revoked elsewhere, or have lasted too long.

A sign-out in this process closes them at once, without this.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from chat_app.auth.database import UNAVAILABLE
from chat_app.auth.tabs import tabs
from chat_app.shared_store.redis import SharedStoreDownError

if TYPE_CHECKING:
    from chat_app.auth.identify import Authenticator

EVERY = 1.0
"""Seconds between two looks at all open sockets, some microseconds each."""
CLEAN_UP_EVERY = 3600.0

_log = logging.getLogger(__name__)


async def close_ended(mode: Authenticator, *, every: float = EVERY) -> None:
    """Close the sockets whose login is not valid any more, for ever."""
    while True:
        await asyncio.sleep(every)
        with suppress(SharedStoreDownError):  # which is told of in the log already
            await mode.catch_up()
        try:
            for login_id in tabs().logins():
                if not mode.is_valid(login_id):
                    tabs().revoke(login_id)
        except UNAVAILABLE as problem:
            _log.warning("Logins could not be checked: %s", problem)


async def clean_up(mode: Authenticator, *, every: float = CLEAN_UP_EVERY) -> None:
    """Delete what is over, for ever."""
    while True:
        try:
            await asyncio.to_thread(mode.clean_up)
        except UNAVAILABLE as problem:
            _log.warning("Old logins could not be deleted: %s", problem)
        await asyncio.sleep(every)
