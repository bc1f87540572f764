"""How a conversation keeps up with the server: the part of `chat_app.runs.machine.step` that reads.

The list of runs tells what goes, what waits and what is over; the thread is read again where runs
have ended that this app did not follow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.runs.machine import thread_queue
from chat_app.runs.machine.conversation import (
    Conversation,
    Delivery,
    Item,
    Kind,
    Notice,
    Phase,
    Trouble,
    Turn,
)
from chat_app.runs.machine.effect_types import (
    Cancel,
    CheckOver,
    Effect,
    Join,
    Load,
    ReadRuns,
    Start,
)

if TYPE_CHECKING:
    from chat_app.runs.machine.effect_types import Step
    from chat_app.runs.machine.events import Changed, Loaded, NotLoaded, Opened, RunsRead, Unblocked
    from chat_app.runs.pending_runs import Agenda


def start(now: Conversation, turn: Turn) -> Step:
    """Ask for a run."""
    return replace(now, phase=Phase.STARTING, turn=turn, trouble=None), (Start(turn),)


def opened(now: Conversation, _: Opened) -> Step:
    """Read the thread for a new tab, unless a run goes: its stream tells all."""
    return load(now) if now.phase.is_at_rest else (now, ())


def load(now: Conversation) -> Step:
    """Read the whole thread; until it is read nothing is started."""
    if now.is_loading:
        return now, ()
    return replace(now, is_loading=True, is_unsure=False), (Load(now.changes, now.showing),)


def loaded(now: Conversation, event: Loaded) -> Step:
    """The thread was read, and with it what is paused, also by another process."""
    now = replace(now, is_loading=False, exists=event.exists)
    if not now.phase.is_at_rest:
        return replace(now, is_stale=True, showing=None), ()
    if event.changes != now.changes:
        return load(now)
    if event.version == now.showing:
        now = replace(now, showing=None, trouble=None if event.version else now.trouble)
    known = {item.id for item in now.queue} | {item.message.run_id for item in now.queue}
    paused = [
        Item(message, Delivery.PAUSED)
        for message in event.paused
        if message.message_id not in known and message.run_id not in known
    ]
    kept = [
        item
        for item in now.queue
        if item.delivery is not Delivery.PAUSED or item.id not in event.shown
    ]
    now = replace(now, queue=(*paused, *kept), seen=now.seen | event.agenda.over)
    now = replace(now, phase=Phase.ASKING if event.is_asking else Phase.IDLE, is_stale=False)
    now = thread_queue.held_back(now) if event.is_asking else now
    return _follow(now, event.agenda, is_loaded=True)


def not_loaded(now: Conversation, event: NotLoaded) -> Step:
    """It could not be read."""
    now = replace(now, is_loading=False)
    if event.version and event.version == now.showing:
        now = replace(now, showing=None)
    if event.failure and now.phase.is_at_rest:
        now = replace(now, trouble=Trouble(Notice.FAILED, event.failure))
    return now, ()


def changed(now: Conversation, event: Changed) -> Step:
    """Something may have happened at the server; a run in the queue is followed in its turn."""
    now = replace(now, is_blocked=False)
    if now.turn and event.run_id and event.run_id == now.turn.run_id:
        is_open = event.is_over and now.turn.outcome is None
        return now, (CheckOver(now.turn.id),) if is_open else ()
    own = (item.message.run_id for item in now.queue if not item.message.is_foreign)
    if event.run_id and (event.run_id in now.seen or event.run_id in own):
        return now, ()
    if event.run_id:
        return replace(now, unknown=now.unknown | {event.run_id}), ()  # read at rest
    if now.is_reading or now.is_loading:
        return replace(now, is_stale=True), ()
    return read(now)


def read(now: Conversation) -> Step:
    """Read the list of runs."""
    now = replace(now, is_reading=True, is_stale=False, unknown=frozenset())
    return now, (ReadRuns(now.changes),)


def runs_read(now: Conversation, event: RunsRead) -> Step:
    """The list of runs was read; it is stale where this app has changed the queue since."""
    now = replace(now, is_reading=False)
    if event.agenda is None:
        return now, ()
    if event.changes != now.changes:
        return replace(now, is_stale=True), ()
    return _follow(now, event.agenda)


def _follow(now: Conversation, agenda: Agenda, *, is_loaded: bool = False) -> Step:
    """Let the queue be as the server has it, and follow what goes on there."""
    agenda, abandoned = _without_abandoned(now, agenda)
    now = thread_queue.merged(now, agenda)
    now, effects = thread_queue.without_parallel(now, agenda)
    now, effects = replace(now, seen=now.seen | abandoned), (*_cancel(abandoned), *effects)
    turn, current = now.turn, agenda.current
    if now.phase is Phase.RUNNING and turn and turn.outcome is None:
        # Others that go, or ended unseen, are looked at once this one is over.
        others = (agenda.over | {current}) - now.seen - {turn.run_id, ""}
        now = replace(now, unknown=now.unknown | others)
        is_over = turn.run_id and not agenda.has(turn.run_id)
        return now, (*effects, CheckOver(turn.id)) if is_over else effects
    if not now.phase.is_at_rest:
        return replace(now, is_stale=True), effects
    if not is_loaded and not agenda.over <= now.seen:
        now, more = load(now)
    elif current and current not in now.seen:
        own = (item for item in now.queue if item.message.run_id == current)
        item = next(own, Item(agenda.running) if agenda.running else None)
        now = now.without(item.id) if item else now
        now, more = join(now, current, item, start=agenda.start)
    else:
        more = ()
    return now, (*effects, *more)


def _without_abandoned(now: Conversation, agenda: Agenda) -> tuple[Agenda, frozenset[str]]:
    """Runs whose requests seemed lost: their messages went back to the draft."""
    waiting = {one.run_id for one in agenda.waiting if one.message_id in now.abandoned}
    left = tuple(one for one in agenda.waiting if one.run_id not in waiting)
    if agenda.asked and agenda.asked.id in now.abandoned:
        return replace(agenda, current="", asked=None, running=None, waiting=left), frozenset(
            {agenda.current, *waiting}
        )
    return replace(agenda, waiting=left), frozenset(waiting)


def _cancel(abandoned: frozenset[str]) -> tuple[Effect, ...]:
    return tuple(Cancel((), rollback=run_id) for run_id in sorted(abandoned))


def unblocked(now: Conversation, _: Unblocked) -> Step:
    """A busy thread may be tried again."""
    return replace(now, is_blocked=False), ()


def join(now: Conversation, run_id: str, item: Item | None = None, *, start: str = "") -> Step:
    """Follow a run that goes on at the server, or is the next one there."""
    message, tab = (item.message, item.tab) if item else (None, "")
    turn = Turn(run_id, Kind.JOINED, message, tab, run_id, start=start)
    now = replace(now, unknown=now.unknown - {run_id}, trouble=now.answered_already, showing=None)
    return replace(now, phase=Phase.RUNNING, turn=turn), (Join(turn),)
