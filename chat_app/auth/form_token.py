"""The token of a form that is sent without a login: only a page of this app can have it.

It is signed, lasts for some hours, and belongs to a cookie of the same browser.
"""

from __future__ import annotations

import secrets
from hmac import compare_digest
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, TimestampSigner

from chat_app.auth import cookies
from chat_app.auth.secret import signing_secret

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

_COOKIE = "chat_form"
_LASTS = 12 * 3600
_LONGEST = 500


def nonce_of(scope: Scope) -> str:
    """What the browser's cookie says, or would say from now on."""
    return cookies.read(scope, _COOKIE) or secrets.token_urlsafe(16)


def token_for(nonce: str) -> str:
    """The token for a form in a page that `remember` was called for."""
    return _signer().sign(nonce).decode()


def remember(response: Response, scope: Scope, nonce: str) -> None:
    """Have the browser keep the cookie that the form belongs to."""
    cookies.write(response, scope, nonce, seconds=_LASTS, name=_COOKIE)


def is_right(scope: Scope, token: str) -> bool:
    """Whether a form's token is the browser's own, and not too old."""
    nonce = cookies.read(scope, _COOKIE)
    if not nonce or not token.isascii() or len(token) > _LONGEST:
        return False
    try:
        return compare_digest(_signer().unsign(token, max_age=_LASTS).decode(), nonce)
    except BadSignature:
        return False


def _signer() -> TimestampSigner:
    return TimestampSigner(signing_secret(), salt=b"chat_app.auth.form_token")
