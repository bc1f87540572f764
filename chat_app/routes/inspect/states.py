"""The states of a thread, as the State tab shows them: values as rows, checkpoints, differences.

A state may be of any size, so its values are given a few rows at a time: see
`chat_app.timeline.value_rows`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from chat_app import text
from chat_app.client import BadRequestError, ServerError
from chat_app.routes.inspect.access import HEADERS, Asked, WrongRequestError
from chat_app.runs.inspector.states import NO_BASE, newest_state, states
from chat_app.state.threads import thread_uuid
from chat_app.timeline.checkpoint_rows import checkpoint_row, id_in, rows_of
from chat_app.timeline.difference import Same
from chat_app.timeline.listing import as_json
from chat_app.timeline.value_rows import NoRowError, change_rows, places_in, rows_at, value_at

if TYPE_CHECKING:
    from chat_app.runs.inspector.states import Compared

PAGE = 20
"""Checkpoints in one answer."""
_LONGEST_PLACE = 2000
"""Characters of the name of a row."""


async def state(asked: Asked) -> Any:
    """``?checkpoint&base&known``: a state and its first rows; ``&at&start`` the rows below one.

    Without a ``checkpoint`` it is what the chat shows, the newest one while a run goes. It is
    compared with ``base``, or else with the one before it. Where it is ``known`` only that is said.
    With ``whole`` the answer is the value of a row, as JSON.
    """
    wanted, base = _id(asked, "checkpoint"), _id(asked, "base")
    try:
        at, start = places_in(asked.word("at", _LONGEST_PLACE)), asked.number("start")
        if at or start or asked.word("whole"):
            if not wanted:
                raise WrongRequestError("checkpoint")
            found = await states.compared(asked.client, asked.thread_id, wanted, base)
            if asked.word("whole"):
                body = await asyncio.to_thread(lambda: as_json(value_at(found.found, at)))
                return Response(body, headers=HEADERS, media_type="application/json")
            return await asyncio.to_thread(rows_at, found.found, at, start)
    except NoRowError:
        raise WrongRequestError("at") from None
    try:
        return await _first(asked, wanted, base)
    except (BadRequestError, ServerError):
        return {"problem": text.STATE_UNREADABLE}


async def _first(asked: Asked, wanted: str, base: str) -> Any:
    head = await newest_state(asked.client, asked.thread_id)
    newest = id_in(head)
    session = asked.session
    session.watch.see(head)
    shown, is_running = session.snapshot.view.leaf, session.snapshot.conversation.is_running
    now = newest if is_running else shown or newest
    told = {"newest": newest, "shown": now}
    checkpoint = wanted or now
    if asked.word("known") and asked.word("known") == checkpoint:
        return {**told, "same": True}
    if not checkpoint:  # of a thread without a checkpoint, or one that cannot be read as such
        return {**told, "checkpoint": None, "page": rows_at(Same(head.get("values")))}
    known = head if checkpoint == newest else None
    found = await states.compared(asked.client, asked.thread_id, checkpoint, base, state=known)
    return {
        **told,
        "checkpoint": _row(found),
        "base": id_in(found.base) if found.base else "",
        "page": await asyncio.to_thread(rows_at, found.found),
    }


async def history(asked: Asked) -> Any:
    """``?before``: checkpoints of all branches, newest first; ``before`` begins the next page."""
    before = _id(asked, "before")
    try:
        found = await asked.client.threads.get_history(
            asked.thread_id, limit=PAGE + 1, before=before or None
        )
    except (BadRequestError, ServerError):
        return {"rows": [], "before": "", "problem": text.STATE_UNREADABLE}
    listed = [one for one in found if isinstance(one, dict) and id_in(one)]
    rows = rows_of(listed, most=PAGE)
    return {"rows": rows, "before": rows[-1]["id"] if len(listed) > PAGE else ""}


async def differences(asked: Asked) -> Any:
    """``?a&b&start``: what became of the values of one checkpoint in another, one by one."""
    one, other = _id(asked, "a"), _id(asked, "b")
    if not (one and other) or NO_BASE in {one, other}:
        raise WrongRequestError("a")
    try:
        found = await states.compared(asked.client, asked.thread_id, other, one)
    except (BadRequestError, ServerError):
        return {"rows": [], "start": 0, "more": False, "problem": text.STATE_UNREADABLE}
    listed = await asyncio.to_thread(change_rows, found.found, asked.number("start"))
    assert found.base  # noqa: S101 - for the type checker
    return {**listed, "a": checkpoint_row(found.base), "b": checkpoint_row(found.state)}


def _row(found: Compared) -> Any:
    before = found.base
    is_parent = before is not None and id_in(before) == checkpoint_row(found.state)["parent"]
    return checkpoint_row(found.state, before if is_parent else None)


def _id(asked: Asked, name: str) -> str:
    """The id of a checkpoint in the query; empty where there is none.

    Raises:
        WrongRequestError: it is none.
    """
    told = asked.word(name)
    if told in {"", NO_BASE}:
        return told
    if (checkpoint_id := thread_uuid(told)) is None:
        raise WrongRequestError(name)
    return checkpoint_id
