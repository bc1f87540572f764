"""Plain HTTP beside the page: uploads of attachments, downloads of media in messages.

`with_routes` is an `api_transformer` of Reflex's app: it answers the paths below by itself and
leaves every other request, the page and its socket among them, to Reflex.

======== ======================= ===============================
method   path                    see
======== ======================= ===============================
POST     ``/_attachments``       `chat_app.routes.uploads`
GET      ``/_media/{sealed}``    `chat_app.routes.media`
======== ======================= ===============================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route, Router

from chat_app.routes.media import media
from chat_app.routes.uploads import PATH, upload
from chat_app.state.addresses import PREFIX

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_router = Router(
    [
        Route(PATH, upload, methods=["POST"]),
        Route(f"{PREFIX}{{sealed}}", media, methods=["GET"]),
    ]
)


def with_routes(app: ASGIApp) -> ASGIApp:
    """`app`, with these routes before its own."""

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        is_ours = scope["type"] == "http" and scope["path"].startswith((PATH, PREFIX))
        await (_router if is_ours else app)(scope, receive, send)

    return either
