"""A run that is over, read from what the server keeps of its thread.

A server that can replay the events of a run does so for a few minutes, or until it is started
again. After that the checkpoints tell what the run did: see `chat_app.timeline.from_history`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chat_app.client import NotFoundError
from chat_app.client.events import Outcome, RunEnd
from chat_app.timeline.from_history import (
    Stored,
    events,
    from_history,
    inside,
    missing_parents,
    moment,
    waits,
)
from chat_app.timeline.record import Ring
from chat_app.timeline.shapes import error_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import Run, ThreadState
    from chat_app.timeline.spans import Timeline

PAGE, PAGES = 100, 5
"""Checkpoints that are asked for at a time, and how often: of a longer run the newest are read."""
MOST_GRAPHS, AT_ONCE = 40, 4
"""Graphs inside tasks that are read, and how many of them at the same time."""
_MOST_PARENTS = 5


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that is over; `is_whole` is false where it was too long to be read to its beginning."""

    run: Run
    timeline: Timeline
    ring: Ring
    """Its ``updates`` and ``values``, and how it ended."""
    is_whole: bool


async def read_past_run(client: LangGraphClient, thread_id: str, run_id: str) -> PastRun:
    """What the server keeps of a run.

    Raises:
        NotFoundError: the thread has no such run, or it is not over.
        LangGraphError: the server cannot be reached, or cannot tell the thread's history.
    """
    run = await client.runs.get(thread_id, run_id)
    if run.get("thread_id") != thread_id or run.get("status") in ("pending", "running"):
        raise NotFoundError("no such run that is over")
    states, is_whole = await _history(client, thread_id, run_id)
    graphs, all_graphs = await _inside(client, thread_id, run_id, states)
    stored = Stored(
        run_id=run_id,
        outcome=_outcome(run, states),
        states=states,
        inside=graphs,
        started=moment(run.get("created_at")),
        ended=max(moment(run.get("updated_at")), moment(run.get("created_at"))),
        error=await _error(client, thread_id, run_id, run),
        is_cut_off=run.get("status") in ("error", "timeout", "interrupted"),
    )
    ring = Ring()
    for at, event in events(stored):
        ring.add(event, at=at)
    end = RunEnd(event="end", outcome=stored.outcome, run_id=run_id, error=stored.error)
    ring.add(end, at=stored.ended)
    return PastRun(run, from_history(stored), ring, is_whole and all_graphs)


async def _history(
    client: LangGraphClient, thread_id: str, run_id: str
) -> tuple[list[ThreadState], bool]:
    """The states that a run made, newest first, and those it began with; whether that is all."""
    states: list[ThreadState] = []
    is_whole = False
    for _ in range(PAGES):
        before = _id(states[-1]) if states else None
        page = await client.threads.get_history(
            thread_id, limit=PAGE, before=before, metadata={"run_id": run_id}
        )
        states += page
        if len(page) < PAGE:
            is_whole = True
            break
    wanted = missing_parents(states, run_id)[:_MOST_PARENTS] if is_whole else []
    found = await asyncio.gather(
        *(client.threads.get_state(thread_id, checkpoint_id=one) for one in wanted)
    )
    return [*states, *(state for state in found if state.get("checkpoint"))], is_whole


async def _inside(
    client: LangGraphClient, thread_id: str, run_id: str, states: Iterable[Mapping[str, Any]]
) -> tuple[dict[str, list[ThreadState]], bool]:
    """The states of the graphs inside a run by their namespace; whether those are all."""
    found: dict[str, list[ThreadState]] = {}
    places = asyncio.Semaphore(AT_ONCE)

    async def read(namespace: str) -> list[ThreadState]:
        async with places:
            return await client.threads.get_history(
                thread_id, limit=PAGE, checkpoint={"checkpoint_ns": namespace}
            )

    wanted = inside(states, run_id)
    while wanted and len(found) < MOST_GRAPHS:
        some = wanted[: MOST_GRAPHS - len(found)]
        found |= dict(zip(some, await asyncio.gather(*map(read, some)), strict=True))
        deeper = [name for one in some for name in inside(found[one], run_id, one)]
        wanted = [*wanted[len(some) :], *(name for name in deeper if name not in found)]
    return found, not wanted


def _outcome(run: Run, states: Iterable[Mapping[str, Any]]) -> Outcome:
    """How a run ended: a server calls one that waits for a person a success."""
    status = run.get("status")
    if status in ("error", "timeout"):
        return Outcome.FAILED
    if status == "interrupted" or waits(states, run["run_id"]):
        return Outcome.INTERRUPTED
    return Outcome.FINISHED


async def _error(client: LangGraphClient, thread_id: str, run_id: str, run: Run) -> str:
    """Why a run failed: the thread tells it of its newest one."""
    if run.get("status") != "error":
        return ""
    newest, thread = await asyncio.gather(
        client.runs.list(thread_id, limit=1), client.threads.get(thread_id)
    )
    is_newest = any(one.get("run_id") == run_id for one in newest)
    return error_text(thread.get("error")) if is_newest else ""


def _id(state: Mapping[str, Any]) -> str | None:
    checkpoint = state.get("checkpoint")
    return checkpoint.get("checkpoint_id") if isinstance(checkpoint, dict) else None
