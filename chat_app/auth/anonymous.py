"""Mode ``none``: each browser is its own anonymous person, by a cookie from this app alone."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from chat_app import text
from chat_app.auth import cookies
from chat_app.auth.person import Login, Person
from chat_app.auth.unkept import Unkept

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

_SAYS = "anonymous."
_LASTS = 400 * 24 * 3600
"""Seconds: the longest that browsers keep a cookie. Each page that is opened renews it."""


class Anonymous(Unkept):
    """An `chat_app.auth.identify.Authenticator`."""

    can_sign_out = False
    refused = text.SIGNED_OUT

    async def login_of(self, scope: Scope) -> Login | None:
        """That of the browser; None where it has no cookie of this app."""
        says = cookies.read(scope)
        if not says.startswith(_SAYS):
            return None
        try:
            person_id = str(UUID(says.removeprefix(_SAYS)))
        except ValueError:
            return None
        return Login(person_id, Person(person_id))

    def made(self) -> Login:
        """That of a new person."""
        person_id = str(uuid4())
        return Login(person_id, Person(person_id))

    def remember(self, response: Response, scope: Scope, login: Login) -> None:
        """Have the browser present this login from now on."""
        cookies.write(response, scope, _SAYS + login.person.id, seconds=_LASTS)

    async def end(self, login: Login, *, everywhere: bool = False) -> None:
        """Nothing: there is no login."""

    async def sign_out_address(self, scope: Scope, login: Login | None) -> str:
        """Nowhere."""
        del scope, login
        return ""
