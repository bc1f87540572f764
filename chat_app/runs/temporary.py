"""Temporary threads: deleted with all that goes on in them when they are left.

A thread that could not be deleted then, as where the app was restarted meanwhile, is found later by
its metadata.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphError, NotFoundError
from chat_app.client.schema import ACTIVE
from chat_app.runs import tasks, thread_metadata
from chat_app.runs.times import DELETE_AGAIN, DELETE_FOR, SWEEP_EVERY, TEMPORARY_FOR

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from chat_app.client import LangGraphClient
    from chat_app.runs.backend import Backend

_PAGE, _MOST_RUNS = 100, 100

_log = logging.getLogger("chat_app.runs")


async def delete(connect: Callable[[], Awaitable[LangGraphClient]], thread_id: str) -> bool:
    """Cancel the runs of a thread and delete it; tells whether it is gone."""
    try:
        async with asyncio.timeout(DELETE_FOR):
            for pause in DELETE_AGAIN:
                await asyncio.sleep(pause)
                if await _deleted(connect, thread_id):
                    return True
    except TimeoutError:
        pass
    _log.warning("thread %s: it is temporary, and could not be deleted yet", thread_id)
    return False


async def delete_left(
    backend: Backend, thread_id: str, sessions: Callable[[str], Sequence[object]]
) -> None:
    """Delete a thread that was left here, unless a tab of this or another process shows it.

    `sessions` gives those of a thread that are open in this process.
    """
    if not sessions(thread_id):
        is_elsewhere = backend.is_open_elsewhere
        is_open = is_elsewhere is not None and await is_elsewhere(thread_id)
        if not is_open and not sessions(thread_id):  # it may have been opened meanwhile
            await delete(backend.connect, thread_id)


async def sweep(client: LangGraphClient, is_open: Callable[[str], Awaitable[bool]]) -> int:
    """Delete temporary threads that nothing has happened in for long; returns how many.

    `is_open` tells of a thread whether a tab shows it, in any process.

    Raises:
        LangGraphError: the server does not list them.
    """
    rows: Any = await client.threads.search(
        metadata={thread_metadata.TEMPORARY: True},
        limit=_PAGE,
        sort_by="updated_at",
        sort_order="asc",
        select=("thread_id", "metadata", "updated_at"),
    )
    latest, count = datetime.now(UTC) - timedelta(seconds=TEMPORARY_FOR), 0
    for row in rows if isinstance(rows, list) else []:
        thread_id = str(row.get("thread_id"))
        is_ours = thread_metadata.is_temporary(row.get("metadata"))  # not every server filters
        is_old = is_ours and _at(row.get("updated_at")) < latest
        if is_old and not await is_open(thread_id):
            count += await delete(_as_it_is(client), thread_id)
    return count


async def keep_swept(
    connect: Callable[[], Awaitable[LangGraphClient]],
    is_open: Callable[[str], Awaitable[bool]],
    claim: Callable[[str, float], Awaitable[bool]],
) -> None:
    """Sweep now, and now and then, for ever; of several processes the one that can `claim` it."""
    while True:
        if await claim("sweep", SWEEP_EVERY * 0.9):
            await _try_sweep(connect, is_open)
        await asyncio.sleep(SWEEP_EVERY)


class PersonalSweeps:
    """For a server that shows each person only what is theirs: sweeps with their own clients.

    A person is there when a sweep begins: nothing can be asked for one who is not.
    """

    def __init__(self, is_open: Callable[[str], Awaitable[bool]]) -> None:
        self._is_open = is_open
        self._begun: dict[str, float] = {}

    def begin(self, rights: str, connect: Callable[[], Awaitable[LangGraphClient]]) -> None:
        """Sweep with these rights, unless that was done a short while ago."""
        now = time.monotonic()
        if now - self._begun.get(rights, -SWEEP_EVERY) < SWEEP_EVERY:
            return
        self._begun = {one: at for one, at in self._begun.items() if now - at < SWEEP_EVERY}
        self._begun[rights] = now
        tasks.spawn(_try_sweep(connect, self._is_open), name="delete temporary threads of a person")


async def _try_sweep(
    connect: Callable[[], Awaitable[LangGraphClient]], is_open: Callable[[str], Awaitable[bool]]
) -> None:
    try:
        if count := await sweep(await connect(), is_open):
            _log.info("%d temporary threads were left, and are deleted", count)
    except LangGraphError as refused:
        _log.info("temporary threads cannot be listed: %r", refused)


async def _deleted(connect: Callable[[], Awaitable[LangGraphClient]], thread_id: str) -> bool:
    try:
        client = await connect()
        runs = await client.runs.list(thread_id, limit=_MOST_RUNS, select=("run_id", "status"))
        # The last one first, so that none begins instead of another.
        for run in sorted(runs, key=lambda run: run["status"] == "running"):
            if run["status"] in ACTIVE:
                is_running = run["status"] == "running"
                await client.runs.cancel(thread_id, str(run["run_id"]), wait=is_running)
        await client.threads.delete(thread_id)
    except NotFoundError:
        return True
    except LangGraphError as refused:
        _log.info("thread %s: it is not deleted: %r", thread_id, refused)
        return False
    return True


def _as_it_is(client: LangGraphClient) -> Callable[[], Awaitable[LangGraphClient]]:
    async def connect() -> LangGraphClient:
        return client

    return connect


def _at(time: object) -> datetime:
    """A time of the server; of what is none, now: such a thread stays."""
    try:
        at = datetime.fromisoformat(str(time))
    except ValueError:
        return datetime.now(UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
