"""The run of the open thread: send a message, watch the answer, stop it, try again.

All talk with the server is in background handlers and outside the tab's lock, which is taken only
to paint. A tab looks at one run at a time, and its desk has the look: opening another thread puts
another in its place, while the run itself goes on at the server.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError
from chat_app.config import settings
from chat_app.runs import thread_events
from chat_app.runs.ids import uuid7
from chat_app.runs.pending_runs import Queued
from chat_app.runs.reading import read_state, read_thread
from chat_app.runs.run_stream import RunStream
from chat_app.state import server
from chat_app.state.assistants import chosen_assistant, shape_for
from chat_app.state.attachments import show_attachments
from chat_app.state.desk import desk_of
from chat_app.state.inputs import InputState, accept_form, is_given, part_given, refuse_form
from chat_app.state.moving import claimed
from chat_app.state.rows import error_row
from chat_app.state.sending import LET_GO_AFTER, begin_sending, deliver, stop_run
from chat_app.state.threads import ThreadsState, thread_uuid
from chat_app.state.transcript import show, shown
from chat_app.state.watching import (
    begin,
    complain,
    end,
    explain,
    follow,
    give_back,
    take_back,
    tell_refused,
)
from chat_app.transcript.form_errors import FormError
from chat_app.transcript.inputs import input_of
from chat_app.transcript.load import with_forgotten
from chat_app.transcript.message import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.transcript.message import Message, Transcript

MESSAGE_LIMIT = 200_000
"""Characters of one message: well under what the browser's socket takes, even as 4-byte text."""


class RunState(rx.State):
    """Whether a run goes, and what to do when it fails."""

    thread_id: rx.Field[str] = rx.field("")
    """The open thread; empty in a new chat."""
    title: rx.Field[str] = rx.field("")
    """What the open thread is about."""
    running: rx.Field[bool] = rx.field(False)
    stopping: rx.Field[bool] = rx.field(False)
    starting: rx.Field[bool] = rx.field(False)
    """The run waits for the embedded agent, which is still coming up."""
    returned: rx.Field[str] = rx.field("")
    """A message the server never took: the composer gets it back."""
    is_in_composer: rx.Field[bool] = rx.field(False)
    """What `returned` is there; until then the next message does not take its place."""
    can_retry: rx.Field[bool] = rx.field(False)
    cut: rx.Field[bool] = rx.field(False)
    """The stream of the run broke; it is tried again at `again_at`."""
    cut_cause: rx.Field[str] = rx.field("")
    again_at: rx.Field[int] = rx.field(0)
    """Milliseconds since 1970, UTC."""
    taken: rx.Field[int] = rx.field(0)
    """How many messages the app has taken from this tab: its browser keeps any later one."""
    sent: rx.Field[int] = rx.field(0)
    """How many of them were shown: a new one brings the view to the end."""

    @rx.event(background=True)
    async def send(
        self,
        message: str,
        attached: list[str] | None = None,
        given: dict[str, Any] | None = None,
    ):
        """Send what the person wrote, attached or filled in; what is none of it is ignored."""
        if not is_message(message, attached, given):
            return
        async with self:
            queued = await composed(self, message, attached, given)
            if queued is None:
                return
            if self.running:
                await give_back(self, queued, self.thread_id)
                return
            sent = await begin_sending(self, queued)
        async for event in deliver(self, sent):
            yield event

    @rx.event(background=True)
    async def retry(self):
        """Run again from where the thread stands, or send again what the server never took."""
        async with self:
            if self.running or not self.can_retry:
                return
            returned = desk_of(self).shelf.returned(self.thread_id)
            if self.returned or returned:
                message, self.returned, self.can_retry = self.returned, "", False
                yield RunState.send(message, returned)
                return
            form = await self.get_state(InputState)
            if form.is_returned:
                self.can_retry = False
                yield RunState.send("", [], dict(form.returned))
                return
            failed = await shown(self)
            thread_id, look = self.thread_id, begin(self, failed)
            await show(self, replace(failed, failure=None, running=True))
        watch = None
        try:
            client = await server.ready()
            # From the server's state: what the failed attempt half wrote is written anew.
            checkpoint_id = failed.failure.checkpoint_id if failed.failure else ""
            assistant_id = await chosen_assistant(self, client)
            shape = await shape_for(client, assistant_id)
            if checkpoint_id:
                state = await client.threads.get_state(thread_id, checkpoint_id=checkpoint_id)
            else:
                state = await read_state(client, thread_id)
            history = await read_thread(client, thread_id, shape, state=state)
            again = _unsaved_question(failed, history, state)
            history = replace(with_forgotten(failed, history), failure=None)
            watch = RunStream(client, thread_id, history, hide=settings().hide_nodes)
            views = watch.start(
                assistant_id,
                input=input_of(again, shape.key) if again else None,
                pending=again if shape.needs_runs else None,
                checkpoint_id=checkpoint_id or None,
            )
            await follow(self, look, watch, views)
        except LangGraphError as failure:
            await explain(self, look, failure, watch)
        finally:
            await end(self, look, watch)
        yield ThreadsState.refresh

    @rx.event(background=True)
    async def join(self, thread_id: str, run_id: str):
        """Watch a run that goes on a thread, whoever started it, if the thread is still open."""
        if not thread_uuid(thread_id) or not thread_uuid(run_id):
            return
        try:
            client = await server.ready()
        except LangGraphError:
            return  # whoever opened the page has said so
        async with self:
            if self.running or self.thread_id != thread_id:
                return
            history = await shown(self)
            look, desk = begin(self, history), desk_of(self)
            agenda = desk.line.agenda
            asked = agenda.asked if agenda.current == run_id else None
            # At once, for Stop may be pressed before anything is heard.
            watch = desk.watch = RunStream(client, thread_id, history, hide=settings().hide_nodes)
            views = watch.join(run_id, pending=asked)
            desk.joined = True
            desk.complaints, desk.joins_with = desk.joins_with, []
        try:
            await follow(self, look, watch, views, joined=True)
        except LangGraphError as failure:
            await explain(self, look, failure, watch)
        finally:
            await end(self, look, watch)
        yield ThreadsState.refresh

    @rx.event(background=True)
    async def stop(self):
        """End the run at the server; what was written stays, and what waits comes next."""
        async with self:
            if not self.running or self.stopping:
                return
            desk = desk_of(self)
            watch, line = desk.watch, desk.line
            if watch is None:
                await show(self, await take_back(self))
                return
            self.stopping = watch.stopping = True
            before = (row for row in desk.complaints if row.sentence != words.STOP_REFUSED)
            desk.complaints = list(before)
        client = await server.ready()
        letting_go = asyncio.get_running_loop().call_later(LET_GO_AFTER, watch.let_go)
        async with claimed(self, line):
            letting_go.cancel()
            try:
                await stop_run(client, line, watch)
            except LangGraphError as refusal:
                await tell_refused(self, watch, refusal)
            await line.restore(client)
        thread_events.notify(watch.thread_id)
        await line.go_on_restoring(client)

    @rx.event
    def take_returned(self):
        """The composer has the message that the server never took."""
        self.is_in_composer = bool(self.returned)

    @rx.event
    def hurry(self):
        """Do not wait any longer with the next try to reconnect."""
        if watch := desk_of(self).watch:
            watch.hurry()


