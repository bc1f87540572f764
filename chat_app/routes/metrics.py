"""``/metrics``: what is counted, for Prometheus. Who may read it is said by ``CHAT_METRICS``.

`local` is a program of this machine that asks the app itself. A proxy on the same machine asks for
others: it is known by the headers that it adds, and by the name of the host. So is a web page whose
name was made to resolve to this machine. From elsewhere the token in ``CHAT_METRICS_TOKEN`` opens
it, as Prometheus sends it with ``authorization: {credentials: ...}``.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from chat_app import text
from chat_app.config import settings
from chat_app.observability import metrics
from chat_app.origin import parse_authority
from chat_app.trusted_peers import parse_address

if TYPE_CHECKING:
    from starlette.requests import Request

METRICS = "/metrics"
_PASSED_ON = ("x-forwarded-", "x-real-ip", "x-envoy-", "forwarded", "via", "origin")
"""How headers begin that a proxy adds, or a web page."""
_NOT_KEPT = {"Cache-Control": "no-store"}


async def show(request: Request) -> Response:
    """The values of all processes of this port, to those who may read them."""
    if settings().metrics == "off":
        return PlainTextResponse(text.NOT_A_PAGE, 404, _NOT_KEPT)
    if not _may_read(request):
        return PlainTextResponse(text.METRICS_REFUSED, 403, _NOT_KEPT)
    accept = request.headers.get("accept", "")
    # With several processes it reads their files.
    rendered, media_type = await asyncio.to_thread(metrics.rendered, accept)
    return Response(rendered, headers={"Content-Type": media_type, **_NOT_KEPT})


def _may_read(request: Request) -> bool:
    token = settings().metrics_token.get_secret_value()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    is_known = hmac.compare_digest(given.strip().encode(), token.encode())
    if token and scheme.lower() == "bearer" and is_known:
        return True
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return False
    return settings().metrics == "everyone" or _is_local(request)


def _is_local(request: Request) -> bool:
    if any(name.startswith(_PASSED_ON) for name in request.headers):
        return False
    peer = parse_address(request.client.host) if request.client else None
    asked = parse_authority(request.headers.get("host", ""), "http")
    if peer is None or not peer.is_loopback or asked is None:
        return False
    named = parse_address(f"[{asked.host}]" if ":" in asked.host else asked.host)
    return named.is_loopback if named else asked.host == "localhost"
