"""Showing in a tab what a watch sees, until the run is over and its end is safe at the server."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError, Outcome
from chat_app.runs import lookout, tasks
from chat_app.runs.clock import wall_time
from chat_app.runs.keep import keep, keep_failed, mark
from chat_app.state import server
from chat_app.state.desk import desk_of, has_desk
from chat_app.state.presence import is_here
from chat_app.state.rows import error_row, stopped_row
from chat_app.state.transcript import TailState, canvas_of, clock, show, shown
from chat_app.transcript.fold import load

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.runs.watch import Watch
    from chat_app.state.rows import Row
    from chat_app.state.run import RunState
    from chat_app.transcript.message import Transcript

_REPLAY = 1.0
"""Seconds in which a joined run tells its past; what begins later begins now."""
_KEEP_WAIT = 0.4
"""Seconds that a person waits for what was stopped to be saved; saving itself may take longer."""
_KEPT_WITHIN = 1.0
"""Seconds that who stopped a run elsewhere takes to save what was written."""


def begin(tab: RunState, history: Transcript, message: str = "") -> int:
    """Let a run be under way as far as the tab shows; return the look. Needs the tab's lock."""
    leave(tab)
    tab.running = True
    tab.starting = server.is_starting()
    desk = desk_of(tab)
    desk.before = message, history
    return desk.look


def leave(tab: RunState) -> None:
    """Look away from the run that goes, if any. Needs the tab's lock."""
    desk_of(tab).turn_away()
    tab.running = tab.stopping = tab.starting = tab.can_retry = tab.cut = False


def take_back(tab: RunState) -> Transcript:
    """End what has not reached the server: its message returns to the composer."""
    desk = desk_of(tab)
    message, history = desk.before
    desk.taken_back = desk.look
    leave(tab)
    tab.returned = message or tab.returned
    tab.can_retry = history.failure is not None
    return history


async def follow(
    tab: RunState,
    look: int,
    watch: Watch,
    views: AsyncGenerator[Transcript, None],
    *,
    joined: bool = False,
) -> None:
    """Paint each view for as long as the tab looks. A run that was `joined` replays its past.

    Raises:
        LangGraphError: as the watch.
    """
    desk = desk_of(tab)
    async with tab:
        if desk.look != look:
            return
        tab.starting = False
        desk.watch = watch
        canvas, tail = await canvas_of(tab), await tab.get_state(TailState)
        token = tab.router.session.client_token
    last = canvas.painter.transcript
    since = time.monotonic()
    async with aclosing(views):
        async for view in views:
            now = time.monotonic()
            clock.see(last, view, now, replayed=joined and now - since < _REPLAY)
            if view.running and not is_here(token):
                continue  # on a socket that is gone; who comes back sees the next view
            async with tail:  # the tab's lock, and the tail as it is by now
                if desk.look != look:
                    return
                _tell_cut(tab, watch)
                if view.failure:
                    tab.can_retry = True
                if watch.was_stopped(view):
                    last = mark(view)
                    footer = [stopped_row()] if last is view else None
                    await canvas.show(tail, last, footer=footer)
                else:
                    last = view
                    await canvas.show(tail, view)
    if desk.look == look:
        await _settle(tab, look, watch, last)


def _tell_cut(tab: RunState, watch: Watch) -> None:
    cut = watch.cut
    if cut:
        tab.cut_cause = cut.cause
        tab.again_at = wall_time(time.monotonic() + cut.seconds)
    if tab.cut != (cut is not None):
        tab.cut = cut is not None


async def _settle(tab: RunState, look: int, watch: Watch, last: Transcript) -> None:
    """Save what only this tab has of a run that broke off, or read what another one saved."""
    client, thread_id = await server.ready(), watch.thread_id
    if watch.outcome is Outcome.FAILED and last.failure:
        failure = await keep_failed(client, thread_id, last, last.failure)
        await _shown_again(tab, look, replace(last, failure=failure))
    elif watch.was_stopped(last):
        if tab.stopping:
            keeping = tasks.spawn(keep(client, thread_id, last), name=f"keep {thread_id}")
            await asyncio.wait({keeping}, timeout=_KEEP_WAIT)
        else:
            await asyncio.sleep(_KEPT_WITHIN)
            saved = load(await client.threads.get_state(thread_id))
            if last.messages[-1].id in {message.id for message in saved.messages}:
                await _shown_again(tab, look, saved)
    if watch.outcome is not Outcome.LOST:
        desk_of(tab).seen = watch.run_id


async def _shown_again(tab: RunState, look: int, transcript: Transcript) -> None:
    async with tab:
        if desk_of(tab).look == look:
            await show(tab, transcript)


async def explain(tab: RunState, look: int, failure: LangGraphError, watch: Watch | None) -> None:
    """Say in the conversation what went wrong; what the server never took is undone."""
    async with tab:
        if desk_of(tab).look != look:
            return
        accepted = watch is not None and watch.accepted
        transcript = await shown(tab) if accepted else take_back(tab)
        await complain(tab, transcript, error_row(failure.hint, failure.detail))
        tab.can_retry = True


async def complain(tab: RunState, transcript: Transcript, row: Row) -> None:
    """Show `row` below the transcript, in the place of an earlier failure."""
    tab.can_retry = False
    await show(tab, replace(transcript, running=False, failure=None), footer=[row])


async def end(tab: RunState, look: int, watch: Watch | None) -> None:
    """The tab has done with a run: what waits may go on."""
    if watch:
        watch.settled.set()
    async with tab:
        if not has_desk(tab) or desk_of(tab).look == look:
            if has_desk(tab):
                desk_of(tab).watch = None
            tab.running = tab.stopping = tab.starting = tab.cut = False
    if watch:
        lookout.ring(watch.thread_id)
