"""What a person sends while a run goes: it waits, or ends that run, as they chose.

The queue is the server's (see `chat_app.runs.queue`). A server that does not queue leaves it to the
app: such messages are on the tab's desk, and go when nothing else does.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app.client import LangGraphError
from chat_app.config import settings
from chat_app.runs import own_queue, queue, thread_events
from chat_app.runs.reading import read_thread
from chat_app.state import server
from chat_app.state.assistants import chosen_assistant, shape_for
from chat_app.state.attachments import show_attachments
from chat_app.state.desk import desk_of, open_desk
from chat_app.state.inputs import return_form
from chat_app.state.line import Waiting, waiting
from chat_app.state.moving import claimed, move_up, take
from chat_app.state.route import turned
from chat_app.state.run import RunState, composed, is_message
from chat_app.state.sending import begin_sending, deliver, set_aside, stop_run
from chat_app.state.watching import forget_returned, give_back, leave, tell_refused

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.runs.pending_runs import Queued
    from chat_app.runs.run_stream import RunStream
    from chat_app.state.desk import Desk
    from chat_app.state.line import Line
    from chat_app.transcript.message import Transcript

QUEUE, INTERRUPT, ROLLBACK = STRATEGIES = ("queue", "interrupt", "rollback")


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
    async def submit(
        self,
        message: str,
        attached: list[str] | None = None,
        given: dict[str, Any] | None = None,
    ):
        """Send what the person wrote, attached or filled in, also while a run goes."""
        if not is_message(message, attached, given):
            return
        await turned(self)
        sent, strategy = None, QUEUE
        async with self:
            run = await self.get_state(RunState)
            queued = await composed(run, message, attached, given)
            if queued is None:
                return
            desk = open_desk(run)
            line = desk.line
            if not run.running and not line.comes_first:
                sent = await begin_sending(run, queued)
            elif desk.watch and self.strategy in (INTERRUPT, ROLLBACK):
                strategy = self.strategy
            else:
                await _join(run, line, queued)
        if sent:
            events = deliver(run, sent)
        elif strategy != QUEUE:
            events = _instead(self, line, queued, strategy)
        else:
            await _put_next(self, line)
            return
        async for event in events:
            yield event

    @rx.event(background=True)
    async def send_held(self, thread_id: str):
        """Send the next message that the app holds for the open thread, where nothing goes."""
        held, desk = None, None
        try:
            async with self:
                run = await self.get_state(RunState)
                desk = open_desk(run)
                line = desk.line
                if run.running or line.moving or line.aside or line.thread_id != thread_id:
                    return
                if not (held := queue.take_held(thread_id)):
                    return
                sent = await begin_sending(run, held, was_held=True)
                await show_queue(self, sent.desk)
        except asyncio.CancelledError:  # another page is opened
            if held and desk:
                desk.turn_away()
                queue.hold_first(thread_id, held)
                queue.let_next_go(thread_id)
            raise
        async for event in deliver(run, sent):
            yield event

    @rx.event(background=True)
    async def remove(self, id: str):
        """Take a message out of the queue."""
        await take(self, id, for_good=True)

    @rx.event(background=True)
    async def edit(self, id: str):
        """Take a message out of the queue and back into the composer."""
        if not (taken := await take(self, id)):
            return
        message, line = taken
        async with self:
            run = await self.get_state(RunState)
            desk = desk_of(run)
            if desk.line is not line:
                await give_back(run, message, line.thread_id)
                return
            if message.given and isinstance(message.given.value, str):
                message = replace(message, text=message.given.value, given=None)
            if message.text or message.given is None:
                self.edited = message.text
                self.edits += 1
            await return_form(self, message, is_untaken=False)
            desk.shelf.put_back(message.carried, line.thread_id)
            await show_attachments(self)

    @rx.event(background=True)
    async def send_now(self, id: str):
        """End the answer being written and send this message."""
        if taken := await take(self, id):
            async for event in _instead(self, taken.line, taken.message, INTERRUPT):
                yield event

    @rx.event(background=True)
    async def move_up(self, id: str):
        """Let a message go before the one that is before it."""
        await move_up(self, id)


async def show_queue(tab: rx.State, desk: Desk) -> None:
    """Show what waits on the open thread. Needs the tab's lock."""
    if not desk.line.moving:
        state = await tab.get_state(QueueState)
        now = waiting(desk.line.queued)
        if now != state.waiting:
            state.waiting = now


