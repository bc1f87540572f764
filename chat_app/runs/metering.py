"""What a session tells of the runs that its person starts: before, and what they used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chat_app.transcript.message import SubAgent, ToolCall

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from chat_app.transcript.message import Message


class Meter(Protocol):
    """Of one person. `key` is this app's own name of a run, which it has before its id."""

    async def begin(self, key: str, thread_id: str) -> None:
        """A run is to be started.

        Raises:
            LangGraphError: the person may not start it now.
        """

    def accepted(self, key: str, run_id: str) -> None:
        """The server has it."""

    def not_started(self, key: str) -> None:
        """It was not started after all."""

    def ended(self, key: str, run_id: str, tokens: int) -> None:
        """It is over; `key` is empty where it was not started by this process."""

    async def has_tokens(self) -> bool:
        """Whether the person may use more tokens today."""
        ...

    def added(self, key: str, tokens: int) -> None:
        """Another run, which belongs to that one, has used tokens."""


def tokens_used(messages: Iterable[Message], before: Collection[str] = ()) -> int:
    """The tokens of these messages and of the agents inside, but for those that were `before`."""
    used = 0
    for message in messages:
        if message.id in before:
            continue
        if message.usage:
            used += message.usage.input + message.usage.output
        for part in message.parts:
            agent = part.agent if isinstance(part, ToolCall) else part
            if isinstance(agent, SubAgent) and agent.transcript:
                used += tokens_used(agent.transcript.messages)
    return used
