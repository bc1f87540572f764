"""The identity provider: what it says of itself, its keys, and what is exchanged with it.

What it says is asked for at the first sign-in, kept for an hour, and asked for again when a token
names a key that is not known. While the provider is down the app runs; the sign-in page says so.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from base64 import b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry

from chat_app.provider_settings import is_loopback, is_safe_address

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from joserfc.jwk import Key

FRESH_FOR = 3600.0
"""Seconds."""
_AGAIN_AFTER = 10.0
"""Seconds between two requests for keys because of an unknown one, which any client may send."""
_TIMEOUT = httpx.Timeout(10, connect=5)
_LARGEST = 1_000_000  # bytes
_OK = 200
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_OPTIONAL = ("userinfo_endpoint", "end_session_endpoint")
_PUBLIC_KINDS = {"RSA", "EC", "OKP"}
_log = logging.getLogger(__name__)


class ProviderDownError(Exception):
    """The provider did not answer."""


class ProviderOddError(Exception):
    """It answered in a way that this app cannot use; the text is for the log."""


class RefusedGrantError(Exception):
    """It does not exchange what it was given: it was used, is over, or another app's."""


class Provider:
    """That of an issuer, as one of its clients."""

    def __init__(self, issuer: str, client_id: str, client_secret: str = "") -> None:
        self.issuer = issuer
        self.client_id = client_id
        self._secret = client_secret
        self._metadata: dict[str, Any] = {}
        self._metadata_at = 0.0
        self._keys: list[Key] = []
        self._keys_at = self._keys_tried_at = 0.0
        self._asking = asyncio.Lock()

    async def metadata(self) -> Mapping[str, Any]:
        """What the provider says of itself, checked.

        Raises:
            ProviderDownError: it does not answer, and never has.
            ProviderOddError: it says what cannot be used.
        """
        async with self._asking:
            if not self._metadata or time.monotonic() - self._metadata_at > FRESH_FOR:
                await self._discover()
            return self._metadata

    async def keys(self, *, anew: bool = False) -> list[Key]:
        """The public keys; `anew` where a token names another one.

        Raises:
            ProviderDownError, ProviderOddError: as `metadata`.
        """
        address = (await self.metadata())["jwks_uri"]
        async with self._asking:
            now = time.monotonic()
            is_stale = not self._keys or now - self._keys_at > FRESH_FOR
            may_ask = not self._keys or now - self._keys_tried_at > _AGAIN_AFTER
            if (is_stale or anew) and may_ask:
                self._keys_tried_at = now
                try:
                    self._keys = _public_keys(await self._get(address))
                    self._keys_at = now
                except ProviderDownError:
                    if not self._keys:
                        raise
            return self._keys

    async def exchange(self, grant: Mapping[str, str]) -> dict[str, Any]:
        """What the token endpoint gives for a code or for a refresh token.

        Raises:
            RefusedGrantError: nothing.
            ProviderDownError, ProviderOddError: as `metadata`.
        """
        metadata = await self.metadata()
        form, headers = {**grant}, {"accept": "application/json"}
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not self._secret:
            form["client_id"] = self.client_id
        elif "client_secret_basic" in methods:
            pair = f"{quote_plus(self.client_id)}:{quote_plus(self._secret)}"
            headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": self.client_id, "client_secret": self._secret}
        status, answer = await _asked(
            "POST", metadata["token_endpoint"], data=form, headers=headers
        )
        if status == _OK and isinstance(answer.get("access_token"), str):
            return answer
        code = str(answer.get("error", ""))[:60]
        if code in {"invalid_grant", "access_denied"}:
            raise RefusedGrantError(code)
        if status >= 500:
            raise ProviderDownError
        raise ProviderOddError(f"the token endpoint answers {status} {code!r}")

    async def user_info(self, access_token: str) -> dict[str, Any]:
        """More about the person of an access token; empty where the provider tells no more.

        Raises:
            ProviderDownError, ProviderOddError: as `metadata`.
        """
        address = (await self.metadata()).get("userinfo_endpoint")
        if not address:
            return {}
        return await self._get(address, {"authorization": f"Bearer {access_token}"})

    async def _discover(self) -> None:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            found = await self._get(address)
        except ProviderDownError:
            if not self._metadata:
                raise
            return  # what it said before may still be right
        self._metadata = _checked(found, self.issuer)
        self._metadata_at = time.monotonic()

    async def _get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        status, answer = await _asked("GET", address, headers=headers)
        if status >= 500:
            raise ProviderDownError
        if status != _OK:
            raise ProviderOddError(f"{urlsplit(address).path} answers {status}")
        return answer


async def _asked(method: str, address: str, **request: Any) -> tuple[int, dict[str, Any]]:
    """Status and JSON of an answer; once more where the connection broke. No redirect is followed.

    Raises:
        ProviderDownError: no answer.
        ProviderOddError: one that is no JSON object, or is too large.
    """
    for is_last in (method == "POST", True):  # a code can be exchanged once
        try:
            return await _asked_once(method, address, **request)
        except httpx.HTTPError as broken:
            if is_last:
                _log.warning("The identity provider cannot be asked: %s", type(broken).__name__)
                raise ProviderDownError from None
    raise AssertionError


async def _asked_once(method: str, address: str, **request: Any) -> tuple[int, dict[str, Any]]:
    is_here = is_loopback(urlsplit(address).hostname or "")
    async with (
        httpx.AsyncClient(verify=_tls(), timeout=_TIMEOUT, trust_env=not is_here) as client,
        client.stream(method, address, **request) as response,
    ):
        body = b""
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > _LARGEST:
                raise ProviderOddError(f"{urlsplit(address).path}: too large an answer")
        status = response.status_code
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict):
        return status, answer
    if status >= 500:
        raise ProviderDownError
    raise ProviderOddError(f"{urlsplit(address).path} answers {status} and no JSON object")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _checked(found: dict[str, Any], issuer: str) -> dict[str, Any]:
    """What can be used of the metadata.

    Raises:
        ProviderOddError: it is of another issuer, lacks something or would send secrets in clear.
    """
    if found.get("issuer") != issuer:
        raise ProviderOddError(f"the provider calls itself {found.get('issuer')!r:.200}")
    for name in (*_NEEDED, *_OPTIONAL):
        address = found.get(name)
        if address is None and name in _OPTIONAL:
            continue
        if not isinstance(address, str) or not is_safe_address(address):
            raise ProviderOddError(f"{name} is no address with https")
    supported = found.get("code_challenge_methods_supported")
    if isinstance(supported, list) and "S256" not in supported:
        raise ProviderOddError("the provider knows no PKCE with S256")
    return found


def _public_keys(found: Mapping[str, Any]) -> list[Key]:
    """The keys of a set by which signatures can be checked; what is odd is left out."""
    keys: list[Key] = []
    rows = found.get("keys")
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("kty") in _PUBLIC_KINDS:
            try:
                keys.append(JWKRegistry.import_key(row))
            except (JoseError, ValueError, TypeError, KeyError) as odd:
                _log.info("A key of the identity provider is left out: %s", type(odd).__name__)
    if not keys:
        raise ProviderOddError("the provider has no keys")
    return keys
