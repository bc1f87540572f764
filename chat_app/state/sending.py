"""Bringing a message to the server and showing its answer; and ending the answer before it."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import reflex as rx

from chat_app.client import LangGraphError
from chat_app.runs import queue, tasks
from chat_app.runs.agenda import Queued, read_agenda
from chat_app.runs.watch import Watch
from chat_app.state import server
from chat_app.state.assistants import chosen_assistant
from chat_app.state.desk import desk_of
from chat_app.state.threads import ThreadsState, new_thread, owner_of, title_of
from chat_app.state.transcript import clock, show, shown, trim
from chat_app.state.watching import begin, end, explain, follow
from chat_app.transcript.message import Message, Role, Text, Transcript

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from typing import Any

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import MultitaskStrategy
    from chat_app.state.desk import Desk
    from chat_app.state.run import RunState

_ANSWER_WITHIN = 0.5
"""Seconds that a server may take for what stands between a person and the end of a run."""
_SETTLED_WITHIN = 3.0
"""Seconds in which a run that was ended must be out of the way of the next one."""


async def deliver(
    tab: RunState,
    message: str,
    message_id: str,
    *,
    strategy: MultitaskStrategy = "enqueue",
    history: Transcript | None = None,
) -> AsyncGenerator[Any, None]:
    """Send a message and show its answer to the end; yields the events that follow from it.

    `history` is the transcript to go on from, where that is not what the tab shows. What stands
    aside on the tab's desk returns to the queue behind this message.
    """
    async with tab:
        if tab.running:
            return
        before = await shown(tab) if history is None else history
        asked = Message(message_id, Role.HUMAN, (Text(message),))
        look = begin(tab, before, message)
        tab.returned = ""
        tab.sent += 1
        asking = _asking(before, asked)
        clock.see(before, asking, time.monotonic())
        await show(tab, asking)
        await trim(tab)
        desk, thread_id, owner = desk_of(tab), tab.thread_id, await owner_of(tab)
    watch = None
    try:
        client = await server.ready()
        assistant_id = await chosen_assistant(tab, client)
        if desk.taken_back == look:
            return
        if not thread_id:
            thread_id = await new_thread(client, owner=owner, first_message=message)
            if desk.look == look:
                async with tab:
                    tab.thread_id = desk.thread_id = desk.made = thread_id
                    tab.title = title_of(message)
                yield rx.redirect(f"/t/{thread_id}", replace=True)
        if desk.look != look:
            if desk.taken_back != look:  # whoever sends and looks elsewhere wants an answer too
                await queue.enqueue(client, thread_id, Queued(message_id, message, assistant_id))
                yield ThreadsState.refresh
            return
        watch = Watch(client, thread_id, before)
        if desk.aside:
            tasks.spawn(_restore_behind(client, watch, desk), name=f"restore {thread_id}")
        views = watch.start(
            assistant_id,
            input=queue.question(message_id, message),
            pending=asked,
            multitask_strategy=strategy,
        )
        await follow(tab, look, watch, views)
    except LangGraphError as failure:
        if thread_id and desk.look != look and not (watch and watch.accepted):
            queue.hold(thread_id, [*queue.held(thread_id), Queued(message_id, message)])
        await explain(tab, look, failure, watch)
    finally:
        await end(tab, look, watch)
    yield ThreadsState.refresh


async def stop_run(client: LangGraphClient, desk: Desk, watch: Watch) -> None:
    """End a run at the server and save what was written; what waits behind it stands aside.

    It takes no longer than a person waits, also where the server does not answer.
    """
    await set_aside(client, desk, watch.thread_id)
    await watch.stop()
    with suppress(TimeoutError):
        async with asyncio.timeout(_SETTLED_WITHIN):
            await watch.settled.wait()


async def set_aside(client: LangGraphClient, desk: Desk, thread_id: str) -> None:
    """Take back all that waits at the server, so that the end of a run does not begin the next."""
    waiting = desk.agenda.waiting
    try:
        async with asyncio.timeout(_ANSWER_WITHIN):
            waiting = (await read_agenda(client, thread_id)).waiting
            _lay_aside(desk, waiting)
            await queue.withdraw(client, thread_id, waiting)
    except (LangGraphError, TimeoutError):
        _lay_aside(desk, waiting)  # `restore` looks which of them are gone


def _lay_aside(desk: Desk, messages: Iterable[Queued]) -> None:
    known = {message.message_id for message in desk.aside}
    desk.aside += [message for message in messages if message.message_id not in known]


async def _restore_behind(client: LangGraphClient, watch: Watch, desk: Desk) -> None:
    """Bring back what stands aside, once the run that was to come before it is there or never is.

    Sooner, and the run's strategy would end these too.
    """
    async with asyncio.timeout(60):
        await watch.taken_or_not()
    await queue.restore(client, watch.thread_id, desk.aside)


def _asking(history: Transcript, asked: Message) -> Transcript:
    messages = (*history.messages, asked)
    return replace(history, messages=messages, running=True, failure=None, interrupts=())
