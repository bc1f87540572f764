"""Whether the agent server can be reached; while it cannot, one probe per process tries again."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError, ServerError, UnreachableError
from chat_app.client.retry import wait
from chat_app.observability import metrics
from chat_app.runs import tasks
from chat_app.runs.times import PROBE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient

_GATEWAY = (502, 503, 504)
"""What a proxy answers with while the server behind it is down."""


def is_missing(failure: LangGraphError) -> bool:
    """Whether a request failed because no agent server answered it."""
    if isinstance(failure, UnreachableError):
        return True
    return isinstance(failure, ServerError) and failure.status in _GATEWAY


class Availability:
    """Of one server. It is probed only while it is missing and has a subscriber."""

    def __init__(self, connect: Callable[[], Awaitable[LangGraphClient]]) -> None:
        self._connect = connect
        self._subscribers: set[Callable[[], None]] = set()
        self._probing: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self.failure: LangGraphError | None = None
        """Why the server is missing; None while it is not."""
        self.again_at = 0.0
        """When it is tried again, in seconds of `time.monotonic`."""

    @property
    def is_missing(self) -> bool:
        """Whether nothing answers at the server's address."""
        return self.failure is not None

    def subscribe(self, notify: Callable[[], None]) -> None:
        """Call `notify` after each change of `failure` or `again_at`."""
        self._subscribers.add(notify)
        self._probe_if_missing()

    def unsubscribe(self, notify: Callable[[], None]) -> None:
        """Call `notify` no more."""
        self._subscribers.discard(notify)

    def report(self, failure: LangGraphError) -> None:
        """Take a failed request into account, where it says that the server is missing."""
        if self.failure is None and is_missing(failure):
            self.failure = failure
            self.again_at = time.monotonic() + PROBE.pause(0)
            self._publish()
            self._probe_if_missing()

    def answered(self) -> None:
        """Take a request into account that the server answered, in whatever way."""
        if self.failure is not None:
            self.failure = None
            self._hurry.set()  # the probe ends
            self._publish()

    def hurry(self) -> None:
        """Do not wait any longer with the next try."""
        self._hurry.set()

    async def aclose(self) -> None:
        """End the probe."""
        if self._probing:
            await tasks.end(self._probing)

    def _probe_if_missing(self) -> None:
        is_probing = self._probing is not None and not self._probing.done()
        if self.failure is not None and self._subscribers and not is_probing:
            self._hurry.clear()
            self._probing = tasks.spawn(self._probe(), name="probe")

    async def _probe(self) -> None:
        tries = 0
        while self.is_missing and self._subscribers:
            pause = PROBE.pause(tries)
            self.again_at = time.monotonic() + pause
            self._publish()
            await wait(pause, self._hurry)
            if not self.is_missing:
                return
            self.again_at = time.monotonic()
            self._publish()
            metrics.RETRIES.labels("server").inc()
            try:
                await (await self._connect()).info()
            except LangGraphError as failure:
                if is_missing(failure):
                    tries += 1
                    continue
            self.answered()

    def _publish(self) -> None:
        for notify in tuple(self._subscribers):
            notify()
