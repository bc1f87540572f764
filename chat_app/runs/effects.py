"""One coroutine for each effect of `machine.effect_types`, but for those that read a stream.

Each reports its end exactly once, whatever happens. All times are in `chat_app.runs.times`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING
from weakref import WeakSet

from chat_app.client import (
    BadRequestError,
    InvalidError,
    LangGraphError,
    NotFoundError,
    UnsupportedError,
)
from chat_app.client.events import Outcome
from chat_app.client.schema import ACTIVE
from chat_app.runs import own_queue, queue, thread_metadata
from chat_app.runs.machine.events import (
    Cancelled,
    Enqueued,
    NotCancelled,
    NotEnqueued,
    NotRemoved,
    Removed,
    RunsRead,
    StopTimedOut,
    Unblocked,
)
from chat_app.runs.pending_runs import read_agenda
from chat_app.runs.times import (
    BUSY_FOR,
    CANCEL_FOR,
    CONFIRMED_WITHIN,
    ENQUEUE_WITHIN,
    HEARD_WITHIN,
    RETRY,
    STREAM_ENDS_WITHIN,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from typing import TypeVar

    from chat_app.client import LangGraphClient
    from chat_app.runs.machine.effect_types import (
        Cancel,
        CheckOver,
        EndStream,
        Enqueue,
        ReadRuns,
        RemoveRuns,
        StartStopTimer,
        Unblock,
    )
    from chat_app.runs.pending_runs import Queued
    from chat_app.runs.thread_view import Work

    T = TypeVar("T")

_log = logging.getLogger("chat_app.runs")
_OUTCOMES = {"success": Outcome.FINISHED, "interrupted": Outcome.INTERRUPTED}
"""By the status of a run that is over; any other has failed."""

_without_bulk: WeakSet[LangGraphClient] = WeakSet()
"""Servers that cannot cancel several runs with one request."""


async def retried(ask: Callable[[], Awaitable[T]], *, within: float) -> T:
    """Ask until there is an answer, by the one retry policy; what is asked may be done twice.

    Raises:
        LangGraphError: the server refuses, or does not answer in time.
    """
    until, tries = monotonic() + within, 0
    while True:
        try:
            return await ask()
        except LangGraphError as trouble:
            pause = RETRY.pause(tries, trouble)
            if not trouble.retryable or monotonic() + pause > until:
                raise
            await asyncio.sleep(pause)
            tries += 1


async def read_runs(work: Work, effect: ReadRuns) -> None:
    """Read the list of runs."""
    agenda = None
    try:
        client = await work.backend.connect()
        agenda = await read_agenda(client, work.thread_id)
        work.branches.see(agenda.links, is_whole=agenda.is_whole)
        if agenda.parallel:
            own_queue.learn(client, "two runs of one thread at once")
    except LangGraphError as refused:
        _log.info("thread %s: its runs cannot be read: %r", work.thread_id, refused)
    work.report(RunsRead(agenda, effect.changes))


async def cancel(work: Work, effect: Cancel) -> None:
    """Cancel runs; for a while, where the server does not answer."""
    try:
        client = await work.backend.connect()
        await retried(lambda: _cancel(work, client, effect), within=CANCEL_FOR)
    except LangGraphError as refused:
        if not await _are_over(work, effect):
            _log.warning("thread %s: runs are not cancelled: %r", work.thread_id, refused)
            work.report(NotCancelled(effect, refused))
            return
    work.report(Cancelled(effect))


async def _cancel(work: Work, client: LangGraphClient, effect: Cancel) -> None:
    run_ids = list(effect.run_ids)
    if len(run_ids) > 1 and client not in _without_bulk:
        try:
            await client.runs.cancel_many(thread_id=work.thread_id, run_ids=run_ids)
        except NotFoundError as gone:
            # No such run, or no such route: what is cancelled one by one tells which.
            if "run" not in gone.detail.lower():
                _without_bulk.add(client)
        except (UnsupportedError, InvalidError, BadRequestError):
            _without_bulk.add(client)
        else:
            run_ids = []
    await _cancel_each(client, work.thread_id, run_ids)
    if effect.rollback:
        await client.runs.cancel(work.thread_id, effect.rollback, action="rollback", wait=True)
    _log.info("thread %s: %d runs cancelled", work.thread_id, len(effect.run_ids))


async def _cancel_each(client: LangGraphClient, thread_id: str, run_ids: Iterable[str]) -> None:
    """Cancel runs one by one, also those behind one that is over: some servers refuse that one."""
    refused: LangGraphError | None = None
    for run_id in run_ids:
        try:
            await client.runs.cancel(thread_id, run_id)
        except LangGraphError as failure:
            if failure.retryable:
                raise
            refused = failure
    if refused:
        raise refused


async def _are_over(work: Work, effect: Cancel) -> bool:
    """Whether the runs have ended by themselves: some servers refuse to cancel them then."""
    run_ids = filter(None, (*effect.run_ids, effect.rollback))
    with suppress(LangGraphError):
        client = await work.backend.connect()
        for run_id in run_ids:
            with suppress(NotFoundError):
                if (await client.runs.get(work.thread_id, run_id))["status"] in ACTIVE:
                    return False
        return True
    return False


async def start_stop_timer(work: Work, effect: StartStopTimer) -> None:
    """Tell when a cancel has had no answer for too long."""
    await asyncio.sleep(CONFIRMED_WITHIN)
    work.report(StopTimedOut(effect))


async def end_stream(work: Work, _: EndStream) -> None:
    """Read the rest of a cancelled run, but not for long."""
    if stream := work.stream:
        with suppress(TimeoutError):
            async with asyncio.timeout(STREAM_ENDS_WITHIN):
                await stream.over.wait()
        stream.close()


async def check_over(work: Work, _: CheckOver) -> None:
    """End the stream of a run that is over, where it does not say so itself.

    It may have much to tell yet, where this process is slower than the run was. A run that was
    stopped elsewhere ends as a stopped one. Of any other the thread has the rest: a connection that
    is cut again and again would bring it late, and what is shown as the end would not be whole.
    """
    if not (stream := work.stream):
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(HEARD_WITHIN):
            await stream.over.wait()
            return
    with suppress(LangGraphError):
        client = await work.backend.connect()
        try:
            status = (await client.runs.get(work.thread_id, stream.run_id))["status"]
        except NotFoundError:
            status = "interrupted"
        if status not in ACTIVE and not stream.over.is_set():
            _log.info("run %s: ended elsewhere", stream.run_id)
            stream.close(_OUTCOMES.get(status, Outcome.FAILED))


async def enqueue(work: Work, effect: Enqueue) -> None:
    """Queue a message at the server."""
    message = effect.item.message
    try:
        client = await work.backend.connect()
        if not work.backend.has_queue(client):
            work.report(NotEnqueued(effect.item.id, has_queue=False))
            return
        assistant_id = await work.assistant(client, message.assistant_id)
        shape = await work.backend.shape(client, assistant_id)
        named = replace(message, assistant_id=assistant_id, key=shape.key)
        queued = await _enqueued(work, client, named)
    except (LangGraphError, TimeoutError) as refused:
        _log.info("thread %s: a message is not queued: %r", work.thread_id, refused)
        work.report(NotEnqueued(effect.item.id))
        return
    work.report(Enqueued(effect.item.id, queued.run_id))
    work.backend.tell_others(work.thread_id)


async def _enqueued(work: Work, client: LangGraphClient, message: Queued) -> Queued:
    """Queue a message, and count its run.

    Raises:
        LangGraphError: the server does not take it, or the person may start no run.
        TimeoutError: the server does not answer.
    """
    meter = work.backend.meter
    if meter:
        await meter.begin(message.message_id, work.thread_id)
    try:
        async with asyncio.timeout(ENQUEUE_WITHIN):
            options = work.inspection.options() if work.inspection else None
            queued = await queue.enqueue(client, work.thread_id, message, options)
    except BaseException:
        if meter:
            meter.not_started(message.message_id)
        raise
    if meter:
        meter.accepted(message.message_id, queued.run_id)
    return queued


async def remove_runs(work: Work, effect: RemoveRuns) -> None:
    """Remove pending runs, the last one first, so that none begins instead of another."""
    asked = tuple(message.message_id for message in effect.messages)
    gone: list[str] = []
    tried: set[str] = set()

    async def remove() -> None:
        client = await work.backend.connect()
        for message in reversed(effect.messages):
            message_id, run_id = message.message_id, message.run_id
            is_again = message_id in tried
            tried.add(message_id)
            if message_id in gone:
                continue
            if await queue.withdraw(client, work.thread_id, run_id, is_again=is_again):
                gone.append(message_id)

    try:
        await retried(remove, within=CONFIRMED_WITHIN)
    except LangGraphError as refused:
        _log.info("thread %s: a message is not removed: %r", work.thread_id, refused)
        work.report(NotRemoved(asked))
        return
    work.report(Removed(tuple(gone), asked))
    work.backend.tell_others(work.thread_id)


async def unblock(work: Work, _: Unblock) -> None:
    """Try a busy thread again."""
    await asyncio.sleep(BUSY_FOR)
    work.report(Unblocked())


class PausedWriter:
    """Writes the runs of paused messages to the thread, one request at a time, the newest last."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._wanted: tuple[str, ...] | None = None
        self._is_writing = False

    async def write(self, run_ids: tuple[str, ...]) -> None:
        """Write `run_ids`, or leave it to the request under way."""
        self._wanted = run_ids
        if self._is_writing:
            return
        self._is_writing = True
        try:
            while self._wanted is not None:
                wanted, self._wanted = self._wanted, None
                metadata = {thread_metadata.PAUSED: list(wanted)}
                await self._update(metadata)
        finally:
            self._is_writing = False

    async def _update(self, metadata: dict[str, list[str]]) -> None:
        thread_id = self._work.thread_id
        try:
            client = await self._work.backend.connect()
            update = client.threads.update
            await retried(lambda: update(thread_id, metadata=metadata), within=CANCEL_FOR)
            self._work.backend.tell_others(thread_id)
        except LangGraphError as refused:
            _log.info("thread %s: paused messages are not noted: %r", thread_id, refused)
