"""Reads a whole thread from the server, for a file: the branch that is shown, and all within."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from chat_app.client import LangGraphError
from chat_app.runs import thread_metadata
from chat_app.runs.reading import read_record
from chat_app.runs.shown_branch import shown_thread
from chat_app.runs.subgraph_state import read_inside_record
from chat_app.transcript.record import MOST_LEVELS, SavedThread, agents_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.client import LangGraphClient
    from chat_app.runs.backend import Backend
    from chat_app.transcript.message import Message
    from chat_app.transcript.record import AgentRecord, ThreadRecord

_log = logging.getLogger("chat_app.runs")

MOST_AGENTS = 100
"""Graphs inside the graph that are read, of one thread."""
_AT_ONCE = 5
_GOING = "busy"


async def read_saved(client: LangGraphClient, backend: Backend, thread_id: str) -> SavedThread:
    """A thread as the server has it, on its shown branch. Times are those of the server.

    Raises:
        LangGraphError: the server does not tell.
    """
    thread = cast("Mapping[str, Any]", await client.threads.get(thread_id))
    metadata = thread.get("metadata") or {}
    assistant = await _assistant(client, metadata)
    worked = str(assistant.get("assistant_id") or metadata.get("graph_id") or "")
    shape = await backend.shape(client, worked or await backend.default_assistant(client))
    shown = await shown_thread(client, thread)
    record = await read_record(
        client,
        thread_id,
        shape,
        thread=shown.thread,
        state=shown.state,
        is_whole=True,
        elsewhere=shown.elsewhere,
        again=shown.again,
    )
    if shown.is_newest and thread.get("status") == _GOING:
        # What the run has open now is not what it will end with.
        record = replace(record, state={**record.state, "next": [], "tasks": []}, error=None)
    agents = await _agents(client, shown.thread, record)
    return SavedThread(
        replace(record, agents=agents),
        thread_metadata.title_of(metadata),
        str(assistant.get("assistant_id") or ""),
        str(assistant.get("graph_id") or ""),
        str(assistant.get("name") or assistant.get("graph_id") or ""),
        str(thread.get("created_at") or ""),
        str(thread.get("updated_at") or ""),
    )


async def _assistant(client: LangGraphClient, metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """The assistant that has last worked on a thread, as far as the server tells."""
    named = metadata.get("assistant_id")
    known = {"assistant_id": named, "graph_id": metadata.get("graph_id")}
    if not isinstance(named, str) or not named:
        return known
    try:
        return cast("Mapping[str, Any]", await client.assistants.get(named))
    except LangGraphError as refused:
        _log.info("an assistant cannot be read: %r", refused)
        return known


async def _agents(
    client: LangGraphClient, thread: Mapping[str, Any], record: ThreadRecord
) -> dict[str, AgentRecord]:
    """The graphs inside the graph, and those inside these."""
    found: dict[str, AgentRecord] = {}
    limit = asyncio.Semaphore(_AT_ONCE)

    async def read(namespace: str, handed: frozenset[str]) -> None:
        async with limit:
            try:
                found[namespace] = await read_inside_record(
                    client, thread, namespace, handed=handed
                )
            except LangGraphError as refused:
                _log.info("a graph inside the graph cannot be read: %r", refused)

    wanted = _named(record.transcript().messages)
    for _ in range(MOST_LEVELS):
        new = {name: ids for name, ids in wanted.items() if name not in found}
        chosen = list(new.items())[: MOST_AGENTS - len(found)]
        if not chosen:
            break
        await asyncio.gather(*(read(name, ids) for name, ids in chosen))
        read_now = [found[name] for name, _ in chosen if name in found]
        wanted = {
            name: ids
            for agent in read_now
            for name, ids in _named(agent.transcript().messages).items()
        }
    return found


def _named(messages: Iterable[Message]) -> dict[str, frozenset[str]]:
    """The namespaces that messages name, and the ids of the messages before each."""
    found: dict[str, frozenset[str]] = {}
    before: list[str] = []
    for message in messages:
        for agent in agents_of(message):
            is_node = agent in message.parts
            found.setdefault(agent.namespace, frozenset(before) if is_node else frozenset())
        before.append(message.id)
    return found
