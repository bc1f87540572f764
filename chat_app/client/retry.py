"""The retry policy for a run whose stream broke."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass

from chat_app.client.errors import LangGraphError, RateLimitError

_LONGEST_RETRY_AFTER = 60.0
"""Seconds: a server that asks for more is asked again sooner."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """The retry policy for a run whose stream broke. Times are in seconds.

    With the defaults it gives up after about ten minutes without a server.
    """

    tries: int = 45
    """The most reconnections in a row without a new event."""
    pauses: tuple[float, ...] = (0.5, 1, 2, 4, 8, 15)
    """Before each of them; the last one repeats."""
    jitter: float = 0.25
    """The fraction by which a pause may be longer, so that clients do not reconnect all at once."""
    silence: float = 15
    """The timeout of a stream without a byte; the server sends a heartbeat every 5."""

    def pause(self, tries: int, trouble: LangGraphError | None = None) -> float:
        """Seconds to wait after `tries` that failed, the last one with `trouble`."""
        base = self.pauses[min(tries, len(self.pauses) - 1)]
        spread = base * (1 + self.jitter * random.random())  # noqa: S311 - no secret
        asked = trouble.retry_after if isinstance(trouble, RateLimitError) else None
        return max(spread, min(asked or 0, _LONGEST_RETRY_AFTER))


async def wait(seconds: float, hurry: asyncio.Event | None = None) -> None:
    """Wait for `seconds`, or until `hurry` is set, which is cleared for the next time."""
    if hurry is None:
        await asyncio.sleep(seconds)
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await hurry.wait()
    hurry.clear()
