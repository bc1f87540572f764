"""What a person does with the messages of the open thread: edit, regenerate, show a version.

Each handler posts an event to the thread's session, which decides whether it happens, or makes one
call beside it. Ids are those of messages in the shown branch: any other one is ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError
from chat_app.runs import branching, thread_metadata
from chat_app.runs.ids import uuid7
from chat_app.runs.machine.events import ContinueAnswer, EditMessage, Regenerate, ShowVersion
from chat_app.runs.pending_runs import Queued
from chat_app.state import safe_json, server
from chat_app.state.assistants import AssistantsState, chosen_shape
from chat_app.state.draft import MESSAGE_LIMIT
from chat_app.state.inputs import is_given, part_given, told_of
from chat_app.state.person import person_of
from chat_app.state.run import RunState, over_budget
from chat_app.state.tab_session import tab_session
from chat_app.state.threads import ThreadsState
from chat_app.transcript.error_text import describe
from chat_app.transcript.form_errors import FormError
from chat_app.transcript.forms import as_json
from chat_app.transcript.giving import given_for
from chat_app.transcript.message import Given, Media, Message, Raw, Role

if TYPE_CHECKING:
    from chat_app.runs.machine.conversation import Returned
    from chat_app.runs.session import ThreadSession


@dataclass(frozen=True)
class Refused:
    """An edit that was not sent, so that the page opens it again. `id` is the message's."""

    count: int = 0
    """How many there were in this tab."""
    id: str = ""
    text: str = ""
    problem: str = ""
    faults: list[dict[str, Any]] = field(default_factory=list)
    """Of its form: each the `path` of a field and a `text`."""


