"""Whose requests reach the LangGraph server: those of the app, or those of each person.

``CHAT_FORWARD_IDENTITY`` says what the server's own authentication gets in ``Authorization``:

========  ==========================================================================
off       nothing: the server knows the app alone, and the app keeps people apart
identity  a JWT of this app, good for a minute, that says who it is (see `signed_identity`)
token     the person's own access token, from the identity provider
========  ==========================================================================

With the last two the server decides what a person may see. So nothing that was read for one person
is used for another: sessions, lists and schemas are kept by person.

It is ``Authorization`` because LangGraph copies every header that begins with ``x-`` into the
configuration of runs, which threads keep.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from chat_app.auth.rights import is_admin
from chat_app.config import settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from chat_app.auth.person import Person
    from chat_app.client import LangGraphClient

ISSUER, AUDIENCE = "chat_app", "langgraph"
ALGORITHM = "HS256"
LASTS = 60
"""Seconds. The server reads it when a request begins; a stream may last longer."""

_UNKNOWN = 401

TokenSource = Callable[[str, str], Awaitable[str]]
"""An access token of the person with this id, and another one than the second, where that was
refused. Raises a `LangGraphError` where there is none."""

_token_sources: list[TokenSource] = []


def rights_at_server(person: Person) -> str:
    """With whose rights the server is asked for a person: empty where all are the app's own."""
    return "" if settings().forward_identity == "off" else person.id


def client_of(client: LangGraphClient, person: Person) -> LangGraphClient:
    """The client for the requests of one person, on the connections of the app's."""
    if settings().forward_identity == "off":
        return client
    is_token = settings().forward_identity == "token"
    auth = _OwnToken(person.id, _token_sources[-1]) if is_token else _Identity(person)
    return client.acting(person.id, auth)


def take_tokens_from(source: TokenSource) -> None:
    """Where access tokens of people come from: the mode of sign-in tells."""
    _token_sources[:] = [source]


def signed_identity(person: Person) -> str:
    """Who it is, for the server, signed with the secret that both know.

    A JWT with ``iss``, ``aud``, ``sub`` (the person's id), ``name``, ``admin``, ``iat``, ``exp``,
    ``jti``.
    """
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": person.id,
        "name": person.name,
        "admin": is_admin(person),
        "iat": now,
        "exp": now + LASTS,
        "jti": str(uuid4()),
    }
    key = _key(settings().forward_secret.get_secret_value())
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, key, algorithms=[ALGORITHM])


@lru_cache(maxsize=1)
def _key(secret: str) -> OctKey:
    return OctKey.import_key(secret)


class _Identity(httpx.Auth):
    """Signs each request anew, the repeated ones too."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["authorization"] = f"Bearer {signed_identity(self._person)}"
        yield request


class _OwnToken(httpx.Auth):
    """Sends the person's access token; where the server refuses it, once more with a new one."""

    def __init__(self, person_id: str, source: TokenSource) -> None:
        self._person_id = person_id
        self._source = source

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        token = await self._source(self._person_id, "")
        request.headers["authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code != _UNKNOWN:
            return
        other = await self._source(self._person_id, token)
        if other != token:
            request.headers["authorization"] = f"Bearer {other}"
            yield request
