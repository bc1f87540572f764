"""Finding the run of a request that was never answered.

A request that broke off may have been accepted: sending it again would start a second run, and
giving up would leave a run without a reader. The metadata of a run names its message or request.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx

from chat_app.client.errors import LangGraphError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client.http import Headers, Http

MESSAGE_KEY = "chat_message"
"""In a run's metadata: the id of the message that it answers."""
REQUEST_KEY = "chat_request"
"""In a run's metadata: an id of the request that asked for it, which may not answer a message."""

_PAUSES = (0, 0.2, 0.3, 0.5, 1, 1, 1, 1)
"""Seconds before each lookup: a server that accepted the request has created the run by then."""
_PATIENCE = 6.0
"""The timeout in seconds for all lookups."""
_NEWEST = {"limit": 10}
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.LocalProtocolError)


async def find_started(
    http: Http,
    thread_id: str | None,
    body: Mapping[str, Any],
    broken: UnreachableError,
    *,
    headers: Headers = None,
) -> str:
    """The id of the run that `body` may have started before the connection broke, or empty.

    Only a run on a thread whose metadata has a `MESSAGE_KEY` or a `REQUEST_KEY` can be recognised.
    """
    names = _names_in(body)
    if (
        not thread_id
        or not names
        or broken.__cause__ is None
        or isinstance(broken.__cause__, _NOT_SENT)
    ):
        return ""
    with suppress(TimeoutError, LangGraphError):
        async with asyncio.timeout(_PATIENCE):
            for pause in _PAUSES:
                await asyncio.sleep(pause)
                if run_id := await _look(http, thread_id, names, headers):
                    return run_id
    return ""


def _names_in(run: Mapping[str, Any]) -> dict[str, str]:
    """The metadata that identifies a run."""
    metadata = run.get("metadata") or {}
    return {key: metadata[key] for key in (MESSAGE_KEY, REQUEST_KEY) if metadata.get(key)}


async def _look(http: Http, thread_id: str, names: dict[str, str], headers: Headers) -> str:
    """Empty while there is none, or while the server cannot be reached.

    Raises:
        LangGraphError: the server refuses the request.
    """
    try:
        runs = await http.get("threads", thread_id, "runs", params=_NEWEST, headers=headers)
    except LangGraphError as refused:
        if not refused.retryable:
            raise
        return ""
    return next((run["run_id"] for run in runs if _is_named(run, names)), "")


def _is_named(run: Mapping[str, Any], names: dict[str, str]) -> bool:
    """Whether the run is the one; some servers tell no metadata of a run, but its input."""
    if "metadata" in run:
        return _names_in(run) == names
    return MESSAGE_KEY in names and message_of(run) == names[MESSAGE_KEY]


def message_of(run: Mapping[str, Any]) -> str | None:
    """The id of the message that a run answers: as its metadata names it, or as it was sent."""
    if "metadata" in run:
        return (run["metadata"] or {}).get(MESSAGE_KEY)
    given = run.get("input")
    messages = given.get("messages") if isinstance(given, dict) else None
    last = messages[-1] if isinstance(messages, list) and messages else None
    return last.get("id") if isinstance(last, dict) else None
