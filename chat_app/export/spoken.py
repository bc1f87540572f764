"""A thread without its steps: what people and agents said, for an app that shows no more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript.media import block_of
from chat_app.transcript.message import Media, Message, Output, Role, Text
from chat_app.transcript.record import ThreadRecord

if TYPE_CHECKING:
    from chat_app.transcript.record import SavedThread

_TYPES = {Role.HUMAN: "human", Role.ASSISTANT: "ai", Role.OTHER: "ai"}


def spoken(saved: SavedThread) -> SavedThread:
    """The same thread, of messages with nothing but words and media."""
    shown = saved.record.transcript()
    messages = [one for message in shown.messages if (one := _said(message))]
    return replace(saved, record=ThreadRecord({"values": {"messages": messages}}))


def _said(message: Message) -> dict[str, Any] | None:
    if message.role not in _TYPES:
        return None
    blocks: list[dict[str, Any]] = []
    for part in message.parts:
        match part:
            case Text(said):
                blocks.append({"type": "text", "text": said})
            case Output(_, str(said)):
                blocks.append({"type": "text", "text": said})
            case Media():
                blocks.append(block_of(part))
    if not blocks:
        return None
    named = {"name": message.name} if message.name else {}
    return {"type": _TYPES[message.role], "id": message.id, "content": blocks, **named}
