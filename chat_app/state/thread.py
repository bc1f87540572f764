"""Opening what the address names: a new chat at `/`, a thread at `/t/<thread id>`.

A page that is open stays with its thread: `attend` hears of whatever begins there.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError, NotFoundError
from chat_app.runs import agenda, queue
from chat_app.runs.lookout import listening
from chat_app.state import server
from chat_app.state.assistants import load_assistants
from chat_app.state.desk import clear_desk, desk_of
from chat_app.state.presence import present
from chat_app.state.queue import show_queue
from chat_app.state.rows import error_row
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadsState, thread_uuid, title_in
from chat_app.state.transcript import clear, show
from chat_app.state.watching import leave
from chat_app.transcript.fold import load
from chat_app.transcript.message import Transcript

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient

_STIR = 60.0
"""Seconds after which a page at rest asks again, and its state counts as used (see rxconfig.py)."""


class ThreadState(rx.State):
    """Which thread is on the page, and what keeps it from being there."""

    starting: rx.Field[bool] = rx.field(False)
    """The embedded agent is coming up; nothing can be loaded yet."""
    trouble: rx.Field[str] = rx.field("")
    """Why the server cannot be used, in a sentence; empty when all is well."""
    trouble_detail: rx.Field[str] = rx.field("")

    _opened: bool = False
    """`open` was here last: nobody else may begin to attend."""

    @rx.event(background=True, supersedes=True)
    async def open(self):
        """Show what the address names, and the lists around it."""
        async with self:
            token = self.router.session.client_token
        with present(token, gone=clear_desk):
            async with self:
                self.starting = server.is_starting()
                self.trouble = self.trouble_detail = ""
                path = self.router.url.path
                if made := await _made_unnoticed(self, path):
                    yield rx.redirect(f"/t/{made}", replace=True)
                    return
                is_new = await _turn_to(self, path)
                thread_id = (await self.get_state(RunState)).thread_id
            try:
                client = await server.ready()
                async with self:
                    self.starting = False
                # First what the person came for, then the lists around it.
                if is_new and (run_id := await _load(self, client, thread_id)):
                    yield RunState.join(run_id)
                yield ThreadsState.refresh
                await load_assistants(self, client)
            except LangGraphError as failure:
                async with self:
                    self.starting = False
                    self.trouble, self.trouble_detail = failure.hint, failure.detail
            async with self:
                self._opened = True
            yield ThreadState.attend

    @rx.event(background=True, supersedes=True)
    async def attend(self):
        """Stay with the open thread for as long as the page is there. Only `open` begins it."""
        async with self:
            token, opened = self.router.session.client_token, self._opened
            self._opened = False
            thread_id = (await self.get_state(RunState)).thread_id
        if not opened:
            return
        with present(token, gone=clear_desk):
            client = await _client()
            if not (thread_id and client):
                await _idle(self)
                return
            async with listening(client, thread_id) as changed:
                while True:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_STIR):
                            await changed.wait()
                    changed.clear()
                    if event := await _look(self, thread_id):
                        yield event


async def _client() -> LangGraphClient | None:
    """None where there is no server, and none will come: `open` has said so."""
    try:
        return await server.ready()
    except LangGraphError:
        return None


async def _idle(tab: ThreadState) -> None:
    """Wait where nothing is to be heard of, without end."""
    while True:
        await asyncio.sleep(_STIR)
        async with tab:
            pass


async def _look(tab: ThreadState, thread_id: str) -> object:
    """See what the thread has come to; return the event that this asks for, if any."""
    try:
        client = await server.ready()
        now = await agenda.read_agenda(client, thread_id)
        async with tab:
            run = await tab.get_state(RunState)
            desk = desk_of(run)
            if run.thread_id != thread_id:
                return None
            desk.agenda = now
            await show_queue(tab, desk)
            if run.running or desk.moving or desk.aside:
                return None
        if now.current:
            if now.current == desk.seen:
                return None  # stopped, or over a moment ago
            if desk.seen != now.last:
                await _load(tab, client, thread_id)
            return RunState.join(now.current)
        if held := queue.held(thread_id):
            queue.hold(thread_id, held[1:])
            return RunState.send(held[0].text)
        if now.last != desk.seen:
            await _load(tab, client, thread_id)
    except LangGraphError:
        pass  # whoever acts on this thread is told; looking is tried again
    return None


async def _made_unnoticed(tab: ThreadState, path: str) -> str:
    """The thread whose making a page missed that was loaded anew at that moment."""
    run = await tab.get_state(RunState)
    made = desk_of(run).made
    return made if path == "/" and made and run.running else ""


async def _turn_to(tab: ThreadState, path: str) -> bool:
    """Make the thread that `path` names the open one; tell whether it has to be loaded."""
    run = await tab.get_state(RunState)
    desk = desk_of(run)
    place, _, name = path.strip("/").partition("/")
    thread_id = thread_uuid(name) if place == "t" else None
    made, desk.made = desk.made, ""
    if thread_id is None:
        is_at_work = run.running or run.can_retry
        if run.thread_id or place or not is_at_work:
            leave(run)
            desk.turn_to("")
            await clear(tab)
        if run.thread_id:
            run.thread_id = run.title = run.returned = ""
        if place:
            await show(tab, Transcript(), footer=[error_row(words.NOT_A_THREAD, "")])
        return False
    if thread_id == run.thread_id:
        # Whoever sent the message watches on. A joined run is joined anew: its watch ends now.
        watched = run.running and not desk.joined
        if watched or thread_id == made:
            return False
    else:
        run.returned = run.title = ""
        desk.turn_to(thread_id)
        await clear(tab)
    leave(run)
    run.thread_id = desk.thread_id = thread_id
    return True


async def _load(tab: ThreadState, client: LangGraphClient, thread_id: str) -> str:
    """Show the thread as the server has it; return the run that goes on it, if any."""
    now, title, footer = agenda.Agenda(), "", None
    try:
        # Before the state: a run that ends in between is in the state, and never missed.
        now, thread = await asyncio.gather(
            agenda.read_agenda(client, thread_id), client.threads.get(thread_id)
        )
        title = title_in(thread)
        state = await client.threads.get_state(thread_id)
        transcript = load(state, running=bool(now.current), error=thread.get("error"))
    except NotFoundError as gone:
        transcript, footer = Transcript(), [error_row(words.THREAD_GONE, gone.detail)]
    async with tab:
        run = await tab.get_state(RunState)
        if run.thread_id != thread_id or run.running:
            return ""
        desk = desk_of(run)
        desk.agenda, desk.seen = now, now.last
        run.title = title
        run.can_retry = transcript.failure is not None
        await show(tab, replace(transcript, running=False), footer=footer)
        await show_queue(tab, desk)
    return now.current
