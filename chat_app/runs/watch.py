"""Watching one run: start it or join it, and see the transcript grow until the run is over.

The server owns the run. A watch only looks: closing it leaves the run going, `stop` ends the run.
Nothing here knows who looks, or how the views are drawn.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from operator import attrgetter
from typing import TYPE_CHECKING

from chat_app.client.events import (
    MessageDelta,
    MessagesComplete,
    Outcome,
    RunEnd,
    RunError,
    Updates,
    Values,
)
from chat_app.runs import tasks
from chat_app.runs.mailbox import Mailbox
from chat_app.transcript.fold import fold, fold_all, load, start

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.client import Event, LangGraphClient
    from chat_app.client.events import Json
    from chat_app.transcript.message import Message, Transcript

_log = logging.getLogger("chat_app.runs")

_NAME = attrgetter("event")

STOP_GRACE = 1.0
"""Seconds a stopped run may take to end on the server before the watch lets go of it."""


class Watch:
    """One look at one run of one thread.

    Args:
        client: the server's client.
        thread_id: the thread the run belongs to.
        history: the transcript before the run.
    """

    def __init__(self, client: LangGraphClient, thread_id: str, history: Transcript) -> None:
        self.thread_id = thread_id
        self.run_id = ""
        self.outcome: Outcome | None = None
        """How the run ended; None while it goes, or where a stop did not wait for the end."""
        self._client = client
        self._fold = start(history)
        self._known = asyncio.Event()
        self._over = asyncio.Event()
        self._mailbox: Mailbox[Event] = Mailbox(is_urgent=_is_structural)

    @property
    def accepted(self) -> bool:
        """True once the server has taken the run: from then on the question is in the thread."""
        return self._known.is_set()

    async def start(
        self, assistant_id: str, *, input: Json | None, pending: Message | None = None
    ) -> AsyncGenerator[Transcript, None]:
        """Start a run and yield the transcript as it grows, the person's message first.

        `input` of None goes on from where the thread stands.

        Raises:
            LangGraphError: the server did not take the run, or cannot be reached.
        """
        self._fold = start(self._fold.transcript, pending=pending)
        events = self._client.runs.stream(
            self.thread_id, assistant_id, input=input, on_run_created=self._created
        )
        async for view in self._views(events):
            yield view

    async def join(self, run_id: str) -> AsyncGenerator[Transcript, None]:
        """Look at a run that is under way, from its first token where the server kept it.

        Raises:
            LangGraphError: the server refused, or cannot be reached.
        """
        self._created(run_id)
        events = self._client.runs.join_stream(self.thread_id, run_id, last_event_id="-1")
        async for view in self._views(events, whole=False):
            yield view

    def was_stopped(self, view: Transcript) -> bool:
        """Whether `view` ends in the middle: not done, not failed, nobody asked anything."""
        over = not view.running and not view.failure and not view.interrupts
        return over and self.outcome is not Outcome.FINISHED

    async def stop(self) -> None:
        """Cancel the run on the server and end the watch, at the latest after `STOP_GRACE`."""
        tasks.spawn(self._cancel(), name=f"cancel {self.thread_id}")
        try:
            async with asyncio.timeout(STOP_GRACE):
                await self._over.wait()
        except TimeoutError:
            self._mailbox.close()

    async def _cancel(self) -> None:
        async with asyncio.timeout(STOP_GRACE * 10):
            await self._known.wait()
            await self._client.runs.cancel(self.thread_id, self.run_id)
        _log.info("run %s: cancelled", self.run_id)

    def _created(self, run_id: str) -> None:
        self.run_id = run_id
        self._known.set()
        _log.info("run %s: watching on thread %s", run_id, self.thread_id)

    async def _views(
        self, events: AsyncGenerator[Event, None], *, whole: bool = True
    ) -> AsyncGenerator[Transcript, None]:
        """Fold `events`; where they may not be the `whole` run, its end is read from the thread."""
        async with aclosing(self._mailbox.batches(events)) as batches:
            async for batch in batches:
                before = self._fold.transcript
                self._fold = fold_all(self._fold, batch)
                whole = whole and "reconnected" not in map(_NAME, batch)
                if batch and isinstance(batch[-1], RunEnd):
                    self._ended(batch[-1])
                if not batch or self._fold.transcript is not before:
                    yield self._fold.transcript
        if self._fold.transcript.running:
            yield fold(self._fold, self._let_go()).transcript
        elif not whole and self.outcome is Outcome.FINISHED:
            yield load(await self._client.threads.get_state(self.thread_id))

    def _ended(self, end: RunEnd) -> None:
        self.outcome = end.outcome
        self._over.set()
        _log.info("run %s: %s", self.run_id, end.outcome.value)

    def _let_go(self) -> RunEnd:
        return RunEnd(event="end", outcome=Outcome.INTERRUPTED, run_id=self.run_id)


def _is_structural(event: Event) -> bool:
    """Tell what is more than text that grows: a tool call that begins, a step's result, an end."""
    if event.namespace:
        return False
    if isinstance(event, MessageDelta):
        message = event.message
        return not str(message.get("type")).endswith("Chunk") or _begins_a_call(message)
    return isinstance(event, Values | Updates | MessagesComplete | RunError | RunEnd)


def _begins_a_call(chunk: Json) -> bool:
    """Only the first fragment of a call has a name."""
    fragments = chunk.get("tool_call_chunks")
    return isinstance(fragments, list) and any(
        isinstance(fragment, dict) and fragment.get("name") for fragment in fragments
    )
