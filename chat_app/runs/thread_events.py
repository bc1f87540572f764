"""Hearing that something happens on a thread, whoever caused it: another tab, a schedule, the API.

One look at the server's stream of run beginnings and ends serves all who listen to a thread here.
Whoever changes a thread in this process also rings itself, which is quicker than any server.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError, UnreachableError
from chat_app.runs import tasks

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.client import LangGraphClient

_log = logging.getLogger("chat_app.runs")

SILENCE = 15.0
"""Seconds without a byte after which the stream counts as dead; heartbeats come every 5."""
PAUSES = (0.5, 1.0, 2.0, 5.0, 15.0)
"""Seconds before each attempt to hear again; the last one repeats."""
POLL = 2.0
"""Seconds between two rings where the server has no such stream."""

_posts: dict[str, _Post] = {}


class _Post:
    """All who listen to one thread, and the task that hears for them."""

    def __init__(self, client: LangGraphClient, thread_id: str) -> None:
        self.listeners: set[asyncio.Event] = set()
        self._thread_id = thread_id
        self._task = tasks.spawn(self._hear(client), name=f"lookout {thread_id}")

    def ring(self) -> None:
        for listener in self.listeners:
            listener.set()

    async def aclose(self) -> None:
        await tasks.end(self._task)

    async def _hear(self, client: LangGraphClient) -> None:
        failed = 0
        while True:
            try:
                async for _ in client.threads.lifecycle(self._thread_id, silence=SILENCE):
                    failed = 0
                    self.ring()
            except UnreachableError:
                pass
            except LangGraphError as refused:
                _log.info("thread %s: asked about every %g s: %s", self._thread_id, POLL, refused)
                await self._poll()
            await asyncio.sleep(PAUSES[min(failed, len(PAUSES) - 1)])
            failed += 1

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL)
            self.ring()


@asynccontextmanager
async def listening(client: LangGraphClient, thread_id: str) -> AsyncGenerator[asyncio.Event, None]:
    """Within the block the event is set whenever something may have changed on the thread."""
    changed = asyncio.Event()
    post = _posts.get(thread_id)
    if post is None:  # its stream tells when it is open, and what came before is looked for then
        post = _posts[thread_id] = _Post(client, thread_id)
    else:
        changed.set()  # something may have changed between the last look and this one
    post.listeners.add(changed)
    try:
        yield changed
    finally:
        post.listeners.discard(changed)
        if not post.listeners and _posts.get(thread_id) is post:
            del _posts[thread_id]
            await post.aclose()


def notify(thread_id: str) -> None:
    """Tell all who listen to the thread in this process that something changed there."""
    if post := _posts.get(thread_id):
        post.ring()
