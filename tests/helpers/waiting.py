"""Waiting for what another process, or a task that has no event for it, is about to do."""

from __future__ import annotations

import asyncio
import inspect
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 40.0
"""Seconds: more than the slowest answer on a busy machine."""


async def until(condition: Callable[[], Any], *, patience: float = PATIENCE) -> None:
    """Wait until `condition`, which may be a coroutine function, holds.

    Raises:
        TimeoutError: it did not within `patience` seconds.
    """
    async with asyncio.timeout(patience):
        while True:
            holds = condition()
            if await holds if inspect.isawaitable(holds) else holds:
                return
            await asyncio.sleep(0.01)


def soon(condition: Callable[[], Any], *, patience: float = PATIENCE) -> None:
    """Wait until `condition` holds, outside of any event loop.

    Raises:
        TimeoutError: it did not within `patience` seconds.
    """
    deadline = time.monotonic() + patience
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)
