"""The person's access token, for a LangGraph server that asks for it, and renewed before its end.

A provider may give a new refresh token with each use of the old one, and end the login where one
is used twice. So a login's token is renewed by one at a time, also among processes and hosts, and
what was renewed is kept with the login before it is used.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import time
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.auth.oidc.provider import ProviderDownError, ProviderOddError, RefusedGrantError
from chat_app.client import PersonRefusedError
from chat_app.config import settings
from chat_app.shared_store.lease import leased
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping

    from chat_app.auth.logins import Logins
    from chat_app.auth.oidc.provider import Provider

_EARLY = 30.0
"""Seconds before its end that a token is renewed."""
_UNKNOWN = 401
_LOCKS = "renewing"
_LEASE = 60.0
"""Seconds after which another host may renew a token: longer than the provider may take."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept with a login, encrypted; `until` is in seconds since 1970, 0 for no end."""

    subject: str = ""
    id_token: str = ""
    sid: str = ""
    """The provider's name of its own login."""
    access_token: str = ""
    refresh_token: str = ""
    until: float = 0

    @classmethod
    def of(cls, data: bytes) -> Kept:
        """What `as_bytes` made; nothing of anything else."""
        try:
            return cls(**json.loads(data))
        except (ValueError, TypeError):
            return cls()

    def as_bytes(self) -> bytes:
        """For `chat_app.auth.logins`."""
        return json.dumps(asdict(self)).encode()

    def with_tokens(self, answer: Mapping[str, Any]) -> Kept:
        """With the tokens of an answer of the provider: an old refresh token stays without one."""
        lasts = answer.get("expires_in")
        refresh = answer.get("refresh_token")
        return replace(
            self,
            access_token=str(answer["access_token"]),
            refresh_token=refresh if isinstance(refresh, str) else self.refresh_token,
            until=time.time() + float(lasts) if isinstance(lasts, int | float) and lasts > 0 else 0,
        )

    def is_good(self, refused: str) -> bool:
        """Whether the access token can be used; not where the server has `refused` it."""
        lasts = not self.until or time.time() < self.until - _EARLY
        return bool(self.access_token) and self.access_token != refused and lasts


class Tokens:
    """Those of all people. `end` ends a login that the provider has ended."""

    def __init__(
        self, provider: Provider, store: Logins, end: Callable[[str], Awaitable[None]]
    ) -> None:
        self._provider = provider
        self._store = store
        self._end = end
        self._renewing: dict[str, asyncio.Lock] = {}

    def of_person(self, person_id: str) -> dict[str, Kept]:
        """What is kept with each login of a person. May block."""
        ids = self._store.of_person(person_id)
        return {login_id: Kept.of(self._store.data_of(login_id)) for login_id in ids}

    async def access_token(self, person_id: str, refused: str) -> str:
        """A token of one of the person's logins, which all stand for the same person.

        Args:
            person_id: whose.
            refused: the one that the server has refused, if it has.

        Raises:
            PersonRefusedError: there is none any more.
            AppError: the provider cannot renew it at the moment.
        """
        kept = await asyncio.to_thread(self.of_person, person_id)
        for one in kept.values():
            if one.is_good(refused):
                return one.access_token
        for login_id, one in kept.items():
            if one.refresh_token and (renewed := await self._renewed(login_id, refused)):
                return renewed
        still_good = next((one for one in kept.values() if one.is_good("")), None)
        if still_good:
            return still_good.access_token
        raise PersonRefusedError(text.SIGN_IN_OVER, status=_UNKNOWN)

    async def _renewed(self, login_id: str, refused: str) -> str:
        lock = self._renewing.setdefault(login_id, asyncio.Lock())
        try:
            async with lock, _only_process(login_id):
                return await self._renew(login_id, refused)
        finally:
            if not lock.locked():
                self._renewing.pop(login_id, None)

    async def _renew(self, login_id: str, refused: str) -> str:
        """The token, which another request may have renewed meanwhile; empty for none."""
        await self._store.look_up_id(login_id)
        kept = Kept.of(self._store.data_of(login_id))
        if kept.is_good(refused):
            return kept.access_token
        if not kept.refresh_token:
            return ""
        grant = {"grant_type": "refresh_token", "refresh_token": kept.refresh_token}
        try:
            answer = await self._provider.exchange(grant)
        except RefusedGrantError:
            _log.info("The identity provider has ended a login")
            await self._end(login_id)
            return ""
        except ProviderDownError:
            raise AppError(text.OIDC_DOWN) from None
        except ProviderOddError as odd:
            _log.warning("An access token cannot be renewed: %s", odd)
            raise AppError(text.OIDC_ODD) from None
        kept = kept.with_tokens(answer)
        await asyncio.shield(asyncio.to_thread(self._store.keep_data, login_id, kept.as_bytes()))
        return kept.access_token


@asynccontextmanager
async def _only_process(login_id: str) -> AsyncGenerator[None]:
    """Within the block no other process, of any host, renews the token of the login."""
    folder = Path(settings().data_dir) / _LOCKS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    # One of a fixed number of files: logins come and go.
    with (folder / login_id[:2]).open("wb") as file:
        await asyncio.to_thread(fcntl.flock, file, fcntl.LOCK_EX)
        async with leased(f"renewing:{login_id}", _LEASE):
            yield  # closing the file ends the lock