class BranchState(rx.State):
    """Edits under way in this tab."""

    refused: rx.Field[Refused] = rx.field(default_factory=Refused)
    """The last one."""
    form: rx.Field[dict[str, Any]] = rx.field(default_factory=dict)
    """What the form of a message is filled with: its `id`, and `given` by name of the field."""

    _is_forking: bool = False

    @rx.event(background=True)
    async def edit(self, id: str, message: str, given: dict[str, Any] | None = None):
        """Send another version of a message; what it carried goes with it."""
        if not (isinstance(id, str) and isinstance(message, str) and is_given(given)):
            return
        refusal = await over_budget(self)
        async with self:
            session = tab_session(self).session
            was = _message_in(session, id)
            if session is None or was is None or was.role is not Role.HUMAN:
                self._refuse(id, message, words.EDIT_LOST)
                return
            if not session.snapshot.conversation.phase.is_at_rest:
                refusal = refusal or words.EDIT_WAITS
            queued = None if refusal else await self._version(was, message, given)
            if queued is None:
                if refusal:
                    self._refuse(id, message, refusal)
                return
            run = await self.get_state(RunState)
            run.sent += 1
            run.can_retry = False
            tab_session(self).complain("")
            token = self.router.session.client_token
            session.post(EditMessage(id, queued, str(uuid7()), token))
        await session.settled(queued.message_id)
        if returned := session.take_returned(queued.message_id):
            async with self:
                await open_again(self, returned)

    @rx.event(background=True)
    async def regenerate(self, id: str, assistant: str = ""):
        """Let an answer be written anew, by another assistant where one is named."""
        refusal = await over_budget(self)
        async with self:
            known = (await self.get_state(AssistantsState)).options
            is_offered = assistant == "" or any(one.id == assistant for one in known)
            is_there = _message_in(tab_session(self).session, id) is not None
            session = self._at_rest(refusal) if is_offered and is_there else None
            if session is None:
                return
            token = self.router.session.client_token
            session.post(Regenerate(id, str(uuid7()), token, assistant))
        await session.at_rest()

    @rx.event(background=True)
    async def go_on(self):
        """Go on with the last answer, which was cut off or stopped."""
        refusal = await over_budget(self)
        async with self:
            session = self._at_rest(refusal)
            if session is None:
                return
            session.post(ContinueAnswer(str(uuid7()), self.router.session.client_token))
        await session.at_rest()

    @rx.event
    def show(self, id: str, number: int):
        """Show another version of a message or an answer; the thread goes on from there."""
        session = tab_session(self).session
        is_number = isinstance(number, int) and not isinstance(number, bool)
        if session is None or not isinstance(id, str) or not is_number:
            return
        known = session.snapshot.view.versions.get(id)
        if known and 1 <= number <= known.count:
            session.post(ShowVersion(id, number))

    @rx.event(background=True)
    async def fork(self, id: str):
        """Continue in a new chat, which has all up to a message and its answer."""
        async with self:
            mine, person = tab_session(self), person_of(self)
            if self._is_forking or _message_in(mine.session, id) is None:
                return
            self._is_forking = True
            thread_id, title = mine.thread_id, (await self.get_state(RunState)).title
        problem, made = "", ""
        try:
            client = await server.gate().client(person, thread_id)
            metadata = thread_metadata.made_for(person.id, title, forked_from=thread_id)
            made = await branching.fork(client, thread_id, id, metadata)
        except LangGraphError as failure:
            problem, _ = describe(failure)
        finally:
            async with self:
                self._is_forking = False
        async with self:
            is_here = tab_session(self).thread_id == thread_id
            if is_here:
                tab_session(self).complain(problem)
        if made and is_here:
            yield rx.redirect(f"/t/{made}")
        if made:
            yield ThreadsState.refresh

    @rx.event
    async def open_form(self, id: str):
        """Fill the form of a message that is to be edited with what it was made of."""
        message = _message_in(tab_session(self).session, id)
        given = _given_in(message) if message else None
        if given:
            shape = await chosen_shape(self)
            filled = safe_json.parse(as_json(given_for(shape, given.value)))
            self.form = {"id": id, "given": filled}

    def _at_rest(self, refusal: str) -> ThreadSession | None:
        """The open thread's session if a run may start there now; a refusal is said."""
        mine = tab_session(self)
        if mine.session is None or not mine.session.snapshot.conversation.phase.is_at_rest:
            return None
        mine.complain(refusal)
        return None if refusal else mine.session

    async def _version(
        self, was: Message, message: str, given: dict[str, Any] | None
    ) -> Queued | None:
        """The new version; None where it cannot be sent, and why is said."""
        carried = tuple(part for part in was.parts if isinstance(part, Media | Raw))
        if len(message) > MESSAGE_LIMIT:
            self._refuse(was.id, message, words.TOO_LONG.format(limit=f"{MESSAGE_LIMIT:,}"))
            return None
        known = _given_in(was)
        try:
            shape = await chosen_shape(self)
            is_kept = given is None and known is not None and shape.takes != "text"
            part = known if is_kept else await part_given(self, message, given)
        except FormError as wrong:
            self._refuse(was.id, message, *told_of(wrong))
            return None
        said = message if part is None or part.value != message else ""
        if not (said.strip() or carried or part):
            return None
        chosen = (await self.get_state(AssistantsState)).chosen
        return Queued(str(uuid7()), said, chosen, carried=carried, given=part)

    def _refuse(
        self, id: str, message: str, problem: str, faults: list[dict[str, Any]] | None = None
    ) -> None:
        count = self.refused.count + 1
        self.refused = Refused(count, id, message[:MESSAGE_LIMIT], problem, faults or [])


async def open_again(tab: rx.State, returned: Returned) -> None:
    """Open the editor of a message whose new version the server never took. Needs the lock."""
    state = await tab.get_state(BranchState)
    state._refuse(returned.edits, returned.message.text, words.EDIT_NOT_SENT)  # noqa: SLF001


def _message_in(session: ThreadSession | None, id: object) -> Message | None:
    """The message of that id in the branch that is shown."""
    if session is None or not isinstance(id, str):
        return None
    messages = session.snapshot.view.transcript.messages
    return next((message for message in messages if message.id == id), None)


def _given_in(message: Message) -> Given | None:
    return next((part for part in message.parts if isinstance(part, Given)), None)
