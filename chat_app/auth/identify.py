"""From a request to the login that it presents, in the mode that ``CHAT_AUTH`` names."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from chat_app.auth.anonymous import Anonymous
from chat_app.config import settings

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

    from chat_app.auth.person import Login


class Authenticator(Protocol):
    """One mode of sign-in."""

    sign_in_path: str
    """Where a page without a login is sent; empty where each browser gets a login by itself."""
    can_sign_out: bool
    """Whether a person can end the login."""
    signs_out_everywhere: bool
    """Whether a person can end the logins of all browsers."""
    refused: str
    """What is said with a 401, in a sentence."""

    async def login_of(self, scope: Scope) -> Login | None:
        """The login that a request or a socket presents, where it is a valid one."""

    def made(self) -> Login | None:
        """A login for a browser without one; None where a person has to sign in."""

    def remember(self, response: Response, scope: Scope, login: Login) -> None:
        """Have the browser present this login from now on, or still."""

    def why_not(self, scope: Scope) -> str:
        """Why a browser without a login is asked to sign in, for the sign-in page."""
        ...

    def is_valid(self, login_id: str) -> bool:
        """Whether a login that an open socket has is still one."""
        ...

    async def catch_up(self) -> None:
        """Have `is_valid` know what other processes have changed; called each second."""

    def may_come_in(self, person_id: str) -> bool:
        """Whether a person could sign in now, as far as that is known here. May block."""
        ...

    def note_use(self, login: Login) -> None:
        """The person has done something, so the time without activity begins again."""

    async def end(self, login: Login, *, everywhere: bool = False) -> None:
        """Sign a browser out, or all browsers of its person; their sockets are closed at once."""

    async def sign_out_address(self, scope: Scope, login: Login | None) -> str:
        """Where else the person has to be signed out, after `end`; empty for nowhere."""
        ...

    def clean_up(self) -> None:
        """Delete what is over. Called in a thread, now and then."""


_MODES = {
    "password": "chat_app.auth.password:Password",
    "oidc": "chat_app.auth.oidc.mode:OpenIdConnect",
    "proxy": "chat_app.auth.proxy:Proxy",
}
"""The others are not imported: each needs libraries of its own."""


@lru_cache(maxsize=1)
def authenticator() -> Authenticator:
    """That of the configured mode."""
    if settings().auth == "none":
        return Anonymous()
    module, _, name = _MODES[settings().auth].partition(":")
    return getattr(import_module(module), name)()
