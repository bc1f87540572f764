"""Whatever the network, the server, other programs and two processes do: what always holds.

The figures of a failing example are printed by Hypothesis as a sequence of rules to replay.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chat_app.client.events import Outcome
from chat_app.runs.machine import effect_types as effects
from chat_app.runs.machine import events
from chat_app.runs.machine.conversation import Delivery, Phase, Strategy
from tests.helpers.examples import examples
from tests.helpers.scripted_process import Process, Request, Stream, settle
from tests.helpers.scripted_server import ThreadServer, queued

picks = st.integers(0, 30)
who = st.integers(0, 1)
outcomes = st.sampled_from(["success", "success", "success", "error"])

COMMANDS_THAT_SEND = (
    events.Send,
    events.SendNow,
    events.SendAll,
    events.Retry,
    events.Answer,
    events.EditMessage,
    events.Regenerate,
)
MOST_FOREIGN = 4


@dataclass
class Sent:
    """What the test knows of one message."""

    process: int
    is_gone: bool = False
    """The person took it out, has it back in the draft, or had its run rolled back."""
    is_moved: bool = False
    """The person changed its place, or stopped it: the order is not promised any more."""
    senders: frozenset[int] = frozenset()
    """Processes in which a person sent it."""


class Threads(RuleBasedStateMachine):
    """One thread at a server, and two processes that show it."""

    has_queue = True

    def __init__(self) -> None:
        super().__init__()
        self.server = ThreadServer(has_queue=self.has_queue)
        self.processes = [
            Process(self.server, on_step=partial(self.check, process)) for process in (0, 1)
        ]
        self.sent: dict[str, Sent] = {}
        self.is_stopped = [False, False]

    # What people do.

    def do(self, process: int, event: Any) -> None:
        self.processes[process].do(event)

    def check(self, process: int, before: Any, event: Any, made: tuple[Any, ...]) -> None:
        """What must hold of one step."""
        now = self.processes[process].now
        if isinstance(event, events.Stop):
            self.is_stopped[process] = True
            if before.phase is Phase.RUNNING:
                assert isinstance(made[0], effects.Cancel)
                waiting = [
                    item.message.run_id
                    for item in before.queue
                    if item.delivery is Delivery.WAITING and not item.message.is_foreign
                ]
                assert {before.turn.run_id, *waiting} <= set(made[0].run_ids)
                assert sum(isinstance(one, effects.Cancel) for one in made) == 1
        elif isinstance(event, COMMANDS_THAT_SEND):
            self.is_stopped[process] = False
        if self.is_stopped[process]:
            started = [one for one in made if isinstance(one, effects.Start | effects.Enqueue)]
            assert not started, "something started by itself after a Stop"
        starts = [one for one in made if isinstance(one, effects.Start | effects.Join)]
        if starts:
            assert len(starts) == 1
            is_over = before.turn is None or before.turn.outcome is not None
            assert is_over or isinstance(event, events.NotStarted)
        remembered = [one for one in made if isinstance(one, effects.RememberPaused)]
        if not isinstance(event, events.Loaded):
            expected = [effects.RememberPaused(now.paused)] if now.paused != before.paused else []
            assert remembered == expected
        ids = [item.id for item in now.queue]
        assert len(ids) == len(set(ids))
        for stopped in (item for item in now.queue if item.delivery is Delivery.PAUSED):
            self.sent[stopped.id].is_moved = True

    @rule(process=who, strategy=st.sampled_from(list(Strategy)))
    def send(self, process: int, strategy: Strategy) -> None:
        now = self.processes[process].now
        message_id = f"m{len(self.sent)}"
        self.sent[message_id] = Sent(process, senders=frozenset({process}))
        if strategy is not Strategy.QUEUE:
            self.sent[message_id].is_moved = True
            if strategy is Strategy.ROLLBACK and now.turn and now.turn.message:
                self.sent[now.turn.message.message_id].is_gone = True
        self.do(process, events.Send(queued(message_id), f"tab {process}", strategy))

    @rule(process=who)
    def stop(self, process: int) -> None:
        self.do(process, events.Stop())

    @rule(process=who, number=picks)
    def retry(self, process: int, number: int) -> None:
        self.do(process, events.Retry(f"retry {process} {self.fresh(process)}"))

    @rule(process=who)
    def reply(self, process: int) -> None:
        self.do(process, events.Answer(f"answer {process} {self.fresh(process)}", None))  # type: ignore[arg-type]

    @rule(process=who)
    def leave(self, process: int) -> None:
        self.do(process, events.Dismiss())

    def fresh(self, process: int) -> int:
        return len(self.processes[process].history)

    def item(self, process: int, pick: int) -> str:
        queue = self.processes[process].now.queue
        return queue[pick % len(queue)].id if queue else "none"

    @precondition(lambda self: any(process.now.queue for process in self.processes))
    @rule(process=who, pick=picks)
    def remove(self, process: int, pick: int) -> None:
        self.taken(self.item(process, pick))
        self.do(process, events.Remove(self.item(process, pick)))

    @precondition(lambda self: any(process.now.queue for process in self.processes))
    @rule(process=who, pick=picks)
    def edit(self, process: int, pick: int) -> None:
        self.do(process, events.Edit(self.item(process, pick), f"tab {process}"))

    def taken(self, message_id: str) -> None:
        if message_id in self.sent:
            self.sent[message_id].is_gone = True

    @precondition(lambda self: any(process.now.queue for process in self.processes))
    @rule(process=who, pick=picks)
    def send_now(self, process: int, pick: int) -> None:
        message_id = self.item(process, pick)
        self.moved(process, message_id)
        self.do(process, events.SendNow(message_id, f"tab {process}"))

    def moved(self, process: int, message_id: str) -> None:
        if known := self.sent.get(message_id):
            known.is_moved = True
            known.senders |= {process}

    @precondition(lambda self: any(process.now.queue for process in self.processes))
    @rule(process=who)
    def send_all(self, process: int) -> None:
        for item in self.processes[process].now.queue:
            if item.delivery is Delivery.PAUSED:
                self.moved(process, item.id)
        self.do(process, events.SendAll())

    @precondition(lambda self: any(process.now.queue for process in self.processes))
    @rule(process=who, pick=picks)
    def move_up(self, process: int, pick: int) -> None:
        for item in self.processes[process].now.queue:
            if item.id in self.sent:
                self.sent[item.id].is_moved = True
        self.do(process, events.MoveUp(self.item(process, pick)))

    @precondition(lambda self: any(process.now.returned for process in self.processes))
    @rule(process=who, pick=picks)
    def acknowledge(self, process: int, pick: int) -> None:
        if returned := self.processes[process].now.returned:
            back = returned[pick % len(returned)]
            self.taken(back.id)
            self.do(process, events.Acknowledge(back.id))

    @rule(process=who)
    def open(self, process: int) -> None:
        self.do(process, events.Opened())

    # What the network does.

    def is_on_its_way(self) -> bool:
        return any(process.requests for process in self.processes)

    def request(self, pick: int) -> tuple[Process, Request]:
        flying = [(one, request) for one in self.processes for request in one.requests]
        return flying[pick % len(flying)]

    @precondition(is_on_its_way)
    @rule(pick=picks)
    def arrives(self, pick: int) -> None:
        process, request = self.request(pick)
        process.perform(request)

    @precondition(is_on_its_way)
    @rule(pick=picks, times=st.sampled_from([1, 1, 1, 2]))
    def answered(self, pick: int, times: int) -> None:
        process, request = self.request(pick)
        process.answer(request, times=times)

    @precondition(is_on_its_way)
    @rule(pick=picks, is_found=st.booleans())
    def lost(self, pick: int, is_found: bool) -> None:
        process, request = self.request(pick)
        self.unsaved(request)
        process.lose(request, is_found=is_found)

    @precondition(is_on_its_way)
    @rule(pick=picks)
    def refused(self, pick: int) -> None:
        process, request = self.request(pick)
        self.unsaved(request)
        process.refuse(request)

    def unsaved(self, request: Request) -> None:
        """A stopped question that could not be saved is on the page, and gone with it."""
        effect = request.effect
        if isinstance(effect, effects.Save) and effect.turn.message and not request.is_done:
            self.taken(effect.turn.message.message_id)

    @precondition(lambda self: any(process.timers for process in self.processes))
    @rule(pick=picks)
    def timer(self, pick: int) -> None:
        waiting = [(one, timer) for one in self.processes for timer in one.timers]
        process, timer = waiting[pick % len(waiting)]
        process.timers.remove(timer)
        process.do(timer)

    def streams(self) -> list[tuple[Process, Stream]]:
        return [(one, stream) for one in self.processes for stream in one.streams]

    @precondition(lambda self: any(one.is_over(stream) for one, stream in self.streams()))
    @rule(pick=picks)
    def stream_ends(self, pick: int) -> None:
        over = [(one, stream) for one, stream in self.streams() if one.is_over(stream)]
        process, stream = over[pick % len(over)]
        process.end_stream(stream)

    @rule(process=who)
    def told_of_a_change(self, process: int) -> None:
        self.do(process, events.Changed())

    @rule(process=who, pick=picks)
    def told_of_a_run(self, process: int, pick: int) -> None:
        if began := [run for run in self.server.runs if run.began]:
            run = began[pick % len(began)]
            is_over = run.status != "running"
            self.do(process, events.Changed(run.id, is_over))

    # What the server and other programs do.

    @precondition(lambda self: self.server.going)
    @rule(status=outcomes)
    def run_ends(self, status: str) -> None:
        self.server.end(status)

    @precondition(lambda self: self.server.going)
    @rule()
    def graph_asks(self) -> None:
        self.server.end("success", is_asking=True)

    @precondition(lambda self: self.streams())
    @rule(pick=picks)
    def stream_is_cut_for_good(self, pick: int) -> None:
        streams = self.streams()
        process, stream = streams[pick % len(streams)]
        process.end_stream(stream)

    @precondition(lambda self: sum(run.is_foreign for run in self.server.runs) < MOST_FOREIGN)
    @rule()
    def another_program_starts_a_run(self) -> None:
        self.server.create(is_foreign=True)

    @precondition(lambda self: self.server.going)
    @rule(pick=picks)
    def another_program_cancels_a_run(self, pick: int) -> None:
        run = self.server.going[pick % len(self.server.going)]
        turns = [process.now.turn for process in self.processes]
        asked = [turn.message.message_id for turn in turns if turn and turn.message]
        if not run.began and run.message_id in asked:
            self.taken(run.message_id)  # the question is on the page, and gone with it
        self.server.cancel((run.id,))

    @rule(process=who)
    def process_restarts(self, process: int) -> None:
        """What the server has, and the thread's metadata, is all that is left."""
        old = self.processes[process]
        now = old.now
        is_safe = now.phase.is_at_rest and not (old.requests or old.streams or now.returned)
        is_kept = all(item.message.run_id for item in now.queue)
        if is_safe and is_kept and set(now.paused) <= set(self.server.remembered):
            self.processes[process] = Process(
                self.server, on_step=partial(self.check, process), history=old.history
            )
            self.is_stopped[process] = False
            self.do(process, events.Opened())

    # What always holds.

    @invariant()
    def no_message_is_lost(self) -> None:
        for message_id, sent in self.sent.items():
            if not sent.is_gone:
                assert self.places(message_id), f"{message_id} is nowhere"

    def places(self, message_id: str) -> list[str]:
        places = ["thread"] if message_id in self.server.inputs else []
        places += [run.status for run in self.server.going if run.message_id == message_id]
        for run_id in self.server.remembered:
            run = self.server.find(run_id)
            if run and run.message_id == message_id:
                places.append("remembered")
        for process in self.processes:
            now = process.now
            item = now.find(message_id)
            places += [item.delivery] if item else []
            turn = now.turn
            if turn and turn.message and turn.message.message_id == message_id and not turn.outcome:
                places.append("turn")
            places += ["returned" for back in now.returned if back.id == message_id]
        return places

    @invariant()
    def none_is_answered_twice(self) -> None:
        answered = Counter(run.message_id for run in self.server.runs if run.status == "success")
        for message_id, times in answered.items():
            if message_id and len(self.sent[message_id].senders) == 1:
                assert times <= 1, f"{message_id} is answered {times} times"

    @invariant()
    def they_are_answered_in_order(self) -> None:
        for process in (0, 1):
            first = list(dict.fromkeys(self.server.inputs))
            own = [one for one in first if self.sent[one].process == process]
            own = [one for one in own if not self.sent[one].is_moved and not self.sent[one].is_gone]
            assert own == sorted(own, key=lambda one: int(one[1:]))

    @precondition(lambda self: self.sent)
    @rule()
    def everything_settles(self) -> None:
        """All requests are answered and all runs end: then nothing waits or goes on."""
        settle(*self.processes, runs_end=True)
        for process in filter(self.is_to_be_told, self.processes):
            process.do(events.Changed())  # as when the notification stream is there again
        settle(*self.processes, runs_end=True)
        for process in (0, 1):
            now = self.processes[process].now
            assert now.phase.is_at_rest, now
            assert self.has_seen_its_last(process), f"process {process} shows an old state"
            assert not [item for item in now.queue if item.delivery is not Delivery.PAUSED], now

    def has_seen_its_last(self, process: int) -> bool:
        """Whether it has read the thread since the last run that it asked for."""
        actor, runs = self.processes[process], self.server.runs
        own = [place for place, run in enumerate(runs) if run.id in actor.made and run.began]
        return not own or any(run.id in actor.now.seen for run in runs[own[-1] :])

    def is_to_be_told(self, process: Process) -> bool:
        """Whether a request or stream was lost that would have told it how things stand."""
        now = process.now
        is_cut = now.turn is None or now.turn.outcome is Outcome.LOST
        return is_cut or any(item.delivery is not Delivery.PAUSED for item in now.queue)

    def teardown(self) -> None:
        if self.sent:
            self.everything_settles()


class ThreadsWithoutQueue(Threads):
    """The same on a server that does not queue runs: messages wait in the process."""

    has_queue = False


TestThreads = Threads.TestCase
TestThreads.settings = examples(60, stateful_step_count=40)
TestThreadsWithoutQueue = ThreadsWithoutQueue.TestCase
TestThreadsWithoutQueue.settings = examples(30, stateful_step_count=40)
