"""What every request and socket passes before it reaches the app: pure ASGI, one concern a file.

`protected` is the only place that knows their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.draining import drain
from chat_app.middleware.authentication import with_logins
from chat_app.middleware.base_path import with_base_path
from chat_app.middleware.bodies import BodyLimits, limit_bodies
from chat_app.middleware.clients import Clients
from chat_app.middleware.content_policy import ContentPolicies
from chat_app.middleware.failures import Failures
from chat_app.middleware.new_pages import without_new_pages
from chat_app.middleware.origins import AllowedOrigins, check_origins
from chat_app.middleware.probes import with_probes
from chat_app.middleware.reflex_routes import without_unused_routes
from chat_app.middleware.security_headers import with_security_headers
from chat_app.middleware.shared_limits import shared_limits
from chat_app.middleware.sockets import SocketGate, SocketLimits, limit_sockets
from chat_app.trusted_peers import networks

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from starlette.types import ASGIApp

    from chat_app.config import Settings

__all__ = ["protected"]


def protected(  # noqa: PLR0913 - all but two by name
    app: ASGIApp,
    settings: Settings,
    *,
    uploads: Collection[str] = (),
    probes: ASGIApp | None = None,
    probe_paths: Collection[str] = (),
    page_port: int | None = None,
    build: Path | None = None,
    documents: Path | None = None,
) -> ASGIApp:
    """`app` behind all middleware, outermost first as listed.

    Args:
        app: the whole ASGI app, Reflex's own middleware included.
        settings: what is allowed.
        uploads: the paths that files are posted to; without one, no request has a large body.
        probes: answers `probe_paths`, for programs that ask without a login and by any name.
        probe_paths: whole paths.
        page_port: where a development server serves the page, if that is another port.
        build: the folder of the built page, if it is served from here.
        documents: the folder of its documents, if that is another one.
    """
    origins = AllowedOrigins.of(settings, page_port=page_port)
    clients = Clients(networks(settings.trusted_proxies))
    sockets = SocketGate(SocketLimits.of(settings.sockets_per_address), clients, shared_limits())
    bodies = BodyLimits(uploads, file=settings.file_mb * 1_000_000)
    policies = ContentPolicies.of(build, documents or build) if build else ContentPolicies()
    layers = [
        lambda inner: with_security_headers(inner, policies, origins),
        Failures,
        lambda inner: with_probes(inner, probes, probe_paths),
        lambda inner: check_origins(inner, origins),
        without_unused_routes,
        lambda inner: without_new_pages(inner, drain()),
        lambda inner: with_logins(inner, sockets.refuses),
        lambda inner: limit_sockets(inner, sockets),
        lambda inner: limit_bodies(inner, bodies, clients),
    ]
    for layer in reversed(layers):
        app = layer(app)
    return with_base_path(app, settings.base_path)
