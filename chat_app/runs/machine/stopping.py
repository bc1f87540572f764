"""How a run ends before its time: the part of `chat_app.runs.machine.step` that stops.

A Stop cancels the run and all that this app has queued behind it, with one request, which is the
next one. The page says "Stopped" only once the server has confirmed it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.client.events import Outcome
from chat_app.runs.machine import thread_queue
from chat_app.runs.machine.conversation import (
    Conversation,
    Delivery,
    Notice,
    Phase,
    Strategy,
    Then,
    Trouble,
)
from chat_app.runs.machine.effect_types import Abort, Cancel, EndStream, Save, StartStopTimer

if TYPE_CHECKING:
    from chat_app.runs.machine.conversation import Item
    from chat_app.runs.machine.effect_types import Step
    from chat_app.runs.machine.events import Cancelled, NotCancelled, SendNow, Stop, StopTimedOut


def stop(now: Conversation, _: Stop) -> Step:
    """Cancel what goes and pause what waits."""
    if now.phase in (Phase.STARTING, Phase.RUNNING):
        return cancel(now, Then.PAUSE)
    if now.is_unconfirmed:
        return cancel(now, Then.PAUSE)
    # The run is over or being cancelled. What was to be sent instead is not wanted any more.
    cancelling = set(_cancelling(now))
    now = thread_queue.to_be_cancelled(now, Then.PAUSE)
    run_ids = tuple(run_id for run_id in _cancelling(now) if run_id not in cancelling)
    if not run_ids:
        return now, ()
    return replace(now, changes=now.changes + 1), (Cancel(run_ids),)


def cancel(now: Conversation, then: Then, *, is_rollback: bool = False) -> Step:
    """Cancel the run and all that waits; `then` is what becomes of the latter."""
    turn = now.turn
    assert turn  # noqa: S101 - for the type checker
    now = thread_queue.to_be_cancelled(now, then)
    now = replace(
        now,
        phase=Phase.STOPPING,
        is_confirmed=False,
        is_unconfirmed=False,
        is_rollback=is_rollback,
        trouble=None,
        changes=now.changes + 1,
        stop_changes=now.changes + 1,
    )
    timer = StartStopTimer(turn.id, now.changes)
    waiting = _cancelling(now)
    current = turn.run_id if turn.outcome is None else ""
    if not turn.run_id:
        # Once it is accepted it is cancelled too, unless it was not sent yet.
        return now, (Abort(turn.id), *([Cancel(waiting)] if waiting else []), timer)
    if is_rollback:
        return now, (Cancel(waiting, rollback=current, turn_id=turn.id), timer)
    run_ids = (current, *waiting) if current else waiting
    return now, (Cancel(run_ids, turn_id=turn.id), timer)


def instead(now: Conversation, item: Item, strategy: Strategy) -> Step:
    """Cancel the run, and send a message before all others."""
    ahead = replace(now, queue=(item, *now.without(item.id).queue))
    return cancel(ahead, Then.QUEUE, is_rollback=strategy is Strategy.ROLLBACK)


def send_now(now: Conversation, event: SendNow) -> Step:
    """Send a paused message behind what waits; or one that waits, and cancel the run before it."""
    item = now.find(event.id)
    if item is None or item.message.is_foreign:
        return now, ()
    if item.delivery is Delivery.PAUSED:
        local = replace(item, delivery=Delivery.LOCAL, tab=event.tab or item.tab)
        return replace(now, queue=(*now.without(item.id).queue, local)), ()
    if item.delivery is Delivery.SENDING:
        return now.put(replace(item, strategy=Strategy.INTERRUPT)), ()  # as soon as it is there
    if item.delivery not in (Delivery.WAITING, Delivery.LOCAL):
        return now, ()
    if now.phase is Phase.RUNNING:
        return instead(now, item, Strategy.INTERRUPT)
    return replace(now, queue=(item, *now.without(item.id).queue)), ()


def _cancelling(now: Conversation) -> tuple[str, ...]:
    cancelling = (item for item in now.queue if item.delivery is Delivery.CANCELLING)
    return tuple(item.message.run_id for item in cancelling)


def cancelled(now: Conversation, event: Cancelled) -> Step:
    """The server has confirmed it."""
    now = thread_queue.after_cancel(now, event.effect.run_ids)
    turn = now.turn
    if now.phase is not Phase.STOPPING or not turn:
        return now, ()
    if event.effect.turn_id == turn.id:
        now = replace(now, is_confirmed=True, is_unconfirmed=False)
        if now.trouble and now.trouble.notice is Notice.STOP_UNCONFIRMED:
            now = replace(now, trouble=None)
    if turn.outcome is not None:
        return save(now)
    return now, (EndStream(turn.id),) if now.is_confirmed else ()


def not_cancelled(now: Conversation, event: NotCancelled) -> Step:
    """The server has refused it: the run goes on."""
    now, removed = thread_queue.not_cancelled(now, event.effect.run_ids)
    turn = now.turn
    is_stop = turn is not None and event.effect.turn_id == turn.id
    if now.phase is not Phase.STOPPING or not turn or not is_stop or now.is_confirmed:
        return now, removed
    now = replace(now, is_unconfirmed=False, is_rollback=False)
    if turn.outcome is not None:
        now, saved = save(now)
        return now, (*removed, *saved)
    trouble = Trouble(Notice.STOP_REFUSED, event.failure)
    return replace(now, phase=Phase.RUNNING, trouble=trouble), removed


def stop_timed_out(now: Conversation, event: StopTimedOut) -> Step:
    """The person is told, and may try again; a late answer still counts."""
    timer, turn = event.effect, now.turn
    is_same = turn is not None and (timer.turn_id, timer.changes) == (turn.id, now.stop_changes)
    if now.phase is not Phase.STOPPING or now.is_confirmed or not is_same:
        return now, ()
    return replace(now, is_unconfirmed=True, trouble=Trouble(Notice.STOP_UNCONFIRMED)), ()


def save(now: Conversation) -> Step:
    """The run is over: save what only this app knows of it."""
    assert now.turn  # noqa: S101 - for the type checker
    is_stopped = now.phase is Phase.STOPPING and now.turn.outcome is not Outcome.FINISHED
    effect = Save(now.turn, is_stopped=is_stopped, is_rollback=is_stopped and now.is_rollback)
    if _is_late(now):
        now = replace(now, is_unsure=True)
    trouble = now.trouble
    if trouble and trouble.notice in (Notice.STOP_UNCONFIRMED, Notice.STOP_REFUSED):
        trouble = None
    return replace(now, phase=Phase.SAVING, trouble=trouble), (effect,)


def _is_late(now: Conversation) -> bool:
    """Whether the run ended before its cancel came: what waited may have begun."""
    is_cancelled = now.turn is not None and now.turn.outcome is Outcome.INTERRUPTED
    return now.phase is Phase.STOPPING and not is_cancelled and bool(now.paused)
