"""Where in the chat the messages and the calls of tools stand that the inspector shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from chat_app.state.inspector.panel import may_inspect
from chat_app.state.transcript import canvas_of
from chat_app.transcript.message import ToolCall

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chat_app.transcript.message import Message

MOST = 2_000
"""Ids that are looked for at once: the newest of those that were given."""


class PlacesState(rx.State):
    """The places of what the inspector has asked for last."""

    places: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    """How the keys of its rows begin, by the id of a message or of a call; without what the chat
    does not show."""

    @rx.event
    async def find(self, ids: list[str]):
        """Look for messages and calls in the open thread."""
        if not may_inspect(self) or not isinstance(ids, list):
            return
        wanted = {one for one in ids[-MOST:] if isinstance(one, str)}
        messages = (await canvas_of(self)).painter.transcript.messages
        found = {name: place for name, place in places_in(messages) if name in wanted}
        if found != self.places:
            self.places = found


def places_in(messages: Sequence[Message]) -> Iterator[tuple[str, str]]:
    """The id of each message and each call of a tool, and how the keys of its rows begin."""
    for at, message in enumerate(messages):
        yield message.id, str(at)
        for number, part in enumerate(message.parts):
            if isinstance(part, ToolCall):
                yield part.id, f"{at}.{number}"
