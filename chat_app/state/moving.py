"""Changing what waits: taking a message out of the queue, letting one go before another."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple

from chat_app.client import LangGraphError
from chat_app.runs import queue, thread_events
from chat_app.runs.pending_runs import read_agenda
from chat_app.state import server
from chat_app.state.desk import desk_of
from chat_app.state.line import waiting

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    import reflex as rx

    from chat_app.runs.pending_runs import Queued
    from chat_app.state.line import Line
    from chat_app.state.queue import QueueState

_ARRIVES_WITHIN = 30.0
"""Seconds in which a message that is shown already can be acted on: to move another takes several
requests, and the server may be slow."""
_WITHDRAW_PAUSES = (0.2, 1.0)
"""Seconds before a message is asked for again."""


class Taken(NamedTuple):
    """A message, and the line that it stood in."""

    message: Queued
    line: Line


async def take(tab: QueueState, id: str, *, for_good: bool = False) -> Taken | None:
    """Take a message out of the queue; None where it is not there, or its turn has come.

    What another program has queued is more than its message, so it can only be taken `for_good`.
    """
    line = await _arrived(tab, id)
    async with tab:
        found = [message for message in line.queued if message.message_id == id]
        if not _is_still(line, id) or (found[0].is_foreign and not for_good):
            return None
        line.moving = True
        tab.waiting = waiting(message for message in line.queued if message not in found)
    try:
        async with _moved(line):
            held = queue.held(line.thread_id)
            if found[0] in held:
                queue.hold(line.thread_id, [each for each in held if each not in found])
            elif not await _is_withdrawn(line, found):
                return None
    except LangGraphError:
        if not for_good:  # the server may have let it go all the same
            await _put_back(line, found)
        return None
    return Taken(found[0], line)


async def move_up(tab: QueueState, id: str) -> None:
    """Let a message go before the one that is before it; what others have queued stays there."""
    line = await _arrived(tab, id)
    async with tab:
        order, held = line.queued, queue.held(line.thread_id)
        place = next((n for n, message in enumerate(order) if message.message_id == id), 0)
        pair = order[place - 1 : place + 1]
        if not place or not _is_still(line, id) or line.aside or line.instead:
            return
        if any(message.is_foreign for message in pair) or len({each in held for each in pair}) > 1:
            return
        order[place - 1 : place + 1] = reversed(pair)
        line.moving = True
        tab.waiting = waiting(order)
    with suppress(LangGraphError):  # what the server has is shown again
        async with _moved(line):
            if pair[0] in held:
                queue.hold(line.thread_id, [message for message in order if message in held])
            else:
                behind = [each for each in order[place - 1 :] if each.run_id]
                await _requeue(line, [each for each in behind if not each.is_foreign])
        await line.go_on_restoring(await server.ready())


async def _is_withdrawn(line: Line, messages: list[Queued]) -> bool:
    """Withdraw messages; a server that is gone for a moment is asked again.

    Raises:
        LangGraphError: it stays away, or nobody knows which request has taken them.
    """
    client, pauses = await server.ready(), iter(_WITHDRAW_PAUSES)
    broken: LangGraphError | None = None
    while True:
        try:
            taken = await queue.withdraw(client, line.thread_id, messages)
        except LangGraphError as trouble:
            pause = next(pauses, None)
            if pause is None or not trouble.retryable:
                raise
            broken = trouble
            await asyncio.sleep(pause)
        else:
            if broken and not taken:
                raise broken
            return bool(taken)


@asynccontextmanager
async def claimed(tab: rx.State, line: Line) -> AsyncGenerator[None, None]:
    """Within the block nobody else changes a line; who does so already comes first."""
    # As long as the requests take.
    while not await _is_claimed(tab, line):  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    try:
        async with line.putting:
            yield
    finally:
        line.moving = False


async def _is_claimed(tab: rx.State, line: Line) -> bool:
    async with tab:
        if line.moving:
            return False
        line.moving = True
        return True


async def _requeue(line: Line, messages: list[Queued]) -> None:
    """Let messages that wait at the server do so in this order."""
    client = await server.ready()
    line.aside += messages
    with suppress(LangGraphError):  # to bring them back looks which of them are gone
        await queue.withdraw(client, line.thread_id, messages)
    await line.restore(client)


async def _put_back(line: Line, messages: list[Queued]) -> None:
    line.aside += messages
    await line.go_on_restoring(await server.ready())


async def _arrived(tab: QueueState, id: str) -> Line:
    """The open line, once a message that is shown is in it and no other is being moved there."""
    async with tab:
        line = desk_of(tab).line
        is_shown = any(message.id == id for message in tab.waiting)
    with suppress(TimeoutError):
        async with asyncio.timeout(_ARRIVES_WITHIN if is_shown else 0):
            # As long as the requests take.
            while not _is_still(line, id) and (  # noqa: ASYNC110
                line.moving or _is_in(line.queued, id)
            ):
                await asyncio.sleep(0.02)
    return line


def _is_still(line: Line, id: str) -> bool:
    is_changing = line.moving or line.arriving or _is_in([*line.instead, *line.aside], id)
    return _is_in(line.queued, id) and not is_changing


def _is_in(messages: Iterable[Queued], id: str) -> bool:
    return any(message.message_id == id for message in messages)


@asynccontextmanager
async def _moved(line: Line) -> AsyncGenerator[None, None]:
    """Let nobody else look while the queue is being changed; then read what it came to.

    A message that was moved is another run by then: whoever acts on it next must know which.
    """
    try:
        async with line.putting:
            yield
    finally:
        try:
            with suppress(LangGraphError):
                line.agenda = await read_agenda(await server.ready(), line.thread_id)
        finally:
            line.moving = False
            thread_events.notify(line.thread_id)
