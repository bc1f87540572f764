"""The notes that a thread lacks because no tab was subscribed to its runs, read from the server.

That costs requests, so it is asked only what there may be: subgraphs where the assistant has any,
answers where another program started runs.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphError
from chat_app.client.recover import REQUEST_KEY
from chat_app.client.schema import ACTIVE
from chat_app.transcript.history import Resume, agents_in, decisions_in
from chat_app.transcript.thread_notes import RUN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import Run

STATES = 30
"""Of the history so many states are read: each carries all messages."""
RUNS = 20
"""So many runs are looked at, and asked for their answers."""
_MOST_ASSISTANTS = 1000
_HEADS = ("run_id", "created_at", "metadata", "status")

_with_subgraphs: dict[str, bool] = {}
"""By assistant: whether any of its nodes is a graph."""


async def read_unwatched(client: LangGraphClient, thread_id: str, known: Json) -> Json:
    """Notes on the runs of a thread that have none, as the app would have written them.

    `known` is the metadata of the thread. Empty if there is nothing to note, or the request failed.
    """
    try:
        has_subgraphs, runs = await asyncio.gather(
            _has_subgraphs(client, known.get("assistant_id")),
            client.runs.list(thread_id, limit=RUNS, select=_HEADS),
        )
        resumes = await _resumes(client, thread_id, runs)
        if not (has_subgraphs or resumes):
            return {}
        states = await client.threads.get_history(thread_id, limit=STATES)
    except LangGraphError:
        return {}  # what cannot be read is not shown
    if not isinstance(states, list):
        return {}
    states = [state for state in states if isinstance(state, dict)]
    noted = {key.removeprefix(RUN) for key in known if key.startswith(RUN)}
    agents = agents_in(states, known=noted) if has_subgraphs else {}
    running = any(run.get("status") in ACTIVE for run in runs)
    return agents | decisions_in(states, resumes, running=running)


async def _has_subgraphs(client: LangGraphClient, assistant_id: Any) -> bool:
    if not isinstance(assistant_id, str) or not assistant_id:
        return False
    if assistant_id not in _with_subgraphs:
        if len(_with_subgraphs) >= _MOST_ASSISTANTS:
            _with_subgraphs.clear()
        try:
            found = await client.assistants.get_subgraphs(assistant_id)
        except LangGraphError as refused:
            if refused.retryable:
                raise
            found = {}  # the server has no such route, or no such assistant any more
        _with_subgraphs[assistant_id] = bool(found)
    return _with_subgraphs[assistant_id]


async def _resumes(client: LangGraphClient, thread_id: str, runs: Sequence[Run]) -> list[Resume]:
    """The answers that other programs gave; this app notes its own."""
    foreign = [run for run in runs if REQUEST_KEY not in (run.get("metadata") or {})]
    whole = (client.runs.get(thread_id, run["run_id"]) for run in foreign[:RUNS])
    found = []
    for run in await asyncio.gather(*whole):
        command = (run.get("kwargs") or {}).get("command")
        value = command.get("resume") if isinstance(command, dict) else None
        if value is not None:
            found.append(Resume(run["run_id"], str(run.get("created_at") or ""), value))
    return found
