"""Headers on every response, errors and handshakes included, that tell browsers to be strict.

A response that brings one of them keeps its own: media have a policy that is stricter still.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from chat_app.middleware.content_policy import NOTHING
from chat_app.origin import Origin

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chat_app.middleware.content_policy import ContentPolicies
    from chat_app.middleware.origins import AllowedOrigins

_UNUSED = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
"""Features that neither the page nor a frame in it uses."""
_ON_ALL = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in _UNUSED),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Else browsers look up the hosts of links that a model wrote, before the person follows one.
    "x-dns-prefetch-control": "off",
}
_YEAR = 365 * 24 * 3600
_STARTS = {"http.response.start", "websocket.accept", "websocket.http.response.start"}
_POLICY = "content-security-policy"


def with_security_headers(
    app: ASGIApp, policies: ContentPolicies, origins: AllowedOrigins
) -> ASGIApp:
    """`app`, whose responses all have these headers."""

    async def secured(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await app(scope, receive, send)
            return
        served = origins.served(scope)
        origin = served if isinstance(served, Origin) else None

        async def sent(message: Message) -> None:
            if message["type"] in _STARTS:
                message = {**message, "headers": _completed(message, scope, origin, policies)}
            await send(message)

        await app(scope, receive, sent)

    return secured


def _completed(
    message: Message, scope: Scope, origin: Origin | None, policies: ContentPolicies
) -> list[tuple[bytes, bytes]]:
    """The headers of a response, and those of ours that it does not bring itself."""
    lines: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
    given = {name.lower().decode("latin-1"): value for name, value in lines}
    is_document = _is_document(message, given.get("content-type", b""), scope["path"])
    policy = policies.of_document(scope["path"], origin) if is_document else NOTHING
    ours = {**_ON_ALL, _POLICY: policy}
    if origin and origin.scheme == "https":
        ours["strict-transport-security"] = f"max-age={_YEAR}"
    missing = {name: value for name, value in ours.items() if name not in given}
    return [*lines, *((name.encode(), value.encode()) for name, value in missing.items())]


def _is_document(message: Message, content_type: bytes, path: str) -> bool:
    """Whether a browser shows a response as a page. Of one that it has already, no type comes."""
    if message.get("status") == HTTPStatus.NOT_MODIFIED:
        return PurePosixPath(path).suffix in {"", ".html"}
    return content_type.lower().startswith(b"text/html")
