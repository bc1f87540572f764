"""Opening what the address names: a new chat at `/`, a thread at `/t/<thread id>`.

`attend` then shows what the thread's session publishes, for as long as the page is there.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import reflex as rx

from chat_app import text as words
from chat_app.auth.rights import rights_of
from chat_app.auth.tabs import tabs
from chat_app.client import LangGraphError, NotFoundError
from chat_app.observability import metrics
from chat_app.runs.times import REFRESH, VIEW
from chat_app.runs.timings import wall_time
from chat_app.state import opened_file, server
from chat_app.state.assistants import AssistantsState, load_assistants, turn_to_choice
from chat_app.state.attachments import show_attachments
from chat_app.state.draft import DraftState
from chat_app.state.feedback import FeedbackState, show_feedback
from chat_app.state.inbox import follow_inbox, show_inbox, show_place
from chat_app.state.inspector.panel import show_inspector
from chat_app.state.painting import paint
from chat_app.state.person import person_of
from chat_app.state.presence import present
from chat_app.state.queue import QueueState
from chat_app.state.replay import FILE_PATH, QUERY, paint_replay, player_of
from chat_app.state.route import is_chat, named
from chat_app.state.run import RunState
from chat_app.state.schedules import SchedulesState
from chat_app.state.search import indexer_of
from chat_app.state.tab_session import close, tab_session
from chat_app.state.threads import ThreadsState, show_list, thread_list
from chat_app.state.transcript import TailState, canvas_of, clear, show_window
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.state.tab_session import TabSession
    from chat_app.state.transcript import Canvas


class ThreadState(rx.State):
    """Which thread is on the page, and what keeps it from being there."""

    starting: rx.Field[bool] = rx.field(False)
    """The embedded agent is coming up; nothing can be loaded yet."""
    trouble: rx.Field[str] = rx.field("")
    """Why the server cannot be used, in a sentence; empty when all is well."""
    trouble_detail: rx.Field[str] = rx.field("")
    missing: rx.Field[str] = rx.field("")
    """The address of the server where nothing answers; empty where something does."""
    again_at: rx.Field[int] = rx.field(0)
    """When a missing server is tried again: milliseconds since 1970, UTC."""

    told: rx.Field[int] = rx.field(0)
    """Counts what was opened and is all told: see `chat_app.built_page.reconnect`."""

    _opened: bool = False
    """`open` was here last: nothing else may begin to attend."""

    @rx.event(background=True, supersedes=True)
    async def open(self):
        """Show what the address names, and the lists around it."""
        async with self:
            token = self.router.session.client_token
        with present(token, gone=close):
            await _find_files(self)
            async with self:
                tab_session(self).is_opened = False
                self.starting = server.is_starting()
                if not self.missing:
                    self.trouble = self.trouble_detail = ""
                path = self.router.url.path
                if made := await _made_unnoticed(self, path):
                    self._opened = True
                    yield rx.redirect(f"/t/{made}", replace=True)
                    yield ThreadState.attend  # it is shown also while the page is on its way
                    return
                is_new = await _turn_to(self, path)
                await show_place(self, named(path))
                replayed = await _turn_to_replay(self)
                is_made = not is_new and bool(named(path).thread_id)
                has_lists = is_made and await _has_lists(self)
                await show_attachments(self)  # a page loaded anew may have missed the last one
                self._opened = True
                mine = tab_session(self)
            if is_new and mine.session:
                mine.session.open()
                yield FeedbackState.load
            yield ThreadState.attend
            if named(path).name:
                yield SchedulesState.load
            try:
                if replayed is not None:
                    await _play(self, mine, replayed)
                async for event in _load(self, mine, has_lists=has_lists):
                    yield event
            finally:
                mine.is_opened = True
                mine.changed.set()

    @rx.event(background=True)
    async def load(self):
        """Read again what could not be read while the server was missing."""
        async with self:
            mine = tab_session(self)
        if mine.session:
            mine.session.open()
        async for event in _load(self, mine, has_lists=False):
            yield event

    @rx.event
    def try_now(self):
        """Do not wait any longer with the next try to reach the server."""
        server.availability().hurry()

    @rx.event(background=True, supersedes=True)
    async def attend(self):
        """Show the open thread for as long as the page is there. Only `open` begins it."""
        async with self:
            token, opened = self.router.session.client_token, self._opened
            self._opened = False
            tail, canvas = await self.get_state(TailState), await canvas_of(self)
            thread_list(self)
            follow_inbox(self)
            mine, person = tab_session(self), person_of(self)
            mine.index(indexer_of(person))
            mine.show_again()
        if not opened:
            return
        is_told = False
        with present(token, gone=close), mine.attending():
            while True:
                painted = time.monotonic()
                async with tail:  # the tab's lock, and the tail as it is by now
                    since = mine.take_waiting()
                    # By its token: the tab itself takes as long to ask as all else of a view.
                    if (now := tabs().person_of(token)) != person:
                        person = now
                        mine.use(rights_of(person))
                    canvas = await _canvas(tail, mine, canvas)
                    await paint(tail, mine, canvas)
                    await show_list(tail, mine)
                    await show_inbox(tail, mine)
                    await show_feedback(tail, mine)
                    await show_inspector(tail, mine, person)
                    await paint_replay(tail, mine)
                    is_back = await _show_server(tail, mine)
                    if mine.is_opened and not is_told:
                        is_told = await _tell(tail, mine, canvas)
                if since:
                    metrics.LAG.observe(time.monotonic() - since)
                if is_back:
                    yield ThreadState.load
                await mine.attachments.touch()
                await _next(mine, painted)


async def _tell(tab: rx.State, mine: TabSession, canvas: Canvas) -> bool:
    """Say that all is told of what was opened, if it is. Needs the lock."""
    if mine.list and not mine.list.is_read and not server.availability().failure:
        return False
    await show_window(tab, canvas)
    (await tab.get_state(ThreadState)).told += 1
    return True


async def _find_files(tab: ThreadState) -> None:
    """See what is attached or opened: another process may have had this page before."""
    async with tab:
        mine, token = tab_session(tab), tab.router.session.client_token
        is_file = tab.router.url.path.rstrip("/") == FILE_PATH
    await mine.attachments.refresh()
    if is_file:
        await opened_file.find(mine, token)


async def _turn_to_replay(tab: ThreadState) -> str | None:
    """The thread that the address wants replayed, empty for the opened file; None for neither.

    Nothing of it is shown before it plays. Needs the lock.
    """
    url, run, mine = tab.router.url, await tab.get_state(RunState), tab_session(tab)
    is_file = url.path.rstrip("/") == FILE_PATH and mine.file is not None
    place = named(url.path)
    is_chat = bool(run.thread_id) and not place.name and not place.view
    is_thread = is_chat and any(name == QUERY for name, _ in _query(url.query))
    if not (is_file or is_thread):
        return None
    mine.turn_to(None)
    await clear(tab)
    return run.thread_id


def _query(query: str) -> list[tuple[str, str]]:
    """The fields of a query; of one that has very many, none."""
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return []


async def _play(tab: ThreadState, mine: TabSession, thread_id: str) -> None:
    """Replay a thread of the server, or the opened file, if the page is still to show it."""
    try:
        async with tab:
            person = person_of(tab)
        if thread_id:
            await server.ready_for(person)
            saved = await server.gate().read_saved(person, thread_id)
        else:
            saved = mine.file
    except LangGraphError as failure:
        async with tab:
            if isinstance(failure, NotFoundError):
                mine.complain(words.THREAD_GONE)
            else:
                tab.trouble, tab.trouble_detail = describe(failure)
        return
    if saved is None:
        return
    player = await player_of(saved, thread_id)
    async with tab:
        run = await tab.get_state(RunState)
        if run.thread_id == thread_id and mine.session is None:
            mine.play(player)


async def _load(tab: ThreadState, mine: TabSession, *, has_lists: bool) -> AsyncGenerator[Any]:
    """Read first what the person came for, then the lists around it, and say what fails."""
    try:
        async with tab:
            person = person_of(tab)
        client = await server.ready_for(person)
        async with tab:
            tab.starting = False
        if mine.session:
            await mine.session.loaded()
        if not has_lists:
            yield ThreadsState.refresh
            await load_assistants(tab, client)
    except LangGraphError as failure:
        server.availability().report(failure)
        async with tab:
            tab.starting = False
            await _show_server(tab, mine)
            tab.trouble, tab.trouble_detail = describe(failure)


async def _show_server(tab: rx.State, mine: TabSession) -> bool:
    """Say whether the server is missing; returns whether it was, and is back. Needs the lock."""
    availability = server.availability()
    now, was = (availability.failure, availability.again_at), mine.server_shown
    if now == was:
        return False
    mine.server_shown = now
    state = await tab.get_state(ThreadState)
    is_back = bool(state.missing) and availability.failure is None
    state.missing = server.shown_address() if availability.failure else ""
    if availability.failure:
        state.again_at = wall_time(availability.again_at)
        state.trouble, state.trouble_detail = describe(availability.failure)
    elif is_back:
        state.trouble = state.trouble_detail = ""
    return is_back


async def _next(mine: TabSession, painted: float) -> None:
    """Wait for something new, but not less than it takes to be seen; and not for ever.

    The page's state counts as used whenever it is painted (see ``rxconfig.py``).
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(REFRESH):
            await mine.changed.wait()
    since = time.monotonic() - painted
    if since < VIEW:
        await asyncio.sleep(VIEW - since)


