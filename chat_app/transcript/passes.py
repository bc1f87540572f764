"""Passes of a supervisor: an agent that is a node, and only hands control on to others.

Each pass would be a row, mostly of 0.0 seconds, and say nothing: what the supervisor writes and
whom it hands over to stands in the conversation. So a pass is marked, and gets no row.

An agent is a supervisor in a turn in which it hands control to another agent, or is given control
back. Its pass keeps its row for as long as it runs, and where it did anything that the conversation
around it does not show.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.transcript import order, tools
from chat_app.transcript.handoffs import handoff_of, plain
from chat_app.transcript.message import Reasoning, Role, SubAgent, Text, ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chat_app.transcript.message import Message
    from chat_app.transcript.order import Messages


def with_passes(messages: Messages) -> Messages:
    """`messages`, in the last turn of which each pass of a supervisor is marked as one."""
    start = next((n for n in range(len(messages), 0, -1) if messages[n - 1].role is Role.HUMAN), 0)
    turn = messages[start:]
    if not any(_agents(turn)):
        return messages
    around = {message.id: message for message in messages}
    supervisors = set(_supervisors(turn, around))
    marked = (_marked(message, around, supervisors) for message in turn)
    return order.same_if_equal(messages, (*messages[:start], *marked))


def _agents(messages: Iterable[Message]) -> Iterator[SubAgent]:
    for message in messages:
        for part in message.parts:
            if isinstance(part, SubAgent):
                yield part


def _supervisors(turn: Messages, around: dict[str, Message]) -> Iterator[str]:
    """The names of those that hand control on in this turn, and of those it is given back to."""
    for message in turn:
        for call in tools.calls_of(message):
            handoff = handoff_of(call)
            if handoff and handoff.back:
                yield plain(handoff.agent)
    for agent in _agents(turn):
        for message in _own(agent):
            for call in tools.calls_of(around.get(message.id, message)):
                handoff = handoff_of(call)
                if handoff and not handoff.back:
                    yield from _names(agent)


def _marked(message: Message, around: dict[str, Message], supervisors: set[str]) -> Message:
    parts = tuple(
        replace(part, is_pass=is_pass)
        if isinstance(part, SubAgent)
        and part.is_pass != (is_pass := _is_pass(part, around, supervisors))
        else part
        for part in message.parts
    )
    same = all(new is old for new, old in zip(parts, message.parts, strict=True))
    return message if same else replace(message, parts=parts)


def _is_pass(agent: SubAgent, around: dict[str, Message], supervisors: set[str]) -> bool:
    if agent.transcript is None:
        return agent.is_pass
    if agent.transcript.running or agent.transcript.failure or agent.transcript.interrupts:
        return False
    if not supervisors.intersection(_names(agent)):
        return False
    return all(message.id in around or _says_nothing(message) for message in _own(agent))


def _says_nothing(message: Message) -> bool:
    """Whether a message has nothing to be read but handoffs."""
    return not any(
        (isinstance(part, Text | Reasoning) and part.text.strip())
        or (isinstance(part, ToolCall) and not handoff_of(part))
        for part in message.parts
    )


def _own(agent: SubAgent) -> Messages:
    return agent.transcript.messages if agent.transcript else ()


def _names(agent: SubAgent) -> set[str]:
    """What others may call this agent: its own name, and that of its node."""
    node = agent.namespace.rpartition("|")[2].partition(":")[0]
    return {plain(name) for name in (agent.name, node) if name}
