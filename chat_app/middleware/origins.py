"""Only pages that this app served may use it: `Host` and `Origin` on every request and handshake.

Three checks, in this order:

1. **Host.** The app answers under names that no other party can make a browser resolve to it: those
   of this machine, and those in ``CHAT_ORIGINS``. A name of an attacker that resolves to this
   machine (DNS rebinding) is none of them.
2. **Origin.** A browser sends it with every handshake of a websocket and every request that could
   change something. It has to be the origin under which the app is served. A program that is no
   browser sends none, and is no page that could be tricked.
3. **Sec-Fetch-Site.** What another page embeds or fetches without an origin is refused; following
   a link from there is not.

The scheme and the host are those of ``X-Forwarded-Proto`` and ``X-Forwarded-Host`` where the peer
is one of ``CHAT_TRUSTED_PROXIES``, else those of the request. No response allows another origin
anything: headers of CORS that are added further inside are removed.

One exception is the code of the page, which is public: the sandboxed frame for diagrams has an
opaque origin (``null``) and loads modules from here.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.middleware.refusal import refusal
from chat_app.origin import SERVED_ORIGIN, Origin, parse_authority, parse_origin
from chat_app.trusted_peers import networks, peer_is_trusted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Network, IPv6Network

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from chat_app.config import Settings

_log = logging.getLogger(__name__)

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_EVERY_ADDRESS = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not listened on
_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
_CORS = b"access-control-"
_CODE = "/assets/"
_OPAQUE = "null"
_FOR_SANDBOX = (b"access-control-allow-origin", _OPAQUE.encode()), (b"vary", b"origin")


class Problem(Enum):
    """Why a request is refused."""

    UNCLEAR = 400, text.REFUSED_HEADERS
    HOST = 403, text.REFUSED_HOST
    ORIGIN = 403, text.REFUSED_ORIGIN
    SITE = 403, text.REFUSED_SITE


@dataclass(frozen=True)
class AllowedOrigins:
    """Where the app may be served, and whose word is taken for where it is."""

    named: frozenset[Origin] = frozenset()
    hosts: frozenset[str] = frozenset(_LOOPBACK)
    trusted: tuple[IPv4Network | IPv6Network, ...] = ()
    page_port: int | None = None
    """The port of a development server whose page uses this app on another port."""

    @classmethod
    def of(cls, settings: Settings, *, page_port: int | None = None) -> AllowedOrigins:
        """What the settings allow."""
        listens = parse_authority(
            f"[{settings.host}]" if ":" in settings.host else settings.host, "http"
        )
        own = {listens.host} - _EVERY_ADDRESS if listens else set()
        named = (parse_origin(origin) for origin in settings.origins)
        return cls(
            frozenset(origin for origin in named if origin),
            frozenset(_LOOPBACK | own),
            networks(settings.trusted_proxies),
            page_port,
        )

    def served(self, scope: Scope) -> Origin | Problem:
        """The origin under which this request finds the app."""
        scheme, hosts = _SCHEMES[scope["scheme"]], _values(scope, b"host")
        if len(hosts) != 1:
            return Problem.UNCLEAR
        if peer_is_trusted(scope, self.trusted):
            said = _last(_values(scope, b"x-forwarded-proto")) or scheme
            if said.lower() not in _SCHEMES:
                return Problem.UNCLEAR
            scheme = _SCHEMES[said.lower()]
            hosts = [_last(_values(scope, b"x-forwarded-host")) or hosts[0]]
        found = parse_authority(hosts[0], scheme)
        if found is None:
            return Problem.HOST
        return self._allowed(found, hosts[0]) or Problem.HOST

    def _allowed(self, found: Origin, host: str) -> Origin | None:
        if found in self.named:
            return found
        # The scheme of a request that came through an unnamed proxy is not the browser's. The
        # settings say which one is meant: only the origin in them will do.
        for origin in self.named:
            if parse_authority(host, origin.scheme) == origin:
                return origin
        is_local = found.host in self.hosts or found.host.endswith(".localhost")
        return found if is_local else None

    def check(self, scope: Scope) -> Origin | Problem:
        """The origin under which the app is served, or why the request is refused."""
        served = self.served(scope)
        if isinstance(served, Problem):
            return served
        origins = _values(scope, b"origin")
        if len(origins) > 1:
            return Problem.UNCLEAR
        if _is_code_for_sandbox(scope):
            return served
        page = parse_origin(origins[0]) if origins else None
        if origins and page not in self._pages(served):
            return Problem.ORIGIN
        is_from_elsewhere = any(
            site.lower() not in {"same-origin", "none"}
            for site in _values(scope, b"sec-fetch-site")
        )
        is_development = page is not None and page != served
        if is_from_elsewhere and not (is_development or _is_navigation(scope)):
            return Problem.SITE
        return served

    def _pages(self, served: Origin) -> set[Origin]:
        """The origins of pages that may use an app which is served at `served`."""
        return {served, served._replace(port=self.page_port or served.port)}


def check_origins(app: ASGIApp, allowed: AllowedOrigins) -> ASGIApp:
    """`app`, for its own pages and for programs that are no browsers."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await app(scope, receive, send)
            return
        found = allowed.check(scope)
        if isinstance(found, Problem):
            _log.info("Refused a %s: %s", scope["type"], found.name)
            await refusal(*found.value)(scope, receive, send)
            return
        allowed_lines = _FOR_SANDBOX if _is_code_for_sandbox(scope) else ()
        await app({**scope, SERVED_ORIGIN: found}, receive, _with_cors(send, allowed_lines))

    return checked


def _with_cors(send: Send, lines: Iterable[tuple[bytes, bytes]]) -> Send:
    """`send`, with these headers of CORS and no others."""

    async def sent(message: Message) -> None:
        if "headers" in message:
            kept = [line for line in message["headers"] if not line[0].lower().startswith(_CORS)]
            message = {**message, "headers": [*kept, *lines]}
        await send(message)

    return sent


def _is_code_for_sandbox(scope: Scope) -> bool:
    """Whether a document with an opaque origin reads a built file, which is the same for all."""
    return (
        scope.get("method") in {"GET", "HEAD"}
        and scope["path"].startswith(_CODE)
        and _values(scope, b"origin") == [_OPAQUE]
        and _values(scope, b"sec-fetch-mode") in ([], ["cors"])
    )


def _is_navigation(scope: Scope) -> bool:
    """Whether a person follows a link from another site, which shows the page and sends nothing."""
    return (
        scope.get("method") in {"GET", "HEAD"}
        and _values(scope, b"sec-fetch-mode") == ["navigate"]
        and _values(scope, b"sec-fetch-dest") == ["document"]
    )


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for header, value in scope["headers"] if header == name]


def _last(values: list[str]) -> str:
    """The last entry of headers that may be lists: what the nearest proxy wrote."""
    return ",".join(values).rpartition(",")[2].strip()
