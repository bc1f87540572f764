"""The client: one server, its resources, one pool of connections."""

from __future__ import annotations

from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Self, cast
from urllib.parse import unquote

import httpx

from chat_app.client.assistants import Assistants
from chat_app.client.crons import Crons
from chat_app.client.errors import LangGraphError, NotLangGraphError
from chat_app.client.http import Http, sendable
from chat_app.client.modes import Modes
from chat_app.client.retry import RetryPolicy
from chat_app.client.runs import Runs
from chat_app.client.store import Store
from chat_app.client.threads import Threads
from chat_app.client.wire import Wire, is_proxied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client.schema import ServerInfo, TokenMode

_RETRY = RetryPolicy()
_TIMEOUT = httpx.Timeout(60, connect=5, pool=5)
# Every open tab holds a stream, so connections are not counted; idle ones are dropped before the
# server drops them, which uvicorn does after 5 s.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=4)


class LangGraphClient:
    """A LangGraph server. Made by `get_client`; close it, or use it in ``async with``."""

    def __init__(self, http: Http, *, token_mode: TokenMode, retry: RetryPolicy) -> None:
        self._http = http
        self._token_mode: TokenMode = token_mode
        self._retry = retry
        self.root: LangGraphClient = self
        """The client whose connections these are: another one after `acting`."""
        self.rights = ""
        """Whose requests these are, as `acting` was told; empty: the app's own."""
        self.assistants = Assistants(http)
        self.threads = Threads(http)
        modes = Modes(http.dialect, token_mode)
        self.runs = Runs(http, modes=modes, retry=retry)
        self.crons = Crons(http)
        self.store = Store(http)

    def acting(self, rights: str, auth: httpx.Auth) -> LangGraphClient:
        """A client for the requests of one person, which `auth` signs.

        It uses the connections of this one, ends with it, and needs no closing. `auth` may raise a
        `LangGraphError` instead of signing.
        """
        acting = LangGraphClient(
            self._http.acting(auth), token_mode=self._token_mode, retry=self._retry
        )
        acting.root, acting.rights = self.root, rights
        return acting

    async def ok(self) -> bool:
        """Whether a LangGraph server answers and is well. Never raises a `LangGraphError`."""
        try:
            answer = await self._http.get("ok")
        except LangGraphError:
            return False
        return isinstance(answer, dict) and answer.get("ok") is True

    async def info(self) -> ServerInfo:
        """The server's version and flags.

        Raises:
            NotLangGraphError: JSON came, but not a LangGraph server's.
        """
        info = await self._http.get("info")
        if not isinstance(info, dict):
            raise NotLangGraphError
        return cast("ServerInfo", info)

    async def aclose(self) -> None:
        """Close every connection; a stream that is open ends as lost."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def get_client(  # noqa: PLR0913 - all have a default
    *,
    url: str = "http://localhost:2024",
    api_key: str | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float | httpx.Timeout | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    trust_env: bool = True,
    token_mode: TokenMode = "auto",  # noqa: S107 - tokens of a model, no secret
    retry: RetryPolicy = _RETRY,
) -> LangGraphClient:
    """Make a client for the server at `url`, which may have a path.

    `api_key` is sent as ``x-api-key``. `timeout` (seconds) is for single requests; streams have
    their own in `retry`. Redirects are not followed: the key would go with them. `trust_env`:
    a proxy that the environment names is used.

    Raises:
        ValueError: `url` is no http address, or a header cannot be sent as it is.
    """
    sent = sendable(dict(headers or {}) | ({"x-api-key": api_key} if api_key else {}))
    address = _address(url)
    client = httpx.AsyncClient(
        base_url=address,
        headers=sent,
        timeout=_TIMEOUT if timeout is None else timeout,
        limits=_LIMITS,
        transport=transport,
        trust_env=trust_env,
        cookies=_no_cookies(),
    )
    own_wire = transport is None and not is_proxied(client, address)
    streams = httpx.AsyncClient(transport=Wire(), cookies=_no_cookies()) if own_wire else client
    secrets = (*sent.values(), address.password, unquote(address.userinfo.decode()))
    http = Http(client, streams=streams, secrets=secrets)
    return LangGraphClient(http, token_mode=token_mode, retry=retry)


def _no_cookies() -> CookieJar:
    """One that keeps none: a cookie set for one person would go with the requests of the others."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


def _address(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        address = httpx.URL()
    if address.scheme not in {"http", "https"} or not address.host:
        raise ValueError("the server's address must look like http://host:port")
    return address
