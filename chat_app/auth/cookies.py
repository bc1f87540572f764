"""The cookie of a login: out of reach for scripts and other sites, and signed."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Literal, TypedDict

from itsdangerous import BadSignature, Signer
from starlette.requests import HTTPConnection

from chat_app.auth.secret import signing_secret
from chat_app.base_path import base_path
from chat_app.origin import SERVED_ORIGIN, USUAL_PORTS, Origin

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

LOGIN = "chat_login"
_HOST_ONLY = "__Host-"
"""For the root of a host only: browsers take none that has a path."""
_SECURE_ONLY = "__Secure-"
_LONGEST = 500
_SALT = b"chat_app.auth.cookies"


class _Flags(TypedDict):
    path: str
    secure: bool
    httponly: bool
    samesite: Literal["lax"]


def read(scope: Scope, name: str = LOGIN) -> str:
    """What the cookie of a request says; empty without one, or where its signature is wrong."""
    signed = HTTPConnection(scope).cookies.get(name_of(scope, name), "")
    if not signed or len(signed) > _LONGEST:
        return ""
    try:
        return _signer(name).unsign(signed).decode()
    except (BadSignature, UnicodeError):
        return ""


def write(response: Response, scope: Scope, value: str, *, seconds: int, name: str = LOGIN) -> None:
    """Have the browser keep `value`, for so many seconds, and show it to this app alone."""
    response.set_cookie(
        name_of(scope, name), _signer(name).sign(value).decode(), max_age=seconds, **_flags(scope)
    )


def clear(response: Response, scope: Scope, name: str = LOGIN) -> None:
    """Have the browser drop the cookie."""
    response.delete_cookie(name_of(scope, name), **_flags(scope))


def name_of(scope: Scope, name: str = LOGIN) -> str:
    """The cookie's name, which has the port and the base path.

    Browsers keep one jar for all ports of a host, and send what is kept for a path to all that is
    below it: two apps on one machine would sign each other's people out.
    """
    served = served_at(scope)
    is_usual = served.port == USUAL_PORTS[served.scheme]
    prefix = ""
    if served.scheme == "https":
        prefix = _SECURE_ONLY if base_path() else _HOST_ONLY
    below = re.sub(r"[^A-Za-z0-9]", "_", base_path())
    return prefix + name + ("" if is_usual else f"_{served.port}") + below


def _flags(scope: Scope) -> _Flags:
    return {
        "path": base_path() or "/",
        "secure": served_at(scope).scheme == "https",
        "httponly": True,
        "samesite": "lax",
    }


def served_at(scope: Scope) -> Origin:
    """Where the browser finds the app, which behind a proxy is not where the request came to."""
    if served := scope.get(SERVED_ORIGIN):
        return served
    url = HTTPConnection(scope).url
    scheme = "https" if url.scheme in {"https", "wss"} else "http"
    return Origin(scheme, url.hostname or "", url.port or USUAL_PORTS[scheme])


def _signer(name: str) -> Signer:
    """One for each cookie: what one of them says is nothing to another."""
    salt = _SALT if name == LOGIN else _SALT + b"." + name.encode()
    return Signer(signing_secret(), salt=salt, key_derivation="hmac", digest_method=sha256)
