"""What happens next on a thread: `step` leads from an event to the next value and to effects.

Pure: no clock, no input or output, no identity of tabs or tasks. Everything that takes time is an
effect, and comes back as another event. So an event is never late for something that is awaited,
and a Stop is heard in every phase.

========= ==================== ====================================================================
phase     event                what follows
========= ==================== ====================================================================
idle,     Send                 starting: `Start`. While the thread is read, or busy, it waits
asking    Retry, Answer        starting: `Start`
          Opened               `Load`; nothing is started before it is read
          Changed              `ReadRuns`
          RunsRead             a run goes, running: `Join`; others ended unseen: `Load`
          SendNow, SendAll     what was paused goes to the end of the queue; starting: `Start`
          Stop                 what waits for a busy thread is paused
          Dismiss              leaving, where the graph asks: `Dismiss`
          EditMessage          starting: `Start` from before the message
          Regenerate           starting: `Start` from before the answer
          ContinueAnswer       starting: `Start` with a message that asks for it
          ShowVersion          `Load` of that branch, before anything is started
          otherwise            the first message of the queue starts or is joined
starting  Send                 it waits until the run is accepted
          Accepted             running; what waits is queued: `Enqueue`
          NotStarted           idle, the message goes back to the draft; or asking again
          Stop                 stopping: `Abort`
running   Send                 `Enqueue`; to interrupt or to roll back, stopping: `Cancel`
          SendNow              stopping: `Cancel` for the run and all that waits
          Stop                 stopping: `Cancel` for the run and all that waits
          Remove, Edit         `RemoveRuns`
          EditMessage          the message goes back: the run is not stopped for it
          Regenerate           nothing: an answer under way is not given up for it
          Changed              `ReadRuns`; where it is this run that is over: `CheckOver`
          Ended                saving: `Save`
stopping  Send                 it waits until the run is over
          Accepted             `Cancel`
          NotStarted           idle; the message goes back to the draft
          Cancelled            what waited is paused: `RememberPaused`; `EndStream`
          NotCancelled         running; the refusal is shown
          StopTimedOut         it is said, and another Stop tries again
          Stop                 what was to be sent is paused; where it was said: `Cancel`
          Ended                saving: `Save`; not before what waits is cancelled
saving    Send                 it waits
          Stop                 what waits is cancelled and paused: `Cancel`
          Saved                idle or asking; what is next at the server is running: `Join`
leaving   Send                 it waits
          Dismissed            idle; what waits is starting: `Start`; answered elsewhere: `Load`
          NotDismissed         asking; the refusal is shown
========= ==================== ====================================================================

Each row is an example in ``tests/runs/test_machine_table.py``.
Invariants, tested in ``tests/runs/test_machine.py``: no message is lost or doubled, and they are
answered in order; the first request after a Stop is its cancel; every phase has a way out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.client.events import Outcome
from chat_app.runs.machine import branch_steps, effect_types, refresh, stopping, thread_queue
from chat_app.runs.machine.conversation import (
    Conversation,
    Delivery,
    Item,
    Kind,
    Notice,
    Phase,
    Returned,
    Strategy,
    Then,
    Trouble,
    Turn,
)
from chat_app.runs.machine.effect_types import (
    Cancel,
    Enqueue,
    RememberPaused,
    Unblock,
)
from chat_app.runs.machine.events import (
    Accepted,
    Acknowledge,
    Answer,
    Cancelled,
    Changed,
    ContinueAnswer,
    Created,
    Dismiss,
    Dismissed,
    Edit,
    EditMessage,
    Ended,
    Enqueued,
    Event,
    Loaded,
    MoveUp,
    NotCancelled,
    NotDismissed,
    NotEnqueued,
    NotLoaded,
    NotRemoved,
    NotStarted,
    Opened,
    Regenerate,
    Remove,
    Removed,
    Retry,
    RunsRead,
    Saved,
    Send,
    SendAll,
    SendNow,
    ShowVersion,
    Stop,
    StopTimedOut,
    Unblocked,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from chat_app.runs.machine.effect_types import Step


def step(now: Conversation, event: Event) -> Step:
    """The next value, and what must be done for it, in this order."""
    after, effects = _HANDLERS[type(event)](now, event)
    after, moves = thread_queue.moved(after)
    after, more = _go_on(after)
    effects = (*effects, *moves, *more)
    if after.paused != now.paused and not isinstance(event, Loaded):
        effects = (*effects, RememberPaused(after.paused))
    return after, effects


# What is sent.


def _send(now: Conversation, event: Send) -> Step:
    item = Item(event.message, tab=event.tab)
    if now.phase is Phase.RUNNING and event.strategy is not Strategy.QUEUE:
        return stopping.instead(now, item, event.strategy)
    # Later it would interrupt, or roll back, another run than the one it was sent to.
    strategy = event.strategy if now.phase is Phase.STARTING else Strategy.QUEUE
    return replace(now, queue=(*now.queue, replace(item, strategy=strategy))), ()


def _retry(now: Conversation, event: Retry) -> Step:
    if not now.phase.is_at_rest:
        return now, ()
    retry = Turn(event.turn_id, Kind.RETRY, tab=event.tab, assistant_id=event.assistant_id)
    return refresh.start(now, retry)


def _answer(now: Conversation, event: Answer) -> Step:
    if not now.phase.is_at_rest:
        return now, ()
    turn = Turn(event.turn_id, Kind.ANSWER, tab=event.tab, answer=event.answer)
    return refresh.start(now, turn)


def _dismiss(now: Conversation, _: Dismiss) -> Step:
    if now.phase is not Phase.ASKING:
        return now, ()
    return replace(now, phase=Phase.LEAVING, trouble=None), (effect_types.Dismiss(),)


def _dismissed(now: Conversation, event: Dismissed) -> Step:
    if now.phase is not Phase.LEAVING:
        return now, ()
    trouble = Trouble(Notice.ANSWERED_ALREADY) if event.is_answered else None
    now = replace(now, phase=Phase.IDLE, trouble=trouble)
    return replace(now, is_unsure=now.is_unsure or event.is_answered), ()


def _not_dismissed(now: Conversation, event: NotDismissed) -> Step:
    if now.phase is not Phase.LEAVING:
        return now, ()
    trouble = Trouble(Notice.FAILED, event.failure)
    return thread_queue.held_back(replace(now, phase=Phase.ASKING, trouble=trouble)), ()


def _go_on(now: Conversation) -> Step:
    """What follows from the queue, whatever has happened."""
    if now.phase is Phase.RUNNING:
        return _enqueue_next(now)
    if not now.phase.is_at_rest or now.is_loading:
        return now, ()
    if now.is_unsure or now.showing:
        return refresh.load(now)
    return _start_next(now)


def _start_next(now: Conversation) -> Step:
    """Start or join the first message of the queue; without one see what goes on."""
    waits = (item for item in now.queue if item.delivery is not Delivery.PAUSED)
    first = next(waits, None)
    if first and first.delivery is Delivery.LOCAL and not now.is_blocked:
        turn = Turn(first.id, Kind.MESSAGE, first.message, first.tab)
        return refresh.start(now.without(first.id), turn)
    if first and first.delivery is Delivery.WAITING and not first.message.is_foreign:
        return refresh.join(now.without(first.id), first.message.run_id, first)
    if (now.is_stale or now.unknown) and not now.is_reading:
        return refresh.read(now)
    return now, ()


def _enqueue_next(now: Conversation) -> Step:
    """Queue the first message that the server does not have; one at a time keeps their order."""
    is_busy = now.is_queue_under_way
    local = next((item for item in now.queue if item.delivery is Delivery.LOCAL), None)
    if local is None and not is_busy and now.is_stale and not now.is_reading:
        return refresh.read(now)
    if local is None or local.is_held or is_busy or not now.has_queue:
        return now, ()
    sending = replace(local, delivery=Delivery.SENDING, then=Then.QUEUE)
    return replace(now.put(sending), changes=now.changes + 1), (Enqueue(sending),)


# The run.


def _accepted(now: Conversation, event: Accepted) -> Step:
    if not now.turn or not now.is_turn(event.turn_id):
        return now, ()
    was_known, turn = bool(now.turn.run_id), replace(now.turn, run_id=event.run_id)
    now = replace(now, turn=turn, exists=True, unknown=now.unknown - {event.run_id})
    if now.phase is Phase.STARTING:
        now, first = _without_strategies(replace(now, phase=Phase.RUNNING))
        return stopping.instead(now, *first) if first else (now, ())
    if now.phase is Phase.STOPPING and not was_known:
        return now, (Cancel((event.run_id,), turn_id=turn.id),)
    return now, ()


def _sent(now: Conversation, event: Enqueued | NotEnqueued) -> Step:
    """A message is in the server's queue, or is not taken: it may have been sent now meanwhile."""
    if isinstance(event, Enqueued):
        now, effects = thread_queue.enqueued(now, event)
    else:
        now, effects = thread_queue.not_enqueued(now, event)
    item = now.find(event.id)
    if item is None or item.strategy is Strategy.QUEUE or item.delivery is Delivery.SENDING:
        return now, effects
    strategy, item = item.strategy, replace(item, strategy=Strategy.QUEUE)
    now = now.put(item)
    if now.phase is not Phase.RUNNING or item.delivery not in (Delivery.WAITING, Delivery.LOCAL):
        return now, effects
    now, more = stopping.instead(now, item, strategy)
    return now, (*effects, *more)


