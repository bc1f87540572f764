"""Each request and socket has a login, or gets none of the app.

The login is in ``scope["state"]["login"]`` (see `login_of`). A page that is opened without one gets
a new login, or is sent to the sign-in page, by the mode; everything else gets 401.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from chat_app import text
from chat_app.auth.identify import authenticator

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chat_app.auth.identify import Authenticator
    from chat_app.auth.person import Login

WHO_AM_I = "/_login"
"""Asked by a page whose socket is refused: whether its login is at an end."""
_OPEN = frozenset({"/ping", "/_health"})
_PUBLIC = "/assets/"
_KEY = "login"


def login_of(scope: Scope) -> Login | None:
    """The login of a request or a socket that came through `with_logins`."""
    return scope.get("state", {}).get(_KEY)


def with_logins(app: ASGIApp) -> ASGIApp:
    """`app`, behind the check of who it is."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or _is_public(scope):
            await app(scope, receive, send)
            return
        mode = authenticator()
        login = await mode.login_of(scope)
        if scope["type"] == "http" and _is_page(scope):
            await _page(app, mode, login)(scope, receive, send)
        elif login is None:
            await _refuse(scope, receive, send)
        else:
            await app(_with(scope, login), receive, send)

    return checked


def _is_public(scope: Scope) -> bool:
    """Whether a path holds nothing of anybody's: scripts, styles and pictures of the page."""
    path = scope["path"]
    if scope["type"] != "http":
        return False
    is_file = "." in path.rpartition("/")[2] and not path.startswith("/_")
    public = (_PUBLIC, authenticator().sign_in_path or _PUBLIC)
    return is_file or path in _OPEN or path.startswith(public)


def _is_page(scope: Scope) -> bool:
    is_read = scope["method"] in {"GET", "HEAD"}
    return is_read and (scope["path"] == WHO_AM_I or not scope["path"].startswith("/_"))


def _page(app: ASGIApp, mode: Authenticator, known: Login | None) -> ASGIApp:
    """A page, which names the browser's login; the first one makes it."""

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        login = known or mode.made()
        if login is None:
            await _sign_in(scope, mode)(scope, receive, send)
            return
        cookie = Response()
        mode.remember(cookie, scope, login)
        cookies = [pair for pair in cookie.raw_headers if pair[0] == b"set-cookie"]

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                private = [*cookies, (b"cache-control", b"no-cache, private"), (b"vary", b"cookie")]
                kept = [one for one in message["headers"] if one[0].lower() != b"cache-control"]
                message = {**message, "headers": [*kept, *private]}
            await send(message)

        answer: ASGIApp = JSONResponse({}) if scope["path"] == WHO_AM_I else app
        await answer(_with(scope, login), receive, with_cookie)

    return page


def _sign_in(scope: Scope, mode: Authenticator) -> Response:
    if scope["path"] == WHO_AM_I:
        return JSONResponse({"sign_in": mode.sign_in_path}, 401)
    place = scope["path"] + (f"?{scope['query_string'].decode()}" if scope["query_string"] else "")
    return RedirectResponse(f"{mode.sign_in_path}?next={quote(place, safe='')}", 303)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await PlainTextResponse(text.SIGNED_OUT, 401)(scope, receive, send)
        return
    await receive()  # the handshake
    await send({"type": "websocket.close", "code": 1008})


def _with(scope: Scope, login: Login) -> Scope:
    return {**scope, "state": {**scope.get("state", {}), _KEY: login}}
