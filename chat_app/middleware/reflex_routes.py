"""Reflex's routes: those that the app does not use are not there.

Of Reflex's own paths the app uses the websocket at ``/_event`` and ``/ping``. Engine.IO's other
transport, polling by requests, would go around every limit on sockets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text
from chat_app.middleware.refusal import refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_SOCKET = ("/_event", "/_event/")
_UNUSED = ("/_event", "/_upload", "/_health", "/_all_routes", "/auth-codespace")


def without_unused_routes(app: ASGIApp) -> ASGIApp:
    """`app`, with none of Reflex's routes but those in use."""

    async def reduced(scope: Scope, receive: Receive, send: Send) -> None:
        if _is_unused(scope):
            await refusal(404, text.NOT_A_PAGE)(scope, receive, send)
        else:
            await app(scope, receive, send)

    return reduced


def _is_unused(scope: Scope) -> bool:
    if scope["type"] == "websocket":
        return scope["path"] not in _SOCKET
    if scope["type"] != "http":
        return False
    return any(scope["path"] == path or scope["path"].startswith(f"{path}/") for path in _UNUSED)
