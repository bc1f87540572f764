"""How often a list of threads is asked for.

A LangGraph server has no stream of its list, and one stream per thread would be dear. So the list
is polled: every `LIST` seconds while a tab is visible, less often while all are hidden or requests
fail or nothing happens, and not at all without a tab, or while the server is missing.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError
from chat_app.runs import tasks
from chat_app.runs.times import (
    LIST,
    LIST_HIDDEN,
    LIST_RETRY,
    LIST_SHARE,
    REST_MOST,
    REST_SEEN,
    REST_SHARE,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.runs.availability import Availability


class Polling:
    """That of one list: calls `refresh` for as long as there are subscribers."""

    def __init__(self, refresh: Callable[[], Awaitable[None]], availability: Availability) -> None:
        self._refresh = refresh
        self._availability = availability
        self._failed = 0
        self._subscribers: dict[Callable[[], None], bool | None] = {}
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.asked_at = 0.0
        """When the list was asked for last, in seconds of `time.monotonic`."""
        self.took = 0.0
        """Seconds until that was answered."""
        self._touched_at = time.monotonic()

    def subscribe(self, notify: Callable[[], None], *, is_visible: bool | None) -> None:
        """See `chat_app.runs.threads.thread_list.ThreadList.subscribe`."""
        if notify not in self._subscribers:
            self._availability.subscribe(self._wake)
        self._subscribers[notify] = is_visible
        self._touched_at = time.monotonic()
        self._wake()

    def unsubscribe(self, notify: Callable[[], None]) -> None:
        """Call `notify` no more."""
        self._subscribers.pop(notify, None)
        if not self._subscribers:
            self._availability.unsubscribe(self._wake)
        self._wake()

    def notify(self) -> None:
        """Tell all subscribers that there is something new."""
        self._touched_at = time.monotonic()
        for notify in tuple(self._subscribers):
            notify()

    def touch(self) -> None:
        """A person did something: what was asked for long ago is asked for at once."""
        has_rested = self.rest > LIST
        self._touched_at = time.monotonic()
        if has_rested:
            self._wake()

    @property
    def rest(self) -> float:
        """Seconds between two requests, from what has not happened for how long."""
        most = REST_SEEN if any(self._subscribers.values()) else REST_MOST
        return min(REST_SHARE * (time.monotonic() - self._touched_at), most)

    async def aclose(self) -> None:
        """End the polling."""
        self._subscribers.clear()
        if self._task:
            await tasks.end(self._task)

    def _wake(self) -> None:
        """Poll from now on as often as the subscribers need it."""
        self._changed.set()
        is_polling = self._task is not None and not self._task.done()
        if not is_polling and self._pause() is not None:
            self._task = tasks.spawn(self._poll(), name="list threads")

    def _pause(self) -> float | None:
        """Seconds between two requests; None where there shall be none."""
        visible = [each for each in self._subscribers.values() if each is not None]
        if not visible or self._availability.failure is not None:
            return None
        usual = max(LIST if any(visible) else LIST_HIDDEN, LIST_SHARE * self.took, self.rest)
        return max(usual, LIST_RETRY.pause(self._failed - 1)) if self._failed else usual

    async def _poll(self) -> None:
        while (pause := self._pause()) is not None:
            self._changed.clear()
            left = self.asked_at + pause - time.monotonic()
            if left > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await self._changed.wait()
                continue  # a subscriber may have changed how often
            try:
                await self._refresh()
            except LangGraphError as failure:
                self._failed += 1
                if self._failed > 1:  # one alone may be a connection that was just closed
                    self._availability.report(failure)
            else:
                self._failed = 0
