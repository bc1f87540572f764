"""Messages that wait at the server: each is a pending run of its own.

The server keeps them, so they are sent even when no tab is open, and every program sees them. A
pending run cannot be changed or moved; it is removed, and its message is queued anew.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.client import NotFoundError
from chat_app.client.modes import FOR_A_CHAT
from chat_app.client.recover import MESSAGE_KEY, REQUEST_KEY
from chat_app.runs import langsmith
from chat_app.runs.ids import uuid7
from chat_app.transcript.inputs import input_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.schema import RunOptions
    from chat_app.runs.pending_runs import Queued

_log = logging.getLogger("chat_app.runs")


async def enqueue(
    client: LangGraphClient, thread_id: str, message: Queued, options: RunOptions | None = None
) -> Queued:
    """Put a message behind all that the thread has to do.

    `options` are what its run asks for beside what every run of a chat does.

    Raises:
        LangGraphError: the server does not take it.
    """
    asked: RunOptions = {
        **FOR_A_CHAT,
        **(options or {}),
        "input": input_of(message.message, message.key),
        "multitask_strategy": "enqueue",
        # A message may be queued more than once: each request has a name of its own.
        "metadata": {MESSAGE_KEY: message.message_id, REQUEST_KEY: str(uuid7())},
        **langsmith.options(client),
    }
    run = await client.runs.create(thread_id, message.assistant_id, **asked)
    _log.info("run %s: waits on thread %s", run["run_id"], thread_id)
    return replace(message, run_id=run["run_id"])


async def withdraw(
    client: LangGraphClient, thread_id: str, run_id: str, *, is_again: bool = False
) -> bool:
    """Remove a run that waits: half a second quicker than to cancel it, and without a trace.

    One that has just begun is rolled back, as if it had never been sent. False where it is over, or
    was removed elsewhere. `is_again` says that an earlier request for it was not answered,
    and may be what has removed it.

    Raises:
        LangGraphError: the server does not answer.
    """
    try:
        status = (await client.runs.get(thread_id, run_id))["status"]
    except NotFoundError:
        return is_again
    with suppress(NotFoundError):  # by a request whose answer was lost
        match status:
            case "pending":
                await client.runs.delete(thread_id, run_id)
            case "running":
                await client.runs.cancel(thread_id, run_id, action="rollback", wait=True)
            case _:
                return False
    return True
