"""The runs of a thread for the inspector: who started them, how they went, and deleting one."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.client import ConflictError, LangGraphError, NotFoundError
from chat_app.client.recover import REQUEST_KEY, message_of
from chat_app.client.schema import ACTIVE
from chat_app.masking import masked
from chat_app.runs.branch_index import BranchIndex
from chat_app.runs.checkpoints import Checkpoints, about, id_of
from chat_app.runs.shown_branch import Shown, chosen, remember
from chat_app.transcript.error_text import AppError
from chat_app.transcript.removed_runs import no_note_of, note_of

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from chat_app.client import LangGraphClient
    from chat_app.transcript.removed_runs import RemovedRun

_log = logging.getLogger("chat_app.runs")

PAGE = 20
"""Runs that are listed at a time."""
_LONGEST_ERROR = 2_000
_AT_ONCE = 4
_HEADS = ("run_id", "status", "assistant_id", "metadata", "created_at", "updated_at")


class Starter(Enum):
    """Who asked for a run."""

    APP = "app"
    SCHEDULE = "schedule"
    """A cron of the server."""
    PROGRAM = "program"
    """Any other program."""


@dataclass(frozen=True, slots=True)
class Told:
    """What does not change any more about a run, and costs a request of its own."""

    starter: Starter | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ThreadRun:
    """One run. Times are the server's, in ISO 8601."""

    id: str
    status: str
    assistant_id: str = ""
    created_at: str = ""
    updated_at: str = ""
    """Of its last change of status: its end, where it is over."""
    starter: Starter = Starter.PROGRAM
    error: str = ""
    """What it raised, in the server's words; empty where that is not known."""

    @property
    def is_active(self) -> bool:
        """Whether it goes or waits."""
        return self.status in ACTIVE


class RunIsActiveError(AppError, ConflictError):
    """A run goes on the thread, or waits there."""

    def __init__(self) -> None:
        super().__init__(text.RUN_NOT_OVER)


class NoRunError(AppError, NotFoundError):
    """The thread has no such run, or not any more."""

    def __init__(self) -> None:
        super().__init__(text.RUN_GONE)


async def listed(
    client: LangGraphClient,
    thread_id: str,
    *,
    most: int = PAGE,
    known: MutableMapping[str, Told] | None = None,
) -> tuple[list[ThreadRun], bool]:
    """The newest runs of a thread, and whether there are more.

    Args:
        client: the server's client, for the thread.
        thread_id: the thread.
        most: how many.
        known: what was found out about runs before, by their ids; is added to.

    Raises:
        LangGraphError: the server does not tell.
    """
    known = {} if known is None else known
    found = await client.runs.list(thread_id, limit=most + 1, select=_HEADS)
    rows = [row for row in found if isinstance(row, dict) and row.get("run_id")]
    at_once = asyncio.Semaphore(_AT_ONCE)

    async def told(row: Any) -> ThreadRun:
        async with at_once:
            return await _run(client, thread_id, row, known, is_newest=row is rows[0])

    return await asyncio.gather(*map(told, rows[:most])), len(rows) > most


async def _run(
    client: LangGraphClient,
    thread_id: str,
    row: Any,
    known: MutableMapping[str, Told],
    *,
    is_newest: bool,
) -> ThreadRun:
    run_id, status = str(row["run_id"]), str(row.get("status") or "")
    told = known.get(run_id, Told())
    if told.starter is None:
        told = replace(told, starter=await _starter(client, thread_id, row))
    if status == "error" and told.error is None:
        told = replace(told, error=await _error(client, thread_id, run_id, is_newest=is_newest))
    known[run_id] = told
    return ThreadRun(
        run_id,
        status,
        str(row.get("assistant_id") or ""),
        str(row.get("created_at") or ""),
        str(row.get("updated_at") or ""),
        told.starter or Starter.PROGRAM,
        told.error or "" if status == "error" else "",
    )


async def _starter(client: LangGraphClient, thread_id: str, row: Any) -> Starter:
    """Only the whole run, with its input, names the cron that has started it."""
    if message_of(row) or about(row, REQUEST_KEY):
        return Starter.APP
    try:
        run: Any = row if "kwargs" in row else await client.runs.get(thread_id, row["run_id"])
    except LangGraphError as refused:
        _log.info("run %s: who started it is not known: %r", row["run_id"], refused)
        return Starter.PROGRAM
    match run:
        case {"kwargs": {"config": {"configurable": {"cron_id": str()}}}}:
            return Starter.SCHEDULE
    return Starter.PROGRAM