def _without_strategies(now: Conversation) -> tuple[Conversation, tuple[Item, Strategy] | None]:
    """No message interrupts any more; with the first one that was to, and how."""
    meant = (item for item in now.queue if item.strategy is not Strategy.QUEUE)
    first = next(meant, None)
    now = now.map(lambda item: replace(item, strategy=Strategy.QUEUE))
    return now, (replace(first, strategy=Strategy.QUEUE), first.strategy) if first else None


def _not_started(now: Conversation, event: NotStarted) -> Step:
    turn = now.turn
    if turn is None or not now.is_turn(event.turn_id):
        return now, ()
    is_stopped = now.phase is Phase.STOPPING
    now, _ = _without_strategies(now)  # what they were to interrupt never began
    now = replace(now, turn=replace(turn, outcome=Outcome.LOST), phase=Phase.IDLE)
    now = replace(now, is_confirmed=False, is_unconfirmed=False, is_rollback=False)
    message = turn.message
    if turn.kind is Kind.JOINED:
        return refresh.load(now)
    if event.is_busy and message and not is_stopped and not turn.fork:
        item = Item(message, tab=turn.tab)
        return replace(now, queue=(item, *now.queue), is_blocked=True), (Unblock(),)
    trouble = None
    if event.is_answered:
        trouble = Trouble(Notice.ANSWERED_ALREADY)
    elif event.failure and not (event.is_busy and is_stopped):
        is_anew = turn.fork or (message and message.continues)  # there is a button for it
        can_retry = event.failure.retryable and turn.kind is not Kind.ANSWER and not is_anew
        trouble = Trouble(Notice.FAILED, event.failure, can_retry)
    now = replace(now, trouble=trouble, is_unsure=now.is_unsure or event.is_answered)
    if turn.kind is Kind.ANSWER:
        now = replace(now, phase=Phase.ASKING)
    elif event.is_asking:
        now = thread_queue.held_back(replace(now, phase=Phase.ASKING))
    if message and not message.continues:
        edits = turn.fork.message_id if turn.fork else ""
        returned = Returned(message.message_id, turn.tab, message, edits=edits)
        now = replace(now, returned=(*now.returned, returned))
        if event.failure:
            now = replace(now, abandoned=now.abandoned | {message.message_id})
    return now, ()


