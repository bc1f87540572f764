"""One session per thread: it owns the run, the queue and the transcript, for all of its tabs.

Tabs post events and subscribe to what the session publishes; they never ask the server about a run.
Only `ThreadSession.post` changes the conversation, one event at a time and without waiting for
anything, so nothing has to be locked: what takes time is an effect, a task beside it, which reports
its end as another event.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError
from chat_app.observability import metrics, tracing
from chat_app.runs import (
    dismissing,
    effects,
    loading,
    run_starter,
    tasks,
    temporary,
    thread_metadata,
)
from chat_app.runs.answers import forget_answer
from chat_app.runs.conditions import Conditions
from chat_app.runs.effects import PausedWriter
from chat_app.runs.failed import failed
from chat_app.runs.machine import effect_types
from chat_app.runs.machine.conversation import Conversation, Delivery, Phase, Returned
from chat_app.runs.machine.events import Acknowledge, Changed, Loaded, NotStarted, Opened
from chat_app.runs.machine.step import step
from chat_app.runs.state_watch import StateWatch
from chat_app.runs.thread_events import listen
from chat_app.runs.thread_view import View, Work
from chat_app.runs.times import LINGER, RETURNED_FOR, TEMPORARY_AWAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from chat_app.client import LangGraphClient
    from chat_app.client.lifecycle import Lifecycle
    from chat_app.runs.backend import Backend
    from chat_app.runs.inspected import Inspection
    from chat_app.runs.machine.effect_types import Effect
    from chat_app.runs.machine.events import Event
    from chat_app.transcript.removed_runs import RemovedRun

_log = logging.getLogger("chat_app.runs")

_UNDER_WAY = (Phase.STARTING, Phase.STOPPING, Phase.SAVING, Phase.LEAVING)

_COROUTINES: dict[type, Callable[[Work, Any], Any]] = {
    effect_types.Load: loading.load_thread,
    effect_types.Save: loading.save,
    effect_types.Dismiss: dismissing.dismiss,
    effect_types.ReadRuns: effects.read_runs,
    effect_types.Cancel: effects.cancel,
    effect_types.StartStopTimer: effects.start_stop_timer,
    effect_types.EndStream: effects.end_stream,
    effect_types.CheckOver: effects.check_over,
    effect_types.Enqueue: effects.enqueue,
    effect_types.RemoveRuns: effects.remove_runs,
    effect_types.Unblock: effects.unblock,
}


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All that a tab shows of a thread."""

    conversation: Conversation
    view: View

    def is_same(self, other: Snapshot | None) -> bool:
        """Whether nothing has changed between the two: by identity, for a transcript is large."""
        was = (other.conversation, other.view) if other else (None, None)
        return self.conversation is was[0] and self.view is was[1]


