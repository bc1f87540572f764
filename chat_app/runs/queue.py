"""Messages that wait at the server, behind a run that goes: each is a pending run of its own.

The server keeps them, so they are sent even when nobody looks, and every tab sees them. A pending
run cannot be changed or moved; it is taken back and made anew.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from chat_app.client import LangGraphError, NotFoundError
from chat_app.client.modes import FOR_A_CHAT
from chat_app.client.recover import MESSAGE_KEY, message_of
from chat_app.runs import own_queue
from chat_app.transcript.inputs import input_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client import LangGraphClient
    from chat_app.runs.pending_runs import Queued

_log = logging.getLogger("chat_app.runs")

_held: dict[str, list[Queued]] = {}
_taken: set[str] = set()
"""Threads whose first held message is on its way to the server: the next one waits for it."""

_restoring: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""By thread: two tabs that look at once, and find nothing, would both put a message back."""

_HEADS = ("run_id", "status", "metadata")

_HAD = {"pending", "running", "success", "error", "timeout"}
"""Of a run that has its message, or had it: not of one that is being taken back."""

RESTORE_PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0)
"""Seconds between the attempts to bring messages back."""


async def enqueue(client: LangGraphClient, thread_id: str, message: Queued) -> Queued:
    """Put a message behind all that the thread has to do.

    Raises:
        LangGraphError: the server does not take it.
    """
    run = await client.runs.create(
        thread_id,
        message.assistant_id,
        input=input_of(message.message, message.key),
        multitask_strategy="enqueue",
        metadata={MESSAGE_KEY: message.message_id},
        **FOR_A_CHAT,
    )
    _log.info("run %s: waits on thread %s", run["run_id"], thread_id)
    return replace(message, run_id=run["run_id"])


async def withdraw(
    client: LangGraphClient, thread_id: str, waiting: Sequence[Queued]
) -> list[Queued]:
    """Take messages back, the last one first, so that none moves up meanwhile.

    One that has just begun is rolled back, as if it had never been sent.

    Returns:
        Those that were there to be taken: one that is answered by now stays.

    Raises:
        LangGraphError: the server does not answer; some may be taken back.
    """
    taken = []
    for message in reversed(waiting):
        if message.run_id and await _undo(client, thread_id, message.run_id):
            taken.append(message)
            _log.info("run %s: taken back from thread %s", message.run_id, thread_id)
    return taken


async def _undo(client: LangGraphClient, thread_id: str, run_id: str) -> bool:
    """Remove a run that waits; half a second quicker than to cancel it, and without a trace.

    False where it is over, or somebody else has removed it.
    """
    with suppress(NotFoundError):
        match (await client.runs.get(thread_id, run_id))["status"]:
            case "pending":
                await client.runs.delete(thread_id, run_id)
                return True
            case "running":
                await client.runs.cancel(thread_id, run_id, action="rollback", wait=True)
                return True
    return False


async def restore(client: LangGraphClient, thread_id: str, aside: list[Queued]) -> None:
    """Put messages that stood aside back into the queue, in their order; empties `aside`.

    Which of them the server still has, or has answered meanwhile, is looked up first. A server
    that does not answer is asked again for a while. What it will not have is held here.
    """
    for pause in (*RESTORE_PAUSES, 0):
        if await bring_back(client, thread_id, aside, is_last=not pause):
            return
        await asyncio.sleep(pause)


async def bring_back(
    client: LangGraphClient, thread_id: str, aside: list[Queued], *, is_last: bool
) -> bool:
    """One attempt to `restore`; False where another one may bring what is still in `aside`."""
    lock = _restoring.setdefault(thread_id, asyncio.Lock())
    async with lock:
        while aside:
            try:
                await _put_back(client, thread_id, replace(aside[0], run_id=""))
            except Exception as refused:  # noqa: BLE001 - one odd message must not keep the others
                is_passing = isinstance(refused, LangGraphError) and refused.retryable
                if is_passing and not is_last:
                    return False
                _log.warning("thread %s: a message is not queued again: %r", thread_id, refused)
                hold_last(thread_id, aside[0])
            del aside[:1]
    return True


async def _put_back(client: LangGraphClient, thread_id: str, message: Queued) -> None:
    if await _is_there(client, thread_id, message):
        return
    if own_queue.has_no_queue(client):
        hold_last(thread_id, message)
    else:
        await enqueue(client, thread_id, message)


async def _is_there(client: LangGraphClient, thread_id: str, message: Queued) -> bool:
    for run in await client.runs.list(thread_id, limit=50, select=_HEADS):
        known = run["run_id"], message_of(run)
        if message.message_id in known and run["status"] in _HAD:
            return True
    return False


def held(thread_id: str) -> tuple[Queued, ...]:
    """Messages that the server would not queue, kept here until nothing else goes there."""
    return tuple(_held.get(thread_id, ()))


def hold(thread_id: str, messages: Sequence[Queued]) -> None:
    """Keep these messages here, and no others.

    Raises:
        ValueError: there is no thread, and they would be everybody's.
    """
    if not thread_id:
        raise ValueError(thread_id)
    if messages:
        _held[thread_id] = list(messages)
    else:
        _held.pop(thread_id, None)


def take_held(thread_id: str) -> Queued | None:
    """Take the first message off to send it; None where there is none, or one is on its way.

    Then `let_next_go`, whatever becomes of it.
    """
    waiting = held(thread_id)
    if not waiting or thread_id in _taken:
        return None
    hold(thread_id, waiting[1:])
    _taken.add(thread_id)
    return waiting[0]


def let_next_go(thread_id: str) -> None:
    """What was taken off is at the server, held again, or never will be either."""
    _taken.discard(thread_id)


def hold_last(thread_id: str, message: Queued) -> None:
    """Keep a message here, behind the others."""
    hold(thread_id, [*held(thread_id), message])


def hold_first(thread_id: str, message: Queued) -> None:
    """Keep a message here, before the others."""
    hold(thread_id, [message, *held(thread_id)])
