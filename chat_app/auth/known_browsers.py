"""Browsers that have signed in to an account before, by a signed cookie of its own.

It signs no one in. An attempt from there is only counted apart from all others, so that who guesses
at an account elsewhere cannot keep its person out.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from chat_app.auth import cookies

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

_COOKIE = "chat_known"
_LASTS = 180 * 24 * 3600
_MOST = 5
"""Accounts that one browser is known for."""


def known_as(scope: Scope, account: str) -> str:
    """The id of the browser, where it is known for this account; else empty."""
    browser, *accounts = cookies.read(scope, _COOKIE).split(".")
    return browser if _short(account) in accounts else ""


def remember(response: Response, scope: Scope, account: str) -> None:
    """Have the browser known for this account from now on."""
    browser, *accounts = cookies.read(scope, _COOKIE).split(".")
    this = _short(account)
    kept = [this, *(other for other in accounts if other != this)][:_MOST]
    says = ".".join([browser or secrets.token_hex(16), *kept])
    cookies.write(response, scope, says, seconds=_LASTS, name=_COOKIE)


def _short(account: str) -> str:
    return sha256(account.encode()).hexdigest()[:32]
