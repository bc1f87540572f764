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
from chat_app.state.threads import ThreadsState, thread_uuid, title_in
from chat_app.state.transcript import clear, show
from chat_app.transcript.fold import load
from chat_app.transcript.message import Transcript

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient


class ThreadState(rx.State):
    """Which thread is on the page, and what keeps it from being there."""

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


async def _turn_to(tab: ThreadState, path: str) -> bool:
    """Make the thread that `path` names the open one; tell whether it has to be loaded."""
    run = await tab.get_state(RunState)
    place, _, name = path.strip("/").partition("/")
    thread_id = thread_uuid(name) if place == "t" else None
    made, run._made = run._made, ""  # noqa: SLF001 - handed over by `send`
    if thread_id is None:
        is_at_work = run.running or run.can_retry
        if run.thread_id or place or not is_at_work:
            leave(run)
            await clear(tab)
        if run.thread_id:
            run.thread_id = run.title = run.returned = ""
        if place:
            await show(tab, Transcript(), footer=[error_row(words.NOT_A_THREAD, "")])
        return False
    if thread_id == run.thread_id:
        # Whoever sent the message watches on. A joined run is joined anew: its watch ends now.
        watched = run.running and not run._joined  # noqa: SLF001 - only who joined knows
        if watched or thread_id == made:
            return False
    else:
        run.returned = run.title = ""
        await clear(tab)
    leave(run)
    run.thread_id = thread_id
    return True


async def _load(tab: ThreadState, client: LangGraphClient, thread_id: str) -> str:
    """Show the thread as the server has it; return the run that goes on it, if any."""
    run_id, title, footer = "", "", None
    try:
        thread = await client.threads.get(thread_id)
        title = title_in(thread)
        if thread.get("status") == "busy":
            run_id = await _under_way(client, thread_id)
        transcript = load(await client.threads.get_state(thread_id), running=bool(run_id))
    except NotFoundError as gone:
        transcript, footer = Transcript(), [error_row(words.THREAD_GONE, gone.detail)]
    async with tab:
        run = await tab.get_state(RunState)
        if run.thread_id != thread_id or run.running:
            return ""
        run.title = title
        run.can_retry = transcript.failure is not None
        await show(tab, replace(transcript, running=False), footer=footer)
    return run_id


async def _under_way(client: LangGraphClient, thread_id: str) -> str:
    """The id of the oldest run that is not over, empty where there is none."""
    runs = await client.runs.list(thread_id)
    going = [run["run_id"] for run in runs if run["status"] in {"pending", "running"}]
    return str(going[-1]) if going else ""
