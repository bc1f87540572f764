"""What happens next on a thread: `step` leads from an event to the next value and to effects.

Pure: no clock, no input or output, no identity of tabs or tasks. Everything that takes time is an
effect, and comes back as another event. So an event is never late for something that is awaited,
and a Stop is heard in every phase.

========= ==================== ====================================================================
phase     event                what follows
========= ==================== ====================================================================
idle,     Send                 starting: `Start`. Behind others that wait: it waits too
asking    Retry, Answer        starting: `Start`
          RunsRead, a run goes running: `Join`, after a `Load` where other runs ended unseen
          Opened               `Load`
          otherwise            the first message of the queue starts or is joined
starting  Send                 it waits, and is queued at the server once the run is accepted
          Accepted             running
          NotStarted           idle; the message goes back to the draft
          Stop                 stopping: `Abort`; once accepted, `Cancel`
running   Send                 `Enqueue`; with another strategy stopping: `Cancel`, then `Start`
          Stop                 stopping: one `Cancel` for the run and all that waits
          Ended                saving: `Save`
stopping  Send                 it waits until the run is over, and starts then
          Cancelled            what waited is paused; `EndStream`, then saving
          NotCancelled         running; the refusal is shown
          StopTimedOut         running on; it is said, and Stop may be tried again
          Ended                saving, once the cancel is confirmed
saving    Send                 it waits
          Saved                idle or asking
========= ==================== ====================================================================

Invariants, tested in ``tests/runs/test_machine.py``: no message is lost or doubled, and they are
answered in order; the first request after a Stop is its cancel; every phase has a way out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.client.events import Outcome
from chat_app.runs import stopping, thread_queue
from chat_app.runs.conversation import (
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
from chat_app.runs.effect_types import (
    Cancel,
    CheckOver,
    Effect,
    Enqueue,
    Join,
    Load,
    ReadRuns,
    RememberPaused,
    Start,
    Unblock,
)
from chat_app.runs.events import (
    Accepted,
    Acknowledge,
    Answer,
    Cancelled,
    Changed,
    Created,
    Edit,
    Ended,
    Enqueued,
    Event,
    Loaded,
    MoveUp,
    NotCancelled,
    NotEnqueued,
    NotLoaded,
    NotRemoved,
    NotStarted,
    Opened,
    Remove,
    Removed,
    Retry,
    RunsRead,
    Saved,
    Send,
    SendAll,
    SendNow,
    Stop,
    StopTimedOut,
    Unblocked,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

Effects = tuple[Effect, ...]
Step = tuple[Conversation, Effects]

_UNDER_WAY = (Delivery.SENDING, Delivery.CANCELLING, Delivery.REMOVING)


def step(now: Conversation, event: Event) -> Step:
    """The next value, and what must be done for it, in this order."""
    after, effects = _HANDLERS[type(event)](now, event)
    after, more = _go_on(after)
    effects = (*effects, *more)
    if after.paused != now.paused and not isinstance(event, Loaded):
        effects = (*effects, RememberPaused(after.paused))
    return after, effects


# What is sent.


def _send(now: Conversation, event: Send) -> Step:
    item = Item(event.message, tab=event.tab)
    if now.phase is Phase.RUNNING and event.strategy is not Strategy.QUEUE:
        return stopping.instead(now, item, event.strategy)
    strategy = Strategy.QUEUE if now.phase.is_at_rest else event.strategy
    return replace(now, queue=(*now.queue, replace(item, strategy=strategy))), ()


def _retry(now: Conversation, event: Retry) -> Step:
    if not now.phase.is_at_rest:
        return now, ()
    retry = Turn(event.turn_id, Kind.RETRY, tab=event.tab, assistant_id=event.assistant_id)
    return _start(now, retry)


def _answer(now: Conversation, event: Answer) -> Step:
    if not now.phase.is_at_rest:
        return now, ()
    return _start(now, Turn(event.turn_id, Kind.ANSWER, tab=event.tab, answer=event.answer))


def _start(now: Conversation, turn: Turn) -> Step:
    return replace(now, phase=Phase.STARTING, turn=turn, trouble=None), (Start(turn),)


def _join(now: Conversation, run_id: str, item: Item | None = None) -> Step:
    message, tab = (item.message, item.tab) if item else (None, "")
    turn = Turn(run_id, Kind.JOINED, message, tab, run_id)
    now = replace(now, unknown=now.unknown - {run_id}, trouble=now.answered_already)
    return replace(now, phase=Phase.RUNNING, turn=turn), (Join(turn),)


def _go_on(now: Conversation) -> Step:
    """What follows from the queue, whatever has happened."""
    if now.phase is Phase.RUNNING:
        return _enqueue_next(now)
    if not now.phase.is_at_rest or now.is_loading:
        return now, ()
    waits = (item for item in now.queue if item.delivery is not Delivery.PAUSED)
    first = next(waits, None)
    if first and first.delivery is Delivery.LOCAL and not now.is_blocked:
        turn = Turn(first.id, Kind.MESSAGE, first.message, first.tab)
        return _start(now.without(first.id), turn)
    if first and first.delivery is Delivery.WAITING and not first.message.is_foreign:
        return _join(now.without(first.id), first.message.run_id, first)
    if (now.is_stale or now.unknown) and not now.is_reading:
        return _read(now)
    return now, ()


def _enqueue_next(now: Conversation) -> Step:
    """Queue the first message that the server does not have; one at a time keeps their order."""
    is_busy = any(item.delivery in _UNDER_WAY for item in now.queue)
    local = next((item for item in now.queue if item.delivery is Delivery.LOCAL), None)
    if local is None and not is_busy and now.is_stale and not now.is_reading:
        return _read(now)
    if local is None or local.is_held or is_busy or not now.has_queue:
        return now, ()
    sending = replace(local, delivery=Delivery.SENDING, then=Then.QUEUE)
    return replace(now.put(sending), changes=now.changes + 1), (Enqueue(sending),)


# The run.


def _accepted(now: Conversation, event: Accepted) -> Step:
    if not now.turn or not now.is_turn(event.turn_id):
        return now, ()
    turn = replace(now.turn, run_id=event.run_id)
    now = replace(now, turn=turn, exists=True, unknown=now.unknown - {event.run_id})
    if now.phase is Phase.STARTING:
        now = replace(now, phase=Phase.RUNNING)
        local = (item for item in now.queue if item.delivery is Delivery.LOCAL)
        first = next(local, None)
        if first and first.strategy is not Strategy.QUEUE:
            return stopping.instead(now, replace(first, strategy=Strategy.QUEUE), first.strategy)
        return now, ()
    if now.phase is Phase.STOPPING:
        return now, (Cancel((event.run_id,), turn_id=turn.id),)
    return now, ()


def _not_started(now: Conversation, event: NotStarted) -> Step:
    turn = now.turn
    if turn is None or not now.is_turn(event.turn_id):
        return now, ()
    is_stopped = now.phase is Phase.STOPPING
    now = replace(now, turn=replace(turn, outcome=Outcome.LOST), phase=Phase.IDLE)
    now = replace(now, is_confirmed=False, is_unconfirmed=False, is_rollback=False)
    message = turn.message
    if turn.kind is Kind.JOINED:
        return _load(now)
    if event.is_busy and message and not is_stopped:
        item = Item(message, tab=turn.tab)
        return replace(now, queue=(item, *now.queue), is_blocked=True), (Unblock(),)
    trouble = None
    if event.is_answered:
        trouble = Trouble(Notice.ANSWERED_ALREADY)
    elif event.failure and not (event.is_busy and is_stopped):
        can_retry = event.failure.retryable and turn.kind is not Kind.ANSWER
        trouble = Trouble(Notice.FAILED, event.failure, can_retry)
    now = replace(now, trouble=trouble, is_stale=now.is_stale or event.is_answered)
    if turn.kind is Kind.ANSWER:
        now = replace(now, phase=Phase.ASKING)
    if message:
        returned = Returned(message.message_id, turn.tab, message)
        now = replace(now, returned=(*now.returned, returned))
        if event.failure:
            now = replace(now, abandoned=now.abandoned | {message.message_id})
    return now, ()


def _ended(now: Conversation, event: Ended) -> Step:
    turn = now.turn
    if turn is None or not now.is_turn(event.turn_id):
        return now, ()
    turn = replace(turn, outcome=event.outcome)
    now = replace(now, turn=turn, seen=now.seen | {turn.run_id})
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
    return now, ()


# What the server tells.


def _opened(now: Conversation, _: Opened) -> Step:
    if now.phase.is_at_rest and not now.is_loading:
        return _load(now)
    return now, ()


def _load(now: Conversation) -> Step:
    if now.is_loading:
        return now, ()
    return replace(now, is_loading=True), (Load(now.changes),)


def _loaded(now: Conversation, event: Loaded) -> Step:
    now = replace(now, is_loading=False, exists=event.exists)
    if not now.phase.is_at_rest:
        return replace(now, is_stale=True), ()
    if event.changes != now.changes:
        return _load(now)
    known = {item.message.run_id for item in now.queue}
    paused = [
        Item(message, Delivery.PAUSED) for message in event.paused if message.run_id not in known
    ]
    now = replace(now, queue=(*paused, *now.queue), seen=now.seen | event.agenda.over)
    now = replace(now, phase=Phase.ASKING if event.is_asking else Phase.IDLE, is_stale=False)
    return _seen(now, event.agenda, is_loaded=True)


def _not_loaded(now: Conversation, _: NotLoaded) -> Step:
    return replace(now, is_loading=False), ()


def _changed(now: Conversation, event: Changed) -> Step:
    now = replace(now, is_blocked=False)
    if now.turn and event.run_id and event.run_id == now.turn.run_id:
        is_open = event.is_over and now.turn.outcome is None
        return now, (CheckOver(now.turn.id),) if is_open else ()
    foreign = {item.message.run_id for item in now.queue if item.message.is_foreign}
    if event.run_id in now.known - foreign - {""}:
        return now, ()  # the queue leads to it, or it is over
    if event.run_id:
        return replace(now, unknown=now.unknown | {event.run_id}), ()  # read at rest
    if now.is_reading or now.is_loading:
        return replace(now, is_stale=True), ()
    return _read(now)


def _read(now: Conversation) -> Step:
    now = replace(now, is_reading=True, is_stale=False, unknown=frozenset())
    return now, (ReadRuns(now.changes),)


def _runs_read(now: Conversation, event: RunsRead) -> Step:
    now = replace(now, is_reading=False)
    if event.agenda is None:
        return now, ()
    if event.changes != now.changes:
        return replace(now, is_stale=True), ()
    return _seen(now, event.agenda)


def _seen(now: Conversation, agenda: Any, *, is_loaded: bool = False) -> Step:
    """Let the queue be as the server has it, and follow what goes on there."""
    now = thread_queue.merged(now, agenda)
    now, effects = thread_queue.without_parallel(now, agenda)
    turn = now.turn
    if not now.phase.is_at_rest:
        # Some that began and ended unseen: the thread is read again once this run is over.
        now = replace(now, unknown=now.unknown | (agenda.over - now.known))
    if now.phase is Phase.RUNNING and turn and turn.outcome is None:
        is_over = turn.run_id and not agenda.has(turn.run_id)
        return now, (*effects, CheckOver(turn.id)) if is_over else effects
    if not now.phase.is_at_rest:
        return now, effects
    is_behind = not is_loaded and not agenda.over <= now.seen
    current = agenda.current if agenda.current not in now.seen else ""
    if current and agenda.asked and agenda.asked.id in now.abandoned:
        # Its message went back to the draft, for its request seemed lost.
        seen = now.seen | {current}
        return replace(now, seen=seen), (*effects, Cancel((), rollback=current))
    if is_behind:
        now, more = _load(now)
        return now, (*effects, *more)
    if current:
        now, more = _join(now, current, Item(agenda.running) if agenda.running else None)
        return now, (*effects, *more)
    return now, effects


def _unblocked(now: Conversation, _: Unblocked) -> Step:
    return replace(now, is_blocked=False), ()


def _created(now: Conversation, _: Created) -> Step:
    return replace(now, exists=True), ()


def _acknowledge(now: Conversation, event: Acknowledge) -> Step:
    return replace(now, returned=tuple(r for r in now.returned if r.id != event.id)), ()


_HANDLERS: dict[type, Callable[[Conversation, Any], Step]] = {
    Send: _send,
    Stop: stopping.stop,
    Retry: _retry,
    Answer: _answer,
    Remove: thread_queue.remove,
    Edit: thread_queue.edit,
    SendNow: stopping.send_now,
    SendAll: thread_queue.send_all,
    MoveUp: thread_queue.move_up,
    Acknowledge: _acknowledge,
    Opened: _opened,
    Changed: _changed,
    Loaded: _loaded,
    NotLoaded: _not_loaded,
    RunsRead: _runs_read,
    Created: _created,
    Accepted: _accepted,
    NotStarted: _not_started,
    Ended: _ended,
    Cancelled: stopping.cancelled,
    NotCancelled: stopping.not_cancelled,
    StopTimedOut: stopping.stop_timed_out,
    Saved: _saved,
    Enqueued: thread_queue.enqueued,
    NotEnqueued: thread_queue.not_enqueued,
    Removed: thread_queue.removed,
    NotRemoved: thread_queue.not_removed,
    Unblocked: _unblocked,
}
