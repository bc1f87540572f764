"""The run of the open thread: send a message, watch the answer, stop it, try again.

All talk with the server is in background handlers and outside the tab's lock, which is taken only
to paint. A tab looks at one run at a time, and `RunState._look` numbers the looks: opening another
thread counts it up, which ends the look, while the run itself goes on at the server.
"""

from __future__ import annotations

import time
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError
from chat_app.runs.ids import uuid7
from chat_app.runs.keep import keep, mark
from chat_app.runs.watch import Watch
from chat_app.state import server
from chat_app.state.assistants import chosen_assistant
from chat_app.state.rows import error_row, stopped_row
from chat_app.state.threads import ThreadsState, new_thread, owner_of, thread_uuid, title_of
from chat_app.state.transcript import TailState, canvas_of, clock, show, shown, trim
from chat_app.transcript.fold import load
from chat_app.transcript.message import Message, Role, Text, Transcript

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.state.rows import Row

MESSAGE_LIMIT = 200_000
"""Characters of one message: well under what the browser's socket takes, even as 4-byte text."""

_REPLAY = 1.0
"""Seconds in which a joined run tells its past; what begins later begins now."""

_watches: dict[str, Watch] = {}
"""What each tab, by its client token, is watching right now."""


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
    sent: rx.Field[int] = rx.field(0)
    """How many messages this tab sent: a new one brings the view to the end."""

    _look: int = 0
    _before: tuple[str, Transcript] = ("", Transcript())
    """To go back to where a run never reaches the server: its message, the transcript before."""
    _made: str = ""
    """The thread that `send` made and shows, until the address names it."""
    _joined: bool = False
    """The run that goes is watched for as long as the page is, not from its start to its end."""

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
                await _complain(self, await shown(self), error_row(problem, ""))
                return
            history = await shown(self)
            asked = Message(str(uuid7()), Role.HUMAN, (Text(message),))
            look = _begin(self, history, message)
            self.returned = ""
            self.sent += 1
            asking = _asking(history, asked)
            clock.see(history, asking, time.monotonic())
            await show(self, asking)
            await trim(self)
            thread_id, owner = self.thread_id, await owner_of(self)
        watch = None
        try:
            client = await server.ready()
            assistant_id = await chosen_assistant(self, client)
            if not thread_id:
                async with self:
                    if self._look != look:
                        return
                thread_id = await new_thread(client, owner=owner, first_message=message)
                async with self:
                    if self._look != look:
                        return
                    self.thread_id = self._made = thread_id
                    self.title = title_of(message)
                yield rx.redirect(f"/t/{thread_id}", replace=True)
            watch = Watch(client, thread_id, history)
            question = {"messages": [{"type": "human", "content": message, "id": asked.id}]}
            await _follow(
                self, look, watch, watch.start(assistant_id, input=question, pending=asked)
            )
        except LangGraphError as failure:
            await _explain(self, look, failure, watch)
        finally:
            await _end(self, look)
        yield ThreadsState.refresh

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
            history = await shown(self)
            thread_id, look = self.thread_id, _begin(self, history)
            await show(self, replace(history, failure=None, running=True))
        watch = None
        try:
            client = await server.ready()
            # From the server's state: what the failed attempt half wrote is written anew.
            history = load(await client.threads.get_state(thread_id))
            assistant_id = await chosen_assistant(self, client)
            watch = Watch(client, thread_id, history)
            await _follow(self, look, watch, watch.start(assistant_id, input=None))
        except LangGraphError as failure:
            await _explain(self, look, failure, watch)
        finally:
            await _end(self, look)
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
            look = _begin(self, history)
            self._joined = True
        try:
            await _follow(self, look, watch, watch.join(run_id), joined=True)
        except LangGraphError as failure:
            await _explain(self, look, failure, watch)
        finally:
            await _end(self, look)

    @rx.event(background=True)
    async def stop(self):
        """End the run at the server; what was written stays."""
        async with self:
            if not self.running or self.stopping:
                return
            watch = _watches.get(self.router.session.client_token)
            if watch is None:
                await show(self, _take_back(self))
                return
            self.stopping = True
        await watch.stop()


def leave(tab: RunState) -> None:
    """Look away from the run that goes, if any. Needs the tab's lock."""
    _watches.pop(tab.router.session.client_token, None)
    tab._look += 1  # noqa: SLF001 - this module's own
    tab._joined = False  # noqa: SLF001 - this module's own
    tab.running = tab.stopping = tab.starting = tab.can_retry = False


def _begin(tab: RunState, history: Transcript, message: str = "") -> int:
    leave(tab)
    tab.running = True
    tab.starting = server.is_starting()
    tab._before = message, history  # noqa: SLF001 - this module's own
    return tab._look  # noqa: SLF001 - this module's own


def _take_back(tab: RunState) -> Transcript:
    """End what has not reached the server: its message returns to the composer."""
    message, history = tab._before  # noqa: SLF001 - this module's own
    leave(tab)
    tab.returned = message or tab.returned
    tab.can_retry = history.failure is not None
    return history


async def _follow(
    tab: RunState,
    look: int,
    watch: Watch,
    views: AsyncGenerator[Transcript, None],
    *,
    joined: bool = False,
) -> None:
    """Paint each view for as long as the tab looks. A run that was `joined` replays its past."""
    async with tab:
        if tab._look != look:  # noqa: SLF001 - this module's own
            return
        tab.starting = False
        _watches[tab.router.session.client_token] = watch
        canvas, tail = await canvas_of(tab), await tab.get_state(TailState)
    before = canvas.painter.transcript
    unsaved, since = None, time.monotonic()
    async with aclosing(views):
        async for view in views:
            now = time.monotonic()
            clock.see(before, view, now, replayed=joined and now - since < _REPLAY)
            before = view
            async with tail:  # the tab's lock, and the tail as it is by now
                if tab._look != look:  # noqa: SLF001 - this module's own
                    return
                if view.failure:
                    tab.can_retry = True
                if watch.was_stopped(view) and tab.stopping:
                    unsaved = mark(view)
                    footer = [stopped_row()] if unsaved is view else None
                    await canvas.show(tail, unsaved, footer=footer)
                else:
                    await canvas.show(tail, view)
    if unsaved:
        await keep(await server.ready(), watch.thread_id, unsaved)


async def _explain(tab: RunState, look: int, failure: LangGraphError, watch: Watch | None) -> None:
    """Say in the conversation what went wrong; what the server never took is undone."""
    async with tab:
        if tab._look != look:  # noqa: SLF001 - this module's own
            return
        accepted = watch is not None and watch.accepted
        transcript = await shown(tab) if accepted else _take_back(tab)
        await _complain(tab, transcript, error_row(failure.hint, failure.detail))
        tab.can_retry = True


async def _complain(tab: RunState, transcript: Transcript, row: Row) -> None:
    """Show `row` below the transcript, in the place of an earlier failure."""
    tab.can_retry = False
    await show(tab, replace(transcript, running=False, failure=None), footer=[row])


async def _end(tab: RunState, look: int) -> None:
    async with tab:
        if tab._look == look:  # noqa: SLF001 - this module's own
            _watches.pop(tab.router.session.client_token, None)
            tab.running = tab.stopping = tab.starting = False


def _asking(history: Transcript, asked: Message) -> Transcript:
    messages = (*history.messages, asked)
    return replace(history, messages=messages, running=True, failure=None, interrupts=())
