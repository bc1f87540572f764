"""Each request and socket has a login, or gets none of the app.

The login is in ``scope["state"]["login"]`` (see `login_of`). A page that is opened without one gets
a new login, or is sent to the sign-in page, by the mode; everything else gets 401.
"""

from __future__ import annotations

import hmac
import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from chat_app.auth.identify import authenticator
from chat_app.auth.next_path import local_path
from chat_app.auth.secret import signing_secret
from chat_app.auth.share_links import PREFIX as SHARED
from chat_app.base_path import address
from chat_app.config import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chat_app.auth.identify import Authenticator
    from chat_app.auth.person import Login

WHO_AM_I = "/_login"
"""Asked by a page whose socket is refused: whether its login is at an end."""
_LOGIN_SCRIPT = "/_login.js"
"""The same for a page that opens, before its other scripts run."""
_OWNER = Path(__file__).with_name("owner.js").read_text(encoding="utf-8")
_QUESTIONS = frozenset({WHO_AM_I, _LOGIN_SCRIPT})
_SIGN_OUT = "/sign-out"
_OPEN = frozenset({"/ping", "/_health"})
_PUBLIC = "/assets/"
_KEY = "login"


_PRIVATE = ("/_", "/export/")
"""How the paths of files begin that are no part of the page, but somebody's."""


def login_of(scope: Scope) -> Login | None:
    """The login of a request or a socket that came through `with_logins`."""
    return scope.get("state", {}).get(_KEY)


def still_login_of(scope: Scope) -> Login | None:
    """The same, where it has not ended since the request came: for a route that has waited."""
    login = login_of(scope)
    return login if login and authenticator().is_valid(login.id) else None


def with_logins(app: ASGIApp, refuses: Callable[[Scope], bool] = lambda _: False) -> ASGIApp:
    """`app`, behind the check of who it is.

    Args:
        app: gets the requests and sockets that have a login, and what is public.
        refuses: whether a socket of a client would be refused now. A browser does not tell its page
            why a handshake has failed, so the page asks.
    """

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or _is_public(scope):
            await app(scope, receive, send)
            return
        mode = authenticator()
        login = await mode.login_of(scope)
        if login and _is_use(scope):
            mode.note_use(login)
        if scope["type"] == "http" and (_is_page(scope) or scope["path"] == WHO_AM_I):
            await _page(app, mode, login, refuses)(scope, receive, send)
        elif login is None:
            await _refuse(scope, receive, send)
        else:
            await app(_with(scope, login), receive, send)

    return checked


def _is_public(scope: Scope) -> bool:
    """Whether a path is public: scripts, styles and pictures of the page, and shared chats."""
    path = scope["path"]
    if scope["type"] != "http":
        return False
    is_file = "." in path.rpartition("/")[2] and not path.startswith(_PRIVATE)
    return is_file or path in _OPEN or path.startswith((_PUBLIC, SHARED)) or _is_sign_in(path)


def _is_sign_in(path: str) -> bool:
    sign_in = authenticator().sign_in_path
    return bool(sign_in) and (path in {sign_in, _SIGN_OUT} or path.startswith(f"{sign_in}/"))


def _is_page(scope: Scope) -> bool:
    is_read = scope["method"] in {"GET", "HEAD"}
    return is_read and (scope["path"] in _QUESTIONS or not scope["path"].startswith(_PRIVATE))


def _page(
    app: ASGIApp, mode: Authenticator, known: Login | None, refuses: Callable[[Scope], bool]
) -> ASGIApp:
    """A page, which names the browser's login; the first one makes it."""

    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        login = known or mode.made()
        if login is None:
            refused = _sign_in(scope, mode) if mode.sign_in_path else _refuse
            await refused(scope, receive, send)
            return
        cookie = Response()
        mode.remember(cookie, scope, login)
        cookies = [pair for pair in cookie.raw_headers if pair[0] == b"set-cookie"]

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                private = [*cookies, (b"cache-control", _kept(login)), (b"vary", b"cookie")]
                kept = [one for one in message["headers"] if one[0].lower() != b"cache-control"]
                message = {**message, "headers": [*kept, *private]}
            await send(message)

        inner = _with(scope, login)
        is_asked = scope["path"] in _QUESTIONS
        answer: ASGIApp = _answer(inner, login, refused=refuses(inner)) if is_asked else app
        await answer(inner, receive, with_cookie)

    return page


def _answer(scope: Scope, login: Login, *, refused: bool) -> Response:
    """Who is at the page, with a key to compare; how often it tells that the person is active.

    `crowded`: whether there are too many sockets for one more.
    """
    every = min(60, settings().idle_minutes * 60 / 4) if _is_named(login) else 0
    says = {
        "person": page_key(login),
        "name": login.person.name,
        "admin": login.person.is_admin,
        "signOut": authenticator().can_sign_out,
        "everywhere": authenticator().signs_out_everywhere,
        "active": round(every * 1000),
        "crowded": refused,
    }
    return _told(scope, says)


def _told(scope: Scope, says: Mapping[str, object]) -> Response:
    if scope["path"] == WHO_AM_I:
        return JSONResponse(says)
    script = f"window.chatLogin = {json.dumps(says)};\n{_OWNER}"
    return Response(script, media_type="text/javascript")


def _is_named(login: Login) -> bool:
    return ":" in login.person.id


def page_key(login: Login) -> str:
    """What the page may know a person by: empty for an anonymous one, who is the browser itself."""
    if not _is_named(login):
        return ""
    says = f"page\n{login.person.id}".encode()
    return hmac.digest(signing_secret(), says, sha256).hex()[:20]


def _kept(login: Login) -> bytes:
    """How the browser may keep a page: of a person who can sign out, not even to go back to."""
    return b"no-store" if _is_named(login) else b"no-cache, private"


def _is_use(scope: Scope) -> bool:
    """Whether a person does something, and not the page by itself."""
    if scope["type"] != "http":
        return False
    is_told = scope["path"] == WHO_AM_I and scope["method"] == "POST"
    is_opened = _is_page(scope) and scope["path"] not in _QUESTIONS
    return is_told or is_opened or scope["method"] in {"PUT", "POST"}


def _sign_in(scope: Scope, mode: Authenticator) -> Response:
    reason = mode.why_not(scope)
    query = {"reason": reason} if reason else {}
    if scope["path"] in _QUESTIONS:
        answer = _told(scope, {"sign_in": address(_place(mode, query))})
        answer.headers["Cache-Control"] = "no-store"
        return answer
    place = scope["path"] + (
        f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
    )
    if local_path(place) != "/":
        query["next"] = place
    return RedirectResponse(_place(mode, query), 303, {"Cache-Control": "no-store"})


def _place(mode: Authenticator, query: dict[str, str]) -> str:
    return mode.sign_in_path + (f"?{urlencode(query)}" if query else "")


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await PlainTextResponse(authenticator().refused, 401)(scope, receive, send)
        return
    await receive()  # the handshake
    await send({"type": "websocket.close", "code": 1008})


def _with(scope: Scope, login: Login) -> Scope:
    return {**scope, "state": {**scope.get("state", {}), _KEY: login}}
