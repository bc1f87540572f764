"""The run of the open thread as the page shows it, and what a person does about it.

Each handler posts an event to the thread's session (see `chat_app.runs.session`), which decides
what happens; the page is painted by `chat_app.state.painting`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import ref

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError
from chat_app.runs.ids import uuid7
from chat_app.runs.inspector.inspection import of as inspection_of
from chat_app.runs.load import load
from chat_app.runs.machine.conversation import Returned, Strategy
from chat_app.runs.machine.events import Retry, Send, Stop
from chat_app.state import server
from chat_app.state.assistants import AssistantsState
from chat_app.state.attachments import show_attachments
from chat_app.state.draft import DraftState, composed, give_back, is_message
from chat_app.state.inputs import InputState
from chat_app.state.media_row import size_of
from chat_app.state.person import person_of
from chat_app.state.tab_session import tab_session
from chat_app.state.threads import ThreadsState, show_list, thread_list, title_of
from chat_app.state.transcript import trim
from chat_app.transcript.error_text import describe
from chat_app.transcript.message import Media

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.runs.pending_runs import Queued
    from chat_app.runs.session import ThreadSession

MAX_QUEUED = 50
"""Messages that may wait in one thread."""


class RunState(rx.State):
    """Whether a run goes on the open thread, and what can be done about it."""

    thread_id: rx.Field[str] = rx.field("")
    """The open thread; empty in a new chat."""
    title: rx.Field[str] = rx.field("")
    """What the open thread is about."""
    is_temporary: rx.Field[bool] = rx.field(False)
    """The open chat is deleted when it is left; of a new one: it will be."""
    running: rx.Field[bool] = rx.field(False)
    stopping: rx.Field[bool] = rx.field(False)
    """A Stop was pressed, and the server has yet to confirm it."""
    stop_failed: rx.Field[bool] = rx.field(False)
    """The server refused a Stop or did not confirm it: the run may still be running."""
    starting: rx.Field[bool] = rx.field(False)
    """The run waits for the embedded agent, which is still coming up."""
    can_retry: rx.Field[bool] = rx.field(False)
    cut: rx.Field[bool] = rx.field(False)
    """The stream of the run broke; it is tried again at `again_at`."""
    cut_cause: rx.Field[str] = rx.field("")
    again_at: rx.Field[int] = rx.field(0)
    """Milliseconds since 1970, UTC."""
    sent: rx.Field[int] = rx.field(0)
    """How many messages were shown as sent: a new one brings the view to the end."""

    @rx.event(background=True)
    async def send(
        self,
        message: str,
        attached: list[str] | None = None,
        given: dict[str, Any] | None = None,
    ):
        """Send what the person wrote, attached or filled in; what is none of it is ignored."""
        if is_message(message, attached, given):
            async for event in send(self, message, attached, given):
                yield event

    @rx.event(background=True)
    async def retry(self):
        """Run again from where the thread stands, or send again what the server never took."""
        async with self:
            session = tab_session(self).session
            if not session or self.running or not self.can_retry:
                return
            self.can_retry = False  # pressed twice, it is one
            draft, form = await self.get_state(DraftState), await self.get_state(InputState)
            ids = tab_session(self).attachments.returned(self.thread_id)
            if draft.returned or ids:
                yield RunState.send(draft.returned, ids, None)
                return
            if form.is_returned:
                yield RunState.send("", [], dict(form.returned))
                return
            token = self.router.session.client_token
            chosen = (await self.get_state(AssistantsState)).chosen
            session.post(Retry(str(uuid7()), token, chosen))
        await session.at_rest()

    @rx.event(background=True)
    async def stop(self):
        """Cancel the run and what waits; what was written stays, and what waited is paused."""
        async with self:
            session = tab_session(self).session
        if session:
            session.post(Stop())
            await session.stopped()

    @rx.event
    def choose_temporary(self, is_temporary: bool):  # noqa: FBT001 - an event's argument
        """Make the new chat a temporary one, or not. A chat that exists stays what it is."""
        if isinstance(is_temporary, bool) and not self.thread_id:
            self.is_temporary = is_temporary

    @rx.event
    def hurry(self):
        """Do not wait any longer with the next try to reconnect."""
        if session := tab_session(self).session:
            session.hurry()


async def send(
    tab: rx.State,
    message: str,
    attached: list[str] | None,
    given: dict[str, Any] | None,
    strategy: Strategy = Strategy.QUEUE,
) -> AsyncGenerator[Any]:
    """Send a message to the open thread, and see it through; yields what follows from it."""
    refusal = await over_budget(tab)
    async with tab:
        refusal = refusal or _why_not_queued(tab, message)
        token = tab.router.session.client_token
        queued = await composed(tab, message, attached, given)
        if queued is None:
            return
        run = await tab.get_state(RunState)
        if refusal:
            back = Returned(queued.message_id, token, queued, is_edit=True)
            await give_back(tab, back, run.thread_id)
            tab_session(tab).complain(refusal)
            return
        is_new = not run.thread_id
        session = await _session_of(tab, run, queued.gist)
        run.sent += 1
        run.can_retry = False
        await trim(tab)
        session.post(Send(queued, token, strategy))
        waits = partial(_waits, ref(session), queued.message_id)
        tab_session(tab).attachments.count_queued(_bytes_of(queued), waits)
    if is_new:
        yield rx.redirect(f"/t/{session.thread_id}", replace=True)
    await session.settled(queued.message_id)
    if returned := session.take_returned(queued.message_id):
        async with tab:
            await give_back(tab, returned, session.thread_id)
            tab_session(tab).show_again()
    if tab_session(tab).session is not session:
        yield ThreadsState.refresh  # the page shows another thread, and only that one's changes


def _why_not_queued(tab: rx.State, message: str) -> str:
    """Why no message can wait behind the run that goes, in a sentence; empty where one can."""
    mine = tab_session(tab)
    now = mine.session.snapshot.conversation if mine.session else None
    if now is None or now.phase.is_at_rest:
        return ""
    if len(now.queue) >= MAX_QUEUED:
        return words.QUEUE_FULL.format(most=MAX_QUEUED)
    if not mine.attachments.quota_keys:  # an upload adds the address
        mine.attachments.quota_keys = (("person", person_of(tab).id),)
    return "" if mine.attachments.can_queue(len(message)) else words.QUEUES_FULL


def _bytes_of(message: Queued) -> int:
    files = sum(size_of(part) for part in message.carried if isinstance(part, Media))
    return len(message.text) + files + (len(str(message.given.value)) if message.given else 0)


def _waits(session: ref[ThreadSession], message_id: str) -> bool:
    """Whether a message is in the queue of a thread."""
    there = session()
    return there is not None and there.has_queued(message_id)


async def over_budget(tab: rx.State) -> str:
    """Why the person may not start another run, in a sentence; empty where they may."""
    if load.is_too_much:
        return words.TOO_BUSY
    async with tab:
        person, thread_id = person_of(tab), (await tab.get_state(RunState)).thread_id
    try:
        await server.gate().check_budget(person, thread_id)
    except LangGraphError as refused:
        return describe(refused)[0]
    return ""


async def _session_of(tab: rx.State, run: RunState, gist: str) -> ThreadSession:
    """The open thread's; a new chat becomes a thread, whose id is known from now on.

    Needs the tab's lock.
    """
    mine = tab_session(tab)
    if run.thread_id:
        if mine.thread_id != run.thread_id:  # made anew, after an absence
            mine.turn_to(server.gate().open(person_of(tab), run.thread_id))
    else:
        run.title = title_of(gist)
        created = server.gate().create(person_of(tab), run.title, is_temporary=run.is_temporary)
        if inspection := inspection_of(created.inspection):
            inspection.modes.chosen, mine.modes = mine.modes, ()
        mine.turn_to(created)
        run.thread_id = mine.made = mine.thread_id
        run.running = True  # in the same delta: the page must not think of a thread at rest
        await mine.attachments.move(run.thread_id)
        await show_attachments(tab)
        if not run.is_temporary:
            thread_list(tab).add(run.thread_id, run.title)
            await show_list(tab, mine)
    assert mine.session  # noqa: S101 - for the type checker
    return mine.session
