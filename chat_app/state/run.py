"""The run of the open thread: send a message, watch the answer, stop it, try again.

All talk with the server is in background handlers and outside the tab's lock, which is taken only
to paint. A tab looks at one run at a time, and its desk numbers the looks: opening another thread
counts it up, which ends the look, while the run itself goes on at the server.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError
from chat_app.runs import lookout, queue
from chat_app.runs.ids import uuid7
from chat_app.runs.watch import Watch
from chat_app.state import server
from chat_app.state.assistants import chosen_assistant
from chat_app.state.desk import desk_of
from chat_app.state.rows import error_row
from chat_app.state.sending import deliver, stop_run
from chat_app.state.threads import ThreadsState, thread_uuid
from chat_app.state.transcript import show, shown
from chat_app.state.watching import begin, complain, end, explain, follow, take_back
from chat_app.transcript.fold import load
from chat_app.transcript.message import Role, Text

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.transcript.message import Transcript

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
    can_retry: rx.Field[bool] = rx.field(False)
    cut: rx.Field[bool] = rx.field(False)
    """The stream of the run broke; it is tried again at `again_at`."""
    cut_cause: rx.Field[str] = rx.field("")
    again_at: rx.Field[int] = rx.field(0)
    """Milliseconds since 1970, UTC."""
    sent: rx.Field[int] = rx.field(0)
    """How many messages of this tab were taken: a new one brings the view to the end."""

    @rx.event(background=True)
    async def send(self, message: str):
        """Send what the person wrote. Anything but text with a word in it is ignored."""
        if not isinstance(message, str) or not message.strip():
            return
        async with self:
            if self.running:
                return
            if len(message) > MESSAGE_LIMIT:
                problem = words.TOO_LONG.format(limit=f"{MESSAGE_LIMIT:,}")
                await complain(self, await shown(self), error_row(problem, ""))
                return
        async for event in deliver(self, message, str(uuid7())):
            yield event

    @rx.event(background=True)
    async def retry(self):
        """Run again from where the thread stands, or send again what the server never took."""
        async with self:
            if self.running or not self.can_retry:
                return
            if self.returned:
                message, self.returned = self.returned, ""
                yield RunState.send(message)
                return
            failed = await shown(self)
            thread_id, look = self.thread_id, begin(self, failed)
            await show(self, replace(failed, failure=None, running=True))
        watch = None
        try:
            client = await server.ready()
            # From the server's state: what the failed attempt half wrote is written anew.
            checkpoint_id = failed.failure.checkpoint_id if failed.failure else ""
            state = await client.threads.get_state(thread_id, checkpoint_id=checkpoint_id or None)
            history = load(state)
            watch = Watch(client, thread_id, history)
            views = watch.start(
                await chosen_assistant(self, client),
                input=_unsaved_question(failed, history),
                checkpoint_id=checkpoint_id or None,
            )
            await follow(self, look, watch, views)
        except LangGraphError as failure:
            await explain(self, look, failure, watch)
        finally:
            await end(self, look, watch)
        yield ThreadsState.refresh

    @rx.event(background=True)
    async def join(self, run_id: str):
        """Watch a run that goes on the open thread, whoever started it."""
        if thread_uuid(run_id) is None:
            return
        client = await server.ready()
        async with self:
            if self.running or not self.thread_id:
                return
            history = await shown(self)
            watch = Watch(client, self.thread_id, history)
            look = begin(self, history)
            desk = desk_of(self)
            desk.joined = True
            asked = desk.agenda.asked if desk.agenda.current == run_id else None
        try:
            await follow(self, look, watch, watch.join(run_id, pending=asked), joined=True)
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
            watch = desk.watch
            if watch is None:
                await show(self, take_back(self))
                return
            self.stopping = True
        client = await server.ready()
        await stop_run(client, desk, watch)
        await queue.restore(client, watch.thread_id, desk.aside)
        lookout.ring(watch.thread_id)

    @rx.event
    def hurry(self):
        """Do not wait any longer with the next try to reconnect."""
        if watch := desk_of(self).watch:
            watch.hurry()


def _unsaved_question(shown: Transcript, saved: Transcript) -> Json | None:
    """The input for another attempt: the question again, where it never reached the thread."""
    known = {message.id for message in saved.messages}
    asked = [message for message in shown.messages if message.role is Role.HUMAN][-1:]
    if not asked or asked[0].id in known:
        return None
    words = (part.text for part in asked[0].parts if isinstance(part, Text))
    return queue.question(asked[0].id, "\n\n".join(words))
