"""A process that drains takes no new pages: see `chat_app.draining`.

A handshake is answered with 503, upon which a balancer asks another process, and a page tries again
in a moment. Requests are answered, and their connections closed after it, so that the next one is
made to a process that stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text
from chat_app.middleware.refusal import refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chat_app.draining import Drain

_CLOSE = (b"connection", b"close")


def without_new_pages(app: ASGIApp, drain: Drain) -> ASGIApp:
    """`app`, to which no socket is connected any more while it drains."""

    async def draining(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_and_close(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [line for line in message.get("headers", []) if line[0] != _CLOSE[0]]
                message = {**message, "headers": [*kept, _CLOSE]}
            await send(message)

        if not drain.is_draining or scope["type"] == "lifespan":
            await app(scope, receive, send)
        elif scope["type"] == "websocket":
            refused = refusal(503, text.REFUSED_DRAINING, {"Retry-After": "1"})
            await refused(scope, receive, send)
        else:
            await app(scope, receive, send_and_close)

    return draining
