"""What happens in each phase: one row for each event that does something there.

An event without a row leaves the phase as it is and changes nothing at the server.
"""

# ruff: noqa: E501 - a row is a line

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from chat_app.client.errors import BadRequestError, UnreachableError
from chat_app.client.events import Outcome
from chat_app.runs.machine import events
from chat_app.runs.machine import step as machine
from chat_app.runs.machine.conversation import (
    Conversation,
    Delivery,
    Phase,
    Strategy,
    Then,
    Version,
)
from chat_app.runs.machine.effect_types import (
    Abort,
    Cancel,
    CheckOver,
    Dismiss,
    EndStream,
    Enqueue,
    Join,
    Load,
    ReadRuns,
    RememberPaused,
    RemoveRuns,
    Save,
    Start,
    StartStopTimer,
    Unblock,
)
from chat_app.runs.machine.step import step
from chat_app.runs.pending_runs import Agenda
from tests.helpers.scripted_server import queued

REFUSED = BadRequestError("no")
LOST = UnreachableError("no answer")
STOP = Cancel(("run-1",), turn_id="m1")
STOP_ALL = Cancel(("run-1", "run-2"), turn_id="m1")
GOES = Agenda(current="run-9")
ENDED_UNSEEN = Agenda(current="run-9", last="run-8", over=frozenset({"run-8"}))


def after(*happened: Any, start: Conversation | None = None) -> Conversation:
    """The conversation after these events."""
    now = start or Conversation("thread", exists=True)
    for event in happened:
        now, _ = step(now, event)
    return now


def m(number: int, run_id: str = "") -> Any:
    return queued(f"m{number}", run_id)


SEND = events.Send(m(1))
ACCEPTED = events.Accepted("m1", "run-1")
CONFIRMED = events.Cancelled(STOP)
EDIT = events.EditMessage("m0", m(9), "e1")
ENDED = events.Ended("m1", Outcome.FINISHED)

IDLE = after()
BUSY = after(SEND, events.NotStarted("m1", REFUSED, is_busy=True))
ASKING = after(events.Opened(), events.Loaded(Agenda(), is_asking=True))
STARTING = after(SEND)
ANSWERING = after(events.Answer("a1", None), start=ASKING)  # type: ignore[arg-type]
RUNNING = after(SEND, ACCEPTED)
SENDING = after(events.Send(m(2)), start=RUNNING)
WAITING = after(events.Enqueued("m2", "run-2"), start=SENDING)
STOPPING = after(events.Stop(), start=RUNNING)
STOPPING_ALL = after(events.Stop(), start=WAITING)
UNCONFIRMED = replace(STOPPING, is_unconfirmed=True)
PAUSED = after(
    events.Cancelled(STOP_ALL),
    events.Ended("m1", Outcome.INTERRUPTED),
    events.Saved("m1"),
    start=STOPPING_ALL,
)
JOINING = after(events.Changed(), events.RunsRead(GOES), start=IDLE)
SAVING = after(ENDED, start=RUNNING)
LEAVING = after(events.Dismiss(), start=ASKING)
LEAVING_WAITS = after(events.Send(m(2)), start=LEAVING)
SAVING_WAITS = after(ENDED, start=WAITING)


class Row(NamedTuple):
    """In `start`, `event` leads to `phase`, and to these effects in this order."""

    what: str
    start: Conversation
    event: Any
    phase: Phase
    effects: tuple[type, ...] = ()


READING = after(events.Changed(), start=IDLE)
LOADING = after(events.Opened(), start=IDLE)
SHOWING = after(events.ShowVersion("a1", 1), start=IDLE)
REMOVING = after(events.Remove("m2"), start=WAITING)

