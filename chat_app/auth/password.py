"""Mode ``password``: people sign in with the name and the password of an account."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_app.auth import known_browsers
from chat_app.auth.accounts import LONGEST_PASSWORD, PREFIX, AccountError
from chat_app.auth.accounts import accounts as all_accounts
from chat_app.auth.names import LONGEST, normalised
from chat_app.auth.signed_in import SignedIn
from chat_app.auth.throttle import ACCOUNT, ADDRESS, BROWSER
from chat_app.auth.throttle import throttle as all_counters

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

    from chat_app.auth.accounts import Account, Accounts
    from chat_app.auth.logins import Logins
    from chat_app.auth.throttle import Throttle

_AT_ONCE = 2
"""Passwords that are hashed at a time: each takes 64 MB."""
_TIMEOUT = 10.0
"""Seconds that one waits for its turn."""


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """Or there is no such account, which is not told apart."""


@dataclass(frozen=True, slots=True)
class LockedAccount:
    """The password is right, but the operator has locked the account."""


@dataclass(frozen=True, slots=True)
class TooManyTries:
    """It was not looked at. `wait` is in seconds."""

    wait: float


@dataclass(frozen=True, slots=True)
class TooBusy:
    """It was not looked at: too many people sign in at the moment."""


Refused = WrongPassword | LockedAccount | TooManyTries | TooBusy


class Password(SignedIn):
    """An `chat_app.auth.identify.Authenticator`."""

    def __init__(
        self,
        store: Logins | None = None,
        accounts: Accounts | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        super().__init__(store)
        self.accounts = accounts or all_accounts()
        self.throttle = throttle or all_counters()
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def attempt(
        self, response: Response, scope: Scope, name: str, password: str, *, address: str
    ) -> Refused | None:
        """Sign a person in; `response` gets the cookies.

        Args:
            response: what the browser is sent after a success.
            scope: of the request.
            name: as typed.
            password: as typed.
            address: of the client, as limits count it.

        Returns:
            Why not; None after a success.
        """
        key = normalised(name[: 2 * LONGEST])
        if not key or len(key) > LONGEST or not password or len(password) > LONGEST_PASSWORD:
            return WrongPassword()
        if browser := known_browsers.known_as(scope, key):
            counted = [(BROWSER, f"{browser}\n{key}")]
        else:
            counted = [(ACCOUNT, key), (ADDRESS, address)]
        wait = await asyncio.to_thread(self.throttle.begin, *counted)
        if wait:
            return TooManyTries(wait)
        account = await self._verified(key, password)
        if not account:
            return WrongPassword()
        if isinstance(account, TooBusy):
            await asyncio.to_thread(self.throttle.undo, *counted)
            return account
        await asyncio.to_thread(self.throttle.succeeded, *counted)
        if account.is_locked:
            return LockedAccount()
        return await self._let_in(response, scope, account)

    async def _let_in(
        self, response: Response, scope: Scope, account: Account
    ) -> WrongPassword | None:
        await asyncio.to_thread(self.accounts.note_sign_in, account)
        known_browsers.remember(response, scope, account.name)
        login = await self.sign_in(response, scope, account.person)
        # What the operator did in the meantime has ended all logins but this one.
        if not await asyncio.to_thread(self.accounts.is_unchanged, account):
            await self.end(login)
            return WrongPassword()
        return None

    def may_come_in(self, person_id: str) -> bool:
        """Whether there is such an account, which is not locked. Others are no accounts' matter."""
        if not person_id.startswith(PREFIX):
            return True
        try:
            return not self.accounts.get(person_id.removeprefix(PREFIX)).is_locked
        except AccountError:
            return False

    def clean_up(self) -> None:
        """Delete logins that are over, and counters that are old."""
        super().clean_up()
        self.throttle.clean_up()

    async def _verified(self, name: str, password: str) -> Account | TooBusy | None:
        try:
            async with asyncio.timeout(_TIMEOUT):
                await self._turns.acquire()
        except TimeoutError:
            return TooBusy()
        try:
            return await asyncio.to_thread(self.accounts.verify, name, password)
        finally:
            self._turns.release()
