"""Bringing a message to the server and showing its answer; and ending the answer before it."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import reflex as rx

from chat_app.client import ConflictError, LangGraphError
from chat_app.config import settings
from chat_app.runs import own_queue, queue, tasks, thread_events
from chat_app.runs.pending_runs import read_agenda
from chat_app.runs.run_stream import RunStream
from chat_app.state import server
from chat_app.state.assistants import chosen_assistant, shape_for
from chat_app.state.attachments import show_attachments
from chat_app.state.desk import open_desk
from chat_app.state.threads import ThreadsState, new_thread, owner_of, title_of
from chat_app.state.transcript import clock, show, shown, trim
from chat_app.state.watching import begin, end, explain, follow, give_back, leave
from chat_app.transcript.fold import start
from chat_app.transcript.inputs import input_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from typing import Any

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import MultitaskStrategy
    from chat_app.runs.pending_runs import Queued
    from chat_app.state.desk import Desk, Look
    from chat_app.state.line import Line
    from chat_app.state.run import RunState
    from chat_app.transcript.message import Transcript

LET_GO_AFTER = 0.5
"""Seconds that a person waits at most for what has to be done before a run can be ended."""
_SILENT_AFTER = 3.0
"""Seconds without an answer after which a server counts as silent."""
_SETTLED_WITHIN = 3.0
"""Seconds in which a run that was ended must be out of the way of the next one."""
_SAVED_WITHIN = 15.0
"""The same where the server does answer, and what the run wrote is being saved."""
UNDER_WAY = 1.0
"""Seconds in which a request that nobody waits for any more is answered."""
_BUSY_FOR = 2.0
"""Seconds after which a thread that had other things to do is tried again."""


@dataclass(frozen=True)
class Sent:
    """A message that the tab shows as sent, for `deliver`."""

    message: Queued
    before: Transcript
    """What the tab showed before it."""
    desk: Desk
    look: Look
    owner: str
    was_held: bool
    """The app held it, and does so again where the server has other things to do."""


async def begin_sending(
    tab: RunState, message: Queued, *, history: Transcript | None = None, was_held: bool = False
) -> Sent:
    """Show a message as sent, where nothing goes; `deliver` must bring it to the server.

    `history` is the transcript to go on from, where that is not what the tab shows. Needs the
    tab's lock.
    """
    desk = open_desk(tab)
    before = await shown(tab) if history is None else history
    look = begin(tab, before, message)
    tab.sent += 1
    asking = start(before, pending=message.message).transcript
    clock.see(before, asking, time.monotonic())
    await show(tab, asking)
    await trim(tab)
    return Sent(message, before, desk, look, await owner_of(tab), was_held)


async def deliver(
    tab: RunState, sent: Sent, *, strategy: MultitaskStrategy = "enqueue"
) -> AsyncGenerator[Any, None]:
    """Bring a message to the server and show its answer to the end; yields what follows from it."""
    desk, look, line = sent.desk, sent.look, sent.look.line
    late, watch, is_late = sent.message, None, False
    try:
        client = await server.ready()
        assistant_id = await chosen_assistant(tab, client)
        if not look.taken_back and not line.thread_id:
            thread_id = await new_thread(client, owner=sent.owner, first_message=sent.message.gist)
            if await _is_shown(tab, sent, thread_id):
                yield rx.redirect(f"/t/{thread_id}", replace=True)
        await line.at_rest()  # who takes messages out of it would take this one too
        if look.taken_back:
            return
        shape = await shape_for(client, assistant_id)
        late = replace(sent.message, assistant_id=assistant_id, key=shape.key)
        if desk.look != look:  # whoever sends and looks elsewhere wants an answer too
            await own_queue.ensure_idle(client, line.thread_id)
            async with line.putting:
                await queue.enqueue(client, line.thread_id, late)
            yield ThreadsState.refresh
            return
        await own_queue.ensure_idle(client, line.thread_id)
        before = replace(sent.before, shape=shape)
        watch = RunStream(client, line.thread_id, before, hide=settings().hide_nodes)
        asked = sent.message.message
        views = watch.start(
            assistant_id,
            input=input_of(asked, shape.key),
            pending=asked,
            multitask_strategy=strategy,
        )
        await follow(tab, look, watch, views)
        if desk.look != look and not (look.taken_back or watch.accepted):
            await _bring_late(late, line)
    except asyncio.CancelledError:
        is_late = _is_brought_late(sent, late, watch)
        raise
    except LangGraphError as failure:
        if not (watch and watch.accepted):
            await _keep(tab, sent, failure)
        await explain(tab, look, failure, watch)
    finally:
        if sent.was_held and not is_late:
            queue.let_next_go(line.thread_id)
        await end(tab, look, watch)
    yield ThreadsState.refresh


def _is_brought_late(sent: Sent, late: Queued, watch: RunStream | None) -> bool:
    """Do not lose a held message where its sending is cancelled; the next ones wait for it.

    The page's own loading began it, which ends as soon as another page is opened.
    """
    if not sent.was_held or (watch and watch.accepted):
        return False
    thread_id = sent.look.line.thread_id
    if watch:
        tasks.spawn(_bring_held_late(late, sent.look.line), name=f"late {thread_id}")
        return True
    queue.hold_first(thread_id, sent.message)
    return False


async def _bring_held_late(message: Queued, line: Line) -> None:
    try:
        await _bring_late(message, line)
    finally:
        queue.let_next_go(line.thread_id)
        thread_events.notify(line.thread_id)


async def _bring_late(message: Queued, line: Line) -> None:
    """Queue a message whose run was asked for by a watch that ended, unless the server has it.

    What is sent there meanwhile comes after it.
    """
    async with line.putting:
        await asyncio.sleep(UNDER_WAY)
        await queue.restore(await server.ready(), line.thread_id, [message])
    thread_events.notify(line.thread_id)


async def _is_shown(tab: RunState, sent: Sent, thread_id: str) -> bool:
    """Let the new chat be the thread that was made; tell whether the tab still shows it."""
    desk = sent.desk
    async with tab:
        if sent.look.taken_back:
            return False
        sent.look.line.thread_id = thread_id
        if desk.look != sent.look:
            return False
        tab.thread_id = desk.made = thread_id
        tab.title = title_of(sent.message.gist)
        desk.shelf.move(thread_id)
        await show_attachments(tab)
        return True


async def _keep(tab: RunState, sent: Sent, failure: LangGraphError) -> None:
    """Keep a message that the server did not take, where the tab cannot say so or need not."""
    desk, look, line = sent.desk, sent.look, sent.look.line
    is_held_here = bool(line.thread_id) and own_queue.has_no_queue(await server.ready())
    async with tab:
        if look.taken_back:
            return
        if (sent.was_held or is_held_here) and isinstance(failure, ConflictError):
            queue.hold_first(line.thread_id, sent.message)
            line.busy_until = time.monotonic() + _BUSY_FOR
            loop = asyncio.get_running_loop()
            loop.call_later(_BUSY_FOR, thread_events.notify, line.thread_id)
            if desk.look == look:
                leave(tab)
                await show(tab, sent.before)
        elif desk.look != look and line.thread_id:
            queue.hold_last(line.thread_id, sent.message)
        elif desk.look != look:
            await give_back(tab, sent.message, "")


async def stop_run(client: LangGraphClient, line: Line, watch: RunStream) -> None:
    """End a run at the server and save what was written; what waits behind it stands aside.

    The line must be `claimed`. The person sees the end of it at once, also where the server is slow
    or does not answer: it takes several requests, for the queue must not go on before the answer is
    saved.

    Raises:
        LangGraphError: the server refuses to end it, and it goes on.
    """
    watch.stopping = True
    letting_go = asyncio.get_running_loop().call_later(LET_GO_AFTER, watch.let_go)
    try:
        is_silent = not await set_aside(client, line, watch)
    finally:
        letting_go.cancel()
    await watch.stop()
    with suppress(TimeoutError):
        async with asyncio.timeout(_SETTLED_WITHIN):
            await watch.settled.wait()
    if watch.saving and not is_silent:
        await asyncio.wait({watch.saving}, timeout=_SAVED_WITHIN)


async def set_aside(client: LangGraphClient, line: Line, watch: RunStream) -> bool:
    """Take back all that this app has queued, so that the end of a run does not begin the next.

    So is what has begun since, where the run was over by itself: what is sent now would end it.
    What other programs have queued begins then: it cannot be made anew as it was.

    Returns:
        False if the server does not answer: what was taken back by then is not known.
    """
    waited = line.agenda.waiting
    try:
        async with asyncio.timeout(_SILENT_AFTER):
            line.agenda = await read_agenda(client, line.thread_id)
        now = line.agenda.current
        begun = [each for each in waited if each.run_id == now != watch.run_id]
        for message in reversed(line.lay_aside(begun)):  # the last first, so that none moves up
            async with asyncio.timeout(_SILENT_AFTER):
                await queue.withdraw(client, line.thread_id, [message])
    except (LangGraphError, TimeoutError):
        line.lay_aside()  # to bring them back looks which of them are gone
        return False
    return True