def is_message(message: object, attached: object, given: object = None) -> bool:
    """Whether these are words, ids of attachments and a form, with at least one of them."""
    ids = [] if attached is None else attached
    is_list = isinstance(ids, list) and all(isinstance(each, str) for each in ids)
    is_there = isinstance(message, str) and bool(message.strip() or ids or given is not None)
    return is_list and is_there and is_given(given)


async def composed(
    tab: RunState,
    message: str,
    attached: list[str] | None,
    given: dict[str, Any] | None = None,
) -> Queued | None:
    """Take what a person wrote and attached; None where it cannot be sent, and why is said.

    Needs the tab's lock.
    """
    if len(message) > MESSAGE_LIMIT:
        await _refuse(tab, words.TOO_LONG.format(limit=f"{MESSAGE_LIMIT:,}"))
        return None
    try:
        part = await part_given(tab, message, given)
    except FormError as wrong:
        await refuse_form(tab, wrong)
        if message.strip():
            tab.taken += 1
            await give_back(tab, Queued(str(uuid7()), message), tab.thread_id)
        return None
    await accept_form(tab)
    tab.taken += 1
    queued = Queued(str(uuid7()), message if part is None or part.value != message else "")
    queued = replace(queued, given=part)
    carried = desk_of(tab).shelf.take(attached or [])
    if carried is None:
        await give_back(tab, queued, tab.thread_id)
        await _refuse(tab, words.ATTACHMENT_LOST)
        return None
    await show_attachments(tab)
    return replace(queued, carried=carried)


async def _refuse(tab: RunState, problem: str) -> None:
    row, transcript = error_row(problem, ""), await shown(tab)
    if not tab.running:
        await complain(tab, transcript, row)
        return
    complaints = desk_of(tab).complaints = [row]
    await show(tab, transcript, footer=complaints)


def _unsaved_question(
    shown: Transcript, saved: Transcript, state: Mapping[str, Any]
) -> Message | None:
    """What to ask again in another attempt: the question, where it never reached the thread."""
    asked = [message for message in shown.messages if message.role is Role.HUMAN][-1:]
    if saved.shape.needs_runs:
        is_there = any(task.get("error") for task in state.get("tasks") or [])
    else:
        is_there = not asked or asked[0].id in {message.id for message in saved.messages}
    return None if is_there or not asked else asked[0]
