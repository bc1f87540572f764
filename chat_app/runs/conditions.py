"""Waiting until something holds, woken by who changes it, and only then.

An event for all would wake each of them with every view of an answer, 25 times a second.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Conditions:
    """What tasks wait for."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], Callable[[], bool]] = {}

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds; it is asked again each time that something `changed`."""
        while not condition():
            waiter = asyncio.get_running_loop().create_future()
            self._waiting[waiter] = condition
            try:
                await waiter
            finally:
                del self._waiting[waiter]

    def changed(self) -> None:
        """Wake those whose condition holds by now."""
        for waiter, condition in self._waiting.items():
            if not waiter.done() and condition():
                waiter.set_result(None)
