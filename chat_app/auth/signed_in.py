"""What the modes have in common in which a person signs in: a login that is kept.

A mode is an `chat_app.auth.identify.Authenticator` that inherits from this, and calls `sign_in`
when it knows who it is.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.auth import cookies
from chat_app.auth.database import UNAVAILABLE
from chat_app.auth.logins import logins
from chat_app.auth.roles import is_admin
from chat_app.auth.tabs import tabs
from chat_app.config import settings
from chat_app.runs import tasks

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

    from chat_app.auth.logins import Logins
    from chat_app.auth.person import Login, Person

SIGN_IN = "/sign-in"


class Reason(StrEnum):
    """Why a person is asked to sign in."""

    EXPIRED = "expired"
    ENDED = "ended"
    """Elsewhere, or by an operator."""
    SIGNED_OUT = "signed-out"


_COOKIE_LASTS_LONGER = 24 * 3600
"""Seconds: by it the sign-in page tells a login that is over from none."""
_SAYS = "login."
_log = logging.getLogger(__name__)


class SignedIn:
    """Logins that last until they are revoked, or over. Each sign-in makes a new one."""

    sign_in_path = SIGN_IN
    can_sign_out = signs_out_everywhere = True
    refused = text.SIGNED_OUT

    def __init__(self, store: Logins | None = None) -> None:
        self.store = store or logins()

    async def login_of(self, scope: Scope) -> Login | None:
        """That of the browser's cookie, where it is valid."""
        says = cookies.read(scope)
        if not says.startswith(_SAYS):
            return None
        presented = says.removeprefix(_SAYS)
        await self.store.look_up(presented)
        login = self.store.presented(presented)
        return login and replace(login, person=with_role(login.person))

    def made(self) -> None:
        """None: a person has to sign in."""

    def remember(self, response: Response, scope: Scope, login: Login) -> None:
        """Nothing: the browser has its cookie since the sign-in."""

    def why_not(self, scope: Scope) -> str:
        """Why a browser without a valid login has none, a `Reason`; empty where it had none."""
        says = cookies.read(scope)
        if not says.startswith(_SAYS):
            return ""
        is_over = self.store.is_over(says.removeprefix(_SAYS))
        return Reason.EXPIRED if is_over else Reason.ENDED

    def is_valid(self, login_id: str) -> bool:
        """Whether a login was not revoked, and is not over."""
        return self.store.find(login_id) is not None

    async def catch_up(self) -> None:
        """Know what other hosts have changed."""
        await self.store.catch_up()

    def may_come_in(self, person_id: str) -> bool:
        """Always, unless the mode itself knows who may."""
        del person_id
        return True

    def note_use(self, login: Login) -> None:
        """The person has done something."""
        if not self.store.is_noted(login.id):
            tasks.spawn(self._note_use(login.id), name="note the use of a login")

    async def sign_in(
        self,
        response: Response,
        scope: Scope,
        person: Person,
        data: bytes = b"",
        *,
        lasts: float | None = None,
    ) -> Login:
        """Make a new login, and have the browser present it instead of the one it had.

        Args:
            response: gets the cookie.
            scope: of the request.
            person: who it is; `is_admin` where a group of the person says so.
            data: what the mode keeps with the login, such as tokens. It is encrypted.
            lasts: seconds to its end, where that comes sooner than the settings say.
        """
        before = await self.login_of(scope)
        if before:
            await self.end(before)
        presented, login = await asyncio.to_thread(self.store.make, person, data, lasts=lasts)
        seconds = int(settings().session_hours * 3600) + _COOKIE_LASTS_LONGER
        cookies.write(response, scope, _SAYS + presented, seconds=seconds)
        return replace(login, person=with_role(person))

    async def end(self, login: Login, *, everywhere: bool = False) -> None:
        """Revoke a login, or all of its person, and close their sockets."""
        if everywhere:
            ended = await asyncio.to_thread(self.store.revoke_all, login.person.id)
        else:
            await asyncio.to_thread(self.store.revoke, login.id)
            ended = [login.id]
        for login_id in ended:
            tabs().revoke(login_id)

    async def sign_out_address(self, scope: Scope, login: Login | None) -> str:
        """Nowhere: the login was this app's alone."""
        del scope, login
        return ""

    def clean_up(self) -> None:
        """Delete logins that are over."""
        self.store.remove_ended()

    async def _note_use(self, login_id: str) -> None:
        try:
            await asyncio.to_thread(self.store.note_use, login_id)
        except UNAVAILABLE as problem:  # the login then ends a little sooner
            _log.warning("The use of a login could not be noted: %s", problem)


def with_role(person: Person) -> Person:
    """`person`, as an admin where the settings name it."""
    return replace(person, is_admin=person.is_admin or is_admin(person))
