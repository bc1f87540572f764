"""Finding a message in the open thread, also one that stands before the rows of the page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import reflex as rx

from chat_app.runs.search.folding import clean, fold
from chat_app.runs.search.query import terms_of
from chat_app.runs.search.texts import texts_of
from chat_app.state.transcript import canvas_of

if TYPE_CHECKING:
    from chat_app.transcript.message import Message

_ID = 200
"""Characters of an id that the page gets back."""


class FindState(rx.State):
    """Where the message is that the page has asked for."""

    place: rx.Field[int] = rx.field(-1)
    """Which message of the thread it is; -1 for none. The keys of its rows begin with this."""
    request: rx.Field[str] = rx.field("")
    """The request that this answers."""

    @rx.event
    async def find(self, message_id: str, query: str, request: str):
        """Let a message be on the page: by its id, or else the last with what was searched."""
        if not all(isinstance(each, str) for each in (message_id, query, request)):
            return
        canvas = await canvas_of(self)
        place = _place(canvas.painter.transcript.messages, message_id, query)
        while 0 <= place < canvas.painter.first:
            before = canvas.painter.first
            rows = await asyncio.to_thread(canvas.painter.earlier)
            await canvas.put(self, canvas.levels.put_before(rows))
            if canvas.painter.first == before:
                break
        self.place, self.request = place, request[:_ID]


def _place(messages: tuple[Message, ...], message_id: str, query: str) -> int:
    found = (at for at, message in enumerate(messages) if message.id == message_id)
    if (place := next(found, -1)) >= 0:
        return place
    terms, places = terms_of(query), {message.id: at for at, message in enumerate(messages)}
    for said in reversed(list(texts_of(messages))):
        folded = fold(clean(said.text))
        if terms.matches(folded) or terms.matches(folded, within_words=True):
            return places[said.id]
    return -1
