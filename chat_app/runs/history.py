"""The older states of a thread whose memory was trimmed, for the messages that are no longer in it.

A thread has no field that says that messages were removed. A summary in its state shows it, and so
does its first message: one small request for the first state, parallel to the others that open a
thread. Only then the history is read, a page at a time.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphError
from chat_app.transcript.load import saved
from chat_app.transcript.memory import is_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ThreadState

_log = logging.getLogger("chat_app.runs")

PAGE, PAGES = 100, 5
"""States that are asked for at a time, and how often: of a longer thread the newest are read."""
_BEGINNINGS = 50
"""Versions of the first message that are looked at."""
WITHIN = 5.0
"""The timeout in seconds for all of them. The thread is shown without what is missing then."""


async def earlier(
    client: LangGraphClient, thread_id: str, state: Mapping[str, Any]
) -> list[ThreadState]:
    """The states before `state` that have messages it lacks, oldest first; mostly none."""
    found: list[ThreadState] = []
    try:
        async with asyncio.timeout(WITHIN):
            if state.get("checkpoint") and await _is_cut(client, thread_id, state):
                await _read(client, thread_id, state, found)
    except (LangGraphError, TimeoutError) as refused:
        _log.info("thread %s: its history is not read to its end: %r", thread_id, refused)
    found.reverse()
    return found


async def _is_cut(client: LangGraphClient, thread_id: str, state: Mapping[str, Any]) -> bool:
    messages = saved(state)
    if any(is_mark(message) for message in messages):
        return True
    known, step = {message.id for message in messages}, 0
    while True:
        found = await client.threads.get_history(
            thread_id, limit=_BEGINNINGS, metadata={"step": step}
        )
        begun = {message.id for one in found for message in saved(one)[:1]}
        if begun & known or not found:
            return False
        # Another version of the first message is sent at step 0, and taken at the next one.
        has_versions = any((one.get("metadata") or {}).get("source") == "input" for one in found)
        if step or not has_versions:
            return bool(begun)
        step += 1


async def _read(
    client: LangGraphClient, thread_id: str, state: Mapping[str, Any], found: list[ThreadState]
) -> None:
    """Follow the states back from `state`, each to its parent: a thread may have branches."""
    wanted, newer = _parent(state), _ids(state)
    before = _id(state) or None
    for _ in range(PAGES):
        page = await client.threads.get_history(thread_id, limit=PAGE, before=before)
        for older in page:
            if _id(older) != wanted:
                continue
            wanted, ids = _parent(older), _ids(older)
            if newer[: len(ids)] != ids:
                found.append(older)
            newer = ids
        if len(page) < PAGE or not wanted:
            return
        before = _id(page[-1])


def _ids(state: Mapping[str, Any]) -> list[str]:
    return [message.id for message in saved(state)]


def _id(state: Mapping[str, Any]) -> str:
    return str((state.get("checkpoint") or {}).get("checkpoint_id") or "")


def _parent(state: Mapping[str, Any]) -> str:
    return str((state.get("parent_checkpoint") or {}).get("checkpoint_id") or "")