async def _canvas(tail: TailState, mine: TabSession, known: Canvas) -> Canvas:
    """The canvas of the open thread, which is another one where the page has turned."""
    return known if mine.is_painted else await canvas_of(tail)


async def _made_unnoticed(tab: ThreadState, path: str) -> str:
    """The thread whose making a page missed that was loaded anew at that moment."""
    run, mine = await tab.get_state(RunState), tab_session(tab)
    is_here = path == "/" and run.thread_id == mine.made
    is_under_way = mine.session and not mine.session.snapshot.conversation.phase.is_at_rest
    return mine.made if is_here and is_under_way else ""


async def _turn_to(tab: ThreadState, path: str) -> bool:
    """Make the thread that `path` names the open one; tell whether it has to be read."""
    run, mine = await tab.get_state(RunState), tab_session(tab)
    thread_id, is_odd, *_ = named(path)
    made, mine.made = mine.made, ""
    if thread_id and thread_id == run.thread_id == mine.thread_id:
        return thread_id != made
    if path.rstrip("/") == FILE_PATH and mine.file:
        is_odd = False
    if thread_id != run.thread_id:
        await _leave(tab, run, thread_id)
        await turn_to_choice(tab, thread_id)
    if not thread_id and path.rstrip("/"):
        run.is_temporary = False  # chosen for a new chat that was left for another page
    run.thread_id = thread_id
    mine.turn_to(server.gate().open(person_of(tab), thread_id) if thread_id else None)
    problem, title = "", ""
    if is_odd and is_chat(path):
        problem, title = words.NOT_A_THREAD, words.CHAT_NOT_FOUND
    elif is_odd:
        problem, title = words.NOT_A_PAGE, words.PAGE_NOT_FOUND
    mine.complain(problem)
    if not thread_id:
        run.title = title
    return bool(thread_id)


async def _has_lists(tab: ThreadState) -> bool:
    """Whether the lists around the conversation were read in the new chat that this was."""
    assistants, threads = await tab.get_state(AssistantsState), await tab.get_state(ThreadsState)
    return bool(assistants.options) and threads.loaded


async def _leave(tab: ThreadState, run: RunState, next_id: str) -> None:
    """Show nothing of the thread that was open, nor what waits there; `next_id` is opened next."""
    draft, queue = await tab.get_state(DraftState), await tab.get_state(QueueState)
    if draft.returned and not draft.is_in_composer:
        draft.drafts = {**draft.drafts, run.thread_id: draft.returned}
    draft.returned, draft.is_in_composer = "", False
    run.title = ""
    run.is_temporary = False
    run.running = run.stopping = run.starting = run.cut = run.can_retry = False
    queue.waiting, queue.paused = [], 0
    await clear(tab, next_id)