# fmt: off
ROWS = [
    # Nothing goes on.
    Row("a message starts a run", IDLE, SEND, Phase.STARTING, (Start,)),
    Row("a message while a question is open starts a run", ASKING, SEND, Phase.STARTING, (Start,)),
    Row("a message waits while the thread is read", LOADING, SEND, Phase.IDLE),
    Row("a retry starts a run", IDLE, events.Retry("r1"), Phase.STARTING, (Start,)),
    Row("an edit starts a run", IDLE, EDIT, Phase.STARTING, (Start,)),
    Row("an edit while a question is open starts a run", ASKING, EDIT, Phase.STARTING, (Start,)),
    Row("an answer is regenerated", IDLE, events.Regenerate("a1", "g1"), Phase.STARTING, (Start,)),
    Row("an answer is regenerated while a question is open", ASKING, events.Regenerate("a1", "g1"), Phase.STARTING, (Start,)),
    Row("an answer is continued", IDLE, events.ContinueAnswer("c1"), Phase.STARTING, (Start,)),
    Row("what is asked is not continued", ASKING, events.ContinueAnswer("c1"), Phase.ASKING),
    Row("a version is shown", IDLE, events.ShowVersion("a1", 1), Phase.IDLE, (Load,)),
    Row("a version is shown while a question is open", ASKING, events.ShowVersion("a1", 1), Phase.ASKING, (Load,)),
    Row("a version waits until the thread is read", LOADING, events.ShowVersion("a1", 1), Phase.IDLE),
    Row("and is read then", after(events.ShowVersion("a1", 1), start=LOADING), events.Loaded(Agenda()), Phase.IDLE, (Load,)),
    Row("a message waits until the version is read", SHOWING, SEND, Phase.IDLE),
    Row("a version asks", SHOWING, events.Loaded(Agenda(), is_asking=True, version=Version("a1", 1)), Phase.ASKING),
    Row("a version cannot be read", SHOWING, events.NotLoaded(Version("a1", 1), REFUSED), Phase.IDLE),
    Row("a question is left", ASKING, events.Dismiss(), Phase.LEAVING, (Dismiss,)),
    Row("an answer starts a run", ASKING, events.Answer("a1", None), Phase.STARTING, (Start,)),  # type: ignore[arg-type]
    Row("a tab lets the thread be read", IDLE, events.Opened(), Phase.IDLE, (Load,)),
    Row("a second tab does not read it twice", LOADING, events.Opened(), Phase.IDLE),
    Row("a run of another program is looked for", IDLE, events.Changed("run-9"), Phase.IDLE, (ReadRuns,)),
    Row("a change is looked for", IDLE, events.Changed(), Phase.IDLE, (ReadRuns,)),
    Row("a run that goes is joined", READING, events.RunsRead(GOES), Phase.RUNNING, (Join,)),
    Row("where others ended unseen the thread is read first", READING, events.RunsRead(ENDED_UNSEEN), Phase.IDLE, (Load,)),
    Row("a list that cannot be read changes nothing", READING, events.RunsRead(None), Phase.IDLE),
    Row("a thread that was read has a run", LOADING, events.Loaded(GOES), Phase.RUNNING, (Join,)),
    Row("a thread that was read asks", LOADING, events.Loaded(Agenda(), is_asking=True), Phase.ASKING),
    Row("a thread that cannot be read", LOADING, events.NotLoaded(), Phase.IDLE),
    Row("a busy thread is tried again", BUSY, events.Unblocked(), Phase.STARTING, (Start,)),
    Row("a stop holds what waits for a busy thread", BUSY, events.Stop(), Phase.IDLE, ()),
    Row("a paused message is sent", PAUSED, events.SendNow("m2"), Phase.STARTING, (Start, RememberPaused)),
    Row("all paused messages are sent", PAUSED, events.SendAll(), Phase.STARTING, (Start, RememberPaused)),
    Row("a paused message is removed", PAUSED, events.Remove("m2"), Phase.IDLE, (RememberPaused,)),
    Row("a paused message is edited", PAUSED, events.Edit("m2"), Phase.IDLE, (RememberPaused,)),
    Row("a stop starts nothing", PAUSED, events.Stop(), Phase.IDLE),

    # A run was asked for.
    Row("a message waits", STARTING, events.Send(m(2)), Phase.STARTING),
    Row("the run is accepted", STARTING, ACCEPTED, Phase.RUNNING),
    Row("what waited is queued then", after(events.Send(m(2)), start=STARTING), ACCEPTED, Phase.RUNNING, (Enqueue,)),
    Row("the run is refused", STARTING, events.NotStarted("m1", REFUSED), Phase.IDLE),
    Row("the thread is busy", STARTING, events.NotStarted("m1", REFUSED, is_busy=True), Phase.IDLE, (Unblock,)),
    Row("an answer is refused", ANSWERING, events.NotStarted("a1", REFUSED), Phase.ASKING),
    Row("the question was answered elsewhere", ANSWERING, events.NotStarted("a1", REFUSED, is_answered=True), Phase.ASKING, (Load,)),
    Row("a run that is not known yet is stopped", STARTING, events.Stop(), Phase.STOPPING, (Abort, StartStopTimer)),

    # The run goes.
    Row("a message is queued", RUNNING, events.Send(m(2)), Phase.RUNNING, (Enqueue,)),
    Row("the next one waits until the first is queued", SENDING, events.Send(m(3)), Phase.RUNNING),
    Row("it is queued, and seen with what others have queued before it", SENDING, events.Enqueued("m2", "run-2"), Phase.RUNNING, (ReadRuns,)),
    Row("it is not queued, and is held here", SENDING, events.NotEnqueued("m2"), Phase.RUNNING),
    Row("a message interrupts", RUNNING, events.Send(m(2), strategy=Strategy.INTERRUPT), Phase.STOPPING, (Cancel, StartStopTimer)),
    Row("a message rolls back", RUNNING, events.Send(m(2), strategy=Strategy.ROLLBACK), Phase.STOPPING, (Cancel, StartStopTimer)),
    Row("a message is sent now", WAITING, events.SendNow("m2"), Phase.STOPPING, (Cancel, StartStopTimer)),
    Row("a message is removed", WAITING, events.Remove("m2"), Phase.RUNNING, (RemoveRuns,)),
    Row("a message is edited", WAITING, events.Edit("m2"), Phase.RUNNING, (RemoveRuns,)),
    Row("an edit goes back", RUNNING, EDIT, Phase.RUNNING),
    Row("no answer is regenerated", RUNNING, events.Regenerate("a1", "g1"), Phase.RUNNING),
    Row("it is gone", REMOVING, events.Removed(("m2",), ("m2",)), Phase.RUNNING),
    Row("whether it is gone is not known", REMOVING, events.NotRemoved(("m2",)), Phase.RUNNING),
    Row("it is stopped", RUNNING, events.Stop(), Phase.STOPPING, (Cancel, StartStopTimer)),
    Row("it is stopped with all that waits", WAITING, events.Stop(), Phase.STOPPING, (Cancel, StartStopTimer)),
    Row("it ends", RUNNING, ENDED, Phase.SAVING, (Save,)),
    Row("its stream is lost", RUNNING, events.Ended("m1", Outcome.LOST, failure=LOST), Phase.SAVING, (Save,)),
    Row("it has ended elsewhere", RUNNING, events.Changed("run-1", is_over=True), Phase.RUNNING, (CheckOver,)),
    Row("something has changed", RUNNING, events.Changed(), Phase.RUNNING, (ReadRuns,)),
    Row("it is not in the list any more", after(events.Changed(), start=RUNNING), events.RunsRead(Agenda()), Phase.RUNNING, (CheckOver,)),
    Row("a run cannot be joined", JOINING, events.NotStarted("run-9", REFUSED), Phase.IDLE, (Load,)),

    # It is being cancelled.
    Row("a message waits for the end", STOPPING, events.Send(m(2)), Phase.STOPPING),
    Row("a second stop asks nothing twice", STOPPING, events.Stop(), Phase.STOPPING),
    Row("a second stop tries again", UNCONFIRMED, events.Stop(), Phase.STOPPING, (Cancel, StartStopTimer)),
    Row("the run is accepted late", after(events.Stop(), start=STARTING), ACCEPTED, Phase.STOPPING, (Cancel,)),
    Row("the run is accepted twice", STOPPING, ACCEPTED, Phase.STOPPING),
    Row("the run was never sent", after(events.Stop(), start=STARTING), events.NotStarted("m1"), Phase.IDLE),
    Row("the cancel is confirmed", STOPPING, CONFIRMED, Phase.STOPPING, (EndStream,)),
    Row("what waited is paused", STOPPING_ALL, events.Cancelled(STOP_ALL), Phase.STOPPING, (EndStream, RememberPaused)),
    Row("the cancel is refused", STOPPING, events.NotCancelled(STOP, REFUSED), Phase.RUNNING, (ReadRuns,)),
    Row("what waited is kept by a refusal", STOPPING_ALL, events.NotCancelled(STOP_ALL, REFUSED), Phase.RUNNING),
    Row("the server is silent", STOPPING, events.StopTimedOut(StartStopTimer("m1", STOPPING.stop_changes)), Phase.STOPPING),
    Row("the run ends", after(CONFIRMED, start=STOPPING), events.Ended("m1", Outcome.INTERRUPTED), Phase.SAVING, (Save,)),
    Row("the run ends before what waits is cancelled", STOPPING_ALL, ENDED, Phase.STOPPING),
    Row("and then what waits is cancelled", after(ENDED, start=STOPPING_ALL), events.Cancelled(STOP_ALL), Phase.SAVING, (Save, RememberPaused)),
    Row("a message of before is queued after all", after(events.Stop(), start=SENDING), events.Enqueued("m2", "run-2"), Phase.STOPPING, (Cancel, RememberPaused)),

    # It is over.
    Row("a message waits until it is saved", SAVING, events.Send(m(2)), Phase.SAVING),
    Row("it is saved", SAVING, events.Saved("m1"), Phase.IDLE),
    Row("it is saved, and the graph asks", SAVING, events.Saved("m1", is_asking=True), Phase.ASKING),
    Row("the next one is joined", SAVING_WAITS, events.Saved("m1"), Phase.RUNNING, (Join,)),
    Row("a stop cancels the next one", SAVING_WAITS, events.Stop(), Phase.SAVING, (Cancel,)),

    # What is asked is being closed.
    Row("a message waits until it is closed", LEAVING, events.Send(m(2)), Phase.LEAVING),
    Row("it is closed", LEAVING, events.Dismissed(), Phase.IDLE),
    Row("it is closed, and what waits starts", LEAVING_WAITS, events.Dismissed(), Phase.STARTING, (Start,)),
    Row("it was answered elsewhere", LEAVING, events.Dismissed(is_answered=True), Phase.IDLE, (Load,)),
    Row("it cannot be closed", LEAVING, events.NotDismissed(REFUSED), Phase.ASKING),
    Row("it cannot be closed, and what waits is paused", LEAVING_WAITS, events.NotDismissed(REFUSED), Phase.ASKING),
]
# fmt: on


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.start.phase}: {row.what}" for row in ROWS])
def test_an_event_leads_to_a_phase_and_effects(row: Row):
    now, made = step(row.start, row.event)
    assert now.phase is row.phase
    assert tuple(map(type, made)) == row.effects


