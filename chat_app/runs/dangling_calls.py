"""Dangling tool calls: finding them, giving them a result, and ending the step that they wait for.

A run that was stopped, that failed, or whose question was dismissed leaves calls without a result
in the thread. OpenAI and Anthropic refuse every later message then. So each gets a tool message,
and the run is ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.transcript.message import ToolCall, ToolStatus
from chat_app.transcript.tools import FUNCTION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import ThreadState
    from chat_app.transcript.message import Message

END = "__end__"
"""The node to write nothing as: the graph forgets what it still had to do."""


class StepResult(NamedTuple):
    """Messages to write as the result of a node."""

    node: str
    messages: list[Json]
    key: str
    """That of the messages in the state; empty where the state is a list of messages."""


_OPEN = {ToolStatus.RUNNING, ToolStatus.WAITING}


def dangling_calls(messages: Iterable[Message]) -> list[ToolCall]:
    """The calls of these messages that have no result and can be given one.

    A provider's own tool takes no result from a client, a function of the older kind no tool
    message.
    """
    calls = [part for message in messages for part in message.parts if isinstance(part, ToolCall)]
    own = [call for call in calls if not call.by_provider and not call.id.startswith(FUNCTION)]
    return [call for call in own if call.status in _OPEN]


def error_result(call: ToolCall, content: str, metadata: Json) -> Json:
    """The tool message that stands for the result of a call.

    Args:
        call: the call.
        content: why there is no result; a sentence for the model.
        metadata: the message's ``response_metadata``, for readers of the thread.
    """
    return {
        "type": "tool",
        "tool_call_id": call.id,
        "name": call.name,
        "content": content,
        "status": "error",
        "response_metadata": metadata,
    }


def is_asking(state: ThreadState) -> bool:
    """Whether a task of the thread waits for an answer to an interrupt."""
    return any(task.get("interrupts") for task in state.get("tasks") or [])


def is_unfinished(state: ThreadState) -> bool:
    """Whether there is anything left to do: a node, or a task that asks."""
    return bool(state.get("next")) or is_asking(state)


def unfinished_node(state: ThreadState, having: str) -> str:
    """The first node whose task has ``interrupts`` or an ``error``, or else the next to run.

    Raises:
        StopIteration: the thread is finished.
    """
    named = [task["name"] for task in state.get("tasks") or [] if task.get(having)]
    return next(iter([*named, *(state.get("next") or [])]))


async def save_finished_tasks(
    client: LangGraphClient, thread_id: str, state: ThreadState, *, leaf: str = ""
) -> ThreadState:
    """Save what was finished beside the unfinished step, and return the state then.

    Such results are in no checkpoint yet: only an end saves them. `leaf` is the checkpoint of the
    state, if that is not the newest one.

    Raises:
        LangGraphError: the server did not do it.
    """
    if not any(task.get("result") for task in state.get("tasks") or []):
        return state
    update = client.threads.update_state
    await update(thread_id, values=None, as_node=END, checkpoint_id=leaf or None)
    return await client.threads.get_state(thread_id)


async def finish(  # noqa: PLR0913 - what a step is written with
    client: LangGraphClient,
    thread_id: str,
    state: ThreadState,
    step: StepResult,
    *,
    rounds: int = 1,
    leaf: str = "",
) -> None:
    """Write the result of an unfinished step, and end what follows from it.

    Args:
        client: the server's client.
        thread_id: the thread.
        state: its state.
        step: the step and its result.
        rounds: how many nodes may follow, such as a model after its tools; each is ended.
        leaf: the checkpoint of the state, if that is not the newest one.

    Raises:
        ConflictError: a run is going on.
        LangGraphError: the server did not do it.
    """
    if step.messages:
        values: Any = {step.key: step.messages} if step.key else step.messages
        update = client.threads.update_state
        await update(thread_id, values=values, as_node=step.node, checkpoint_id=leaf or None)
        state, leaf = await client.threads.get_state(thread_id), ""
    for ended in range(rounds):
        if ended:
            state = await client.threads.get_state(thread_id)
        if not is_unfinished(state):
            return
        update = client.threads.update_state
        await update(thread_id, values=None, as_node=END, checkpoint_id=leaf or None)
        leaf = ""
