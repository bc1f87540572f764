"""What every request and socket passes before it reaches the app: pure ASGI, one concern a file.

`protected` is the only place that knows their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.middleware.authentication import with_logins
from chat_app.middleware.origins import AllowedOrigins, check_origins

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from chat_app.config import Settings

__all__ = ["protected"]


def protected(app: ASGIApp, settings: Settings, *, page_port: int | None = None) -> ASGIApp:
    """`app` behind all middleware, outermost first as listed.

    Args:
        app: the whole ASGI app, Reflex's own middleware included.
        settings: what is allowed.
        page_port: where a development server serves the page, if that is another port.
    """
    origins = AllowedOrigins.of(settings, page_port=page_port)
    layers = [
        lambda inner: check_origins(inner, origins),
        with_logins,
    ]
    for layer in reversed(layers):
        app = layer(app)
    return app
