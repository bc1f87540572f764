"""The transcript of a subgraph, read from the server when no tab has it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from chat_app.client import NotFoundError
from chat_app.transcript import thread_notes
from chat_app.transcript.history import agents_in
from chat_app.transcript.record import AgentRecord

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import ThreadState
    from chat_app.transcript.message import Transcript


STATES = 10
"""So many states of a subgraph are read, for what they tell of subgraphs that are its nodes."""


async def read_inside(
    client: LangGraphClient, thread_id: str, namespace: str, *, handed: Collection[str] = ()
) -> Transcript:
    """The newest transcript of the subgraph at `namespace`, without what it was `handed` (by id).

    ``POST /threads/T/history`` with ``{"checkpoint": {"checkpoint_ns": namespace}}`` lists the
    states of a subgraph; ``GET /threads/T/state/{id}`` knows only those of the root.

    Raises:
        NotFoundError: the server keeps none, as of a graph compiled without a checkpointer.
        LangGraphError: the request failed.
    """
    states, thread = await asyncio.gather(
        _states(client, thread_id, namespace), client.threads.get(thread_id)
    )
    return _record(states, namespace, thread, handed).transcript()


async def read_inside_record(
    client: LangGraphClient,
    thread: Mapping[str, Any],
    namespace: str,
    *,
    handed: Collection[str] = (),
) -> AgentRecord:
    """What that transcript is made of; `thread` is what ``GET /threads/T`` says. Raises as that."""
    states = await _states(client, thread["thread_id"], namespace)
    return _record(states, namespace, thread, handed)


async def _states(client: LangGraphClient, thread_id: str, namespace: str) -> list[ThreadState]:
    return await client.threads.get_history(
        thread_id, limit=STATES, checkpoint={"checkpoint_ns": namespace}
    )


def _record(
    states: list[ThreadState], namespace: str, thread: Mapping[str, Any], handed: Collection[str]
) -> AgentRecord:
    if not states:
        raise NotFoundError(f"no checkpoint: {namespace}")
    notes_inside = _within(namespace, thread.get("metadata")) | agents_in(states)
    return AgentRecord(states[0], notes_inside, frozenset(handed))


def _within(namespace: str, metadata: Mapping[str, Any] | None) -> Json:
    """The notes on graphs inside this one: calls of others may have the same ids."""
    return {
        key: note
        for key, note in (metadata or {}).items()
        if key.startswith(thread_notes.AGENT)
        and isinstance(note, dict)
        and str(note.get("namespace")).startswith(f"{namespace}|")
    }
