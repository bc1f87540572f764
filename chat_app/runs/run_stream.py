"""The stream of one run: start or join it, and read the transcript as it grows.

The server owns the run: to stop reading leaves it going. Nothing here cancels it, knows who reads,
or how the views are drawn.
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
from chat_app.observability import tracing
from chat_app.observability.json_log import event as log_event
from chat_app.runs import langsmith, nodes
from chat_app.runs.ids import uuid7
from chat_app.runs.mailbox import Mailbox
from chat_app.runs.reading import read_thread
from chat_app.runs.run_states import Heard, read_end
from chat_app.runs.stream_metrics import StreamMetrics
from chat_app.transcript.fold import fold, fold_all, start
from chat_app.transcript.load import carried_over

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from chat_app.client import Event, LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import RunOptions
    from chat_app.runs.inspected import Tap
    from chat_app.transcript.fold import Fold
    from chat_app.transcript.message import Message, Transcript
    from chat_app.transcript.shapes import Shape

_log = logging.getLogger("chat_app.runs")

_BEFORE_THE_FIRST = ("metadata", "reconnecting", "reconnected", "feedback")
"""Events that say nothing of what the run did."""


class RunStream:
    """Reads one run of one thread, once.

    Args:
        client: the server's client.
        thread_id: the thread the run belongs to.
        history: the transcript before the run.
        hide: the nodes whose models' words are not shown (see `chat_app.transcript.chunks.hides`).
        on_accepted: called with the run's id as soon as the server has accepted it.
        tap: is given each event as it arrives.
        options: what the run asks for beside what every run of a chat does.
        asked: when a person sent what the run answers, by `time.monotonic`; None where it is
            joined.
    """

    def __init__(  # noqa: PLR0913 - most have a default
        self,
        client: LangGraphClient,
        thread_id: str,
        history: Transcript,
        *,
        hide: Sequence[str] = (),
        on_accepted: Callable[[str], None] | None = None,
        tap: Tap | None = None,
        options: RunOptions | None = None,
        asked: float | None = None,
    ) -> None:
        self.thread_id = thread_id
        self.run_id = ""
        """Empty until the server has accepted the run."""
        self.feedback_address = ""
        """Where feedback on the run goes; empty where the server has not told."""
        self.outcome: Outcome | None = None
        """How the run ended; None while it goes, or where the stream was closed before."""
        self.cut: Reconnecting | None = None
        """Why nothing comes at the moment, and when it is tried again; None while all is well."""
        self.has_begun = False
        """Something was heard of it."""
        self.over = asyncio.Event()
        """Set when the run has ended, as its stream says."""
        self._client = client
        self._hide = hide
        self._on_accepted = on_accepted
        self._tap = tap
        self._options: RunOptions = options or {}
        self._fold = self._fresh(history)
        self._metrics = StreamMetrics(asked)
        self._begun = monotonic()
        self._left = False
        self._closed_as = Outcome.INTERRUPTED
        self._hurry = asyncio.Event()
        self._told = Heard()
        self._past: Event | None = None
        """What was read of the thread when a run was joined in its middle."""
        self._mailbox: Mailbox[Event] = Mailbox(is_urgent=_is_structural)

    @property
    def shape(self) -> Shape:
        """Of the graph that runs."""
        return self._fold.transcript.shape

    @property
    def arrived(self) -> float:
        """When the first event of the newest view arrived, by `time.monotonic`."""
        return self._mailbox.arrived

    @property
    def accepted(self) -> bool:
        """True once the server has taken the run: from then on the question is in the thread."""
        return bool(self.run_id)

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
        options.update(langsmith.options(self._client))
        options["metadata"] = {**(options.get("metadata") or {}), REQUEST_KEY: str(uuid7())}
        if pending:
            options["metadata"][MESSAGE_KEY] = pending.id
        always: RunOptions = {**FOR_A_CHAT, "on_disconnect": "continue"}
        asked: RunOptions = {**always, **self._options, **options}
        events = self._client.runs.stream(
            self.thread_id,
            assistant_id,
            on_run_created=lambda run: self._accept(run["run_id"]),
            hurry=self._hurry,
            gate=self._mailbox.gate,
            **asked,
        )
        async with aclosing(self._views(self._heard(events))) as views:
            async for view in views:
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
        self._accept(run_id)
        events = self._client.runs.join_stream(
            self.thread_id,
            run_id,
            last_event_id="-1",
            hurry=self._hurry,
            gate=self._mailbox.gate,
        )
        return self._views(self._after_the_past(self._heard(events)), whole=False)

    def _fresh(self, history: Transcript, pending: Message | None = None) -> Fold:
        return start(history, pending=pending, silent=nodes.silent(), hide=self._hide)

    def was_stopped(self, view: Transcript) -> bool:
        """Whether `view` ends in the middle: not done, not failed, no question open."""
        over = not view.running and not view.failure and not view.interrupts
        return over and self.outcome is not Outcome.FINISHED

    def hurry(self) -> None:
        """Try to reconnect now, instead of at the end of the pause."""
        self._hurry.set()

    def leave(self) -> None:
        """Stop reading: the views end, and the run goes on."""
        self._left = True
        self._mailbox.close()

    def close(self, outcome: Outcome = Outcome.INTERRUPTED) -> None:
        """End the views of a run whose stream does not say that it is over, and how it ended."""
        self._closed_as = outcome
        self._mailbox.close()

    def _heard(self, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Event, None]:
        return _tapped(events, self._tap) if self._tap else events

    def _accept(self, run_id: str) -> None:
        self.run_id = run_id
        told = log_event("run_accepted")
        _log.info("run %s: its stream is read, on thread %s", run_id, self.thread_id, extra=told)
        if self._on_accepted:
            self._on_accepted(run_id)

    async def _after_the_past(
        self, events: AsyncGenerator[Event, None]
    ) -> AsyncGenerator[Event, None]:
        """Events of a run; if they begin in its middle, first what the thread holds by then."""
        begun = False
        async with aclosing(events):
            async for event in events:
                if not begun and event.event not in _BEFORE_THE_FIRST:
                    begun = True
                    if not isinstance(event, Values | RunEnd):
                        with suppress(LangGraphError):
                            state = await self._client.threads.get_state(self.thread_id)
                            self._past = Values(event="values", values=state["values"])
                            yield self._past
                yield event

    async def _views(
        self, events: AsyncGenerator[Event, None], *, whole: bool = True
    ) -> AsyncGenerator[Transcript, None]:
        """Fold `events`; where they may not be the `whole` run, its end is read from the thread."""
        with self._metrics.reading(lambda: self.outcome):
            async with aclosing(self._folded(events, whole=whole)) as views:
                async for view in views:
                    yield view

    async def _folded(
        self, events: AsyncGenerator[Event, None], *, whole: bool
    ) -> AsyncGenerator[Transcript, None]:
        async with aclosing(self._mailbox.batches(events)) as batches:
            async for batch in batches:
                self._metrics.hear(batch, self._mailbox.arrived)
                before, cut = self._fold.transcript, self.cut
                self.has_begun = self.has_begun or bool(batch)
                last = batch[-1] if batch else None
                end = last if isinstance(last, RunEnd) else None
                told = batch[:-1] if end else batch
                self._fold = fold_all(self._fold, told)
                whole = self._hear(told) and whole
                changed = self._fold.transcript is not before or self.cut is not cut
                is_for_a_while = end is None or self._told.lacks(end)
                if (changed and is_for_a_while) or not batch:
                    yield self._fold.transcript
                if end:
                    self.cut = None
                    yield await self._folded_to(end)
        if self._left:
            _log.info("run %s: its stream is left", self.run_id)
        elif self._fold.transcript.running:
            self.cut = None
            end = RunEnd(event="end", outcome=self._closed_as, run_id=self.run_id)
            view = fold(self._fold, end).transcript
            if self._closed_as is not Outcome.INTERRUPTED:
                view = await self._saved(view)
                self._ended(end)
            yield view
        elif not whole and self.outcome is Outcome.FINISHED:
            yield await self._saved(self._fold.transcript)

    async def _folded_to(self, end: RunEnd) -> Transcript:
        """The transcript at the end, with what the stream has not told of it."""
        told: list[Event] = [end]
        if self._told.lacks(end):
            told = await read_end(self._client, self.thread_id, self._fold, self._told, end)
        self._fold = fold_all(self._fold, told)
        nodes.learn(self._fold)
        self._ended(end)
        return self._fold.transcript

    def _hear(self, events: Sequence[Event]) -> bool:
        """Note what these tell beside the transcript; False where the stream was broken."""
        is_whole = True
        for event in events:
            if type(event) is MessageDelta and not event.namespace:
                self.cut = None
                continue  # a token tells nothing else, and there are very many
            is_whole = is_whole and event.event != "reconnected"
            self.cut = event if isinstance(event, Reconnecting) else None
            self._note_feedback(event)
            if event is not self._past:
                self._told.hear(event)
        return is_whole

    def _note_feedback(self, event: Event) -> None:
        if event.event == "feedback":
            self.feedback_address = langsmith.address_in(event.data)
        elif isinstance(event, RunError):
            langsmith.see_error(self._client, event.error)

    def _ended(self, end: RunEnd) -> None:
        self.outcome = end.outcome
        self.over.set()
        # Its own words are not told: an agent's error may hold a key.
        seconds, outcome = monotonic() - self._begun, end.outcome.value
        first = self._metrics.first_token
        fields = {
            "outcome": outcome,
            "tokens": self._metrics.tokens,
            "first_token_seconds": first and round(first, 3),
        }
        tracing.note(run_id=self.run_id, **fields)
        told = log_event("run_ended", seconds=round(seconds, 3), **fields)
        _log.info("run %s: %s after %.1f s", self.run_id, outcome, seconds, extra=told)

    async def _saved(self, view: Transcript) -> Transcript:
        """`view` as the thread has it, also what did not come through the stream."""
        return carried_over(view, await read_thread(self._client, self.thread_id, view.shape))


async def _tapped(events: AsyncGenerator[Event, None], tap: Tap) -> AsyncGenerator[Event, None]:
    async with aclosing(events):
        async for event in events:
            tap(event)
            yield event


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