async def _error(client: LangGraphClient, thread_id: str, run_id: str, *, is_newest: bool) -> str:
    """What a run raised, as the last state that it made tells, or of the newest one the thread."""
    states: list[Any] = []
    thread: Any = {}
    try:
        states = await Checkpoints(client, thread_id).having(run_id=run_id, limit=1)
    except LangGraphError as refused:  # as where the input was no state of the graph
        _log.info("run %s: its error is not read: %r", run_id, refused)
    tasks = [task for state in states for task in state.get("tasks") or []]
    said = (task.get("error") for task in tasks if isinstance(task, dict))
    error = next((one for one in said if one), "")
    if is_newest and not error:
        with suppress(LangGraphError):
            thread = await client.threads.get(thread_id)
        error = thread.get("error") or ""
    match error:
        case {"error": str(name), "message": str(message)}:
            words = f"{name}: {message}"
        case _:
            words = error if isinstance(error, str) else str(error)
    return masked(words)[:_LONGEST_ERROR]


async def delete(client: LangGraphClient, thread_id: str, run_id: str) -> RemovedRun | None:
    """Delete a run that is over, with the checkpoints that it made.

    The branch that is shown stays shown, or, where the run was its end, what is left of it. The
    thread keeps a note of how the run hung on others, for the versions.

    Returns:
        That note; None where the run was not in the tree.

    Raises:
        NoRunError: there is no such run.
        RunIsActiveError: a run goes or waits on the thread.
        LangGraphError: the server does not do it.
    """
    try:
        run = await client.runs.get(thread_id, run_id)
    except NotFoundError:
        raise NoRunError from None
    newest = await client.runs.list(thread_id, limit=PAGE, select=_HEADS)
    if run.get("status") in ACTIVE or any(row.get("status") in ACTIVE for row in newest):
        raise RunIsActiveError
    thread = await client.threads.get(thread_id)
    index = BranchIndex()
    index.see_removed(thread.get("metadata"))
    await index.complete(client, thread_id)
    removed = index.removal_of(run_id)
    shown = await chosen(client, thread)
    if removed:
        await client.threads.update(thread_id, metadata=note_of(removed))
    try:
        await client.runs.delete(thread_id, run_id)
    except LangGraphError:
        if removed:
            await client.threads.update(thread_id, metadata=no_note_of(run_id))
        raise
    await _keep_shown(client, thread_id, index, shown, run_id)
    return removed


async def _keep_shown(
    client: LangGraphClient, thread_id: str, index: BranchIndex, was: Shown, run_id: str
) -> None:
    """Show the branch that was shown before a run was deleted, as far as it is still there."""
    checkpoints = Checkpoints(client, thread_id)
    newest = await checkpoints.newest()
    end = was.run_id or index.newest
    if about(was.state or {}, "run_id") != run_id:
        shown = Shown(was.state, was.leaf or id_of(was.state), end)
    else:
        state, end = await _left_of(checkpoints, index, end, run_id)
        shown = Shown(state, id_of(state), end)
    is_newest = not shown.leaf or shown.leaf == id_of(newest)
    leaf = "" if is_newest else shown.leaf
    kept = "" if is_newest and shown.run_id == _newest_but(index, run_id) else shown.run_id
    await remember(client, thread_id, Shown(shown.state, leaf, kept), head=id_of(newest))


async def _left_of(
    checkpoints: Checkpoints, index: BranchIndex, end: str, run_id: str
) -> tuple[Any, str]:
    """What is left of the branch that ended with a run: its newest state, and the run of that."""
    for node in reversed(index.tree.path(end)):
        if node.leaf and node.leaf != run_id and index.find(node.leaf) and not node.is_question:
            state = await checkpoints.end_of(node.leaf)
            if state:
                return state, node.leaf
    return None, ""


def _newest_but(index: BranchIndex, run_id: str) -> str:
    newest = index.newest
    return index.before(newest) if newest == run_id else newest
