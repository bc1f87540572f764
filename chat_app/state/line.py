"""What waits on one thread, as one tab knows it.

Whoever changes it does so over several requests, in which the person may turn to another thread.
The line stays that of its own thread: take it once, in the tab's lock, and keep to it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat_app.runs import queue, thread_events
from chat_app.runs.pending_runs import Agenda, Queued

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chat_app.client import LangGraphClient


@dataclass(frozen=True)
class Waiting:
    """A message that waits for its turn. `id` names it to the handlers of the queue."""

    id: str
    text: str
    files: int = 0
    """How many it carries."""
    is_foreign: bool = False
    """Another program has queued it: it can only be removed."""


def waiting(messages: Iterable[Queued]) -> list[Waiting]:
    """The messages as the page has them."""
    return [
        Waiting(message.message_id, message.gist, len(message.carried), message.is_foreign)
        for message in messages
    ]


def _nothing_ahead() -> asyncio.Event:
    free = asyncio.Event()
    free.set()
    return free


@dataclass(eq=False)
class Line:
    """One thread's."""

    thread_id: str = ""
    """Empty in a new chat, until sending has made its thread."""
    agenda: Agenda = field(default_factory=Agenda)
    """What the server had to do there when it was last asked."""
    arriving: list[Queued] = field(default_factory=list)
    """Messages on their way to the server's queue for the first time."""
    putting: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while the first of them is brought there, and while the line is being changed."""
    instead: list[Queued] = field(default_factory=list)
    """Messages that go as soon as the answer being written is ended for them."""
    aside: list[Queued] = field(default_factory=list)
    """Messages on their way back into the server's queue."""
    moving: bool = False
    """It is being changed: what the server says of it meanwhile is not the whole."""
    ahead: asyncio.Event = field(default_factory=_nothing_ahead)
    """Set once what was begun last is at the server, or never will be: what is sent next waits."""
    busy_until: float = 0.0
    """Monotonic seconds: before that the server has other things to do there."""

    @property
    def queued(self) -> list[Queued]:
        """All that waits, next one first."""
        at_server, held = self.agenda.waiting, queue.held(self.thread_id)
        everywhere = self.instead, self.aside, at_server, held, self.arriving
        by_id = {message.message_id: message for messages in everywhere for message in messages}
        known = {message.message_id: message for message in self.agenda.waiting}
        return list((by_id | known).values())

    def lay_aside(self, begun: Sequence[Queued] = ()) -> list[Queued]:
        """Let what this app has queued at the server stand aside, and return it.

        `begun` are messages that waited before, and go now.
        """
        ours = [each for each in (*begun, *self.agenda.waiting) if not each.is_foreign]
        known = {message.message_id for message in self.aside}
        self.aside += [message for message in ours if message.message_id not in known]
        return ours

    @property
    def comes_first(self) -> bool:
        """Whether what waits is moved, or on its way back: what is sent now comes after it."""
        return bool(self.queued and (self.moving or self.aside))

    async def at_rest(self) -> None:
        """Wait until nobody changes the line."""
        async with self.putting:
            return

    async def restore(self, client: LangGraphClient) -> None:
        """Bring back what stands aside, in one attempt; `go_on_restoring` must follow.

        Nobody else may change the line meanwhile.
        """
        await queue.bring_back(client, self.thread_id, self.aside, is_last=False)

    async def go_on_restoring(self, client: LangGraphClient) -> None:
        """`bring_back`, and what is sent meanwhile waits for it."""
        if not self.ahead.is_set():
            return  # it comes behind what was begun since
        self.ahead = restored = asyncio.Event()
        try:
            await self.bring_back(client, behind=restored)
        finally:
            restored.set()

    async def bring_back(
        self, client: LangGraphClient, *, behind: asyncio.Event | None = None
    ) -> None:
        """Bring back what stands aside; where the server does not take it, it is kept here.

        Nobody changes the line during an attempt; it is free for that between two of them. Given up
        where `behind` is not what was begun last any more: that brings it back then.
        """
        for pause in (*queue.RESTORE_PAUSES, 0):
            async with self.putting:
                if not self.aside or behind not in (None, self.ahead):
                    return
                aside, is_last = self.aside, not pause
                if await queue.bring_back(client, self.thread_id, aside, is_last=is_last):
                    break
            await asyncio.sleep(pause)
        thread_events.notify(self.thread_id)
