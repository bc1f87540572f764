"""Notifications that a run of a thread began or ended, by whatever program."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from chat_app.client import (
    BadRequestError,
    InvalidError,
    LangGraphError,
    NotFoundError,
    UnsupportedError,
)
from chat_app.runs.times import LISTEN_SILENCE, POLL, POLL_FOR, RETRY

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.lifecycle import Lifecycle

_log = logging.getLogger("chat_app.runs")


_MISSING = (BadRequestError, InvalidError, NotFoundError, UnsupportedError)
"""How a server answers that has no such stream."""


async def listen(
    client: LangGraphClient, thread_id: str, notify: Callable[[Lifecycle | None], None]
) -> None:
    """Call `notify` with each run that begins or ends, until cancelled.

    It is called with None where anything may have happened: whenever the stream stands (again), and
    now and then where the server has no such stream.
    """
    failed = 0
    while True:
        trouble: LangGraphError | None = None
        try:
            async for event in client.threads.lifecycle(thread_id, silence=LISTEN_SILENCE):
                failed = 0
                notify(event if event.run_id else None)
        except _MISSING as missing:
            _log.info("thread %s: asked every %g s: %s", thread_id, POLL, missing)
            await _poll(notify)
            continue
        except LangGraphError as broken:  # also a proxy's error page
            trouble = broken
        await asyncio.sleep(RETRY.pause(failed, trouble))
        failed += 1


async def _poll(notify: Callable[[Lifecycle | None], None]) -> None:
    """For a while: an error page of a proxy may look like a server without the stream."""
    for _ in range(round(POLL_FOR / POLL)):
        await asyncio.sleep(POLL)
        notify(None)
