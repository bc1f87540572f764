"""Reading server-sent events: the only module that reads a stream.

Framing is httpx-sse's: LF or CRLF, any cut between chunks, several ``data`` lines, comments.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from httpx_sse import EventSource

from chat_app.client.decoding import from_json
from chat_app.client.events import Event, decode

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    import httpx

MEDIA_TYPE = "text/event-stream"


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
                    frame.event, _json(frame.data), id=frame.id or None, requested=requested
                )


def _json(data: str) -> Any:
    if not data:
        return None
    try:
        return from_json(data)
    except (ValueError, RecursionError):
        return data
