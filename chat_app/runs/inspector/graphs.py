"""Reads how the graph of a thread's assistant looks."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from chat_app.client import InvalidError, LangGraphError
from chat_app.client.errors import NotFoundError, ServerError, UnsupportedError
from chat_app.timeline.graph_input import GraphInput, graph_input

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from chat_app.client import LangGraphClient

_log = logging.getLogger("chat_app.runs")

_WITHIN = 15.0
"""Seconds for one answer: the server may have to build the graph first."""
_FRESH_FOR = 30.0
"""Seconds after which it is read again: a development server builds it anew when a file changes."""
_MOST = 100


class AssistantGraph(NamedTuple):
    """The graph of an assistant, and what the assistant is called."""

    graph: GraphInput
    assistant: str
    is_whole: bool
    """False: the server told nothing of subgraphs."""


class NoGraphError(LangGraphError):
    """The server does not tell how the graph looks: it cannot, or there is no assistant."""


class _Read(NamedTuple):
    found: AssistantGraph
    at: float


_read: dict[tuple[str, str], _Read] = {}
"""By whose rights it was read with, and the assistant: a server may hide one from some people."""


async def metadata_of(client: LangGraphClient, thread_id: str) -> Mapping[str, Any]:
    """The metadata of a thread, without its values where the server can leave them out.

    Raises:
        LangGraphError: the server does not tell.
    """
    rows = await client.threads.search(ids=[thread_id], limit=1, select=("thread_id", "metadata"))
    # A server that cannot be asked by ids tells of others.
    found = [row for row in rows or () if row.get("thread_id") == thread_id]
    return (found[0] if found else await client.threads.get(thread_id)).get("metadata") or {}


async def read_graph(client: LangGraphClient, metadata: Mapping[str, Any]) -> AssistantGraph:
    """The graph of the assistant that has last worked on a thread with this metadata.

    Raises:
        NoGraphError: there is none to be drawn.
        LangGraphError: the server refuses, or cannot be asked.
    """
    named = [metadata.get("assistant_id"), metadata.get("graph_id")]
    wanted = next((one for one in named if isinstance(one, str) and one), "")
    if not wanted:
        raise NoGraphError
    place = client.rights, wanted
    known = _read.get(place)
    if known and monotonic() - known.at < _FRESH_FOR:
        return known.found
    drawn, name = await asyncio.gather(_drawn(client, wanted), _name(client, wanted, metadata))
    found = AssistantGraph(drawn[0], name, is_whole=drawn[1])
    if len(_read) >= _MOST:
        _read.clear()
    _read[place] = _Read(found, monotonic())
    return found


async def _drawn(client: LangGraphClient, assistant_id: str) -> tuple[GraphInput, bool]:
    """The graph, and whether its subgraphs are in it; some graphs cannot be drawn with them."""
    try:
        return await _asked(client, assistant_id, xray=True), True
    except (InvalidError, ServerError, TimeoutError) as refused:
        _log.info("assistant %s: no drawing with subgraphs: %r", assistant_id, refused)
    try:
        return await _asked(client, assistant_id, xray=False), False
    except InvalidError as refused:
        raise NoGraphError(refused.detail, status=refused.status) from refused
    except TimeoutError as late:
        raise NoGraphError from late


async def _asked(client: LangGraphClient, assistant_id: str, *, xray: bool) -> GraphInput:
    try:
        async with asyncio.timeout(_WITHIN):
            return graph_input(await client.assistants.get_graph(assistant_id, xray=xray))
    except (NotFoundError, UnsupportedError) as refused:
        raise NoGraphError(refused.detail, status=refused.status) from refused


async def _name(client: LangGraphClient, assistant_id: str, metadata: Mapping[str, Any]) -> str:
    graph_id = metadata.get("graph_id")
    fallback = graph_id if isinstance(graph_id, str) and graph_id else assistant_id
    try:
        row = await client.assistants.get(assistant_id)
    except LangGraphError:
        return fallback
    name = row.get("name") or row.get("graph_id") if isinstance(row, dict) else None
    return name if isinstance(name, str) else fallback


def forget() -> None:
    """Clear the cache: another server, as in tests."""
    _read.clear()
