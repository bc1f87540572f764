"""The cookie of a login: out of reach for scripts and other sites, and signed."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from itsdangerous import BadSignature, Signer
from starlette.requests import HTTPConnection

from chat_app.auth.secret import signing_secret

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

_NAME = "chat_login"
_HOST_ONLY = "__Host-"
_LONGEST = 500
_SALT = b"chat_app.auth.cookies"


def read(scope: Scope) -> str:
    """What the cookie of a request says; empty without one, or where its signature is wrong."""
    connection = HTTPConnection(scope)
    signed = connection.cookies.get(name_of(connection), "")
    if not signed or len(signed) > _LONGEST:
        return ""
    try:
        return _signer().unsign(signed).decode()
    except (BadSignature, UnicodeError):
        return ""


def write(response: Response, scope: Scope, value: str, *, seconds: int) -> None:
    """Have the browser keep `value`, for so many seconds, and show it to this app alone."""
    connection = HTTPConnection(scope)
    response.set_cookie(
        name_of(connection),
        _signer().sign(value).decode(),
        max_age=seconds,
        path="/",
        secure=_is_secure(connection),
        httponly=True,
        samesite="lax",
    )


def clear(response: Response, scope: Scope) -> None:
    """Have the browser drop the cookie."""
    connection = HTTPConnection(scope)
    response.delete_cookie(
        name_of(connection),
        path="/",
        secure=_is_secure(connection),
        httponly=True,
        samesite="lax",
    )


def name_of(connection: HTTPConnection) -> str:
    """The cookie's name, which has the port: browsers keep one jar for all ports of a host.

    Two apps on one machine would sign each other's people out.
    """
    port = connection.url.port
    prefix = _HOST_ONLY if _is_secure(connection) else ""
    return f"{prefix}{_NAME}_{port}" if port else prefix + _NAME


def _is_secure(connection: HTTPConnection) -> bool:
    return connection.url.scheme in {"https", "wss"}


def _signer() -> Signer:
    return Signer(signing_secret(), salt=_SALT, key_derivation="hmac", digest_method=sha256)
