"""What makes branches of a thread: the part of `chat_app.runs.machine.step` that goes back in it.

An edit and a regeneration are runs that begin at an older checkpoint. While a run goes none of them
is taken, as in other chats: an answer under way is not given up by a press elsewhere on the page.
An edit is then returned, so that its words are not lost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.runs.machine import refresh
from chat_app.runs.machine.conversation import (
    Conversation,
    Fork,
    Item,
    Kind,
    Phase,
    Returned,
    Turn,
    Version,
)
from chat_app.runs.pending_runs import Queued

if TYPE_CHECKING:
    from chat_app.runs.machine.effect_types import Step
    from chat_app.runs.machine.events import ContinueAnswer, EditMessage, Regenerate, ShowVersion


def edit_message(now: Conversation, event: EditMessage) -> Step:
    """Answer another version of a message, from where the thread stood before it."""
    message = event.message
    if message.message_id == event.message_id:  # it would take the place of the old one
        message = replace(message, message_id=event.turn_id)
    if not now.phase.is_at_rest:
        back = Returned(
            message.message_id, event.tab, message, is_edit=True, edits=event.message_id
        )
        return replace(now, returned=(*now.returned, back)), ()
    fork = Fork(event.message_id)
    turn = Turn(message.message_id, Kind.MESSAGE, message, event.tab, fork=fork)
    return refresh.start(now, turn)


def regenerate(now: Conversation, event: Regenerate) -> Step:
    """Answer a question again, from where its answer began."""
    if not now.phase.is_at_rest:
        return now, ()
    turn = Turn(
        event.turn_id,
        Kind.REGENERATE,
        tab=event.tab,
        assistant_id=event.assistant_id,
        fork=Fork(event.message_id),
    )
    return refresh.start(now, turn)


def continue_answer(now: Conversation, event: ContinueAnswer) -> Step:
    """Ask for the rest of the last answer.

    A run needs an input to begin anew, and models take no other one than a person's. So it is a
    message, marked as what it is: the page shows no words of a person, and one answer.
    """
    if now.phase is not Phase.IDLE or now.find(event.turn_id):
        return now, ()
    message = Queued(event.turn_id, text.GO_ON_MESSAGE, continues=True)
    item = Item(message, tab=event.tab)
    return replace(now, queue=(item, *now.queue)), ()


def show_version(now: Conversation, event: ShowVersion) -> Step:
    """Show another branch; the newest choice counts, also while an earlier one is read."""
    if not now.phase.is_at_rest:
        return now, ()
    return replace(now, showing=Version(event.message_id, event.number)), ()
