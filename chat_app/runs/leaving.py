"""Closing the open questions of a thread, so that the person can ask something else.

A graph that is left while it asks keeps tool calls without a result, which OpenAI and Anthropic
refuse with every later message, and it asks again after a reload. So each open call gets a tool
message, written as the node that asked, and the thread ends where it stands.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.client import ConflictError, LangGraphError
from chat_app.runs.events import Dismissed, NotDismissed
from chat_app.runs.ids import uuid7
from chat_app.runs.reading import read_thread
from chat_app.transcript.asked import asked_in_words, key_of
from chat_app.transcript.load import carried_over, load, saved
from chat_app.transcript.message import Decision, Role, ToolCall, ToolStatus
from chat_app.transcript.thread_notes import note_of
from chat_app.transcript.tools import FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import ThreadState
    from chat_app.runs.effect_types import Dismiss
    from chat_app.runs.thread_view import Work
    from chat_app.transcript.message import Interrupt, Message, Transcript

_log = logging.getLogger("chat_app.runs")

_END = "__end__"
"""Nothing written in the name of the end: the graph forgets what it still had to do."""
_ROUNDS = 3
"""A node that is written to may lead to another one, which the next round ends."""


async def dismiss(work: Work, _: Dismiss) -> None:
    """Close what is open and show the thread as it is then; reports whether that was done."""
    shown = work.view.transcript
    try:
        client = await work.backend.connect()
        if closed := await leave(client, work.thread_id, shown, only=shown.interrupts):
            work.show(closed, is_stopped=False)
    except ConflictError:
        work.report(Dismissed(is_answered=True))  # a run goes: somebody else has answered
    except LangGraphError as refused:
        _log.info("thread %s: its questions are not closed: %r", work.thread_id, refused)
        work.report(NotDismissed(refused))
    else:
        work.report(Dismissed(is_answered=closed is None))


async def leave(
    client: LangGraphClient,
    thread_id: str,
    shown: Transcript,
    *,
    only: tuple[Interrupt, ...] = (),
) -> Transcript | None:
    """Close the open questions of a thread, and note that they were left.

    Args:
        client: the server's client.
        thread_id: the thread.
        shown: the transcript with the questions.
        only: nothing is closed where the thread asks none of these; empty: whatever it asks.

    Returns:
        The transcript of after it; None where nothing was open, and nothing is written.

    Raises:
        ConflictError: a run is going on.
        LangGraphError: the server did not do it.
    """
    if not await close(client, thread_id, shown.shape.key, only=only):
        return None
    note = note_of(_decision(shown.interrupts), shown.messages)
    try:
        thread = await client.threads.update(thread_id, metadata=note)
    except LangGraphError as refused:  # the thread is consistent, only the line is missing
        _log.info("thread %s: that it was left is not noted: %r", thread_id, refused)
        thread = await client.threads.get(thread_id)
    read = await read_thread(client, thread_id, shown.shape, thread=thread)
    return replace(carried_over(shown, read), interrupts=(), running=False)


async def close(
    client: LangGraphClient, thread_id: str, key: str, *, only: tuple[Interrupt, ...] = ()
) -> bool:
    """Give each open call of a thread a result and end what it waits for.

    `key` is that of the messages in its state, `only` as in `leave`.

    Returns:
        Whether anything was open.

    Raises:
        ConflictError: a run is going on.
        LangGraphError: the server did not do it.
    """
    state = await client.threads.get_state(thread_id)
    if not _is_open(state) or (only and _is_other(state, only)):
        return False
    await _close_inside(client, thread_id, state, key)
    node = _asking_node(state)
    if any(task.get("result") for task in state.get("tasks") or []):
        # What finished beside the question is in no checkpoint yet: only an end saves it.
        await client.threads.update_state(thread_id, values=None, as_node=_END)
        state = await client.threads.get_state(thread_id)
    results = _results(state, key)
    if results:
        values = {key: results} if key else results
        await client.threads.update_state(thread_id, values=values, as_node=node)
        state = await client.threads.get_state(thread_id)
    for _ in range(_ROUNDS):
        if not _is_open(state):
            break
        await client.threads.update_state(thread_id, values=None, as_node=_END)
        state = await client.threads.get_state(thread_id)
    _log.info("thread %s: left while it asked, %d calls closed", thread_id, len(results))
    return True


async def _close_inside(
    client: LangGraphClient, thread_id: str, state: ThreadState, key: str
) -> None:
    """Close the calls of subgraphs that keep their own memory from run to run.

    That of another subgraph is gone with the task that it was for. The namespace of such a task
    ends with its id, ``agent:<task id>``; that of a memory which stays is only ``agent``.
    """
    for task in state.get("tasks") or []:
        namespace = (task.get("checkpoint") or {}).get("checkpoint_ns")
        if not namespace:
            continue
        where: Any = {"checkpoint_ns": namespace}
        found = await client.threads.get_history(thread_id, limit=1, checkpoint=where)
        if not found or not found[0].get("next"):
            continue
        inside = found[0]
        await _close_inside(client, thread_id, inside, key)
        own = str((inside.get("checkpoint") or {}).get("checkpoint_ns") or "")
        if ":" in own.rpartition("|")[2]:
            continue
        update = partial(client.threads.update_state, thread_id, checkpoint=where)
        if results := _results(inside, key):
            await update(values={key: results}, as_node=_asking_node(inside))
        await update(values=None, as_node=_END)


def _results(state: ThreadState, key: str) -> list[Json]:
    return [_result(call) for call in _open_calls(saved(state, key))]


def _is_open(state: ThreadState) -> bool:
    tasks = state.get("tasks") or []
    return bool(state.get("next")) or any(task.get("interrupts") for task in tasks)


def _is_other(state: ThreadState, asked: Iterable[Interrupt]) -> bool:
    """Whether the thread asks something by now that this page does not show."""
    shown, there = {key_of(one) for one in asked}, {key_of(one) for one in load(state).interrupts}
    return bool(there) and not shown & there


def _asking_node(state: ThreadState) -> str:
    tasks = state.get("tasks") or []
    asking = [task["name"] for task in tasks if task.get("interrupts")]
    return next(iter([*asking, *(state.get("next") or [])]))


def _open_calls(messages: tuple[Message, ...]) -> list[ToolCall]:
    """The calls since the person's last message that have no result."""
    asked = [place for place, one in enumerate(messages) if one.role is Role.HUMAN]
    turn = messages[asked[-1] + 1 :] if asked else messages
    calls = [part for one in turn for part in one.parts if isinstance(part, ToolCall)]
    is_open = {ToolStatus.RUNNING, ToolStatus.WAITING}
    # A provider's tool takes no result from here, a function of the older kind no tool message.
    own = [call for call in calls if not call.by_provider and not call.id.startswith(FUNCTION)]
    return [call for call in own if call.status in is_open]


def _result(call: ToolCall) -> Json:
    return {
        "type": "tool",
        "tool_call_id": call.id,
        "name": call.name,
        "content": text.NO_RESULT_LEFT,
        "status": "error",
        "response_metadata": {"dismissed": True},
    }


def _decision(asked: tuple[Interrupt, ...]) -> Decision:
    """The line that stays in the place of the questions."""
    lines = tuple(line for one in asked for line in asked_in_words(one))
    return Decision(str(uuid7()), (text.LEFT,) * len(lines) or (text.LEFT,), lines)
