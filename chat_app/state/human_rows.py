"""The rows of what a person sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.state.media_row import item
from chat_app.state.output_rows import given_values
from chat_app.state.rows import HumanRow, InputValue, MediaRow
from chat_app.transcript.message import Given, Media, Text
from chat_app.transcript.uuid7_time import written_at

if TYPE_CHECKING:
    from chat_app.state.addresses import MediaRef
    from chat_app.transcript.message import Message


def human_rows(
    key: str, message: Message, place: MediaRef, viewer: str
) -> list[HumanRow | MediaRow]:
    """The words of a person, which are no Markdown, below what they attached.

    `place` is the address of the message, `viewer` for whom its media are.
    """
    texts = [part.text for part in message.parts if isinstance(part, Text)]
    inputs: list[InputValue] = []
    for part in message.parts:
        if isinstance(part, Given) and part is message.parts[0]:
            said, named = given_values(part)
            texts += [said] if said else []
            inputs += named
    words, at = "\n\n".join(texts), written_at(message.id)
    media = [
        item(part, place._replace(number=number), viewer)
        for number, part in enumerate(message.parts)
        if isinstance(part, Media)
    ]
    first = message.parts[0] if message.parts else None
    if not words and not isinstance(first, Given):
        return [MediaRow(f"{key}.media", media, sent=True, id=message.id, at=at)] if media else []
    has_form = any(isinstance(part, Given) for part in message.parts)
    said_row = HumanRow(key, words, at, inputs, message.id, has_form)
    return [MediaRow(f"{key}.media", media, sent=True), said_row] if media else [said_row]
