"""The logins of people who signed in: they outlive a restart of the app.

They are in the data folder, or in the Redis that several hosts share (see `Kept`).

The browser has a random secret of 256 bits in its signed cookie; only its hash is kept here, and is
the id of the login. What a mode keeps beside it, such as the tokens of a provider, is encrypted.

A login ends when it is revoked, after a fixed time, or after a time without activity of the person.
Reading one costs nothing noticeable: what this process read stands until this or another process
changes it. With a file that takes some microseconds to find out. With Redis a request asks it, once
(`look_up`), and for open sockets all changes are read each second (`catch_up`).
"""

from __future__ import annotations

import secrets
import time
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chat_app.auth.login_file import LoginFile
from chat_app.auth.person import Login, Person
from chat_app.auth.secret import signing_secret
from chat_app.config import settings
from chat_app.shared_store.logins import TOLD, Row, SharedLogins
from chat_app.shared_store.redis import shared_store

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = "logins.sqlite"
_BITS = 256
_NOTED_EVERY = 30.0
"""Seconds between two notes of activity of one login, at least."""


class Kept(Protocol):
    """Where logins are kept; each method but the last three and `get` may block."""

    def insert(self, row: Row) -> None:
        """Keep a new one."""

    def get(self, login_id: str) -> Row | None:
        """One, as it is known here; None where there is none."""

    def set_data(self, login_id: str, data: bytes) -> None:
        """Replace the data of one, if it is there."""

    def set_used(self, login_id: str, used: float) -> None:
        """Replace the time of one, if it is there."""

    def delete(self, login_id: str) -> None:
        """Delete one."""

    def delete_all(self, person_id: str) -> list[str]:
        """Delete those of a person; returns their ids."""
        ...

    def ids_of(self, person_id: str) -> list[str]:
        """The ids of those of a person."""
        ...

    def delete_before(self, ends: float, used: float) -> int:
        """Delete those that ended before one time, or were used last before another one."""
        ...

    async def look_up(self, login_id: str) -> None:
        """Have `get` know what has changed of one."""

    async def catch_up(self) -> None:
        """Have `get` know what has changed of all."""

    def close(self) -> None:
        """Nothing uses it afterwards."""


class Logins:
    """Times are seconds since 1970, as `now` tells them."""

    def __init__(
        self,
        kept: Kept | Path,
        *,
        secret: bytes,
        lasts: float,
        idle: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._kept: Kept = LoginFile(kept) if isinstance(kept, Path) else kept
        self._cipher = _cipher(secret)
        self._lasts, self._idle, self._now = lasts, idle, now

    def make(
        self, person: Person, data: bytes = b"", *, lasts: float | None = None
    ) -> tuple[str, Login]:
        """A new login, and the secret by which the browser presents it.

        Args:
            person: who signed in; `is_admin` is kept with the login.
            data: what the mode keeps with it. It is encrypted.
            lasts: seconds to its end, where the mode ends it sooner than the settings.
        """
        presented = secrets.token_urlsafe(_BITS // 8)
        login = Login(_hash(presented), person)
        now = self._now()
        ends = now + (self._lasts if lasts is None else min(lasts, self._lasts))
        sealed = self._cipher.encrypt(data) if data else b""
        self._kept.insert(Row(login.id, *_told(person), now, now, ends, sealed))
        return presented, login

    def presented(self, secret: str) -> Login | None:
        """The login of a browser that presents `secret`, where it is valid."""
        return self.find(_hash(secret))

    def find(self, login_id: str) -> Login | None:
        """A login, where it is valid: it was not revoked, and is not over."""
        row = self._kept.get(login_id)
        now = self._now()
        if row is None or now >= row.ends or now >= row.used + self._idle:
            return None
        return Login(login_id, Person(row.person, row.name, bool(row.is_admin)))

    async def look_up(self, secret: str) -> None:
        """Have this process know what others have changed of the login of this secret.

        Raises:
            SharedStoreDownError: the login was never read here, and cannot be now.
        """
        await self._kept.look_up(_hash(secret))

    async def look_up_id(self, login_id: str) -> None:
        """The same, of the login of this id."""
        await self._kept.look_up(login_id)

    async def catch_up(self) -> None:
        """Have this process know what others have changed.

        Raises:
            SharedStoreDownError: it cannot be read now: what is known stands.
        """
        await self._kept.catch_up()

    def is_over(self, secret: str) -> bool:
        """Whether a browser presents a login that has lasted its time, and was not revoked."""
        login_id = _hash(secret)
        return self._kept.get(login_id) is not None and self.find(login_id) is None

    def data_of(self, login_id: str) -> bytes:
        """What the mode keeps with a login; empty where that is nothing, or another secret's."""
        row = self._kept.get(login_id)
        if row is None or not row.data:
            return b""
        try:
            return self._cipher.decrypt(row.data)
        except InvalidToken:
            return b""

    def keep_data(self, login_id: str, data: bytes) -> None:
        """Have the mode's data replaced, such as a token by the next."""
        self._kept.set_data(login_id, self._cipher.encrypt(data) if data else b"")

    def is_noted(self, login_id: str) -> bool:
        """Whether activity was noted just now: `note_use` would change nothing."""
        row = self._kept.get(login_id)
        return row is None or self._now() < row.used + min(_NOTED_EVERY, self._idle / 4)

    def note_use(self, login_id: str) -> None:
        """The person has done something: the time without activity begins again."""
        if self.is_noted(login_id) or self.find(login_id) is None:
            return
        self._kept.set_used(login_id, self._now())

    def revoke(self, login_id: str) -> None:
        """End a login, in all processes."""
        self._kept.delete(login_id)

    def revoke_all(self, person_id: str) -> list[str]:
        """End all logins of a person; returns their ids."""
        return self._kept.delete_all(person_id)

    def of_person(self, person_id: str) -> list[str]:
        """The ids of a person's logins that are valid."""
        return [one for one in self._kept.ids_of(person_id) if self.find(one)]

    def remove_ended(self) -> int:
        """Delete what has been over for a day; returns how many."""
        before = self._now() - TOLD
        return self._kept.delete_before(before, before - self._idle)

    def close(self) -> None:
        """Nothing uses them afterwards."""
        self._kept.close()


def _told(person: Person) -> tuple[str, str, int]:
    return person.id, person.name, int(person.is_admin)


def _hash(secret: str) -> str:
    """A secret of 256 random bits needs no slow hash."""
    return sha256(secret.encode()).hexdigest()


def _cipher(secret: bytes) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"chat_app.auth.logins").derive(secret)
    return Fernet(urlsafe_b64encode(key))


@lru_cache(maxsize=1)
def logins() -> Logins:
    """Those of Redis or of the data folder, with the lifetimes of the settings."""
    store = shared_store()
    return Logins(
        SharedLogins(store) if store else Path(settings().data_dir) / FILE,
        secret=signing_secret(),
        lasts=settings().session_hours * 3600,
        idle=settings().idle_minutes * 60,
    )
