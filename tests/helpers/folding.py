"""Folding in one line, and reading what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.transcript.fold import Fold, fold, start
from chat_app.transcript.message import Message, Role, Text, ToolCall, Transcript

if TYPE_CHECKING:
    from chat_app.client.events import Event

HELLO = Message("h1", Role.HUMAN, (Text("hello"),))


def folded(*events: Event, on: Transcript | None = None, pending: Message | None = None) -> Fold:
    state = start(on or Transcript(), pending=pending)
    for event in events:
        state = fold(state, event)
    return state


def shown(*events: Event, on: Transcript | None = None, pending: Message | None = None):
    return folded(*events, on=on, pending=pending).transcript


def texts(transcript: Transcript) -> list[str]:
    return [
        "".join(part.text for part in message.parts if isinstance(part, Text))
        for message in transcript.messages
    ]


def calls(transcript: Transcript) -> list[ToolCall]:
    parts = [part for message in transcript.messages for part in message.parts]
    return [part for part in parts if isinstance(part, ToolCall)]
