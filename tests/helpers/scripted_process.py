"""The app's processes before a `ThreadServer`, and the network between them: no clock, no task.

Each effect of a step is a request in flight, which a test lets arrive, be answered once or twice,
be refused, or be lost before or after the server has heard it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chat_app.client.errors import BadRequestError, ConflictError, UnreachableError
from chat_app.client.events import Outcome
from chat_app.runs.machine import effect_types as effects
from chat_app.runs.machine import events
from chat_app.runs.machine.conversation import Conversation, Kind
from chat_app.runs.machine.step import step

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphError
    from chat_app.runs.machine.conversation import Turn
    from chat_app.runs.machine.effect_types import Effect
    from chat_app.runs.machine.events import Event
    from tests.helpers.scripted_server import ThreadServer

STEPS = 400
"""Enough for everything to settle."""
LOST = UnreachableError("no answer")
REFUSED = BadRequestError("no")


@dataclass(eq=False)
class Request:
    """An effect on its way; once `is_done` at the server, `reports` are on their way back."""

    effect: Effect
    is_done: bool = False
    reports: tuple[Event, ...] = ()


@dataclass(eq=False)
class Stream:
    """The stream of a run, which reports its end once."""

    turn_id: str
    run_id: str
    is_ending: bool = False
    """To be ended, whether or not the run says so."""


@dataclass(eq=False)
class Process:
    """One app process with the thread open."""

    server: ThreadServer
    now: Conversation = field(default_factory=lambda: Conversation("thread"))
    requests: list[Request] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    """The runs that it has asked for."""
    timers: list[Event] = field(default_factory=list)
    history: list[tuple[Event, tuple[Effect, ...]]] = field(default_factory=list)
    on_step: Callable[[Conversation, Event, tuple[Effect, ...]], object] = lambda *_: None
    """Hears of each step: the value before it, the event, and the effects."""

    def do(self, event: Event) -> tuple[Effect, ...]:
        """Let something happen; what must be done about it is then in flight."""
        before = self.now
        self.now, made = step(before, event)
        self.history.append((event, made))
        for effect in made:
            self._take(effect)
        self.on_step(before, event, made)
        return made

    def _take(self, effect: Effect) -> None:
        match effect:
            case effects.Abort(turn_id):
                for request in self._starting(turn_id):
                    if not request.is_done:  # waits for the agent: it is not sent any more
                        request.is_done, request.reports = True, (events.NotStarted(turn_id),)
            case effects.EndStream(turn_id) | effects.CheckOver(turn_id):
                for stream in self.streams:
                    if stream.turn_id == turn_id:
                        is_over = self.server.outcome(stream.run_id) is not None
                        stream.is_ending = is_over or isinstance(effect, effects.EndStream)
            case effects.StartStopTimer():
                self.timers.append(events.StopTimedOut(effect))
            case effects.Unblock():
                self.timers.append(events.Unblocked())
            case effects.RememberPaused(run_ids):
                self.server.remembered = run_ids
            case _:
                self.requests.append(Request(effect))

    def _starting(self, turn_id: str) -> list[Request]:
        return [
            request
            for request in self.requests
            if isinstance(request.effect, effects.Start) and request.effect.turn.id == turn_id
        ]

    # The network.

    def perform(self, request: Request) -> None:
        """The request arrives at the server; the answer is on its way."""
        if not request.is_done:
            request.is_done = True
            request.reports = self._at_server(request.effect)

    def answer(self, request: Request, *, times: int = 1) -> None:
        """The answer arrives, perhaps twice."""
        self.perform(request)
        self.requests.remove(request)
        for report in request.reports * times:
            self._report(report)

    def lose(self, request: Request, *, is_found: bool = True) -> None:
        """The request, or its answer, is lost; a run that was started is looked up by its id."""
        is_created = isinstance(request.effect, effects.Start | effects.Enqueue)
        if request.is_done and is_created and is_found:
            self.answer(request)
            return
        self.requests.remove(request)
        for report in _failures(request.effect, LOST):
            self._report(report)

    def refuse(self, request: Request) -> None:
        """The server says no."""
        if request.is_done:
            self.answer(request)
            return
        self.requests.remove(request)
        for report in _failures(request.effect, REFUSED):
            self._report(report)

    def is_over(self, stream: Stream) -> bool:
        """Whether the stream may end by itself."""
        return stream.is_ending or self.server.outcome(stream.run_id) is not None

    def end_stream(self, stream: Stream) -> None:
        """It ends: as its run did, or cut off for good."""
        self.streams.remove(stream)
        outcome = self.server.outcome(stream.run_id)
        failure = None if outcome or stream.is_ending else LOST
        asking = self.server.is_asking
        self.do(events.Ended(stream.turn_id, outcome or Outcome.LOST, asking, failure))

    def _report(self, report: Event) -> None:
        if isinstance(report, events.Accepted):
            known = any(stream.turn_id == report.turn_id for stream in self.streams)
            if not known and not self._has_ended(report.turn_id):
                self.streams.append(Stream(report.turn_id, report.run_id))
        self.do(report)

    def _has_ended(self, turn_id: str) -> bool:
        """Whether the stream of a turn is over; a run may be joined again under the same id."""
        has_ended = False
        for event, made in self.history:
            if isinstance(event, events.Ended) and event.turn_id == turn_id:
                has_ended = True
            asked = (e.turn.id for e in made if isinstance(e, effects.Start | effects.Join))
            has_ended = has_ended and turn_id not in asked
        return has_ended

    def _at_server(self, effect: Effect) -> tuple[Event, ...]:  # noqa: C901 - one case each
        server = self.server
        match effect:
            case effects.Start(turn):
                return self._started(turn)
            case effects.Join(turn):
                if server.find(turn.run_id):
                    return (events.Accepted(turn.id, turn.run_id),)
                return (events.NotStarted(turn.id, BadRequestError("no such run")),)
            case effects.Load(changes, version):
                return (replace(self._loaded(changes), version=version),)
            case effects.ReadRuns(changes):
                return (events.RunsRead(server.agenda(), changes),)
            case effects.Cancel(run_ids, rollback):
                server.cancel(run_ids)
                if rollback:
                    server.remove(rollback)
                return (events.Cancelled(effect),)
            case effects.Save(turn, is_stopped, is_rollback):
                if turn.message and is_stopped and not is_rollback:
                    server.save_question(turn.message.message_id)
                return (events.Saved(turn.id, server.is_asking),)
            case effects.Dismiss():
                is_open, server.is_asking = server.is_asking and not server.going, False
                return (events.Dismissed(is_answered=not is_open),)
            case effects.Enqueue(item):
                if not server.has_queue:
                    return (events.NotEnqueued(item.id, has_queue=False),)
                return (events.Enqueued(item.id, self._create(item.id)),)
            case effects.RemoveRuns(messages):
                asked = tuple(message.message_id for message in messages)
                gone = [one for one in reversed(messages) if server.remove(one.run_id)]
                return (events.Removed(tuple(one.message_id for one in gone), asked),)
        raise AssertionError(effect)

    def _loaded(self, changes: int) -> events.Loaded:
        server, shown = self.server, frozenset(self.server.inputs)
        paused = tuple(one for one in server.paused() if one.message_id not in shown)
        agenda, asks = server.agenda(), server.is_asking
        return events.Loaded(agenda, paused, server.exists, asks, changes, shown)

    def _started(self, turn: Turn) -> tuple[Event, ...]:
        server = self.server
        if server.going and not server.has_queue:
            is_message = turn.kind is Kind.MESSAGE
            return (events.NotStarted(turn.id, ConflictError("busy"), is_busy=is_message),)
        if turn.fork and server.going:  # it is never queued behind another run
            return (events.NotStarted(turn.id, ConflictError("busy"), is_busy=True),)
        if turn.kind is Kind.ANSWER and (server.going or not server.is_asking):
            return (events.NotStarted(turn.id, BadRequestError("gone"), is_answered=True),)
        run_id = self._create(turn.message.message_id if turn.message else "")
        return events.Created(), events.Accepted(turn.id, run_id)

    def _create(self, message_id: str) -> str:
        run = self.server.create(message_id)
        self.made.append(run.id)
        return run.id


def settle(*processes: Process, runs_end: bool = False) -> None:
    """Let all requests be answered, and all streams end whose runs are over.

    With `runs_end` the server's runs end too, and all timers.
    """
    for _ in range(STEPS):
        flying = [(one, request) for one in processes for request in one.requests]
        over = [(one, stream) for one in processes for stream in one.streams if one.is_over(stream)]
        timed = [one for one in processes if one.timers]
        if flying:
            flying[0][0].answer(flying[0][1])
        elif over:
            over[0][0].end_stream(over[0][1])
        elif runs_end and processes[0].server.running:
            processes[0].server.end("success")
        elif runs_end and timed:
            timed[0].do(timed[0].timers.pop())
        else:
            return
    raise AssertionError("it goes on for ever")


def _failures(effect: Effect, failure: LangGraphError) -> tuple[Event, ...]:
    """What the effect reports where there is no answer, or one that refuses."""
    match effect:
        case effects.Load(_, version):
            return (events.NotLoaded(version, failure if version else None),)
        case effects.ReadRuns(changes):
            return (events.RunsRead(None, changes),)
        case effects.Start(turn) | effects.Join(turn):
            return (events.NotStarted(turn.id, failure),)
        case effects.Cancel():
            return (events.NotCancelled(effect, failure),)
        case effects.Save(turn):
            return (events.Saved(turn.id),)
        case effects.Dismiss():
            return (events.NotDismissed(failure),)
        case effects.Enqueue(item):
            return (events.NotEnqueued(item.id),)
        case effects.RemoveRuns(messages):
            return (events.NotRemoved(tuple(one.message_id for one in messages)),)
    raise AssertionError(effect)
