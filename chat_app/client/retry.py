"""How hard to hold on to a run whose stream broke, and the pause before the next try."""

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
    """How hard to hold on to a run whose stream broke. Times are in seconds.

    The defaults outlast about ten minutes without a server.
    """

    tries: int = 45
    """Reconnections in a row that brought nothing."""
    pauses: tuple[float, ...] = (0.5, 1, 2, 4, 8, 15)
    """Before each of them; the last one repeats."""
    jitter: float = 0.25
    """The part by which a pause may be longer, so that many watchers do not return at once."""
    silence: float = 15
    """Without a byte for so long a stream is dead: the server's heartbeat comes every 5."""

    def pause(self, tries: int, trouble: LangGraphError | None = None) -> float:
        """Seconds to wait after `tries` that failed, the last one with `trouble`."""
        base = self.pauses[min(tries, len(self.pauses) - 1)]
        spread = base * (1 + self.jitter * random.random())  # noqa: S311 - no secret
        asked = trouble.retry_after if isinstance(trouble, RateLimitError) else None
        return max(spread, min(asked or 0, _LONGEST_RETRY_AFTER))


async def wait(seconds: float, hurry: asyncio.Event | None = None) -> None:
    """Wait for `seconds`, or until somebody sets `hurry`, which is cleared for the next time."""
    if hurry is None:
        await asyncio.sleep(seconds)
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await hurry.wait()
    hurry.clear()
