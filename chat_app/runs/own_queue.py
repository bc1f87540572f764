"""Servers that do not queue runs: for them the app holds messages until nothing else goes.

Some take a multitask strategy and ignore it: two runs of one thread then execute at the same time,
and the state that one saves lacks what the other has written. Such a server is known by its name,
or by two runs of one thread that execute at once.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from weakref import WeakSet

from chat_app.client import ConflictError, LangGraphError
from chat_app.runs import langsmith
from chat_app.runs.pending_runs import read_agenda
from chat_app.runs.times import INFO_PAUSES

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient

_log = logging.getLogger("chat_app.runs")

_NAMES = {"aegra"}
"""What such servers call themselves in ``/info``, in lower case."""

_without_queue: WeakSet[LangGraphClient] = WeakSet()


def has_no_queue(client: LangGraphClient) -> bool:
    """Whether the server is known to execute the runs of one thread at the same time."""
    return client.root in _without_queue


def learn(client: LangGraphClient, why: str) -> None:
    """From now on hold messages here for this server."""
    if client.root not in _without_queue:
        _log.warning("the server does not queue runs (%s): the app does", why)
        _without_queue.add(client.root)


async def look_at_info(client: LangGraphClient) -> None:
    """Learn from what the server says of itself; one that says nothing is taken to queue.

    One that does not answer is asked again for a while.
    """
    for pause in INFO_PAUSES:
        await asyncio.sleep(pause)
        try:
            info = await client.info()
        except LangGraphError as refused:
            if refused.retryable:
                continue
            return
        langsmith.learn(client, info)
        name = info.get("name")
        if isinstance(name, str) and name.lower() in _NAMES:
            learn(client, name)
        return


async def ensure_idle(client: LangGraphClient, thread_id: str) -> None:
    """Where a server does not queue: see that no run goes on the thread.

    Raises:
        ConflictError: one does.
        LangGraphError: the server does not tell.
    """
    if has_no_queue(client) and (await read_agenda(client, thread_id)).current:
        raise ConflictError
