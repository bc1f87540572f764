"""Deletes threads, a moment after a person has said so: until then it can be undone.

The thread's metadata say that it is deleted (`thread_metadata.DELETED`), so that it is in no list
of any process from the first moment, and that no deletion is lost: what a process that ended has
left is deleted by the next one that lists it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat_app.client import ConflictError, LangGraphError, NotFoundError
from chat_app.client.schema import ACTIVE
from chat_app.runs import tasks, thread_metadata
from chat_app.runs.times import DELETED_AFTER, DELETED_LATEST

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator, Iterable

    from chat_app.client import LangGraphClient

_MOST_RUNS = 100
_TRIES = 3
"""To delete a thread in which runs begin."""
_CLOSING = 10.0
"""Seconds that the end of the app waits for deletions."""

_log = logging.getLogger("chat_app.runs")


@dataclass(frozen=True)
class _Deletion:
    rights: str
    due: asyncio.Event
    task: asyncio.Task[None]


@dataclass
class Announced:
    """Deletions that a person wants, while the server is told: `undone` are those that are not."""

    undone: set[str] = field(default_factory=set)
    is_told: asyncio.Event = field(default_factory=asyncio.Event)


class Deletions:
    """Those under way in this process. `deleted` is called with the id of each deleted thread."""

    def __init__(self, deleted: Callable[[str], None]) -> None:
        self._deleted = deleted
        self._under_way: dict[str, _Deletion] = {}
        self._undone: set[str] = set()
        self._announced: dict[tuple[str, str], Announced] = {}

    @contextmanager
    def announce(self, thread_ids: Iterable[str], rights: str) -> Generator[Announced]:
        """Let deletions be undone until the server has been told of them.

        Those that are not `undone` then are to `begin` before the block ends.
        """
        announced = Announced()
        keys = [(thread_id, rights) for thread_id in thread_ids]
        self._announced |= dict.fromkeys(keys, announced)
        try:
            yield announced
        finally:
            announced.is_told.set()
            for key in keys:
                if self._announced.get(key) is announced:
                    del self._announced[key]

    def begin(
        self,
        thread_id: str,
        rights: str,
        client: LangGraphClient,
        failed: Callable[[LangGraphError], Awaitable[None]],
    ) -> None:
        """Delete a thread in `DELETED_AFTER` seconds; its metadata say so already.

        Only who has the same `rights` can undo that. `failed` is called where the server refuses.
        """
        if thread_id in self._under_way:
            return
        self._undone.discard(thread_id)
        due = asyncio.Event()
        work = self._delete(thread_id, client, due, failed)
        task = tasks.spawn(work, name=f"delete {thread_id}")
        self._under_way[thread_id] = _Deletion(rights, due, task)
        task.add_done_callback(lambda _: self._under_way.pop(thread_id, None))

    async def undo(self, thread_id: str, rights: str) -> bool:
        """Do not delete a thread after all; returns whether it was in time.

        What the server is being told is then told: its metadata can be changed back.
        """
        if announced := self._announced.get((thread_id, rights)):
            announced.undone.add(thread_id)
            await announced.is_told.wait()
            return True
        known = self._under_way.get(thread_id)
        if known is None or known.rights != rights or known.due.is_set():
            return False
        self._undone.add(thread_id)
        await tasks.end(known.task)
        return True

    @property
    def are_over(self) -> bool:
        """Whether no thread is to be deleted, or in the moment in which it is not yet."""
        return not self._under_way and not self._announced

    def knows(self, thread_id: str) -> bool:
        """Whether this process is to delete a thread: another one may be, and its undo is here."""
        return thread_id in self._under_way

    def finish(self, thread_id: str, deleted_at: float, client: LangGraphClient) -> None:
        """Delete what another process has left, if it is old enough."""
        is_left = time.time() - deleted_at > DELETED_LATEST
        if is_left and thread_id not in self._under_way and thread_id not in self._undone:
            self.begin(thread_id, "", client, _ignored)
            self._under_way[thread_id].due.set()

    async def aclose(self) -> None:
        """Delete now what would be deleted in a moment."""
        under_way = [one.task for one in self._under_way.values()]
        for one in self._under_way.values():
            one.due.set()
        if under_way:
            await asyncio.wait(under_way, timeout=_CLOSING)

    async def _delete(
        self,
        thread_id: str,
        client: LangGraphClient,
        due: asyncio.Event,
        failed: Callable[[LangGraphError], Awaitable[None]],
    ) -> None:
        try:
            async with asyncio.timeout(DELETED_AFTER):
                await due.wait()
        except TimeoutError:
            due.set()  # too late to undo it
        try:
            if await _is_undone(client, thread_id):
                return
            await delete_thread(client, thread_id)
        except LangGraphError as failure:
            _log.info("thread %s is not deleted: %r", thread_id, failure)
            await failed(failure)
        else:
            self._deleted(thread_id)


async def _is_undone(client: LangGraphClient, thread_id: str) -> bool:
    """Whether another process has undone a deletion: the thread says no more that it is deleted.

    Raises:
        LangGraphError: the server does not tell.
    """
    try:
        thread = await client.threads.get(thread_id)
    except NotFoundError:
        return False
    metadata = thread.get("metadata")
    return isinstance(metadata, dict) and not thread_metadata.deleted_at(metadata)


async def delete_thread(client: LangGraphClient, thread_id: str) -> None:
    """Stop what runs in a thread and delete it; one that is gone already is a success.

    Raises:
        LangGraphError: the server does not do it.
    """
    for left in reversed(range(_TRIES)):
        try:
            await _stop(client, thread_id)
            await client.threads.delete(thread_id)
        except NotFoundError:
            return
        except ConflictError:
            if not left:
                raise
        else:
            return


async def _stop(client: LangGraphClient, thread_id: str) -> None:
    heads = ("run_id", "status")
    found = await asyncio.gather(
        *(
            client.runs.list(thread_id, limit=_MOST_RUNS, status=status, select=heads)
            for status in ("pending", "running")
        )
    )
    # Not every server does filter by status.
    runs = {run["run_id"] for some in found for run in some if run["status"] in ACTIVE}
    await asyncio.gather(*(client.runs.cancel(thread_id, run_id, wait=True) for run_id in runs))


async def _ignored(_: LangGraphError) -> None:
    """The next process that lists the thread tries again."""