def _ended(now: Conversation, event: Ended) -> Step:
    turn = now.turn
    if turn is None or not now.is_turn(event.turn_id):
        return now, ()
    turn = replace(turn, outcome=event.outcome)
    is_over = event.outcome is not Outcome.LOST  # else it may go on
    now = replace(now, turn=turn, seen=now.seen | {turn.run_id} if is_over else now.seen)
    if event.failure:
        now = replace(now, trouble=Trouble(Notice.FAILED, event.failure, event.failure.retryable))
    is_cancelling = any(item.delivery is Delivery.CANCELLING for item in now.queue)
    if now.phase is Phase.STOPPING and is_cancelling:
        return now, ()  # what waits is paused or waits on: the server has yet to tell
    return stopping.save(now)


def _saved(now: Conversation, event: Saved) -> Step:
    if now.phase is not Phase.SAVING or not now.turn or now.turn.id != event.turn_id:
        return now, ()
    phase = Phase.ASKING if event.is_asking else Phase.IDLE
    now = replace(now, phase=phase, is_confirmed=False, is_unconfirmed=False, is_rollback=False)
    return (thread_queue.held_back(now) if event.is_asking else now), ()


def _created(now: Conversation, _: Created) -> Step:
    return replace(now, exists=True), ()


def _acknowledge(now: Conversation, event: Acknowledge) -> Step:
    return replace(now, returned=tuple(r for r in now.returned if r.id != event.id)), ()


_HANDLERS: dict[type, Callable[[Conversation, Any], Step]] = {
    Send: _send,
    Stop: stopping.stop,
    Retry: _retry,
    Answer: _answer,
    EditMessage: branch_steps.edit_message,
    Regenerate: branch_steps.regenerate,
    ContinueAnswer: branch_steps.continue_answer,
    ShowVersion: branch_steps.show_version,
    Dismiss: _dismiss,
    Remove: thread_queue.remove,
    Edit: thread_queue.edit,
    SendNow: stopping.send_now,
    SendAll: thread_queue.send_all,
    MoveUp: thread_queue.move_up,
    Acknowledge: _acknowledge,
    Opened: refresh.opened,
    Changed: refresh.changed,
    Loaded: refresh.loaded,
    NotLoaded: refresh.not_loaded,
    RunsRead: refresh.runs_read,
    Created: _created,
    Accepted: _accepted,
    NotStarted: _not_started,
    Ended: _ended,
    Cancelled: stopping.cancelled,
    NotCancelled: stopping.not_cancelled,
    StopTimedOut: stopping.stop_timed_out,
    Saved: _saved,
    Dismissed: _dismissed,
    NotDismissed: _not_dismissed,
    Enqueued: _sent,
    NotEnqueued: _sent,
    Removed: thread_queue.removed,
    NotRemoved: thread_queue.not_removed,
    Unblocked: refresh.unblocked,
}
