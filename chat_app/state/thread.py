"""Opening what the address names: a new chat at `/`, a thread at `/t/<thread id>`.

A page that is open stays with its thread: `attend` hears of whatever begins there.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError, NotFoundError
from chat_app.runs import own_queue, pending_runs, queue, thread_events
from chat_app.runs.reading import read_thread
from chat_app.runs.thread_events import listening
from chat_app.runs.unwatched import read_unwatched
from chat_app.state import server
from chat_app.state.assistants import go_on_with, load_assistants, shape_of_thread
from chat_app.state.attachments import show_attachments
from chat_app.state.desk import clear_desk, desk_of, open_desk
from chat_app.state.failures import may_help
from chat_app.state.line import waiting
from chat_app.state.presence import present
from chat_app.state.queue import QueueState, show_queue
from chat_app.state.route import named
from chat_app.state.rows import error_row
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadsState, title_in
from chat_app.state.transcript import clear, show, shown
from chat_app.state.watching import leave
from chat_app.transcript.error_text import describe
from chat_app.transcript.message import Transcript
from chat_app.transcript.thread_notes import noted

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.state.desk import Desk

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
                await show_attachments(self)  # a page loaded anew may have missed the last one
                thread_id = (await self.get_state(RunState)).thread_id
            try:
                client = await server.ready()
                async with self:
                    self.starting = False
                # First what the person came for, then the lists around it.
                if is_new and (run_id := await _load(self, client, thread_id, opened=True)):
                    yield RunState.join(thread_id, run_id)
                yield ThreadsState.refresh
                await load_assistants(self, client)
                if is_new:
                    await _add_unwatched(self, client, thread_id)
            except LangGraphError as failure:
                async with self:
                    self.starting = False
                    self.trouble, self.trouble_detail = describe(failure)
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
        async with tab:
            run = await tab.get_state(RunState)
            desk = desk_of(run)
            line = desk.line
            known = line.agenda
        now = await pending_runs.read_agenda(client, thread_id)
        async with tab:
            if run.thread_id != thread_id or desk.line is not line:
                return None
            if line.agenda is not known:
                thread_events.notify(
                    thread_id
                )  # what was read is older than what was sent meanwhile
                return None
            queued, line.agenda = list(known.waiting), now
            await show_queue(tab, desk)
            if desk.watch and desk.watch.accepted and not now.has(desk.watch.run_id):
                desk.watch.seems_over()
            is_at_work = run.running or line.moving
        for message in await own_queue.take_back_parallel(client, thread_id, now, queued):
            queue.hold_last(thread_id, message)
        if is_at_work:
            return None
        return await _next(tab, client, thread_id, desk)
    except LangGraphError:
        return None  # whoever acts on this thread is told; looking is tried again


async def _next(tab: ThreadState, client: LangGraphClient, thread_id: str, desk: Desk) -> object:
    """What a tab at rest does about its agenda."""
    now = desk.line.agenda
    if now.current:
        if now.current == desk.seen:
            return None  # stopped, or over a moment ago
        is_answered_elsewhere = await _asks(tab)
        if desk.seen != now.last or is_answered_elsewhere:
            await _load(tab, client, thread_id)
        if is_answered_elsewhere:
            await _add_unwatched(tab, client, thread_id)
        return RunState.join(thread_id, now.current)
    if desk.line.aside:
        return None
    if queue.held(thread_id) and time.monotonic() >= desk.line.busy_until:
        return QueueState.send_held(thread_id)
    if now.last != desk.seen:
        await _load(tab, client, thread_id)
        await _add_unwatched(tab, client, thread_id)
    return None


async def _asks(tab: ThreadState) -> bool:
    """Whether a question is open on the page."""
    async with tab:
        return bool((await shown(tab)).interrupts)


async def _made_unnoticed(tab: ThreadState, path: str) -> str:
    """The thread whose making a page missed that was loaded anew at that moment."""
    run = await tab.get_state(RunState)
    made = desk_of(run).made
    return made if path == "/" and made and run.running else ""


async def _turn_to(tab: ThreadState, path: str) -> bool:
    """Make the thread that `path` names the open one; tell whether it has to be loaded."""
    run = await tab.get_state(RunState)
    if run.running and not desk_of(run).look.begun:
        leave(run)  # it was begun at a desk that is gone, which does not tell its end
    desk = open_desk(run)
    thread_id, is_odd = named(path)
    made, desk.made = desk.made, ""
    if not thread_id:
        is_at_work = run.running or run.can_retry or run.returned
        if run.thread_id or is_odd or not is_at_work:
            leave(run)
            desk.turn_to("")
            await _clear(tab, desk)
        if run.thread_id:
            run.thread_id = run.title = ""
            _return(run, desk)
        if is_odd:
            await show(tab, Transcript(), footer=[error_row(words.NOT_A_THREAD, "")])
        return False
    if thread_id == run.thread_id:
        # Whoever sent the message watches on, or saves what they stopped. A joined run is joined
        # anew: its watch ends now.
        watched = run.running and (not desk.joined or run.stopping)
        if watched or thread_id == made:
            return False
    else:
        run.title = ""
        desk.turn_to(thread_id)
        _return(run, desk)
        await _clear(tab, desk)
    leave(run)
    run.thread_id = thread_id
    return True


async def _clear(tab: ThreadState, desk: Desk) -> None:
    """Show nothing of the thread that was left, nor what waits there."""
    await clear(tab)
    (await tab.get_state(QueueState)).waiting = waiting(desk.line.queued)


def _return(run: RunState, desk: Desk) -> None:
    """Give the composer of the thread that is opened what came back to it meanwhile."""
    run.returned = desk.returned.pop(desk.thread_id, "")
    run.is_in_composer = False


async def _load(
    tab: ThreadState, client: LangGraphClient, thread_id: str, *, opened: bool = False
) -> str:
    """Show the thread as the server has it; return the run that goes on it, if any."""
    now, thread, footer = pending_runs.Agenda(), None, None
    try:
        # Before the state: a run that ends in between is in the state, and never missed.
        now, thread = await asyncio.gather(
            pending_runs.read_agenda(client, thread_id), client.threads.get(thread_id)
        )
        shape = await shape_of_thread(tab, client, thread)
        transcript = await read_thread(
            client, thread_id, shape, thread=thread, running=bool(now.current), is_whole=True
        )
    except NotFoundError as gone:
        transcript, footer = Transcript(), [error_row(words.THREAD_GONE, gone.detail)]
    async with tab:
        run = await tab.get_state(RunState)
        if run.thread_id != thread_id or run.running:
            return ""
        desk = desk_of(run)
        desk.line.agenda, desk.seen = now, now.last
        run.title = title_in(thread) if thread else ""
        if thread and opened:
            await go_on_with(tab, thread)
        run.can_retry = may_help(transcript.failure)
        at_rest = not now.current
        await show(tab, replace(transcript, running=False), footer=footer, at_rest=at_rest)
        await show_queue(tab, desk)
    return now.current


async def _add_unwatched(tab: ThreadState, client: LangGraphClient, thread_id: str) -> None:
    """Show what the thread itself does not tell of runs that no tab watched.

    Of a run under way only what was there before: its own stream tells the rest.
    """
    notes = await read_unwatched(client, thread_id) if thread_id else {}
    if not notes:
        return
    async with tab:
        run = await tab.get_state(RunState)
        transcript = await shown(tab)
        if run.thread_id != thread_id or run.running:
            return
        await show(tab, replace(transcript, messages=noted(transcript.messages, notes)))
