"""Reads a thread from the server.

The state alone is enough for a chat. The inputs of another graph are in its runs, and the output of
each run is in the history of the thread (see `chat_app.transcript.turns`).
"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from chat_app.client import BadRequestError, LangGraphError, ServerError
from chat_app.client.recover import MESSAGE_KEY
from chat_app.runs import history
from chat_app.runs.checkpoints import about
from chat_app.transcript.record import ThreadRecord
from chat_app.transcript.turns import turns_of

if TYPE_CHECKING:
    from collections.abc import Collection, Coroutine, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ThreadState
    from chat_app.transcript.message import Transcript
    from chat_app.transcript.shapes import Shape

_log = logging.getLogger("chat_app.runs")

_RUNS, _INPUTS, _STEPS = 100, 100, 50
"""How many runs, checkpoints of inputs and last checkpoints of any kind are looked at."""
_HEADS = ("run_id", "status", "metadata", "kwargs", "created_at")


async def read_thread(  # noqa: PLR0913 - all that may be known already
    client: LangGraphClient,
    thread_id: str,
    shape: Shape,
    *,
    thread: Mapping[str, Any] | None = None,
    running: bool = False,
    state: ThreadState | None = None,
    is_whole: bool = False,
    is_past: bool = False,
    elsewhere: Collection[str] = (),
    again: Mapping[str, str] | None = None,
) -> Transcript:
    """The transcript of a thread.

    Args:
        client: the server's client.
        thread_id: the thread.
        shape: of the graph that works on it.
        thread: what ``GET /threads/T`` says, if read; else errors are taken from the state.
        running: whether a run goes on.
        state: the state to show, if that was read.
        is_whole: also what the agent's memory has no more (see `chat_app.runs.history`).
        is_past: `state` is an old one: nothing that came after it is told.
        elsewhere: the runs that did not lead to that state (see `chat_app.runs.branch_index`).
        again: by runs that have answered a question again, the run that has asked it.

    Raises:
        LangGraphError: the server does not tell.
    """
    record = await read_record(
        client,
        thread_id,
        shape,
        thread=thread,
        state=state,
        is_whole=is_whole,
        is_past=is_past,
        elsewhere=elsewhere,
        again=again,
    )
    return record.transcript(running=running)


async def read_record(  # noqa: PLR0913 - all that may be known already
    client: LangGraphClient,
    thread_id: str,
    shape: Shape,
    *,
    thread: Mapping[str, Any] | None = None,
    state: ThreadState | None = None,
    is_whole: bool = False,
    is_past: bool = False,
    elsewhere: Collection[str] = (),
    again: Mapping[str, str] | None = None,
) -> ThreadRecord:
    """All that the transcript of a thread is made of; the arguments are those of `read_thread`.

    Raises:
        LangGraphError: the server does not tell.
    """
    known = thread or {}
    if state is None:
        state = await read_state(client, thread_id, thread=thread)
    turns, before = None, ()
    if is_whole and not shape.needs_runs:
        before = await history.earlier(client, thread_id, state)
    if shape.needs_runs:
        runs, inputs, steps = await asyncio.gather(
            _or_none(client.runs.list(thread_id, limit=_RUNS, select=_HEADS)),
            _or_none(
                client.threads.get_history(thread_id, limit=_INPUTS, metadata={"source": "input"})
            ),
            _or_none(client.threads.get_history(thread_id, limit=_STEPS)),
        )
        if is_past:
            runs, inputs, steps = (_until(state, found) for found in (runs, inputs, steps))
        runs = _with_questions(runs, again or {})
        runs = [run for run in runs if run.get("run_id") not in elsewhere]
        listed = [one for one in (*steps, *inputs) if about(one, "run_id") not in elsewhere]
        if runs or listed:
            turns = turns_of(runs, listed, state.get("values"), message_key=MESSAGE_KEY)
    return ThreadRecord(
        state,
        known.get("metadata") or {},
        known.get("error"),
        tuple(before),
        turns,
        shape,
    )


def _with_questions(runs: list[Any], again: Mapping[str, str]) -> list[Any]:
    """The runs, those that have answered a question again as if they had asked it."""
    by_id = {run.get("run_id"): run for run in runs}

    def asking(run: Any) -> Any:
        asked = by_id.get(again.get(run.get("run_id"), ""))
        if asked is None:
            return run
        return {**run, "kwargs": asked.get("kwargs"), "metadata": asked.get("metadata")}

    return [asking(run) for run in runs]


async def read_state(
    client: LangGraphClient, thread_id: str, *, thread: Mapping[str, Any] | None = None
) -> ThreadState:
    """The state of a thread; where a server cannot make it, what the thread itself holds of it.

    So it is after an input that the graph's own model of its state refused.

    Raises:
        LangGraphError: the server does not tell.
    """
    try:
        return await client.threads.get_state(thread_id)
    except (BadRequestError, ServerError):
        if thread is None:
            thread = cast("Mapping[str, Any]", await client.threads.get(thread_id))
        if "values" not in thread:
            raise
        _log.info("thread %s: its state cannot be read", thread_id)
        odd = {"values": thread["values"], "next": [], "tasks": [], "metadata": None}
        return cast("ThreadState", odd)


def _until(state: Mapping[str, Any], found: list[Any]) -> list[Any]:
    """The runs or checkpoints that were not created after a state."""
    last = _time(state)
    return [one for one in found if last is None or (_time(one) or last) <= last]


def _time(of: Mapping[str, Any]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(of.get("created_at")))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def _or_none(asked: Coroutine[Any, Any, Any]) -> list[Any]:
    """What a server lists, nothing where it does not: the state can be shown without it."""
    try:
        found = await asked
    except LangGraphError as refused:
        _log.info("a thread's past cannot be read: %r", refused)
        return []
    return found if isinstance(found, list) else []
