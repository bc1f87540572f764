"""A thread as a server has it: all that its transcript is made of, to be kept as a file.

A `ThreadRecord` is what was read of a thread (see `chat_app.runs.reading`); `SavedThread` is one
with its title and what else a file says of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript.load import load
from chat_app.transcript.message import SubAgent, ToolCall
from chat_app.transcript.shapes import UNKNOWN, Shape
from chat_app.transcript.turns import conversation_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.transcript.message import Message, Transcript
    from chat_app.transcript.turns import Turn

Json = Mapping[str, Any]

MOST_LEVELS = 4
"""Graphs within graphs."""


@dataclass(frozen=True, slots=True)
class AgentRecord:
    """A graph inside the graph: its state, and the notes on graphs inside it.

    `handed` are the ids of the messages that it had before it began.
    """

    state: Json
    metadata: Json = field(default_factory=dict)
    handed: frozenset[str] = frozenset()

    def transcript(self) -> Transcript:
        """What it did."""
        read = load(self.state, metadata=self.metadata)
        own = tuple(message for message in read.messages if message.id not in self.handed)
        return replace(read, messages=own, interrupts=(), running=False)


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """A thread; the fields are the arguments of `chat_app.transcript.load.load`.

    `turns` are those of a graph whose state does not tell what was asked; None of any other.
    `agents` are the graphs inside it by namespace, as far as they were read.
    """

    state: Json
    metadata: Json = field(default_factory=dict)
    error: Any = None
    earlier: tuple[Json, ...] = ()
    turns: tuple[Turn, ...] | None = None
    shape: Shape = UNKNOWN
    agents: Mapping[str, AgentRecord] = field(default_factory=dict)

    def transcript(self, *, running: bool = False) -> Transcript:
        """What the reader sees."""
        turns = self.turns
        waits = running or bool(self.state.get("next"))
        told = None if turns is None else conversation_of(turns, self.shape, waits=waits)
        return load(
            self.state,
            running=running,
            error=self.error,
            metadata=self.metadata,
            earlier=self.earlier,
            shape=self.shape,
            turns=told,
        )

    def whole(self, *, running: bool = False) -> Transcript:
        """The same, with the transcripts of the graphs inside it in their places."""
        told = {name: agent.transcript() for name, agent in self.agents.items()}
        return _with_agents(self.transcript(running=running), told, MOST_LEVELS)


@dataclass(frozen=True, slots=True)
class SavedThread:
    """A thread to keep in a file. Times are as servers write them (ISO 8601), or empty."""

    record: ThreadRecord
    title: str = ""
    assistant_id: str = ""
    graph_id: str = ""
    assistant: str = ""
    """The assistant's name."""
    created_at: str = ""
    updated_at: str = ""
    exported_at: str = ""
    feedback: tuple[Json, ...] = ()


def agents_of(message: Message) -> Iterator[SubAgent]:
    """The graphs that a message names."""
    for part in message.parts:
        if isinstance(part, SubAgent):
            yield part
        elif isinstance(part, ToolCall) and part.agent:
            yield part.agent


def _with_agents(transcript: Transcript, told: Mapping[str, Transcript], levels: int) -> Transcript:
    if not told or not levels:
        return transcript

    def filled(agent: SubAgent) -> SubAgent:
        inside = agent.transcript or told.get(agent.namespace)
        if inside is None:
            return agent
        return replace(agent, transcript=_with_agents(inside, told, levels - 1))

    def with_own(message: Message) -> Message:
        if not any(agents_of(message)):
            return message
        parts = []
        for part in message.parts:
            match part:
                case SubAgent():
                    parts.append(filled(part))
                case ToolCall(agent=SubAgent() as agent):
                    parts.append(replace(part, agent=filled(agent)))
                case _:
                    parts.append(part)
        return replace(message, parts=tuple(parts))

    return replace(transcript, messages=tuple(map(with_own, transcript.messages)))
