"""Saves the partial answer of a run that was stopped or failed.

The server discards the unfinished step of such a run: the thread is as it was before that step,
without the text on the reader's screen, and with dangling tool calls. So the partial step is
written as the result of its own node.

What is written says so in its ``response_metadata``: ``{"stopped": true}``, or ``{"failed":
{"error", "message"}, "checkpoint_id"}`` with the checkpoint to run again from, where all is still
as it was before the step. `chat_app.transcript.load` reads both.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from chat_app import text
from chat_app.client import ConflictError, LangGraphError
from chat_app.runs.checkpoints import about
from chat_app.runs.dangling_calls import (
    END,
    StepResult,
    dangling_calls,
    error_result,
    finish,
    is_asking,
    save_finished_tasks,
    unfinished_node,
)
from chat_app.runs.times import SAVE_PAUSES
from chat_app.transcript.inputs import input_of
from chat_app.transcript.load import lacks, load, saved
from chat_app.transcript.message import Role, Text

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import ThreadState
    from chat_app.transcript.message import Failure, Transcript

_log = logging.getLogger("chat_app.runs")

_START = "__start__"
"""What is written as this node is the input of a run."""

MOST = 2000
"""Characters of an error that are saved with an answer."""


class _Note(NamedTuple):
    """What is said in messages that are saved of an unfinished step."""

    about: Json
    """Their `response_metadata`, for all readers of the thread."""
    no_result: str
    """Why a call has no result, for the model."""


def _note_of(failure: Failure) -> _Note:
    said = {"error": failure.error, "message": failure.message}
    return _Note(
        {"failed": said, "checkpoint_id": failure.checkpoint_id},
        text.NO_RESULT_FAILED.format(error=failure.error, message=failure.message),
    )


_STOPPED = _Note({"stopped": True}, text.NO_RESULT_STOPPED)


def marked_as_stopped(transcript: Transcript) -> Transcript:
    """The transcript with its last answer marked as stopped, where there is one."""
    *earlier, last = transcript.messages or (None,)
    if last is None or last.role is not Role.ASSISTANT:
        return transcript
    return replace(transcript, messages=(*earlier, replace(last, stopped=True)))


async def save_stopped(
    client: LangGraphClient, thread_id: str, transcript: Transcript, *, start: str = ""
) -> None:
    """Write the unsaved end of a stopped run to its thread; a refusal is logged.

    Retried while the server has not ended the run yet. `start` is the checkpoint where the run was
    to begin, if that was not the newest one.
    """
    for pause in (*SAVE_PAUSES, 0):
        try:
            return await _save_stopped(client, thread_id, transcript, start)
        except ConflictError:
            await asyncio.sleep(pause)
        except LangGraphError as refused:
            _log.info("thread %s: the stopped answer is not saved: %r", thread_id, refused)
            return None
    _log.info("thread %s: the stopped answer is not saved: the thread stays busy", thread_id)
    return None


async def _save_stopped(
    client: LangGraphClient, thread_id: str, transcript: Transcript, start: str
) -> None:
    state = await client.threads.get_state(thread_id)
    untaken = _untaken_question(transcript, state)
    if is_asking(state) and not (start and untaken):
        return  # the stop came too late, and what is unfinished now is not what was stopped
    if transcript.shape.needs_runs:  # the run itself tells that it was stopped
        has_begun = not start or about(state, "run_id") == transcript.run_id
        if state.get("next") and has_begun:
            await client.threads.update_state(thread_id, values=None, as_node=END)
        return
    if untaken:
        update = client.threads.update_state
        await update(thread_id, values=untaken, as_node=_START, checkpoint_id=start or None)
        state = await client.threads.get_state(thread_id)
    if _is_about_another_question(transcript, state):
        return
    if done := _finished_but_unsaved(state):
        await client.threads.update_state(thread_id, values=done["result"], as_node=done["name"])
        state = await client.threads.get_state(thread_id)
    if state.get("next"):
        missing = _missing(transcript, state, _STOPPED)
        await _write(client, thread_id, state, missing, transcript.shape.key)


async def save_failed(
    client: LangGraphClient, thread_id: str, transcript: Transcript, failure: Failure
) -> Failure:
    """Write the unsaved end of a failed run to its thread; a refusal is logged.

    Returns:
        The failure to show: with the thread's message if it has one, because a stream contains
        only the name of many errors, and with the checkpoint to run again from if the answer is
        saved, now or by another tab.
    """
    try:
        state = await client.threads.get_state(thread_id)
        is_chat = not transcript.shape.needs_runs
        if is_chat and _never_began(transcript, state):
            return failure
        known = load(state).failure or failure
        failure = replace(known, error=known.error or failure.error)
        if not is_chat:
            return failure
        before = (state.get("checkpoint") or {}).get("checkpoint_id")
        if is_asking(state) or not state.get("next") or not before:
            return failure  # without a way back nothing is written over it
        message = text.both_ends(failure.message, MOST)
        noted = replace(failure, message=message, checkpoint_id=before)
        if missing := _missing(transcript, state, _note_of(noted)):
            await _write(client, thread_id, state, missing, transcript.shape.key)
            return noted
    except LangGraphError as refused:
        _log.info("thread %s: the failed answer is not saved: %s", thread_id, refused)
    return failure


async def _write(
    client: LangGraphClient, thread_id: str, state: ThreadState, messages: list[Json], key: str
) -> None:
    """Write `messages` as the result of the step that `state` is before; then the run is over."""
    node = unfinished_node(state, "error")
    state = await save_finished_tasks(client, thread_id, state)
    await finish(client, thread_id, state, StepResult(node, messages, key))


def _untaken_question(transcript: Transcript, state: ThreadState) -> Json | None:
    """The input of a run that was stopped before the server had saved its question."""
    asked = [message for message in transcript.messages if message.is_request]
    key = transcript.shape.key
    if not asked or not lacks(state, asked[-1].id, key):
        return None
    return input_of(asked[-1], key)


def _is_about_another_question(transcript: Transcript, state: ThreadState) -> bool:
    """Whether another question was asked since."""
    asked = [message.id for message in transcript.messages if message.is_request]
    known = saved(state, transcript.shape.key)
    there = [message.id for message in known if message.is_request]
    return asked[-1:] != there[-1:]


def _never_began(transcript: Transcript, state: ThreadState) -> bool:
    """Whether the thread lacks the question, so that its state is older than the run."""
    asked = [message for message in transcript.messages if message.is_request]
    return bool(asked) and lacks(state, asked[-1].id, transcript.shape.key)


def _finished_but_unsaved(state: ThreadState) -> Json | None:
    """The node that had its result when the run was stopped, before a checkpoint held it.

    The server shows such a result among the values, and drops it with the next message.
    """
    results = [task for task in state.get("tasks") or [] if task.get("result")]
    return results[0] if results and not state.get("next") else None


def _missing(transcript: Transcript, state: ThreadState, note: _Note) -> list[Json]:
    """What the thread lacks: results for its last calls, and the text of the last answer.

    Of an answer that was never saved only the text: a partial tool call would confuse a model.
    """
    known = saved(state, transcript.shape.key)
    calls = dangling_calls(known[-1:])
    missing = [error_result(call, note.no_result, note.about) for call in calls]
    last = transcript.messages[-1] if transcript.messages else None
    if last and last.role is Role.ASSISTANT and lacks(state, last.id, transcript.shape.key):
        written = "\n\n".join(part.text for part in last.parts if isinstance(part, Text))
        if written.strip():
            answer = {"type": "ai", "id": last.id, "content": written}
            missing.append({**answer, "response_metadata": note.about})
    return missing
