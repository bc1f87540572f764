"""The last line: what nothing else caught is logged here, and answered without a word of it.

The server would print the whole traceback, of which a visitor can have as many as wanted: a packet
of no known kind is enough.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse

from chat_app import text
from chat_app.observability import metrics
from chat_app.shared_store.redis import SharedStoreDownError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("chat_app.middleware")
_OF_FILES = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOENT,
    errno.EEXIST,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EIO,
}
"""Why the data folder cannot be used."""
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
        kept: list[Message] = []
        """The answer of a library, which may be one to a failure that is yet to be raised."""

        async def sending(message: Message) -> None:
            if kept or message.get("status") == HTTPStatus.INTERNAL_SERVER_ERROR:
                kept.append(message)
                return
            sent.append(message["type"])
            await send(message)

        try:
            await self._app(scope, receive, sending)
            for message in kept:
                await send(message)
        except SharedStoreDownError:  # which is told of in the log already
            again = {"Cache-Control": "no-store", "Retry-After": "2"}
            answer = PlainTextResponse(text.STORE_DOWN, 503, again)
            await _end(scope, receive, send, sent, answer)
        except Exception as failure:  # noqa: BLE001 - whatever it is
            metrics.failed("request")
            _log.error("A request failed", exc_info=failure)
            answer = PlainTextResponse(text.APP_FAILED, 500)
            if isinstance(failure, sqlite3.Error) or getattr(failure, "errno", 0) in _OF_FILES:
                answer = PlainTextResponse(text.DATA_FAILED, 503, {"Cache-Control": "no-store"})
            await _end(scope, receive, send, sent, answer)


async def _end(
    scope: Scope, receive: Receive, send: Send, sent: list[str], answer: ASGIApp
) -> None:
    try:
        if scope["type"] == "websocket":
            if "websocket.close" not in sent:
                await send({"type": "websocket.close", "code": _INTERNAL_ERROR, "reason": ""})
        elif "http.response.start" not in sent:
            await answer(scope, receive, send)
        else:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
    except Exception as gone:  # noqa: BLE001 - the other side has gone
        _log.debug("It was gone: %s", type(gone).__name__)
