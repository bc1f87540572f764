"""Showing in a tab what a watch sees, until the run is over and its end is safe at the server."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app import text as words
from chat_app.client import LangGraphError, Outcome
from chat_app.runs import tasks, thread_events
from chat_app.runs.metadata_writer import Notebook
from chat_app.runs.reading import read_thread
from chat_app.runs.save_partial import keep, keep_failed, mark
from chat_app.runs.timings import wall_time
from chat_app.state import server
from chat_app.state.attachments import show_attachments
from chat_app.state.desk import desk_of, has_desk
from chat_app.state.failures import may_help
from chat_app.state.inputs import return_form
from chat_app.state.notices import stopped_row
from chat_app.state.presence import is_here
from chat_app.state.rows import error_row
from chat_app.state.transcript import TailState, canvas_of, clock, show, shown
from chat_app.transcript.error_text import cause_of, describe
from chat_app.transcript.load import carried_over

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.client import LangGraphClient
    from chat_app.runs.pending_runs import Queued
    from chat_app.runs.run_stream import RunStream
    from chat_app.state.desk import Look
    from chat_app.state.rows import ErrorRow, NoticeRow
    from chat_app.state.run import RunState
    from chat_app.transcript.message import Transcript

_REPLAY = 1.0
"""Seconds in which a joined run tells its past; what begins later begins now."""
_KEEP_WAIT = 0.4
"""Seconds that a person waits for what was stopped to be saved; saving itself may take longer."""
_KEPT_WITHIN = 1.0
"""Seconds that who stopped a run elsewhere takes to save what was written."""
_TAKEN_WITHIN = 60.0
"""Seconds after which what was sent next no longer waits for a request without an answer."""


def begin(tab: RunState, history: Transcript, message: Queued | None = None) -> Look:
    """Let a run be under way as far as the tab shows, until `end`. Needs the tab's lock."""
    leave(tab)
    tab.running = True
    tab.starting = server.is_starting()
    if message:
        forget_returned(tab, message)
    desk = desk_of(tab)
    desk.before, desk.complaints = (message, history), []
    desk.look.begun, desk.line.ahead = True, desk.look.through
    return desk.look


def forget_returned(tab: RunState, message: Queued) -> None:
    """What had come back is sent again, or was not wanted any more. Needs the tab's lock."""
    if tab.is_in_composer or tab.returned == message.text:
        tab.returned = ""


def leave(tab: RunState) -> None:
    """Look away from the run that goes, if any. Needs the tab's lock."""
    desk_of(tab).turn_away()
    tab.running = tab.stopping = tab.starting = tab.can_retry = tab.cut = False


async def take_back(tab: RunState) -> Transcript:
    """End what has not reached the server: its message returns to the composer.

    Needs the tab's lock.
    """
    desk = desk_of(tab)
    message, history = desk.before
    look = desk.look
    look.taken_back = True
    leave(tab)
    if message:
        await give_back(tab, message, tab.thread_id)
    look.through.set()
    tab.can_retry = may_help(history.failure)
    return history


async def give_back(tab: RunState, message: Queued, thread_id: str) -> None:
    """Return a message to its thread's composer, now or when the thread is opened again.

    Needs the tab's lock.
    """
    desk = desk_of(tab)
    if message.given and isinstance(message.given.value, str):
        message = replace(message, text=message.given.value, given=None)
    if tab.thread_id == thread_id:
        await return_form(tab, message)
        tab.returned = _joined(tab.returned, message.text)
        tab.is_in_composer = False
    else:
        desk.returned[thread_id] = _joined(desk.returned.get(thread_id, ""), message.text)
    desk.shelf.put_back(message.carried, thread_id, is_returned=True)
    await show_attachments(tab)


def _joined(*texts: str) -> str:
    return "\n\n".join(dict.fromkeys(filter(None, texts)))


async def follow(
    tab: RunState,
    look: Look,
    watch: RunStream,
    views: AsyncGenerator[Transcript, None],
    *,
    joined: bool = False,
) -> None:
    """Paint each view for as long as the tab looks. A run that was `joined` replays its past.

    What stands aside in the line returns to the queue behind the run.

    Raises:
        LangGraphError: as the watch.
    """
    tasks.spawn(_follow_behind(look, watch), name=f"behind {watch.thread_id}")
    client, desk = await server.ready(), desk_of(tab)
    async with tab:
        if desk.look != look:
            return
        tab.starting = False
        desk.watch = watch
        canvas, tail = await canvas_of(tab), await tab.get_state(TailState)
        notebook = Notebook(client, watch.thread_id, desk.before[1], joined=joined)
        graphs = canvas.agents.count
        token = tab.router.session.client_token
    last = canvas.painter.transcript
    since = time.monotonic()
    async with aclosing(views):
        async for view in views:
            now = time.monotonic()
            clock.see(last, view, now, replayed=joined and now - since < _REPLAY)
            if view.running and not is_here(token):  # it would go to a socket that is gone
                _keep_unseen(tab, look, token, view)
                continue
            async with tail:  # the tab's lock, and the tail as it is by now
                if desk.look != look:
                    last = view
                    break
                look.unseen = None
                _tell_cut(tab, watch)
                if view.failure:
                    tab.can_retry = may_help(view.failure)
                if watch.was_stopped(view):
                    last = mark(view)
                    footer = [stopped_row()] if last is view else []
                    await canvas.show(tail, last, footer=footer + desk.complaints)
                else:
                    last = view
                    await canvas.show(tail, view, footer=desk.complaints)
            if canvas.agents.count > graphs:  # now, for nobody may be there at the end
                graphs = canvas.agents.count
                notebook.see(view)
    if desk.look == look:
        notebook.see(last)
        await _settle(tab, look, watch, last)
    elif watch.stopping and not watch.taken_back:
        _save(client, watch, last)


