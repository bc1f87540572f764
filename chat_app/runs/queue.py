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

from chat_app.client import LangGraphError, NotFoundError
from chat_app.client.started import MESSAGE_KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.runs.agenda import Queued

_log = logging.getLogger("chat_app.runs")

_held: dict[str, list[Queued]] = {}

RESTORE_PAUSES = (1.0, 2.0, 5.0, 10.0, 20.0)
"""Seconds between the attempts to bring messages back."""


def question(message_id: str, text: str) -> Json:
    """The input of a run that answers a person's message."""
    return {"messages": [{"type": "human", "content": text, "id": message_id}]}


async def enqueue(client: LangGraphClient, thread_id: str, message: Queued) -> Queued:
    """Put a message behind all that the thread has to do.

    Raises:
        LangGraphError: the server does not take it.
    """
    run = await client.runs.create(
        thread_id,
        message.assistant_id,
        input=question(message.message_id, message.text),
        multitask_strategy="enqueue",
        metadata={MESSAGE_KEY: message.message_id},
    )
    _log.info("run %s: waits on thread %s", run["run_id"], thread_id)
    return replace(message, run_id=run["run_id"])


async def withdraw(client: LangGraphClient, thread_id: str, waiting: Sequence[Queued]) -> None:
    """Take messages back, the last one first, so that none moves up meanwhile.

    One that has just begun is rolled back, as if it had never been sent.

    Raises:
        LangGraphError: the server does not answer; some may be taken back.
    """
    for message in reversed(waiting):
        if message.run_id:
            await _undo(client, thread_id, message.run_id)
            _log.info("run %s: taken back from thread %s", message.run_id, thread_id)


async def _undo(client: LangGraphClient, thread_id: str, run_id: str) -> None:
    """Remove a run that waits; half a second quicker than to cancel it, and without a trace."""
    with suppress(NotFoundError):
        if (await client.runs.get(thread_id, run_id))["status"] == "pending":
            await client.runs.delete(thread_id, run_id)
        else:
            await client.runs.cancel(thread_id, run_id, action="rollback", wait=True)


async def restore(client: LangGraphClient, thread_id: str, aside: list[Queued]) -> None:
    """Put messages that stood aside back into the queue, in their order; empties `aside`.

    Which of them the server still has, or has answered meanwhile, is looked up first. A server
    that does not answer is asked again for a while.
    """
    for pause in RESTORE_PAUSES:
        try:
            while aside:
                message = replace(aside[0], run_id="")
                if not await _is_there(client, thread_id, message):
                    await enqueue(client, thread_id, message)
                del aside[:1]
        except LangGraphError as refused:
            if not refused.retryable:
                break
            await asyncio.sleep(pause)
        else:
            return
    _log.warning("thread %s: %s messages could not be queued again", thread_id, len(aside))


async def _is_there(client: LangGraphClient, thread_id: str, message: Queued) -> bool:
    for run in await client.runs.list(thread_id, limit=50):
        known = run["run_id"], (run.get("metadata") or {}).get(MESSAGE_KEY)
        if message.message_id in known and run["status"] in {"pending", "running", "success"}:
            return True
    return False


def held(thread_id: str) -> tuple[Queued, ...]:
    """Messages that the server would not queue, kept here until nothing else goes there."""
    return tuple(_held.get(thread_id, ()))


def hold(thread_id: str, messages: Sequence[Queued]) -> None:
    """Keep these messages here, and no others."""
    if messages:
        _held[thread_id] = list(messages)
    else:
        _held.pop(thread_id, None)
