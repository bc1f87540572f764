"""What a person sends while a run goes: it waits, or ends that run, as they chose.

The queue is the server's (see `chat_app.runs.queue`). A server that does not queue leaves it to the
app: such messages are on the tab's desk, and go when nothing else does.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import reflex as rx

from chat_app.client import LangGraphError
from chat_app.config import settings
from chat_app.runs import lookout, queue
from chat_app.runs.agenda import Queued
from chat_app.runs.ids import uuid7
from chat_app.state import server
from chat_app.state.assistants import chosen_assistant
from chat_app.state.desk import desk_of
from chat_app.state.run import MESSAGE_LIMIT, RunState
from chat_app.state.sending import deliver, set_aside, stop_run
from chat_app.state.watching import leave
from chat_app.transcript.fold import load

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from typing import Any

    from chat_app.state.desk import Desk
    from chat_app.transcript.message import Transcript

QUEUE, INTERRUPT, ROLLBACK = STRATEGIES = ("queue", "interrupt", "rollback")


@dataclass(frozen=True)
class Waiting:
    """A message that waits for its turn. `id` names it to the handlers below."""

    id: str
    text: str


class QueueState(rx.State):
    """The open thread's queue, next one first."""

    waiting: rx.Field[list[Waiting]] = rx.field(default_factory=list)
    strategy: str = rx.LocalStorage(QUEUE, name="chat_while_running")
    """What sending does while a run goes."""
    edited: rx.Field[str] = rx.field("")
    """The message taken out of the queue last, to be changed in the composer."""
    edits: rx.Field[int] = rx.field(0)

    @rx.event
    def choose(self, strategy: str):
        """What sending does from now on, while a run goes."""
        if strategy in STRATEGIES:
            self.strategy = strategy

    @rx.event(background=True)
    async def submit(self, message: str):
        """Send what the person wrote, also while a run goes."""
        if not isinstance(message, str) or not message.strip():
            return
        async with self:
            run = await self.get_state(RunState)
            if not run.running or len(message) > MESSAGE_LIMIT:
                yield RunState.send(message)
                return
            strategy, message_id = self.strategy, str(uuid7())
            queued = Queued(message_id, message)
            if strategy not in (INTERRUPT, ROLLBACK):
                run.sent += 1
                desk_of(run).arriving.append(queued)
                await show_queue(self, desk_of(run))
        if strategy in (INTERRUPT, ROLLBACK):
            async for event in _instead(self, queued, strategy):
                yield event
        else:
            await _put(self, queued)

    @rx.event(background=True)
    async def remove(self, id: str):
        """Take a message out of the queue."""
        await _take(self, id)

    @rx.event(background=True)
    async def edit(self, id: str):
        """Take a message out of the queue and back into the composer."""
        if taken := await _take(self, id):
            async with self:
                self.edited = taken.text
                self.edits += 1

    @rx.event(background=True)
    async def send_now(self, id: str):
        """End the answer being written and send this message."""
        if taken := await _take(self, id):
            async for event in _instead(self, taken, INTERRUPT):
                yield event

    @rx.event(background=True)
    async def move_up(self, id: str):
        """Let a message go before the one that is before it."""
        await _arrived(self, id)
        async with self:
            desk, thread_id = await _desk(self)
            order = list(desk.queued)
            place = next((n for n, message in enumerate(order) if message.message_id == id), 0)
            if not place or desk.moving:
                return
            order[place - 1 : place + 1] = order[place], order[place - 1]
            desk.moving = True
            _show(self, order)
        try:
            client = await server.ready()
            at_server = len(desk.agenda.waiting)
            if place < at_server:
                await queue.withdraw(client, thread_id, desk.agenda.waiting[place - 1 :])
                desk.aside = order[place - 1 : at_server]
                await queue.restore(client, thread_id, desk.aside)
            elif place > at_server:
                queue.hold(thread_id, order[at_server:])
        except LangGraphError:
            pass  # what the server has is shown again
        finally:
            desk.moving = False
            lookout.ring(thread_id)


