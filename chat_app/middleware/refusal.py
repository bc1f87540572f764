"""How middleware refuses: a short plain page, or a handshake that fails with the same status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.observability import metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

_AS_RESPONSE = "websocket.http.response"
"""The extension of ASGI by which a handshake is answered with a page."""


def refusal(status: int, sentence: str, headers: Mapping[str, str] | None = None) -> ASGIApp:
    """An app that answers with a status and a sentence.

    A body that is still on its way is not read. The connection stays open: to close it while the
    client sends would lose the answer as well.
    """

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        metrics.REFUSALS.labels(str(status)).inc()
        is_socket = scope["type"] == "websocket"
        if is_socket and (await receive())["type"] != "websocket.connect":
            return
        if is_socket and _AS_RESPONSE not in (scope.get("extensions") or {}):
            await send({"type": "websocket.close", "code": 1008})
            return
        kind = _AS_RESPONSE if is_socket else "http.response"
        body = b"" if scope.get("method") == "HEAD" else f"{sentence}\n".encode()
        given = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **(headers or {}),
        }
        lines = [(name.lower().encode(), value.encode()) for name, value in given.items()]
        await send({"type": f"{kind}.start", "status": status, "headers": lines})
        await send({"type": f"{kind}.body", "body": body})

    return refuse
