"""Who speaks: the name above an answer, where a thread has several agents that speak."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text
from chat_app.state.rows import SpeakerRow
from chat_app.state.safe_json import sendable
from chat_app.transcript.message import Media, Message, Role, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME_LENGTH = 100


def are_several(messages: Sequence[Message]) -> bool:
    """Whether more than one agent speaks; one without a name is one of them."""
    return len({message.name for message in messages if _speaks(message)}) > 1


def speaker_row(key: str, messages: Sequence[Message], index: int) -> SpeakerRow | None:
    """The name above the message at `index`; None where it goes on with what the last one says."""
    message = messages[index]
    if not _speaks(message):
        return None
    for earlier in reversed(messages[:index]):
        if earlier.role is Role.HUMAN:
            break
        if _speaks(earlier):
            if earlier.name == message.name:
                return None
            return SpeakerRow(key, _shown(message.name))
    # The first of a turn, if it has no name, is the agent that a person expects to answer.
    return SpeakerRow(key, _shown(message.name)) if message.name else None


def _shown(name: str) -> str:
    return sendable(" ".join(name.split())[:_NAME_LENGTH]) or text.AGENT


def _speaks(message: Message) -> bool:
    """Whether it has words of an agent. Its tool calls alone need no name above them."""
    if message.role not in {Role.ASSISTANT, Role.OTHER}:
        return False
    return any(
        isinstance(part, Media) or (isinstance(part, Text) and part.text.strip())
        for part in message.parts
    )
