"""Reading server-sent events: the only module that reads a stream."""

from __future__ import annotations

from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, cast

from chat_app.client.decoding import from_json
from chat_app.client.events import Event, decode
from chat_app.client.frames import Frames
from chat_app.masking import without_known

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    import httpx

    from chat_app.client.frames import Frame

MEDIA_TYPE = "text/event-stream"
_CHUNK = b'"type":"AIMessageChunk"'
"""In the data of an event that carries a token, as LangGraph's servers write it."""


async def read_events(
    response: httpx.Response, *, requested: Sequence[str] = ()
) -> AsyncGenerator[Event, None]:
    """Yield the typed events of a response until it closes. `requested`: see `decode`.

    Raises:
        httpx.TransportError: the stream broke off or timed out.
    """
    frames = Frames()
    async with aclosing(cast("AsyncGenerator[bytes]", response.aiter_bytes())) as pieces:
        async for piece in pieces:
            for frame in frames.feed(piece):
                yield _event(frame, requested)
        for frame in frames.close():
            yield _event(frame, requested)


def _event(frame: Frame, requested: Sequence[str]) -> Event:
    event, data, newest = frame
    return decode(
        event,
        _json(data, is_token=event.startswith("messages") and _CHUNK in data),
        id=newest or None,
        requested=requested,
        size=len(data),
    )


def _json(data: bytes, *, is_token: bool) -> Any:
    if not data:
        return None
    if is_token:  # no token holds a whole key, and the message with it comes again as a whole
        with suppress(ValueError, RecursionError):
            return from_json(data)
    text = data.decode(errors="replace")
    text = text if is_token else without_known(text)
    try:
        return from_json(text)
    except (ValueError, RecursionError):
        return text
