"""Mode ``proxy``: a proxy in front of the app signs people in, and says in a header who it is.

The header counts only on connections from ``CHAT_TRUSTED_PROXIES``. The proxy has to remove the
header where a browser sends it, and no other program of that host may be reachable by people. A
header that is there twice, or is no plain name, names no person.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.auth import cookies
from chat_app.auth.person import Login, Person
from chat_app.auth.roles import is_admin
from chat_app.auth.tabs import tabs
from chat_app.auth.unkept import Unkept
from chat_app.config import settings
from chat_app.trusted_peers import networks, peer_is_trusted

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

_SAYS = "proxy."
_LASTS = 400 * 24 * 3600
_LONGEST = 200
_NEVER = ',;<>"'
"""A comma is what two headers look like that a proxy between has made one."""


class Proxy(Unkept):
    """An `chat_app.auth.identify.Authenticator`. Nothing is kept but the id of a browser."""

    refused = text.PROXY_REFUSED

    def __init__(self) -> None:
        configured = settings()
        self._trusted = networks(configured.trusted_proxies)
        self._person = configured.proxy_header.lower().encode()
        self._name = configured.proxy_name_header.lower().encode()
        self._groups = configured.proxy_groups_header.lower().encode()
        self._admins = frozenset(configured.proxy_admin_groups)
        self._sign_out = configured.proxy_sign_out_url
        self.can_sign_out = bool(configured.proxy_sign_out_url)

    async def login_of(self, scope: Scope) -> Login | None:
        """That of the person whom the proxy names.

        Where the browser was another person's before, the sockets of that one are closed.
        """
        person = self._person_of(scope)
        if person is None:
            return None
        browser, before = _browser_of(scope)
        login = Login(_id_of(browser, person), person)
        if before and before != login.id:
            tabs().revoke(before)
        return login

    def made(self) -> None:
        """None: only the proxy identifies a person."""

    def remember(self, response: Response, scope: Scope, login: Login) -> None:
        """Have the browser tell which login it had last."""
        browser = _browser_of(scope)[0] or secrets.token_hex(16)
        says = f"{_SAYS}{browser}.{_id_of(browser, login.person)}"
        cookies.write(response, scope, says, seconds=_LASTS)

    async def end(self, login: Login, *, everywhere: bool = False) -> None:
        """Close the sockets of the browser. The proxy is where a person signs out."""
        del everywhere
        tabs().revoke(login.id)

    async def sign_out_address(self, scope: Scope, login: Login | None) -> str:
        """Where the proxy ends its own login."""
        del scope, login
        return self._sign_out

    def _person_of(self, scope: Scope) -> Person | None:
        if not peer_is_trusted(scope, self._trusted):
            return None
        named = _only(scope, self._person)
        if not named:
            return None
        person = Person(f"proxy:{named}", _only(scope, self._name) or named)
        groups = _groups(scope, self._groups)
        return Person(person.id, person.name, bool(groups & self._admins) or is_admin(person))


def _browser_of(scope: Scope) -> tuple[str, str]:
    """The random id of a browser, and that of the login it had last; empty where it has none."""
    says = cookies.read(scope)
    if not says.startswith(_SAYS):
        return "", ""
    browser, _, before = says.removeprefix(_SAYS).partition(".")
    return browser, before


def _id_of(browser: str, person: Person) -> str:
    return sha256(f"{browser}\n{person.id}".encode()).hexdigest()


def _only(scope: Scope, name: bytes) -> str:
    """The value of a header that is there once, and is a plain name; else empty."""
    values = [value for header, value in scope["headers"] if name and header.lower() == name]
    if len(values) != 1:
        return ""
    try:
        value = values[0].decode().strip()
    except UnicodeDecodeError:
        return ""
    is_plain = value.isprintable() and not any(letter in _NEVER for letter in value)
    return value if is_plain and len(value) <= _LONGEST else ""


def _groups(scope: Scope, name: bytes) -> set[str]:
    """The groups in one header; none where it is there twice."""
    values = [value for header, value in scope["headers"] if name and header.lower() == name]
    if len(values) != 1:
        return set()
    named = values[0].decode("utf-8", "replace").split(",")
    return {group.strip() for group in named} - {""}
