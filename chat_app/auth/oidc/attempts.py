"""Sign-ins that a browser has begun and not finished: each can be finished once, by that browser.

A signed cookie has their random ids. All that goes to the provider is derived from an id with the
app's secret: `state` and `nonce`, which bind the answer to the browser, and the verifier of PKCE,
which binds the code to it. So nothing in the cookie or in an address tells any of them.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from chat_app.auth import cookies
from chat_app.auth.secret import signing_secret
from chat_app.shared_store.once import Once

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

_COOKIE = "chat_attempts"
_LASTS = 600
"""Seconds, which a person has for the pages of the provider."""
_MOST = 4
"""Tabs of one browser that sign in at a time."""
_LONGEST = 400
"""Characters of the cookie."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in, good `until` so many seconds since 1970; `next_path` is where it leads."""

    id: str
    until: int
    next_path: str

    @property
    def state(self) -> str:
        """What the provider has to return."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What the token has to hold."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What the code can be exchanged with."""
        return self._derived("verifier")

    def _derived(self, name: str) -> str:
        says = f"oidc {name}\n{self.id}".encode()
        return urlsafe_b64encode(hmac.digest(signing_secret(), says, sha256)).decode().rstrip("=")


class Attempts:
    """Remembers, besides the browsers' cookies, which were finished."""

    def __init__(self) -> None:
        self._finished = Once("oidc-attempt")

    def begin(self, response: Response, scope: Scope, next_path: str) -> Attempt:
        """A new one, which the browser can finish."""
        attempt = Attempt(secrets.token_urlsafe(12), int(time.time()) + _LASTS, next_path)
        _write(response, scope, [attempt, *_read(scope)])
        return attempt

    def find(self, scope: Scope, state: str) -> Attempt | None:
        """The one that `state` was made for, where this browser has begun it a short time ago."""
        same = (one for one in _read(scope) if hmac.compare_digest(one.state, state))
        return next(same, None)

    async def finish(self, response: Response, scope: Scope, attempt: Attempt) -> bool:
        """Let it not be finished again; False where it was already.

        Raises:
            SharedStoreDownError: that is not known.
        """
        _write(response, scope, [one for one in _read(scope) if one.id != attempt.id])
        return await self._finished.use(attempt.id, _LASTS)


def _read(scope: Scope) -> list[Attempt]:
    try:
        found = [Attempt(*one) for one in json.loads(cookies.read(scope, _COOKIE) or "[]")]
    except (ValueError, TypeError):
        return []
    return [one for one in found if one.until > time.time()]


def _write(response: Response, scope: Scope, attempts: list[Attempt]) -> None:
    """Have the browser keep as many of them, newest first, as there is room for."""
    kept: list[tuple[str, int, str]] = []
    for one in attempts[:_MOST]:
        row = (one.id, one.until, one.next_path)
        if _length([*kept, row]) > _LONGEST:
            row = (one.id, one.until, "/")
        if _length([*kept, row]) <= _LONGEST:
            kept.append(row)
    if kept:
        cookies.write(response, scope, _text(kept), seconds=_LASTS, name=_COOKIE)
    else:
        cookies.clear(response, scope, _COOKIE)


def _text(rows: list[tuple[str, int, str]]) -> str:
    return json.dumps(rows, separators=(",", ":"))


def _length(rows: list[tuple[str, int, str]]) -> int:
    return len(_text(rows))