class ThreadSession:
    """One thread's. `others` gives the sessions of a thread that are open."""

    def __init__(
        self,
        thread_id: str,
        backend: Backend,
        closed: Callable[[str], None],
        others: Callable[[str], Sequence[ThreadSession]] = lambda _: (),
    ) -> None:
        self.thread_id = thread_id
        self._conversation = Conversation(thread_id)
        self._inbox: deque[Event] = deque()
        self._is_stepping = False
        self._subscribers: set[Callable[[], None]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._closing: asyncio.TimerHandle | None = None
        self._closed = closed
        self._others = others
        self._left_at = 0.0
        self._is_closed = False
        self._conditions = Conditions()
        self._work = Work(thread_id, backend, self.post, self._publish)
        self._paused = PausedWriter(self._work)
        self.watch = StateWatch(self._work, lambda: self._conversation, self._spawn)
        """Notices what other programs do to the thread's state."""

    @property
    def snapshot(self) -> Snapshot:
        """What a tab shows now."""
        return Snapshot(self._conversation, self._work.view)

    @property
    def work(self) -> Work:
        """What its effects work with, for what the inspector does beside them."""
        return self._work

    def create_with(self, title: str, metadata: Mapping[str, Any]) -> None:
        """The thread is new: it is created with this, together with its first message."""
        self._work.metadata = dict(metadata)
        if permission := self._work.backend.permission:
            permission.give()
        is_temporary = thread_metadata.is_temporary(metadata)
        self._work.is_discarded = is_temporary
        self._work.view = View(title=title, is_loaded=True, is_temporary=is_temporary)

    @property
    def is_temporary_here(self) -> bool:
        """Whether a tab shows the thread, and it is to be deleted when it is left."""
        return self._work.is_discarded and bool(self._subscribers)

    def subscribe(self, notify: Callable[[], None]) -> None:
        """Call `notify` after each change; the snapshot of then is in `snapshot`."""
        self._subscribers.add(notify)
        if self._closing:
            self._closing.cancel()
            self._closing = None

    def open(self) -> None:
        """A tab shows the thread from now on: read it, unless a run goes that tells everything."""
        is_unsent = bool(self._work.metadata) and not self._conversation.exists
        if not is_unsent:
            self.post(Opened())

    @property
    def inspection(self) -> Inspection | None:
        """What the inspector of the thread is told; None where no thread can be inspected."""
        return self._work.inspection

    @property
    def newest_run(self) -> str:
        """The run that began last, as far as this process knows; empty where it knows none."""
        if not self._conversation.phase.is_at_rest:
            return self._work.last_run  # the newest branch may be of one that has no id yet
        return self._work.branches.newest or self._work.last_run

    def retitle(self, title: str) -> None:
        """The thread has another title than when it was read."""
        if title != self._work.view.title:
            self._work.view = replace(self._work.view, title=title)
            self._publish()

    def run_removed(self, removed: RemovedRun) -> None:
        """A run was deleted, which is no version of anything any more."""
        self._work.branches.remove(removed)
        if self.inspection:
            self.inspection.removed(removed.run_id)
        self._work.show_versions()

    async def _until(self, condition: Callable[[], bool]) -> None:
        """Wait for what the conversation comes to; a closed session comes to nothing more."""
        await self._conditions.until(lambda: self._is_closed or condition())

    async def client(self) -> LangGraphClient:
        """The server's client, for what only one tab shows of the thread.

        Raises:
            LangGraphError: there is no such thread, or the server cannot be asked.
        """
        return await self._work.backend.connect()

    async def loaded(self) -> None:
        """Wait until the thread is read.

        Raises:
            LangGraphError: it cannot be read.
        """
        await self._until(lambda: not self._conversation.is_loading)
        if failure := self._work.view.load_failure:
            raise failure

    def unsubscribe(self, notify: Callable[[], None], *, is_away: bool = False) -> None:
        """Call `notify` no more. A session without subscribers is closed after a while.

        `is_away`: the tab did not leave the thread, it has lost its connection.
        """
        self._subscribers.discard(notify)
        if self.inspection:
            self.inspection.unwatch(notify)
        if not self._subscribers and self._closing is None:
            loop = asyncio.get_running_loop()
            self._left_at = loop.time()
            lingers = TEMPORARY_AWAY if is_away and self._work.is_discarded else LINGER
            self._closing = loop.call_later(lingers, self._close_if_idle)

    def post(self, event: Event) -> None:
        """Take an event: the conversation has changed on return, and the effects are under way."""
        if self._is_closed:
            return
        self._inbox.append(event)
        if self._is_stepping:
            return  # caused by another one, and taken right after it
        self._is_stepping = True
        try:
            while self._inbox:
                self._step(self._inbox.popleft())
        finally:
            self._is_stepping = False
        self._listen()
        self.watch.go_on()
        self._publish()

    def hurry(self) -> None:
        """Try to reconnect to the run's stream now."""
        if self._work.stream:
            self._work.stream.hurry()

    def has_queued(self, message_id: str) -> bool:
        """Whether a message waits in the queue."""
        return not self._is_closed and self._conversation.find(message_id) is not None

    async def settled(self, message_id: str) -> None:
        """Wait until a message is answered, waits in its queue, or is back in the draft."""
        await self._until(lambda: self._is_settled(message_id))

    def take_returned(self, message_id: str) -> Returned | None:
        """A message that goes back into the draft, for the tab that sent it or edits it."""
        returned = self._conversation.returned
        found = next((one for one in returned if one.id == message_id), None)
        if found:
            self.post(Acknowledge(message_id))
        return found

    async def stopped(self) -> None:
        """Wait until a Stop is through, or was refused, or the server does not answer it."""
        await self._until(self._is_stopped)

    def _is_stopped(self) -> bool:
        now = self._conversation
        is_stopping = now.phase is Phase.STOPPING and not now.is_unconfirmed
        return not is_stopping and now.phase is not Phase.SAVING

    async def at_rest(self) -> None:
        """Wait until no run goes."""
        await self._until(lambda: self._conversation.phase.is_at_rest)

    async def aclose(self) -> None:
        """Stop reading. The run goes on at the server, and waits for nothing here."""
        self._is_closed = True
        self._conditions.changed()
        stream, self._work.stream = self._work.stream, None
        if stream:
            stream.leave()
        if self._closing:
            self._closing.cancel()
        under_way = [task for task in (*self._tasks, self._listening) if task]
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way)

    def _step(self, event: Event) -> None:
        if isinstance(event, Loaded) and self._conversation.phase.is_at_rest:
            self._work.take_loaded()
        before = self._conversation
        self._conversation, caused = step(before, event)
        if (trouble := self._conversation.trouble) and trouble is not before.trouble:
            metrics.failed(trouble.kind)
        if self._conversation.phase is not before.phase:
            _log.debug("thread %s: %s", self.thread_id, self._conversation.phase)
        if isinstance(event, NotStarted) and self._conversation.trouble is None:
            self._work.stream = None
        for effect in caused:
            self._perform(effect)

    def _perform(self, effect: Effect) -> None:
        work = self._work
        match effect:
            case effect_types.Start(turn):
                run_starter.begin(work, turn)
                starting = self._performed(effect, run_starter.start(work, turn))
                self._starting = self._spawn(starting, "start")
            case effect_types.Join(turn):
                run_starter.begin(work, turn)
                self._spawn(self._performed(effect, run_starter.join(work, turn)), "join")
            case effect_types.Abort(turn_id):
                if work.unsent == turn_id and self._starting:
                    self._starting.cancel()
                    run_starter.undo(work, turn_id)
                    is_asking = bool(work.before.interrupts)
                    self.post(NotStarted(turn_id, is_asking=is_asking))
                    turn = self._conversation.turn
                    if turn and turn.answer:  # its decision may be noted by now
                        self._spawn(forget_answer(work, turn.answer), "forget")
            case effect_types.RememberPaused(run_ids):
                self._spawn(self._paused.write(run_ids), "paused")
            case _:
                perform = _COROUTINES[type(effect)]
                performing = self._performed(effect, perform(work, effect))
                self._spawn(performing, type(effect).__name__)

    async def _performed(self, effect: Effect, performing: Any) -> None:
        """Perform an effect; an error of this app itself is reported too, so that nothing waits."""
        try:
            with tracing.span(type(effect).__name__, thread_id=self.thread_id):
                await performing
        except Exception:
            if event := failed(self._work, effect):
                self.post(event)
            raise

    def _spawn(self, work: Any, name: str) -> asyncio.Task[None]:
        task = tasks.spawn(work, name=f"{name} {self.thread_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _publish(self) -> None:
        if self._is_stepping:
            return
        self._conditions.changed()
        for notify in self._subscribers:
            notify()

    def _is_settled(self, message_id: str) -> bool:
        now = self._conversation
        if now.turn and now.turn.message and now.turn.message.message_id == message_id:
            return now.phase.is_at_rest
        item = now.find(message_id)
        if item is None or item.delivery in (Delivery.WAITING, Delivery.PAUSED):
            return True
        is_held = item.is_held or not now.has_queue
        return item.delivery is Delivery.LOCAL and is_held and not now.phase.is_at_rest

    def _listen(self) -> None:
        """Be notified of what other programs do here, once the server has the thread."""
        if self._listening is None and self._conversation.exists and self._subscribers:
            self._listening = self._spawn(self._hear(), "listen")
            self._tasks.discard(self._listening)

    async def _discard(self) -> None:
        """Delete the thread, which is temporary, unless another session of it is open."""
        await self.aclose()
        await temporary.delete_left(self._work.backend, self.thread_id, self._others)

    async def _hear(self) -> None:
        is_first = True

        def notify(event: Lifecycle | None) -> None:
            nonlocal is_first
            # What was just read or created cannot have changed yet.
            if event is not None or not is_first:
                self.post(Changed(event.run_id, event.is_over) if event else Changed())
            is_first = False

        try:
            client = await self._work.backend.connect()
        except LangGraphError:
            return  # there is no server, and the page says so
        await listen(client, self.thread_id, notify)

    def _close_if_idle(self) -> None:
        self._closing = None
        if self._subscribers:
            return
        if self._work.is_discarded:
            self._closed(self.thread_id)
            tasks.spawn(self._discard(), name=f"delete {self.thread_id}")
            return
        now, loop = self._conversation, asyncio.get_running_loop()
        is_busy = now.phase in _UNDER_WAY or any(
            item.delivery not in (Delivery.WAITING, Delivery.PAUSED)
            or (item.delivery is Delivery.PAUSED and not item.message.run_id)
            for item in now.queue
        )
        if self._work.backend.meter and not now.phase.is_at_rest:
            is_busy = True  # what the run uses is only known at its end
        is_owed = bool(now.returned) and loop.time() - self._left_at < RETURNED_FOR
        if is_busy or is_owed:
            self._closing = loop.call_later(LINGER, self._close_if_idle)
        else:
            self._closed(self.thread_id)
            tasks.spawn(self.aclose(), name=f"close {self.thread_id}")
