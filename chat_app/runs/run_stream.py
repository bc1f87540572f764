"""Watching one run: start it or join it, and see the transcript grow until the run is over.

The server owns the run. A watch only looks: closing it leaves the run going, `stop` ends the run.
Nothing here knows who looks, or how the views are drawn.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Unpack

from chat_app.client import LangGraphError
from chat_app.client.events import (
    MessageDelta,
    MessagesComplete,
    Outcome,
    Reconnecting,
    RunEnd,
    RunError,
    Updates,
    Values,
)
from chat_app.client.modes import FOR_A_CHAT
from chat_app.client.recover import MESSAGE_KEY, REQUEST_KEY
from chat_app.runs import nodes, tasks, thread_events
from chat_app.runs.ids import uuid7
from chat_app.runs.mailbox import Mailbox
from chat_app.runs.reading import read_thread
from chat_app.transcript.fold import fold, fold_all, start
from chat_app.transcript.load import carried_over

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from chat_app.client import Event, LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import RunCreated, RunOptions
    from chat_app.transcript.fold import Fold
    from chat_app.transcript.message import Message, Transcript
    from chat_app.transcript.shapes import Shape

_log = logging.getLogger("chat_app.runs")

_NAMES = ("run_id", "metadata")

STOP_GRACE = 1.0
"""Seconds a stopped run may take to end on the server before the watch lets go of it."""
BEHIND = 2.0
"""Seconds that the rest of a run may take to be heard once it was stopped elsewhere."""
CANCEL_FOR = 60.0
"""Seconds in which a server that does not answer is asked again to end a stopped run."""


class RunStream:
    """One look at one run of one thread.

    Args:
        client: the server's client.
        thread_id: the thread the run belongs to.
        history: the transcript before the run.
        hide: the nodes whose models' words are not shown (see `chat_app.transcript.chunks.hides`).
    """

    def __init__(
        self,
        client: LangGraphClient,
        thread_id: str,
        history: Transcript,
        *,
        hide: Sequence[str] = (),
    ) -> None:
        self.thread_id = thread_id
        self.run_id = ""
        self.outcome: Outcome | None = None
        """How the run ended; None while it goes, or where nobody waited for the end."""
        self.cut: Reconnecting | None = None
        """Why nothing comes at the moment, and when it is tried again; None while all is well."""
        self.settled = asyncio.Event()
        """Set by whoever looks, once nothing more is done about this run."""
        self.stopping = False
        """Whoever looks has asked for its end, and saves what it wrote."""
        self.taken_back = False
        """What the run wrote is to be as if it had never been: nobody may save it."""
        self.is_let_go = False
        """Its views have ended before the run has."""
        self.refusal: LangGraphError | None = None
        """Why the server did not end the run that was to be stopped: it goes on."""
        self.saving: asyncio.Task[None] | None = None
        """Brings what a stopped run wrote to its thread; set before `settled`, if at all."""
        self._client = client
        self._hide = hide
        self._fold = self._fresh(history)
        self._request = ""
        self._checking: asyncio.Task[None] | None = None
        self._begun = monotonic()
        self._left = False
        self._known = asyncio.Event()
        self._over = asyncio.Event()
        self._answered = asyncio.Event()
        self._hurry = asyncio.Event()
        self._mailbox: Mailbox[Event] = Mailbox(is_urgent=_is_structural)

    @property
    def shape(self) -> Shape:
        """Of the graph that runs."""
        return self._fold.transcript.shape

    @property
    def accepted(self) -> bool:
        """True once the server has taken the run: from then on the question is in the thread."""
        return self._known.is_set()

    async def start(
        self,
        assistant_id: str,
        *,
        pending: Message | None = None,
        **options: Unpack[RunOptions],
    ) -> AsyncGenerator[Transcript, None]:
        """Start a run and yield the transcript as it grows, the person's message first.

        An `input` of None goes on from where the thread stands.

        Raises:
            LangGraphError: the server did not take the run, or cannot be reached.
        """
        self._fold = self._fresh(self._fold.transcript, pending)
        self._request = str(uuid7())
        options["metadata"] = {REQUEST_KEY: self._request}
        if pending:
            options["metadata"][MESSAGE_KEY] = pending.id
        asked: RunOptions = {**FOR_A_CHAT, "on_disconnect": "continue", **options}
        events = self._client.runs.stream(
            self.thread_id,
            assistant_id,
            on_run_created=self._started,
            hurry=self._hurry,
            gate=self._mailbox.gate,
            **asked,
        )
        async for view in self._views(events):
            yield view

    def join(
        self, run_id: str, *, pending: Message | None = None
    ) -> AsyncGenerator[Transcript, None]:
        """Look at a run that is under way, from its first token where the server kept it.

        Where it did not, the thread tells what came before the tokens that are yet to come.

        Raises:
            LangGraphError: the server refused, or cannot be reached.
        """
        self._fold = self._fresh(replace(self._fold.transcript, run_id=run_id), pending)
        self._created(run_id)
        events = self._client.runs.join_stream(
            self.thread_id,
            run_id,
            last_event_id="-1",
            hurry=self._hurry,
            gate=self._mailbox.gate,
        )
        return self._views(self._after_the_past(events), whole=False)

    def _fresh(self, history: Transcript, pending: Message | None = None) -> Fold:
        return start(history, pending=pending, silent=nodes.silent(), hide=self._hide)

    def was_stopped(self, view: Transcript) -> bool:
        """Whether `view` ends in the middle: not done, not failed, nobody asked anything."""
        over = not view.running and not view.failure and not view.interrupts
        return over and self.outcome is not Outcome.FINISHED

    async def is_taken(self) -> bool:
        """Whether the server has the run, also where its answer was never heard.

        Raises:
            LangGraphError: the server does not tell.
        """
        return self.accepted or bool(await self._find())

    def hurry(self) -> None:
        """Try to reconnect now, instead of at the end of the pause."""
        self._hurry.set()

    def leave(self) -> None:
        """Look away: the views end, and the run goes on."""
        self._left = True
        if self._checking:
            self._checking.cancel()
        self._mailbox.close()

    def let_go(self) -> None:
        """End the views as if the run had been stopped here; it goes on until `stop` is through."""
        self.is_let_go = True
        self._mailbox.close()

    async def stop(self) -> None:
        """Cancel the run on the server and end the watch, at the latest after `STOP_GRACE`.

        Raises:
            LangGraphError: the server refused, and the run goes on.
        """
        _log.info("run %s: to be stopped", self.run_id or "not known yet")
        self.refusal = None
        self._answered.clear()
        tasks.spawn(self._cancel(), name=f"cancel {self.thread_id}")
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_GRACE):
                await _first_of(self._over, self._answered)
                if self.refusal is None:
                    await self._over.wait()
        if self.refusal is not None and not self._over.is_set():
            raise self.refusal
        self.let_go()

    async def stop_answered(self) -> None:
        """Wait until the server has taken or refused the stop, or does not answer for too long."""
        await self._answered.wait()

    def seems_over(self) -> None:
        """End the watch too, if the run was stopped elsewhere and its stream does not say so.

        It may have much to tell yet, where this process is slower than the run was.
        """
        if self._checking is None or self._checking.done():
            self._checking = tasks.spawn(self._let_go_if_stopped(), name=f"check {self.thread_id}")

    async def taken_or_not(self) -> None:
        """Wait until the server has the run, or nobody waits for it any more."""
        await _first_of(self._known, self.settled)

    async def _let_go_if_stopped(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(BEHIND):
                await _first_of(self._over, self.settled)
        if self._over.is_set() or self.settled.is_set():
            return
        with suppress(LangGraphError):
            run = await self._client.runs.get(self.thread_id, self.run_id)
            if run["status"] == "interrupted":
                _log.info("run %s: stopped elsewhere", self.run_id)
                self.let_go()

    async def _cancel(self) -> None:
        """Cancel the run, also where the server has yet to say which one it is, or to answer."""
        pause = STOP_GRACE / 2
        try:
            for _ in range(round(CANCEL_FOR / pause)):
                if await self._is_cancelled():
                    return
                await asyncio.sleep(pause)
            _log.warning("run %s: could not be cancelled", self.run_id or "that never appeared")
        except LangGraphError as refused:
            if await self._is_over_at_server():
                return
            _log.warning("run %s: the server refuses to cancel it: %r", self.run_id, refused)
            self.refusal = refused
        finally:
            self._answered.set()

    async def _is_cancelled(self) -> bool:
        try:
            if run_id := self.run_id or await self._find():
                await self._client.runs.cancel(self.thread_id, run_id)
                _log.info("run %s: cancelled", run_id)
                return True
        except LangGraphError as refused:
            if not refused.retryable:
                raise
        return False

    async def _is_over_at_server(self) -> bool:
        """Whether the run has ended: some servers refuse to cancel it then."""
        with suppress(LangGraphError):
            run = await self._client.runs.get(self.thread_id, self.run_id)
            return run["status"] not in {"pending", "running"}
        return False

    async def _find(self) -> str:
        """The run that was asked for, where its answer never came."""
        if not self._request:
            return ""
        for run in await self._client.runs.list(self.thread_id, select=_NAMES):
            if (run.get("metadata") or {}).get(REQUEST_KEY) == self._request:
                return run["run_id"]
        return ""

    def _started(self, run: RunCreated) -> None:
        self._created(run["run_id"])
        thread_events.notify(self.thread_id)

    def _created(self, run_id: str) -> None:
        self.run_id = run_id
        self._known.set()
        _log.info("run %s: watched on thread %s", run_id, self.thread_id)

    async def _after_the_past(
        self, events: AsyncGenerator[Event, None]
    ) -> AsyncGenerator[Event, None]:
        """Events of a run; if they begin in its middle, first what the thread holds by then."""
        begun = False
        async with aclosing(events):
            async for event in events:
                if not begun and isinstance(event, Values | Updates | MessageDelta):
                    begun = True
                    if not isinstance(event, Values):
                        with suppress(LangGraphError):
                            state = await self._client.threads.get_state(self.thread_id)
                            yield Values(event="values", values=state["values"])
                yield event

    async def _views(
        self, events: AsyncGenerator[Event, None], *, whole: bool = True
    ) -> AsyncGenerator[Transcript, None]:
        """Fold `events`; where they may not be the `whole` run, its end is read from the thread."""
        async with aclosing(self._mailbox.batches(events)) as batches:
            async for batch in batches:
                before, cut = self._fold.transcript, self.cut
                self._fold = fold_all(self._fold, batch)
                for event in batch:
                    whole = whole and event.event != "reconnected"
                    self.cut = event if isinstance(event, Reconnecting) else None
                    if isinstance(event, RunEnd):
                        nodes.learn(self._fold)
                        self._ended(event)
                changed = self._fold.transcript is not before or self.cut is not cut
                if changed or not batch:
                    yield self._fold.transcript
        if self._left:
            _log.info("run %s: no longer watched", self.run_id)
        elif self._fold.transcript.running:
            self.cut = None
            yield fold(self._fold, self._broken_off()).transcript
        elif not whole and self.outcome is Outcome.FINISHED:
            shape = self._fold.transcript.shape
            saved = await read_thread(self._client, self.thread_id, shape)
            yield carried_over(self._fold.transcript, saved)

    def _ended(self, end: RunEnd) -> None:
        self.outcome = end.outcome
        self._over.set()
        # Its own words are not told: an agent's error may hold a key.
        seconds = monotonic() - self._begun
        _log.info("run %s: %s after %.1f s", self.run_id, end.outcome.value, seconds)

    def _broken_off(self) -> RunEnd:
        return RunEnd(event="end", outcome=Outcome.INTERRUPTED, run_id=self.run_id)


async def _first_of(*events: asyncio.Event) -> None:
    waits = {asyncio.ensure_future(event.wait()) for event in events}
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _is_structural(event: Event) -> bool:
    """Tell what is more than text that grows: a tool call that begins, a step's result, an end."""
    if event.namespace:
        return False
    if isinstance(event, MessageDelta):
        message = event.message
        return not str(message.get("type")).endswith("Chunk") or _begins_a_call(message)
    structural = Values | Updates | MessagesComplete | RunError | RunEnd | Reconnecting
    return isinstance(event, structural) or event.event == "reconnected"


def _begins_a_call(chunk: Json) -> bool:
    """Only the first fragment of a call has a name."""
    fragments = chunk.get("tool_call_chunks")
    return isinstance(fragments, list) and any(
        isinstance(fragment, dict) and fragment.get("name") for fragment in fragments
    )
