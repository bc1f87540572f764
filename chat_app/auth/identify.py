"""From a request to the login that it presents, in the mode that ``CHAT_AUTH`` names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from chat_app.auth.anonymous import Anonymous

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

    from chat_app.auth.person import Login


class Authenticator(Protocol):
    """One mode of sign-in."""

    sign_in_path: str
    """Where a page without a login is sent; empty where each browser gets a login by itself."""

    async def login_of(self, scope: Scope) -> Login | None:
        """The login that a request or a socket presents, where it is a valid one."""

    def made(self) -> Login | None:
        """A login for a browser without one; None where a person has to sign in."""

    def remember(self, response: Response, scope: Scope, login: Login) -> None:
        """Have the browser present this login from now on, or still."""


@lru_cache(maxsize=1)
def authenticator() -> Authenticator:
    """That of the configured mode."""
    return Anonymous()
