"""Reading server-sent events: the only module that reads a stream.

Framing is httpx-sse's: LF or CRLF, any cut between chunks, several ``data`` lines, comments.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from httpx_sse import EventSource

from chat_app.client.decoding import from_json
from chat_app.client.events import Event, decode
from chat_app.masking import without_known

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    import httpx
    from httpx_sse import ServerSentEvent

MEDIA_TYPE = "text/event-stream"
_CHUNK = '"type":"AIMessageChunk"'
"""In the data of an event that carries a token, as LangGraph's servers write it."""


async def read_events(
    response: httpx.Response, *, requested: Sequence[str] = ()
) -> AsyncGenerator[Event, None]:
    """Yield the typed events of a response until it closes. `requested`: see `decode`.

    Raises:
        httpx.TransportError: the stream broke off or timed out.
    """
    # The only encoding there is (WHATWG HTML, 9.2.5), whatever the head says; a mark is skipped.
    response.encoding = "utf-8-sig"
    async with aclosing(EventSource(response).aiter_sse()) as frames:
        async for frame in frames:
            # On a resumable stream httpx-sse turns each heartbeat comment into an empty message.
            if frame.data or frame.event != "message":
                yield decode(
                    frame.event,
                    _json(frame.data, is_token=_is_token(frame)),
                    id=frame.id or None,
                    requested=requested,
                    size=_bytes_of(frame.data),
                )


def _is_token(frame: ServerSentEvent) -> bool:
    return frame.event.startswith("messages") and _CHUNK in frame.data


def _bytes_of(data: str) -> int:
    return len(data) if data.isascii() else len(data.encode(errors="replace"))


def _json(data: str, *, is_token: bool) -> Any:
    if not data:
        return None
    if not is_token:  # no token holds a whole key, and the message with it comes again as a whole
        data = without_known(data)
    try:
        return from_json(data)
    except (ValueError, RecursionError):
        return data