async def _join(run: RunState, line: Line, message: Queued) -> None:
    """Let a message wait in a line; `_put_next` must follow. Needs the tab's lock."""
    run.sent += 1
    line.arriving.append(message)
    if desk_of(run).line is line:
        forget_returned(run, message)
        state = await run.get_state(QueueState)
        state.waiting = [*state.waiting, *waiting([message])]


async def _hide(run: RunState, message: Queued) -> None:
    """Show a message no longer as one that waits. Needs the tab's lock."""
    state = await run.get_state(QueueState)
    state.waiting = [each for each in state.waiting if each.id != message.message_id]


async def _put_next(tab: QueueState, line: Line) -> None:
    """Queue the first message that has joined a line, one at a time, for requests overtake others.

    Where the chat it was written in never becomes a thread, the person has it back.
    """
    message = None
    while not message:
        await line.ahead.wait()
        async with line.putting:
            if line.ahead.is_set():
                message = await _put(tab, line)
    async with tab:
        run = await tab.get_state(RunState)
        if not line.thread_id:
            await give_back(run, message, "")
        await show_queue(tab, desk_of(run))


async def _put(tab: QueueState, line: Line) -> Queued:
    message = line.arriving[0]
    try:
        if line.thread_id:
            await _enqueue(tab, line, message)
            thread_events.notify(line.thread_id)
    finally:
        line.arriving.remove(message)
    return message


async def _enqueue(tab: QueueState, line: Line, message: Queued) -> None:
    try:
        client = await server.ready()
        if settings().queue == "app" or own_queue.has_no_queue(client):
            queue.hold_last(line.thread_id, message)
            return
        assistant_id = await chosen_assistant(tab, client)
        shape = await shape_for(client, assistant_id)
        queued = replace(message, assistant_id=assistant_id, key=shape.key)
        queued = await queue.enqueue(client, line.thread_id, queued)
        line.agenda = line.agenda.with_last(queued)
    except LangGraphError:
        queue.hold_last(line.thread_id, message)


async def _instead(
    tab: QueueState, line: Line, message: Queued, strategy: str
) -> AsyncGenerator[Any, None]:
    """End the run that goes, keeping or taking back what it wrote, and send `message`.

    Where the tab has turned to another thread by then, or something else goes, it waits in line.
    """
    async with tab:
        run = await tab.get_state(RunState)
        desk = desk_of(run)
        run.stopping = run.stopping or (desk.line is line and desk.watch is not None)
        if desk.line is line:
            place = len(line.instead)
            tab.waiting = [*tab.waiting[:place], *waiting([message]), *tab.waiting[place:]]
        line.instead.append(message)
    sent, history, is_ended = None, None, True
    async with claimed(tab, line):
        watch = desk.watch if desk.line is line else None
        try:
            if watch:
                history = await _ended(run, line, watch, strategy)
        except LangGraphError as refusal:
            is_ended = False
            if watch:
                await tell_refused(run, watch, refusal)
        async with run:
            line.instead.remove(message)
            await _hide(run, message)
            if is_ended and desk.line is line and not run.running:
                sent = await begin_sending(run, message, history=history)
            else:
                run.stopping = run.stopping and (is_ended or desk.watch is not watch)
                await _join(run, line, message)
    if not sent:
        await _put_next(tab, line)
        await line.bring_back(await server.ready())
        return
    how = "enqueue"  # behind what has begun meanwhile, which nobody asked to end
    if watch:
        how = "rollback" if strategy == ROLLBACK else "interrupt"
    async for event in deliver(run, sent, strategy=how):
        yield event


async def _ended(run: RunState, line: Line, watch: RunStream, strategy: str) -> Transcript | None:
    """End a run; return the transcript to go on from where it is another one.

    Raises:
        LangGraphError: the server does not end it.
    """
    client = await server.ready()
    if strategy == INTERRUPT:
        await stop_run(client, line, watch)
        return None
    await set_aside(client, line, watch)
    watch.taken_back = True
    try:
        await client.runs.cancel(watch.thread_id, watch.run_id, action="rollback", wait=True)
    except LangGraphError:
        watch.taken_back = False
        raise
    async with run:
        if desk_of(run).watch is watch:
            leave(run)
    return await read_thread(client, watch.thread_id, watch.shape)