EVERY = [
    SEND,
    events.Stop(),
    events.Retry("r1"),
    events.Answer("a1", None),  # type: ignore[arg-type]
    events.EditMessage("none", m(9), "e1"),
    events.Regenerate("none", "g1"),
    events.ContinueAnswer("c1"),
    events.ShowVersion("none", 1),
    events.Remove("none"),
    events.Edit("none"),
    events.SendNow("none"),
    events.SendAll(),
    events.MoveUp("none"),
    events.Acknowledge("none"),
    events.Opened(),
    events.Changed(),
    events.Loaded(Agenda()),
    events.NotLoaded(),
    events.RunsRead(Agenda()),
    events.Created(),
    events.Accepted("other", "run-8"),
    events.NotStarted("other", REFUSED),
    events.Ended("other", Outcome.FINISHED),
    events.Cancelled(Cancel(("run-8",), turn_id="other")),
    events.NotCancelled(Cancel(("run-8",), turn_id="other"), REFUSED),
    events.StopTimedOut(StartStopTimer("other", 0)),
    events.Saved("other"),
    events.Dismiss(),
    events.Dismissed(),
    events.NotDismissed(REFUSED),
    events.Enqueued("none", "run-8"),
    events.NotEnqueued("none"),
    events.Removed(("none",), ("none",)),
    events.NotRemoved(("none",)),
    events.Unblocked(),
]
PLAIN = [IDLE, ASKING, STARTING, RUNNING, STOPPING, SAVING, LEAVING]
READS = (Load, ReadRuns, CheckOver)
"""What an unknown id may lead to: the server is asked how things stand."""


