"""Plain HTTP beside the page: uploads of attachments, downloads of media in messages.

`with_routes` is an `api_transformer` of Reflex's app: it answers the paths below by itself and
leaves every other request, the page and its socket among them, to Reflex. The paths for programs
that watch the app are in `chat_app.routes.health`.

======== ======================= ===============================
method   path                    see
======== ======================= ===============================
POST     ``/_attachments``       `chat_app.routes.uploads`
GET      ``/_media/{sealed}``    `chat_app.routes.media`
POST     ``/_import``            `chat_app.routes.imports`
GET      ``/export/{thread}``    `chat_app.routes.export`
GET      ``/_inspect/{sealed}``  `chat_app.routes.inspect`
GET      ``/s/{link}``           `chat_app.routes.shared`
any      ``/sign-in``, ...       `chat_app.routes.sign_in` and `chat_app.routes.oidc`
======== ======================= ===============================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route, Router

from chat_app.auth import share_links
from chat_app.auth.identify import authenticator
from chat_app.routes import export, imports, oidc
from chat_app.routes.inspect.table import INSPECT
from chat_app.routes.media import media
from chat_app.routes.shared import PATH as SHARED
from chat_app.routes.shared import shared
from chat_app.routes.sign_in import (
    SIGN_IN,
    SIGN_OUT,
    STYLE,
    post_sign_in,
    serve_style,
    show_sign_in,
    sign_out,
)
from chat_app.routes.uploads import PATH, upload
from chat_app.state.addresses import PREFIX
from chat_app.state.inspector import addresses

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

ROUTES = [
    Route(PATH, upload, methods=["POST"]),
    Route(f"{PREFIX}{{sealed}}", media, methods=["GET"]),
    Route(imports.PATH, imports.take, methods=["POST"]),
    Route(f"{export.PREFIX}{{name}}", export.download, methods=["GET"]),
    *INSPECT,
    Route(SHARED, shared, methods=["GET"]),
    Route(SIGN_IN, show_sign_in, methods=["GET"]),
    Route(SIGN_IN, post_sign_in, methods=["POST"]),
    Route(STYLE, serve_style, methods=["GET"]),
    Route(SIGN_OUT, sign_out, methods=["POST"]),
    Route(oidc.START, oidc.start, methods=["GET"]),
    Route(oidc.CALLBACK, oidc.callback, methods=["GET"]),
    Route(oidc.LOGOUT, oidc.back_channel_logout, methods=["POST"]),
]
_BEGINNINGS = (
    PATH,
    PREFIX,
    export.PREFIX,
    imports.PATH,
    addresses.PREFIX,
    share_links.PREFIX,
)
# A redirect to the address with or without a slash would be to what a proxy calls this process.
_router = Router(ROUTES, redirect_slashes=False)


def with_routes(app: ASGIApp) -> ASGIApp:
    """`app`, with these routes before its own."""

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] == "http" and (
            scope["path"].startswith(_BEGINNINGS) or _is_sign_in(scope["path"])
        )
        await (_router if is_ours else app)(scope, receive, send)

    return either


def _is_sign_in(path: str) -> bool:
    if path in {SIGN_OUT, STYLE}:
        return authenticator().can_sign_out
    is_sign_in = path == SIGN_IN or path.startswith(f"{SIGN_IN}/")
    return is_sign_in and bool(authenticator().sign_in_path)
