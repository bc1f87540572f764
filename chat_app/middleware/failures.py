"""The last line: what nothing else caught is logged here, and answered without a word of it.

The server would print the whole traceback, of which a visitor can have as many as wanted: a packet
of no known kind is enough.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from chat_app import text

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("chat_app.middleware")
_INTERNAL_ERROR = 1011
"""The code with which a websocket is closed."""


class Failures:
    """Ends a request or a socket whose handling failed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        sent: list[str] = []

        async def sending(message: Message) -> None:
            sent.append(message["type"])
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as failure:  # noqa: BLE001 - whatever it is
            _log.error("A request failed", exc_info=failure)
            await _end(scope, receive, send, sent)


async def _end(scope: Scope, receive: Receive, send: Send, sent: list[str]) -> None:
    try:
        if scope["type"] == "websocket":
            if "websocket.close" not in sent:
                await send({"type": "websocket.close", "code": _INTERNAL_ERROR, "reason": ""})
        elif "http.response.start" not in sent:
            await PlainTextResponse(text.APP_FAILED, 500)(scope, receive, send)
        else:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except Exception as gone:  # noqa: BLE001 - the other side has gone
        _log.debug("It was gone: %s", type(gone).__name__)
