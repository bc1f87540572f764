"""Paths for programs that watch the app, which ask without a login and by any name of the host."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Receive, Scope, Send


def with_probes(app: ASGIApp, probes: ASGIApp | None, paths: Collection[str]) -> ASGIApp:
    """`app`, with `paths` answered by `probes`, if there are any."""
    if probes is None:
        return app

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        is_probe = scope["type"] == "http" and scope["path"] in paths
        await (probes if is_probe else app)(scope, receive, send)

    return either
