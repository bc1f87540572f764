"""Plays a stored thread to the tab that asked for it: the same surface as that of a session.

Nothing is asked of a server and nothing is sent to one: a tab subscribes and shows `snapshot`, as
it does with `chat_app.runs.session.ThreadSession`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chat_app.runs import tasks
from chat_app.runs.machine.conversation import Conversation, Phase
from chat_app.runs.session import Snapshot
from chat_app.runs.thread_view import View
from chat_app.runs.times import VIEW

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.transcript.replaying import Replay

SLOWEST, FASTEST = 0.25, 16.0
"""Times the pace of the replay."""


class ReplayPlayer:
    """One replay. `thread_id` is that of the thread, empty where it came from a file."""

    def __init__(self, replay: Replay, *, thread_id: str = "", title: str = "") -> None:
        self.replay = replay
        self.thread_id = thread_id
        self.speed = 1.0
        self._title = title
        self._number = 0
        self._seconds = 0.0
        """How far it is, as of `_since` on the loop's clock where it plays."""
        self._since = 0.0
        self._playing: asyncio.Task[None] | None = None
        self._subscribers: set[Callable[[], None]] = set()
        self._at_rest = Conversation(thread_id, exists=True)
        self._at_work = Conversation(thread_id, exists=True, phase=Phase.RUNNING)
        self._snapshot = self._made()

    @property
    def snapshot(self) -> Snapshot:
        """What a tab shows now."""
        return self._snapshot

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself."""
        return self._playing is not None

    @property
    def is_over(self) -> bool:
        """Whether all is shown."""
        return self._number >= len(self.replay.moments) - 1

    @property
    def number(self) -> int:
        """The moment that is shown."""
        return self._number

    @property
    def seconds(self) -> float:
        """How far it is."""
        return self.replay.moments[self._number].seconds

    def subscribe(self, notify: Callable[[], None]) -> None:
        """Call `notify` after each change."""
        self._subscribers.add(notify)

    def unsubscribe(self, notify: Callable[[], None]) -> None:
        """Call `notify` no more. Without subscribers it pauses."""
        self._subscribers.discard(notify)
        if not self._subscribers:
            self.pause()

    def play(self) -> None:
        """Go on by itself; from the beginning where all is shown."""
        if self.is_playing:
            return
        if self.is_over:
            self._go_to(0)
        self._start_clock()
        self._playing = tasks.spawn(self._play(), name="replay")
        self._publish()

    def pause(self) -> None:
        """Stay where it is."""
        playing, self._playing = self._playing, None
        if playing:
            playing.cancel()
            self._publish()

    def step(self) -> None:
        """Show the next step, and stay there."""
        self.pause()
        self._go_to(self.replay.next_step(self._number))

    def turn(self, count: int) -> None:
        """Go to the beginning of the turn so many after this one, or before it."""
        turns = self.replay.turns or (0,)
        now = max((n for n, first in enumerate(turns) if first <= self._number), default=0)
        wanted = now + count
        if count < 0 and self._number > turns[now]:
            wanted += 1  # first back to the beginning of this one
        is_beyond = wanted >= len(turns)
        self._go_to(len(self.replay.moments) - 1 if is_beyond else turns[max(wanted, 0)])

    def seek(self, seconds: float) -> None:
        """Go to a time."""
        self._go_to(self.replay.at(min(max(seconds, 0.0), self.replay.duration)))

    def set_speed(self, speed: float) -> None:
        """Play so many times as fast."""
        self.speed = min(max(speed, SLOWEST), FASTEST)
        self._start_clock()
        self._publish()

    def _go_to(self, number: int) -> None:
        self._number = number
        self._start_clock()
        self._publish()

    def _start_clock(self) -> None:
        self._seconds, self._since = self.seconds, asyncio.get_running_loop().time()

    async def _play(self) -> None:
        loop, moments = asyncio.get_running_loop(), self.replay.moments
        while not self.is_over:
            now = self._seconds + (loop.time() - self._since) * self.speed
            wait = (moments[self._number + 1].seconds - now) / self.speed
            await asyncio.sleep(max(wait, VIEW))
            now = self._seconds + (loop.time() - self._since) * self.speed
            if (number := max(self.replay.at(now), self._number)) != self._number:
                self._number = number
                self._publish()
        self._playing = None
        self._publish()

    def _made(self) -> Snapshot:
        shown = self.replay.frame(self._number)
        conversation = self._at_work if shown.running else self._at_rest
        return Snapshot(conversation, View(shown, title=self._title, is_loaded=True))

    def _publish(self) -> None:
        self._snapshot = self._made()
        for notify in tuple(self._subscribers):
            notify()