def _show(tab: QueueState, queued: list[Queued]) -> None:
    tab.waiting = [Waiting(message.message_id, message.text) for message in queued]


async def show_queue(tab: rx.State, desk: Desk) -> None:
    """Show what waits on the open thread. Needs the tab's lock."""
    if not desk.moving:
        state = await tab.get_state(QueueState)
        now = [Waiting(message.message_id, message.text) for message in desk.queued]
        if now != state.waiting:
            state.waiting = now


async def _desk(tab: QueueState) -> tuple[Desk, str]:
    run = await tab.get_state(RunState)
    return desk_of(run), run.thread_id


async def _put(tab: QueueState, message: Queued) -> None:
    """Queue a message at the server; where that does not queue, keep it here."""
    thread_id = await _made(tab)
    async with tab:
        desk, _ = await _desk(tab)
        arriving = desk.arriving
    try:
        if settings().queue == "app":
            _hold(thread_id, message)
        else:
            client = await server.ready()
            assistant_id = await chosen_assistant(tab, client)
            queued = replace(message, assistant_id=assistant_id)
            queued = await queue.enqueue(client, thread_id, queued)
            if desk.thread_id == thread_id:
                desk.agenda = desk.agenda.with_last(queued)
    except LangGraphError:
        _hold(thread_id, message)
    finally:
        arriving.remove(message)
    lookout.ring(thread_id)


def _hold(thread_id: str, message: Queued) -> None:
    queue.hold(thread_id, [*queue.held(thread_id), message])


async def _made(tab: QueueState) -> str:
    """The open thread, also where the first message of a new chat has yet to make it."""
    while True:
        async with tab:
            run = await tab.get_state(RunState)
            if run.thread_id or not run.running:
                return run.thread_id
        await asyncio.sleep(0.05)


async def _arrived(tab: QueueState, id: str) -> None:
    """Wait until a message that is shown already has reached the queue."""
    async with tab:
        desk, _ = await _desk(tab)
    # As long as one request takes.
    while any(message.message_id == id for message in desk.arriving):  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def _take(tab: QueueState, id: str) -> Queued | None:
    """Take a message out of the queue; None where it is not there, or its turn has come."""
    await _arrived(tab, id)
    async with tab:
        desk, thread_id = await _desk(tab)
        found = [message for message in desk.queued if message.message_id == id]
        if not found or desk.moving:
            return None
        desk.moving = True
        _show(tab, [message for message in desk.queued if message.message_id != id])
    try:
        held = queue.held(thread_id)
        if found[0] in held:
            queue.hold(thread_id, [message for message in held if message not in found])
        else:
            await queue.withdraw(await server.ready(), thread_id, found)
    except LangGraphError:
        return None
    finally:
        desk.moving = False
        lookout.ring(thread_id)
    return found[0]


async def _instead(tab: QueueState, message: Queued, strategy: str) -> AsyncGenerator[Any, None]:
    """End the run that goes, keeping or taking back what it wrote, and send `message`."""
    async with tab:
        run = await tab.get_state(RunState)
        desk, thread_id = await _desk(tab)
        run.stopping = desk.watch is not None
        desk.moving = True
    try:
        history = await _ended(run, desk, strategy)
    except LangGraphError:
        async with run:
            run.stopping = False
            run.sent += 1
        _hold(thread_id, message)
        lookout.ring(thread_id)
        return
    finally:
        desk.moving = False
    async for event in deliver(
        run,
        message.text,
        message.message_id,
        strategy="rollback" if strategy == ROLLBACK else "interrupt",
        history=history,
    ):
        yield event


async def _ended(run: RunState, desk: Desk, strategy: str) -> Transcript | None:
    """End the run that the tab watches; the transcript to go on from where it is another one."""
    if not (watch := desk.watch):
        return None
    client = await server.ready()
    if strategy == INTERRUPT:
        await stop_run(client, desk, watch)
        return None
    await set_aside(client, desk, watch.thread_id)
    await client.runs.cancel(watch.thread_id, watch.run_id, action="rollback", wait=True)
    async with run:
        leave(run)
    return load(await client.threads.get_state(watch.thread_id))