def test_every_event_is_tried():
    assert {type(event) for event in EVERY} == set(machine._HANDLERS)


@pytest.mark.parametrize("event", EVERY, ids=lambda event: type(event).__name__)
@pytest.mark.parametrize("start", PLAIN, ids=lambda start: start.phase)
def test_an_event_without_a_row_leaves_the_phase(start: Conversation, event: Any):
    at_rest = (Phase.IDLE, Phase.ASKING)
    phases = at_rest if start.phase in at_rest else (start.phase,)
    if any(row.start.phase in phases and type(row.event) is type(event) for row in ROWS):
        return
    now, made = step(start, event)
    assert now.phase is start.phase
    assert [one for one in made if not isinstance(one, READS)] == []


# The table in the module.


def documented() -> list[tuple[set[str], list[str], str]]:
    """The rows of the table in the docstring: phases, events, and what follows."""
    head, *lines = (machine.__doc__ or "").split("\nphase ")[1].splitlines()
    columns = [head.index(name) + len("phase ") for name in ("event", "what")]
    rows, phases = [], set()
    for line in lines[1 : lines.index(lines[0], 1)]:
        phase = line[: columns[0]].strip(" ,")
        if phase:
            phases = phases | {phase} if phases == {"idle"} else {phase}
        rows.append((phases, line[columns[0] : columns[1]].split(", "), line[columns[1] :]))
    return [(one, [name.strip() for name in names], follows) for one, names, follows in rows]


