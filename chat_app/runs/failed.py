"""What is reported where an effect breaks off with an error of this app itself: a bug, odd data.

Without a report the conversation would wait for ever; and a message that was being sent would be
lost. The error itself is logged by its task.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text as words
from chat_app.client import Outcome
from chat_app.runs import run_starter
from chat_app.runs.machine import effect_types, events
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from chat_app.runs.machine.conversation import Turn
    from chat_app.runs.machine.effect_types import Effect
    from chat_app.runs.machine.events import Event
    from chat_app.runs.thread_view import Work


def failed(work: Work, effect: Effect) -> Event | None:
    """The report instead of the one that is missing; None where nothing waits for one."""
    failure = AppError(words.APP_FAILED)
    event: Event | None = None
    match effect:
        case effect_types.Load():
            work.show(work.view.transcript, load_failure=failure)
            event = events.NotLoaded()
        case effect_types.ReadRuns(changes):
            event = events.RunsRead(None, changes)
        case effect_types.Start(turn) | effect_types.Join(turn):
            event = _broken_off(work, turn, failure)
        case effect_types.Cancel():
            event = events.NotCancelled(effect, failure)
        case effect_types.Dismiss():
            event = events.NotDismissed(failure)
        case effect_types.Enqueue(item):
            event = events.NotEnqueued(item.id)
        case effect_types.RemoveRuns(messages):
            event = events.NotRemoved(tuple(message.message_id for message in messages))
    return event


def _broken_off(work: Work, turn: Turn, failure: AppError) -> Event:
    if work.stream is None or not work.stream.accepted:
        run_starter.undo(work, turn.id)
        return events.NotStarted(turn.id, failure, is_asking=bool(work.before.interrupts))
    work.show(work.view.transcript, cut=None)
    return events.Ended(turn.id, Outcome.LOST, failure=failure)
