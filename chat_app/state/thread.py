"""Opening what the address names: a new chat at `/`, a thread at `/t/<thread id>`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError, NotFoundError
from chat_app.state import server
from chat_app.state.assistants import load_assistants
from chat_app.state.rows import error_row
from chat_app.state.run import RunState, leave
from chat_app.state.threads import ThreadsState, thread_uuid
from chat_app.state.transcript import clear, show
from chat_app.transcript.fold import load
from chat_app.transcript.message import Transcript

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient


class ThreadState(rx.State):
    """Which thread is on the page, and what keeps it from being there."""

    loading: rx.Field[bool] = rx.field(False)
    starting: rx.Field[bool] = rx.field(False)
    """The embedded agent is coming up; nothing can be loaded yet."""
    trouble: rx.Field[str] = rx.field("")
    """Why the server cannot be used, in a sentence; empty when all is well."""
    trouble_detail: rx.Field[str] = rx.field("")

    @rx.event(background=True, supersedes=True)
    async def open(self):
        """Show what the address names, and the lists around it."""
        async with self:
            self.starting = server.is_starting()
            self.trouble = self.trouble_detail = ""
            is_new = await _turn_to(self, self.router.url.path)
        try:
            client = await server.ready()
            async with self:
                self.starting = False
            yield ThreadsState.refresh
            await load_assistants(self, client)
            if is_new and await _load(self, client) == "busy":
                yield RunState.join
        except LangGraphError as failure:
            async with self:
                self.starting = False
                self.trouble, self.trouble_detail = failure.hint, failure.detail
        finally:
            async with self:
                self.loading = False


async def _turn_to(tab: ThreadState, path: str) -> bool:
    """Make the thread that `path` names the open one; tell whether it has to be loaded."""
    run = await tab.get_state(RunState)
    place, _, name = path.strip("/").partition("/")
    thread_id = thread_uuid(name) if place == "t" else None
    if thread_id is None:
        if run.thread_id or place:
            leave(run)
            run.thread_id = run.returned = ""
            await clear(tab)
        if place:
            await show(tab, Transcript(), footer=[error_row(words.NOT_A_THREAD, "")])
        return False
    if thread_id == run.thread_id and run.running:
        return False
    if thread_id != run.thread_id:
        run.returned = ""
        await clear(tab)
    leave(run)
    run.thread_id = thread_id
    tab.loading = True
    return True


async def _load(tab: ThreadState, client: LangGraphClient) -> str:
    """Read the open thread from the server and show it; return the thread's status."""
    async with tab:
        thread_id = (await tab.get_state(RunState)).thread_id
    try:
        thread = await client.threads.get(thread_id)
        state = await client.threads.get_state(thread_id)
    except NotFoundError as gone:
        transcript, footer, status = Transcript(), [error_row(words.THREAD_GONE, gone.detail)], ""
    else:
        status = str(thread.get("status") or "")
        transcript, footer = load(state, running=status == "busy"), None
    async with tab:
        if (await tab.get_state(RunState)).thread_id != thread_id:
            return ""
        await show(tab, replace(transcript, running=False), footer=footer)
    return status