@pytest.mark.parametrize("row", documented(), ids=lambda row: f"{row[1]} {row[2][:30]}")
def test_the_documented_table_is_true(row: tuple[set[str], list[str], str]):
    phases, names, follows = row
    meant = [one for one in ROWS if one.start.phase in phases and type(one.event).__name__ in names]
    assert meant or names == ["otherwise"]
    done = {made.__name__ for one in meant for made in one.effects}
    assert set(re.findall(r"`(\w+)`", follows)) <= done
    leads = {phase for phase in Phase if re.search(rf"\b{phase}\b", follows)}
    assert leads <= {one.phase for one in meant}


def test_a_message_does_not_interrupt_another_run_than_the_one_it_was_sent_to():
    now = after(events.Send(m(2), strategy=Strategy.ROLLBACK), events.Send(m(3)), start=ANSWERING)
    now = after(events.MoveUp("m3"), events.NotStarted("a1", REFUSED), start=now)
    assert now.turn
    assert now.turn.id == "m3"
    now, made = step(now, events.Accepted("m3", "run-3"))
    assert [type(one) for one in made] == [Enqueue]


def test_what_is_taken_out_while_it_is_cancelled_is_removed_where_the_cancel_is_refused():
    now = after(events.Remove("m2"), start=STOPPING_ALL)
    now, made = step(now, events.NotCancelled(STOP_ALL, REFUSED))
    assert [type(one) for one in made] == [RemoveRuns]
    item = now.find("m2")
    assert item
    assert (item.delivery, item.then) == (Delivery.REMOVING, Then.DROP)


def test_runs_that_ended_unseen_beside_a_run_are_read_after_it():
    over = Agenda(current="run-1", over=frozenset({"run-8"}))
    now = after(events.Changed(), events.RunsRead(over), ENDED, start=RUNNING)
    _, made = step(now, events.Saved("m1"))
    assert [type(one) for one in made] == [ReadRuns]


def test_a_run_that_waits_while_its_stream_is_read_is_not_in_the_queue_too():
    list_of_runs = Agenda(current="run-9", waiting=(m(1, "run-1"),))
    now = after(events.Changed(), events.RunsRead(list_of_runs), start=RUNNING)
    assert now.queue == ()


@pytest.mark.parametrize(
    "asks",
    [
        (events.Send(m(2)), events.Saved("m1", is_asking=True)),
        (
            events.Saved("m1"),
            events.Opened(),
            events.Send(m(2)),
            events.Loaded(Agenda(), is_asking=True),
        ),
    ],
    ids=["while it is saved", "while the thread is read"],
)
def test_what_was_sent_before_a_question_was_seen_does_not_close_it(asks: tuple[Any, ...]):
    now = after(*asks, start=SAVING)
    assert now.phase is Phase.ASKING
    assert [(item.id, item.delivery) for item in now.queue] == [("m2", Delivery.PAUSED)]
    assert after(events.SendNow("m2"), start=now).phase is Phase.STARTING


def test_a_message_that_could_not_close_the_question_is_back_in_the_draft_and_it_is_still_open():
    now = after(SEND, events.NotStarted("m1", REFUSED, is_asking=True), start=ASKING)
    assert now.phase is Phase.ASKING
    assert [returned.id for returned in now.returned] == ["m1"]
