"""Folding in one line, and reading what came out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chat_app.transcript.fold import Fold, fold, start
from chat_app.transcript.message import Message, Part, Role, SubAgent, Text, ToolCall, Transcript

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


def of_the_state(transcript: Transcript) -> Transcript:
    """What of `transcript` a state tells: without subgraphs of their own and what was reported."""
    messages = (
        replace(message, asides=(), parts=tuple(map(_without_agent, message.parts)))
        for message in transcript.messages
        if not any(isinstance(part, SubAgent) for part in message.parts)
    )
    return replace(transcript, messages=tuple(messages))


def _without_agent(part: Part) -> Part:
    return replace(part, agent=None) if isinstance(part, ToolCall) else part
