"""The base path: taken off requests, and put before the places that redirects lead to.

A proxy may hand the whole path on, or take the base path off itself: a path that does not begin
with it is one of the app's own. So a probe of the process finds ``/ready`` at either place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOCATION = b"location"


def with_base_path(app: ASGIApp, base: str) -> ASGIApp:
    """`app`, served below the path `base`, such as ``/chat``; `app` itself where that is empty."""
    if not base:
        return app

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await app(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == base:
            await _to_root(scope, base)(scope, receive, send)
        else:
            await app(_without(scope, base), receive, _with_places(send, base))

    return served


def _to_root(scope: Scope, base: str) -> RedirectResponse:
    """The page is at the address with a slash, by which its own addresses begin."""
    query = scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{base}/{'?' if query else ''}{query}", 308)


def _without(scope: Scope, base: str) -> Scope:
    if not scope["path"].startswith(f"{base}/"):
        return scope
    raw = scope.get("raw_path")
    inner = {**scope, "path": scope["path"].removeprefix(base)}
    if raw is not None:
        inner["raw_path"] = raw.removeprefix(base.encode())
    return inner


def _with_places(send: Send, base: str) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            lines = [_place(line, base.encode()) for line in message.get("headers", ())]
            message = {**message, "headers": lines}
        await send(message)

    return sent


def _place(line: tuple[bytes, bytes], base: bytes) -> tuple[bytes, bytes]:
    name, value = line
    is_path = value.startswith(b"/") and not value.startswith(b"//")
    return (name, base + value) if name.lower() == _LOCATION and is_path else line
