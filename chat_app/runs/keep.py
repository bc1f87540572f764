"""After a stop: save what was written, and leave the thread where a next message just works.

The server cancels a run without its unfinished step: the words on the reader's screen are nowhere,
the thread counts as interrupted before that step, and a call without a result makes most models
refuse the next question. So the step is written as far as it got, in the name of its own node.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.client import LangGraphError
from chat_app.transcript.message import Role, Text, ToolCall

if TYPE_CHECKING:
    from collections.abc import Container

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import ThreadState
    from chat_app.transcript.message import Transcript

_log = logging.getLogger("chat_app.runs")

_END = "__end__"
"""Nothing written in the name of the end: the graph forgets what it still had to do."""


def mark(transcript: Transcript) -> Transcript:
    """The transcript with its last answer marked as stopped, where there is one."""
    *earlier, last = transcript.messages or (None,)
    if last is None or last.role is not Role.ASSISTANT:
        return transcript
    return replace(transcript, messages=(*earlier, replace(last, stopped=True)))


async def keep(client: LangGraphClient, thread_id: str, transcript: Transcript) -> None:
    """Write the unsaved end of a stopped run to its thread; a server that refuses is left alone."""
    try:
        state = await client.threads.get_state(thread_id)
        if _asks_a_person(state):
            return  # the stop came too late, and a question is no unfinished step
        if done := _finished_but_unsaved(state):
            await client.threads.update_state(
                thread_id, values=done["result"], as_node=done["name"]
            )
            state = await client.threads.get_state(thread_id)
        listed = (state.get("values") or {}).get("messages") or []
        saved = {message.get("id") for message in listed if isinstance(message, dict)}
        if not state.get("next"):
            return
        if messages := _missing(transcript, saved):
            step = state["next"][0]
            await client.threads.update_state(
                thread_id, values={"messages": messages}, as_node=step
            )
            state = await client.threads.get_state(thread_id)
        # A step written may lead to another one, from a tool back to the model.
        if state.get("next"):
            await client.threads.update_state(thread_id, values=None, as_node=_END)
    except LangGraphError as refused:
        _log.info("thread %s: the stopped answer is not saved: %s", thread_id, refused)


def _asks_a_person(state: ThreadState) -> bool:
    return any(task.get("interrupts") for task in state.get("tasks") or [])


def _finished_but_unsaved(state: ThreadState) -> Json | None:
    """The node that had its result when the run was stopped, before a checkpoint held it.

    The server shows such a result among the values, and forgets it with the next message.
    """
    results = [task for task in state.get("tasks") or [] if task.get("result")]
    return results[0] if results and not state.get("next") else None


def _missing(transcript: Transcript, saved: Container[str]) -> list[Json]:
    """What the thread lacks: the last answer's text, or results for its calls.

    Of an answer that was never saved only the text counts: half a tool call would confuse a model.
    """
    last = transcript.messages[-1] if transcript.messages else None
    if last is None or last.role is not Role.ASSISTANT:
        return []
    if last.id in saved:
        calls = [part for part in last.parts if isinstance(part, ToolCall)]
        return [_no_result(call) for call in calls if call.result is None]
    text = "\n\n".join(part.text for part in last.parts if isinstance(part, Text))
    stopped = {"stopped": True}
    answer = {"type": "ai", "id": last.id, "content": text, "response_metadata": stopped}
    return [answer] if text.strip() else []


def _no_result(call: ToolCall) -> Json:
    content = "Stopped by the person before there was a result."
    return {
        "type": "tool",
        "tool_call_id": call.id,
        "content": content,
        "status": "error",
        "response_metadata": {"stopped": True},
    }
