"""Tokens at the speed of a language model, never faster than asked for on average."""

from __future__ import annotations

import asyncio
import os

TOKENS_PER_SECOND = 50
_GOLDEN = 0.618


def speed() -> float:
    """How many times as fast as a language model the demo is to be: `CHAT_DEMO_SPEED`."""
    return float(os.environ.get("CHAT_DEMO_SPEED") or 1)


class Pace:
    """A clock that ticks `speed` times 50 a second, unevenly but the same way every time."""

    def __init__(self, speed: float = 1) -> None:
        self._interval = 1 / (TOKENS_PER_SECOND * speed)
        self._ticks = 0
        self._due = asyncio.get_running_loop().time()

    async def tick(self) -> None:
        """Wait until the next token is due; at once if it is late."""
        self._ticks += 1
        uneven = 0.6 + 0.8 * (self._ticks * _GOLDEN % 1)
        self._due += self._interval * uneven
        await asyncio.sleep(max(0, self._due - asyncio.get_running_loop().time()))
