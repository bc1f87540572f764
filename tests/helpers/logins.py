"""Cookies of people, as browsers send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from chat_app.auth.anonymous import Anonymous

if TYPE_CHECKING:
    from chat_app.auth.person import Login

_SCOPE = {"type": "http", "scheme": "http", "path": "/", "query_string": b""}


def cookie_of(login: Login, host: str = "chat.test") -> str:
    """The header ``Cookie`` of an anonymous person's browser, for the app at `host`."""
    response = Response()
    scope = {**_SCOPE, "headers": [(b"host", host.encode())], "server": None}
    Anonymous().remember(response, scope, login)
    return response.headers["set-cookie"].partition(";")[0]
