"""The queue of a thread: the part of `chat_app.runs.machine.step` that moves its messages.

At the server each waiting message is a pending run. Such a run cannot be changed or moved: it is
removed, and the message is queued again as another run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.runs.machine.conversation import (
    Conversation,
    Delivery,
    Item,
    Returned,
    Strategy,
    Then,
)
from chat_app.runs.machine.effect_types import Cancel, RemoveRuns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from chat_app.runs.machine.effect_types import Step
    from chat_app.runs.machine.events import (
        Edit,
        Enqueued,
        MoveUp,
        NotEnqueued,
        NotRemoved,
        Remove,
        Removed,
        SendAll,
    )
    from chat_app.runs.pending_runs import Agenda, Queued


def to_be_cancelled(now: Conversation, then: Then) -> Conversation:
    """All that this app has queued is cancelled with the run before it.

    What the person takes out of the queue meanwhile is taken out all the same.
    """

    def change(item: Item) -> Item:
        keeps_then = item.then in (Then.DROP, Then.EDIT)
        after = item.then if keeps_then else then
        match item.delivery:
            case _ if item.message.is_foreign:
                pass  # another program's run cannot be made again
            case Delivery.WAITING:
                return replace(item, delivery=Delivery.CANCELLING, then=then)
            case Delivery.CANCELLING:
                return replace(item, then=after)
            case Delivery.LOCAL if then is Then.PAUSE:
                return replace(item, delivery=Delivery.PAUSED, strategy=Strategy.QUEUE)
            case Delivery.SENDING if then is Then.PAUSE:
                return replace(item, then=after)
            case Delivery.REMOVING:
                # Its removal may come too late to keep it from starting.
                return replace(item, delivery=Delivery.CANCELLING, then=after)
        return item

    return now.map(change)


def after_cancel(now: Conversation, run_ids: Collection[str]) -> Conversation:
    """These runs are cancelled: their messages are paused, or to be queued again."""

    def change(item: Item) -> Item:
        if item.delivery is not Delivery.CANCELLING or item.message.run_id not in run_ids:
            return item
        if item.then is Then.PAUSE:
            return replace(item, delivery=Delivery.PAUSED)
        return _local(item)

    taken = [item for item in now.queue if item.then in (Then.DROP, Then.EDIT)]
    taken = [item for item in taken if item.message.run_id in run_ids]
    now = now.map(lambda item: item if item in taken else change(item))
    for item in taken:
        now = _taken(now, item)
    return replace(now, seen=now.seen | frozenset(run_ids), changes=now.changes + 1)


def not_cancelled(now: Conversation, run_ids: Collection[str]) -> Step:
    """The server has refused to cancel these runs: they wait on.

    What the person has taken out of the queue meanwhile is removed in a request of its own.
    """
    removing = []

    def change(item: Item) -> Item:
        is_meant = item.delivery in (Delivery.CANCELLING, Delivery.PAUSED)
        if not is_meant or item.message.run_id not in run_ids:
            return item
        if item.delivery is Delivery.CANCELLING and item.then in (Then.DROP, Then.EDIT):
            removing.append(item.message)
            return replace(item, delivery=Delivery.REMOVING)
        return replace(item, delivery=Delivery.WAITING, then=Then.PAUSE)

    now = replace(now.map(change), is_stale=True)
    return now, (RemoveRuns(tuple(removing)),) if removing else ()


def _local(item: Item) -> Item:
    message = replace(item.message, run_id="")
    return replace(item, message=message, delivery=Delivery.LOCAL, then=Then.PAUSE)


# Commands.


def remove(now: Conversation, event: Remove) -> Step:
    """Take a message out of the queue."""
    return _take(now, now.find(event.id), Then.DROP)


def edit(now: Conversation, event: Edit) -> Step:
    """Take a message out of the queue and back into the draft."""
    item = now.find(event.id)
    if item is None or item.message.is_foreign:
        return now, ()
    item = replace(item, tab=event.tab or item.tab)
    return _take(now.put(item), item, Then.EDIT)


def send_all(now: Conversation, _: SendAll) -> Step:
    """Send all paused messages, in their order and behind what waits."""
    paused = [item for item in now.queue if item.delivery is Delivery.PAUSED]
    others = now.without(*(item.id for item in paused)).queue
    local = tuple(replace(item, delivery=Delivery.LOCAL) for item in paused)
    return replace(now, queue=(*others, *local)), ()


def _take(now: Conversation, item: Item | None, then: Then) -> Step:
    if item is None:
        return now, ()
    match item.delivery:
        case Delivery.LOCAL | Delivery.PAUSED:
            return _taken(now, replace(item, then=then)), ()
        case Delivery.WAITING:
            removing = replace(item, delivery=Delivery.REMOVING, then=then)
            now = replace(now.put(removing), changes=now.changes + 1)
            return now, (RemoveRuns((item.message,)),)
        case Delivery.SENDING | Delivery.CANCELLING | Delivery.REMOVING:
            # As soon as it is known which run it is, or that there is none.
            return now.put(replace(item, then=then)), ()
    return now, ()


def _taken(now: Conversation, item: Item) -> Conversation:
    """A message that the server does not have, or has no more."""
    match item.then:
        case Then.DROP:
            return now.without(item.id)
        case Then.EDIT:
            back = Returned(item.id, item.tab, replace(item.message, run_id=""), is_edit=True)
            now = now.without(item.id)
            return replace(now, returned=(*now.returned, back))
        case Then.PAUSE:
            return now.put(replace(_local(item), delivery=Delivery.PAUSED))
    return now.put(_local(item))


def move_up(now: Conversation, event: MoveUp) -> Step:
    """Let a message go before the one that is before it, as soon as that can be done."""
    item = now.find(event.id)
    if item is None or item.message.is_foreign:
        return now, ()
    return now.put(replace(item, moves=item.moves + 1)), ()


def moved(now: Conversation) -> Step:
    """Exchange two messages; those that the server has are queued again from there on.

    A message can be moved the moment it is seen, before the server has taken it. Such a move is
    made when no request for the queue is under way: its answer would come behind the exchange.
    """
    effects: tuple[RemoveRuns, ...] = ()
    while place := next((n for n in range(1, len(now.queue)) if _can_move(now, n)), 0):
        now, more = _exchanged(now, place)
        effects = (*effects, *more)
    for before, item in zip((None, *now.queue), now.queue, strict=False):
        if item.moves and (before is None or before.message.is_foreign):
            now = now.put(replace(item, moves=0))
    return now, effects


def _can_move(now: Conversation, place: int) -> bool:
    before, item = now.queue[place - 1 : place + 1]
    pair = before.delivery, item.delivery
    if not item.moves or before.message.is_foreign or any(one.is_under_way for one in pair):
        return False
    return Delivery.WAITING not in pair or not now.is_queue_under_way


def _exchanged(now: Conversation, place: int) -> tuple[Conversation, tuple[RemoveRuns, ...]]:
    before, item = now.queue[place - 1 : place + 1]
    item = replace(item, moves=item.moves - 1)
    now = replace(now, queue=(*now.queue[: place - 1], item, before, *now.queue[place + 1 :]))
    if Delivery.WAITING not in (before.delivery, item.delivery):
        return now, ()
    behind = [one for one in now.queue[place - 1 :] if one.delivery is Delivery.WAITING]
    behind = [one for one in behind if not one.message.is_foreign]
    for one in behind:
        now = now.put(replace(one, delivery=Delivery.REMOVING, then=Then.QUEUE))
    now = replace(now, changes=now.changes + 1)
    return now, (RemoveRuns(tuple(one.message for one in behind)),)


# Reports.


def enqueued(now: Conversation, event: Enqueued) -> Step:
    """A message is in the server's queue, behind all others there."""
    item = now.find(event.id)
    now = replace(now, changes=now.changes + 1)
    if item is None or item.delivery is not Delivery.SENDING:
        return now, ()
    message = replace(item.message, run_id=event.run_id)
    item = replace(item, message=message)
    match item.then:
        case Then.QUEUE:
            # What other programs have queued before it is seen with it.
            now = replace(now, is_stale=True)
            return _put_last(now, replace(item, delivery=Delivery.WAITING, then=Then.PAUSE)), ()
        case Then.PAUSE:
            paused = replace(item, delivery=Delivery.PAUSED)
            return now.put(paused), (Cancel((event.run_id,)),)
    removing = replace(item, delivery=Delivery.REMOVING)
    return now.put(removing), (RemoveRuns((message,)),)


