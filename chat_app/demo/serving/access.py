"""Who may ask the demo's server: named in ``langgraph.json``, loaded by the server itself.

A port of the loopback interface can be reached by every web page that a browser shows. What comes
without the secret is refused: on LangGraph's own routes by `auth`, and before that on all of them,
documents, metrics and preflights of CORS included, by `app`. See `secret` for the rule.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from langgraph_sdk import Auth
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket

from chat_app.demo.serving.secret import VARIABLE, refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_IN_PROCESS = "/noauth"
"""The root path of requests that the server makes to itself; no request from outside has one."""

# Not left in the environment, which the tools of the agent and their own processes can read.
_secret = os.environ.pop(VARIABLE, "")


class _OnlyAllowed:
    """Refuses, with 401, before anything else of the server sees a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or _is_in_process(scope):
            await self._app(scope, receive, send)
            return
        if not (why := refusal(Headers(scope=scope), secret=_secret)):
            await self._app(scope, receive, send)
            return
        answer = JSONResponse({"detail": why}, 401)
        if scope["type"] == "websocket":
            await WebSocket(scope, receive, send).send_denial_response(answer)
        else:
            await answer(scope, receive, send)


def _is_in_process(scope: Scope) -> bool:
    root = scope.get("root_path", "")
    return root == _IN_PROCESS or root.startswith(f"{_IN_PROCESS}/")


auth = Auth()


@auth.authenticate
async def authenticate(headers: dict[bytes, bytes]) -> str:
    """Name the one who asks; LangGraph calls it for the routes of assistants, threads and runs."""
    read = Headers(raw=list(headers.items()))
    if why := refusal(read, secret=_secret):
        raise Auth.exceptions.HTTPException(401, why)
    return "chat_app"


app = Starlette(middleware=[Middleware(_OnlyAllowed)])
