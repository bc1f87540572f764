"""What a person writes: taken from the composer, and given back where the server never took it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text as words
from chat_app.processes import THIS_PROCESS
from chat_app.runs.ids import uuid7
from chat_app.runs.pending_runs import Queued
from chat_app.spool import SpoolError
from chat_app.state.assistants import AssistantsState
from chat_app.state.attachments import show_attachments
from chat_app.state.inputs import accept_form, is_given, part_given, refuse_form, return_form
from chat_app.state.tab_session import tab_session
from chat_app.transcript.form_errors import FormError

if TYPE_CHECKING:
    from chat_app.runs.machine.conversation import Returned

MESSAGE_LIMIT = 200_000
"""Characters of one message: well under what the browser's socket takes, even as 4-byte text."""


class DraftState(rx.State):
    """What the app has taken from the composer, and what goes back into it."""

    taken: rx.Field[int] = rx.field(0)
    """How many messages this process has taken from this tab: its browser keeps any later one."""
    taker: rx.Field[str] = rx.field(THIS_PROCESS)
    returned: rx.Field[str] = rx.field("")
    """A message to the open thread that the server never took."""
    is_in_composer: rx.Field[bool] = rx.field(False)
    """The browser has it; until then the next message does not take its place."""
    drafts: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """By thread: messages that go into the drafts of threads which are not open."""
    edited: rx.Field[str] = rx.field("")
    """The message taken out of the queue last, to be changed in the composer."""
    edits: rx.Field[int] = rx.field(0)

    @rx.event
    def take_returned(self, is_merged: bool = False):  # noqa: FBT001, FBT002 - an event's argument
        """The browser has put the returned message into the draft, alone or before other words."""
        if is_merged is True:
            self.returned = ""  # only the person knows what is to be sent now
        self.is_in_composer = bool(self.returned)

    @rx.event
    def take_drafts(self):
        """The browser has stored the drafts of the threads that are not open."""
        self.drafts = {}


def is_message(message: object, attached: object, given: object = None) -> bool:
    """Whether these are words, ids of attachments and a form, with at least one of them."""
    ids = [] if attached is None else attached
    is_list = isinstance(ids, list) and all(isinstance(each, str) for each in ids)
    is_there = isinstance(message, str) and bool(message.strip() or ids or given is not None)
    return is_list and is_there and is_given(given)


async def composed(
    tab: rx.State,
    message: str,
    attached: list[str] | None,
    given: dict[str, Any] | None = None,
) -> Queued | None:
    """Take what a person wrote and attached; None where it cannot be sent, and why is said.

    Needs the tab's lock.
    """
    draft = await tab.get_state(DraftState)
    tab_session(tab).complain("")
    if len(message) > MESSAGE_LIMIT:
        tab_session(tab).complain(words.TOO_LONG.format(limit=f"{MESSAGE_LIMIT:,}"))
        return None
    try:
        part = await part_given(tab, message, given)
    except FormError as wrong:
        await refuse_form(tab, wrong)
        if message.strip():
            draft.taken += 1
            await _give_back_here(tab, Queued(str(uuid7()), message))
        return None
    await accept_form(tab)
    draft.taken += 1
    chosen = (await tab.get_state(AssistantsState)).chosen
    said = message if part is None or part.value != message else ""
    queued = Queued(str(uuid7()), said, chosen, given=part)
    attachments = tab_session(tab).attachments
    try:
        carried, lost = await attachments.take(attached or []), words.ATTACHMENT_LOST
    except SpoolError:
        carried, lost = None, words.FILES_UNREADABLE
    if carried is None:
        await _give_back_here(tab, queued)
        tab_session(tab).complain(lost)
        await attachments.refresh()
        await show_attachments(tab)
        return None
    await show_attachments(tab)
    if draft.is_in_composer or draft.returned == message:
        draft.returned = ""
    return replace(queued, carried=carried)


async def give_back(tab: rx.State, returned: Returned, thread_id: str) -> None:
    """Return a message to the draft of its thread, in the browser. Needs the tab's lock."""
    message, mine = _as_text(returned.message), tab_session(tab)
    await mine.attachments.put_back(message.carried, thread_id, is_returned=not returned.is_edit)
    draft = await tab.get_state(DraftState)
    if mine.thread_id != thread_id:
        known = draft.drafts.get(thread_id, "")
        draft.drafts = {**draft.drafts, thread_id: _joined(known, message.text)}
    elif returned.is_edit:
        if message.text or message.given is None:
            draft.edited = message.text
            draft.edits += 1
        await return_form(tab, message, is_untaken=False)
    else:
        await _give_back_here(tab, message)
    await show_attachments(tab)


async def _give_back_here(tab: rx.State, message: Queued) -> None:
    message = _as_text(message)
    draft = await tab.get_state(DraftState)
    await return_form(tab, message)
    draft.returned = _joined(draft.returned, message.text)
    draft.is_in_composer = False


def _as_text(message: Queued) -> Queued:
    """A message whose form was filled from its words has these words."""
    if message.given and isinstance(message.given.value, str):
        return replace(message, text=message.given.value, given=None)
    return message


def _joined(*texts: str) -> str:
    return "\n\n".join(dict.fromkeys(filter(None, texts)))