def _put_last(now: Conversation, item: Item) -> Conversation:
    """Put a message behind those that wait at the server."""
    places = [n for n, one in enumerate(now.queue) if one.delivery is Delivery.WAITING]
    if not places or item in now.queue[places[-1] :] or now.queue[places[-1]].id == item.id:
        return now.put(item)
    behind = now.queue[places[-1]].id
    queue = []
    for one in now.without(item.id).queue:
        queue += [one, item] if one.id == behind else [one]
    return replace(now, queue=tuple(queue))


def not_enqueued(now: Conversation, event: NotEnqueued) -> Step:
    """It stays here, and goes when nothing else does."""
    item = now.find(event.id)
    now = replace(now, has_queue=now.has_queue and event.has_queue)
    if item is None or item.delivery is not Delivery.SENDING:
        return now, ()
    # Where no answer came the server may have taken it all the same.
    return _taken(replace(now, is_unsure=event.has_queue), replace(item, is_held=True)), ()


def removed(now: Conversation, event: Removed) -> Step:
    """Pending runs are removed."""
    now = replace(now, changes=now.changes + 1)
    for message_id in event.asked:
        item = now.find(message_id)
        is_gone = message_id in event.ids  # else it has begun, or is over
        # A Stop may have come in between, and there is nothing left to be cancelled.
        is_late = is_gone and item is not None and item.delivery is Delivery.CANCELLING
        if item is None or not (is_late or item.delivery is Delivery.REMOVING):
            continue
        now = _taken(now, item) if is_gone else replace(now.without(message_id), is_stale=True)
    return now, ()


