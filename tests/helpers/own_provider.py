"""An identity provider whose keys and answers a test has in its hands, listening on loopback.

For what a certified one would never send: see `tests.helpers.identity_provider` for that.
"""

from __future__ import annotations

import re
import time
from base64 import urlsafe_b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256, sha512
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from chat_app.auth import identify
from chat_app.auth.identify import authenticator
from chat_app.auth.logins import logins
from chat_app.config import settings
from tests.helpers.gateway import listening
from tests.helpers.signing_in import who

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    import httpx
    from joserfc.jwk import Key
    from starlette.requests import Request
    from starlette.responses import Response

    from chat_app.auth.oidc.mode import OpenIdConnect

CLIENT = "chat"
SECRET = "the secret of the client+/="


def rsa(name: str = "first") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@cache
def _usual() -> RSAKey:
    """One for all: it takes a while to make."""
    return rsa()


def ec(name: str = "second") -> ECKey:
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig"})


def okp(name: str = "third") -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": name, "use": "sig"})


def signed(claims: dict[str, Any], key: Key | str, algorithm: str = "RS256", **header: Any) -> str:
    """A token, signed with a key, or with any text as a secret."""
    named = {"alg": algorithm, **({} if isinstance(key, str) else {"kid": key.kid}), **header}
    known = OctKey.import_key(key) if isinstance(key, str) else key
    return jwt.encode({k: v for k, v in named.items() if v}, claims, known, algorithms=[algorithm])


@dataclass
class OwnProvider:
    """Its parts can be changed at any time."""

    issuer: str = ""
    key: Key = field(default_factory=_usual)
    published: list[Key] = field(default_factory=list)
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "anna-1", "name": "Anna"})
    """More claims of the ID token, or others; None leaves one out."""
    info: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    make: Callable[[OwnProvider, dict[str, Any]], str] | None = None
    """Makes the ID token of claims, where that is not signed with `key`."""
    is_down: bool = False
    lasts: int = 3600
    """Seconds of an access token."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Paths, and the form that came with each."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    refresh: set[str] = field(default_factory=set)
    """The refresh tokens that can be used, once each."""
    access: set[str] = field(default_factory=set)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._configuration),
                Route("/jwks", self._jwks),
                Route("/token", self._token, methods=["POST"]),
                Route("/me", self._me),
            ]
        )

    def code_for(self, address: str) -> str:
        """Sign the person in whom a browser was led here for; returns the code."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = uuid4().hex
        self.codes[code] = query
        return code

    def defaults(self, nonce: str, access_token: str) -> dict[str, Any]:
        now = int(time.time())
        is_okp = self.key.key_type == "OKP"
        digest = (sha512 if is_okp else sha256)(access_token.encode()).digest()
        half = digest[: len(digest) // 2]
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            "at_hash": urlsafe_b64encode(half).decode().rstrip("="),
            **self.claims,
        }
        return {name: value for name, value in claims.items() if value is not None}

    async def _configuration(self, _: Request) -> Response:
        at = self.issuer
        return self._answer(
            "/.well-known/openid-configuration",
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "jwks_uri": f"{at}/jwks",
                "userinfo_endpoint": f"{at}/me",
                "end_session_endpoint": f"{at}/end",
                "authorization_response_iss_parameter_supported": True,
                **self.metadata,
            },
        )

    async def _jwks(self, _: Request) -> Response:
        keys = [key.as_dict(private=False) for key in (self.published or [self.key])]
        return self._answer("/jwks", {"keys": keys})

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        form["authorization"] = request.headers.get("authorization", "")
        if form.get("grant_type") == "refresh_token":
            is_known = form.get("refresh_token") in self.refresh
            self.refresh.discard(form.get("refresh_token", ""))
            return self._answer("/token", self._tokens() if is_known else None, form)
        begun = self.codes.pop(form.get("code", ""), None)
        if begun is None or begun["redirect_uri"] != form.get("redirect_uri"):
            return self._answer("/token", None, form)
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        if urlsafe_b64encode(digest).decode().rstrip("=") != begun["code_challenge"]:
            return self._answer("/token", None, form)
        tokens = self._tokens()
        claims = self.defaults(begun["nonce"], tokens["access_token"])
        algorithm = {"RSA": "RS256", "EC": "ES256", "OKP": "EdDSA"}[self.key.key_type]
        id_token = self.make(self, claims) if self.make else signed(claims, self.key, algorithm)
        return self._answer("/token", {**tokens, "id_token": id_token}, form)

    async def _me(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        return self._answer("/me", self.info if token in self.access else None)

    def _tokens(self) -> dict[str, Any]:
        access, refresh = f"access-{uuid4().hex}", f"refresh-{uuid4().hex}"
        self.access.add(access)
        self.refresh.add(refresh)
        kind = {"token_type": "Bearer", "expires_in": self.lasts}
        return {"access_token": access, "refresh_token": refresh, **kind}

    def _answer(
        self, path: str, content: dict[str, Any] | None, form: dict[str, str] | None = None
    ) -> Response:
        self.asked.append((path, form or {}))
        if self.is_down:
            return JSONResponse({}, 503)
        if content is None:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(content)


async def come_back(
    web: httpx.AsyncClient, provider: OwnProvider, next: str = "/", **answer: str
) -> httpx.Response:
    """Sign in as a browser does; `answer` changes what the provider sends it back with."""
    begun = await web.get("/sign-in/start", params={"next": next})
    assert begun.status_code == 303, begun.text
    address = begun.headers["location"]
    query = parse_qs(urlsplit(address).query)
    usual = {"code": provider.code_for(address), "state": query["state"][0], "iss": provider.issuer}
    params = {name: value for name, value in (usual | answer).items() if value}
    return await web.get("/sign-in/callback", params=params)


@contextmanager
def configured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, **variables: str
) -> Generator[OwnProvider]:
    provider = OwnProvider()
    with listening(provider) as url:  # type: ignore[arg-type] - it has an app
        provider.issuer = url
        for name, value in {
            "CHAT_AUTH": "oidc",
            "CHAT_DATA_DIR": str(tmp_path),
            "CHAT_OIDC_ISSUER": url,
            "CHAT_OIDC_CLIENT_ID": CLIENT,
            "CHAT_OIDC_CLIENT_SECRET": SECRET,
            "CHAT_ORIGINS": '["https://chat.example.com"]',
            **variables,
        }.items():
            monkeypatch.setenv(name, value)
        for cached in (settings, logins, identify.authenticator):
            cached.cache_clear()
        yield provider
    for cached in (settings, logins, identify.authenticator):
        cached.cache_clear()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OwnProvider]:
    with configured(monkeypatch, tmp_path) as provider:
        yield provider


def mode() -> OpenIdConnect:
    return authenticator()  # type: ignore[return-value]


def problem_on(answer: httpx.Response) -> str:
    found = re.search(r'role="alert"[^>]*>([^<]*)<', answer.text)
    return unescape(found[1]) if found else ""


async def refused(web: httpx.AsyncClient, answer: httpx.Response, *, as_: str) -> None:
    assert (answer.status_code, problem_on(answer)) == (400, as_)
    assert await who(web) == "/sign-in"