def _keep_unseen(tab: RunState, look: Look, token: str, view: Transcript) -> None:
    if not look.unseen:
        tasks.spawn(_show_unseen(tab, look, token), name=f"unseen {look.line.thread_id}")
    look.unseen = view


async def _show_unseen(tab: RunState, look: Look, token: str) -> None:
    """Show what nobody saw as soon as somebody is there: the next view may take a minute."""
    desk = desk_of(tab)
    # For as long as a tab may be away.
    while desk.look == look and not is_here(token):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    async with tab:
        if desk.look == look and look.unseen:
            await show(tab, look.unseen, footer=desk.complaints)
        look.unseen = None


async def _follow_behind(look: Look, watch: RunStream | None) -> None:
    """Let what waits follow once the run that comes before it is there or never will be.

    Sooner, and it might come first, or the run's strategy would end it too.
    """
    try:
        if watch:
            with suppress(TimeoutError):
                async with asyncio.timeout(_TAKEN_WITHIN):
                    await watch.taken_or_not()
        with suppress(LangGraphError):  # without a server nothing stands aside
            await look.line.bring_back(await server.ready(), behind=look.through)
    finally:
        look.through.set()


def _tell_cut(tab: RunState, watch: RunStream) -> None:
    cut = watch.cut
    if cut:
        tab.cut_cause = cause_of(cut.exception)
        tab.again_at = wall_time(time.monotonic() + cut.seconds)
    if tab.cut != (cut is not None):
        tab.cut = cut is not None


async def _settle(tab: RunState, look: Look, watch: RunStream, last: Transcript) -> None:
    """Save what only this tab has of a run that broke off, or read what another one saved."""
    client, thread_id = await server.ready(), watch.thread_id
    if watch.outcome is Outcome.FAILED and last.failure:
        failure = await keep_failed(client, thread_id, last, last.failure)
        await _shown_again(tab, look, replace(last, failure=failure))
    elif watch.was_stopped(last) and not watch.taken_back:
        if watch.stopping:
            saving = _save(client, watch, last)
            await asyncio.wait({saving}, timeout=_KEEP_WAIT)
        else:
            await asyncio.sleep(_KEPT_WITHIN)
            saved = carried_over(last, await read_thread(client, thread_id, last.shape))
            if last.messages[-1].id in {message.id for message in saved.messages}:
                await _shown_again(tab, look, saved)
    if watch.outcome is not Outcome.LOST:
        desk_of(tab).seen = watch.run_id


def _save(client: LangGraphClient, watch: RunStream, last: Transcript) -> asyncio.Task[None]:
    saving = _keep_if_stopped(client, watch, last)
    watch.saving = tasks.spawn(saving, name=f"keep {watch.thread_id}")
    return watch.saving


async def _keep_if_stopped(client: LangGraphClient, watch: RunStream, last: Transcript) -> None:
    """Save what a stopped run wrote, unless the server refuses to stop it: then it goes on."""
    if watch.outcome is None:
        await watch.stop_answered()
    if watch.refusal is None:
        await keep(client, watch.thread_id, last)


async def tell_refused(tab: RunState, watch: RunStream, refusal: LangGraphError) -> None:
    """Say that the server did not stop the run, which the tab goes on watching.

    Where the tab stopped watching before the server refused, it joins the run again.
    """
    if watch.is_let_go:
        await watch.settled.wait()
    row = error_row(words.STOP_REFUSED, cause_of(refusal))
    async with tab:
        desk = desk_of(tab)
        if desk.thread_id != watch.thread_id:
            return
        watch.stopping = False
        if watch.is_let_go:
            desk.seen, desk.joins_with = "", [row]
        else:
            tab.stopping, desk.complaints = False, [row]
            await show(tab, await shown(tab), footer=desk.complaints)


async def _shown_again(tab: RunState, look: Look, transcript: Transcript) -> None:
    async with tab:
        if desk_of(tab).look == look:
            await show(tab, transcript)


async def explain(
    tab: RunState, look: Look, failure: LangGraphError, watch: RunStream | None
) -> None:
    """Say in the conversation what went wrong; what the server never took is undone."""
    async with tab:
        if desk_of(tab).look != look:
            return
        accepted = watch is not None and watch.accepted
        transcript = await shown(tab) if accepted else await take_back(tab)
        await complain(tab, transcript, error_row(*describe(failure)))
        tab.can_retry = failure.retryable


async def complain(tab: RunState, transcript: Transcript, row: ErrorRow | NoticeRow) -> None:
    """Show `row` below the transcript, in the place of an earlier failure."""
    tab.can_retry = False
    await show(tab, replace(transcript, running=False, failure=None), footer=[row])


async def end(tab: RunState, look: Look, watch: RunStream | None) -> None:
    """The tab has done with a run: what waits may go on. A `watch` must have been followed."""
    if watch:
        watch.settled.set()
    else:
        tasks.spawn(_follow_behind(look, None), name=f"behind {look.line.thread_id}")
    async with tab:
        desk = desk_of(tab) if has_desk(tab) else None
        if desk and desk.look == look:
            desk.watch = None
        # At a desk that was made anew, after an absence, nothing has begun.
        if not desk or desk.look == look or not desk.look.begun:
            tab.running = tab.stopping = tab.starting = tab.cut = False
    if watch:
        thread_events.notify(watch.thread_id)