def not_removed(now: Conversation, event: NotRemoved) -> Step:
    """They wait, or do not: the list of runs tells."""
    now = replace(now, changes=now.changes + 1, is_stale=True)
    for message_id in event.asked:
        item = now.find(message_id)
        if item and item.delivery is Delivery.REMOVING:
            now = now.put(replace(item, delivery=Delivery.WAITING, then=Then.PAUSE))
    return now, ()


def merged(now: Conversation, agenda: Agenda) -> Conversation:
    """The queue as the server has it, and what it does not have yet."""
    at_server = {message.message_id: message for message in agenda.waiting}
    queue = [kept for item in now.queue if (kept := _merged(item, agenda, at_server))]
    known = {item.message.run_id for item in queue} | {item.id for item in queue}
    if now.turn and now.is_turn(now.turn.id):
        known |= {now.turn.run_id, now.turn.id}  # it may wait, while its stream is read
    new = [
        Item(message, Delivery.WAITING)
        for message in agenda.waiting
        if message.run_id not in known and message.message_id not in known
    ]
    return replace(now, queue=tuple(_in_order([*queue, *new], agenda)))


def _merged(item: Item, agenda: Agenda, at_server: Mapping[str, Queued]) -> Item | None:
    """A message as the server has it; None where its run has begun or is over."""
    run_id = item.message.run_id
    match item.delivery:
        case Delivery.WAITING:
            if item.id in at_server:
                return replace(item, message=at_server[item.id])
            if agenda.has(run_id) and not item.message.is_foreign:
                return item  # it has begun, and is followed in its turn
            is_paused = run_id in agenda.interrupted and not item.message.is_foreign
            return replace(item, delivery=Delivery.PAUSED) if is_paused else None
        case Delivery.PAUSED | Delivery.LOCAL:
            # Another process has sent it, or a request has arrived that seemed lost.
            if item.id in at_server:
                return replace(item, message=at_server[item.id], delivery=Delivery.WAITING)
            is_begun = agenda.asked is not None and agenda.asked.id == item.id
            return None if is_begun or item.id in agenda.answered else item
    return item


def _in_order(items: list[Item], agenda: Agenda) -> Iterable[Item]:
    """Those that wait at the server in its order; the others keep their places."""
    place = {message.run_id: n for n, message in enumerate(agenda.waiting)}
    waits = [item for item in items if item.delivery is Delivery.WAITING]
    ordered = iter(sorted(waits, key=lambda item: place.get(item.message.run_id, len(place))))
    return [next(ordered) if item.delivery is Delivery.WAITING else item for item in items]


def without_parallel(now: Conversation, agenda: Agenda) -> Step:
    """Where two runs of a thread execute at once the server has no queue: messages wait here."""
    if not agenda.parallel:
        return now, ()
    now = replace(now, has_queue=False)
    beside = [
        item
        for item in now.queue
        if item.delivery is Delivery.WAITING and item.message.run_id in agenda.parallel
    ]
    for item in beside:
        now = now.put(replace(item, delivery=Delivery.REMOVING, then=Then.QUEUE))
    if not beside:
        return now, ()
    now = replace(now, changes=now.changes + 1)
    return now, (RemoveRuns(tuple(item.message for item in beside)),)


def held_back(now: Conversation) -> Conversation:
    """Pause what is only in this process: sent by itself it would close a question unseen."""
    return now.map(
        lambda item: (
            replace(item, delivery=Delivery.PAUSED) if item.delivery is Delivery.LOCAL else item
        )
    )
