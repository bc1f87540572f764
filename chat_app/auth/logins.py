"""The logins of people who signed in, in the data folder: they outlive a restart of the app.

The browser has a random secret of 256 bits in its signed cookie; only its hash is kept here, and is
the id of the login. What a mode keeps beside it, such as the tokens of a provider, is encrypted.

A login ends when it is revoked, after a fixed time, or after a time without activity of the person.
Reading one costs nothing noticeable: what this process read stands until this or another process
changes the file, which costs some microseconds to find out.
"""

from __future__ import annotations

import secrets
import threading
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chat_app.auth.database import Database
from chat_app.auth.person import Login, Person
from chat_app.auth.secret import signing_secret
from chat_app.config import settings

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = "logins.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS logins (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  name TEXT NOT NULL,
  is_admin INTEGER NOT NULL,
  made REAL NOT NULL,
  used REAL NOT NULL,
  ends REAL NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS logins_of_a_person ON logins (person);
"""
_BITS = 256
_TOLD = 24 * 3600.0
"""Seconds for which a login that is over is told from one that was revoked."""
_NOTED_EVERY = 30.0
"""Seconds between two notes of activity of one login, at least."""
_REMEMBERED = 10_000
"""Logins that this process keeps in memory."""


@dataclass(slots=True)
class _Row:
    login: Login
    used: float
    ends: float
    data: bytes


class Logins:
    """Those of a file. Times are seconds since 1970, as `now` tells them."""

    def __init__(
        self,
        path: Path,
        *,
        secret: bytes,
        lasts: float,
        idle: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._database = Database(path, _SCHEMA)
        self._cipher = _cipher(secret)
        self._lasts, self._idle, self._now = lasts, idle, now
        self._reading = threading.Lock()
        self._read: dict[str, _Row | None] = {}
        self._version = self._database.version()

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
        row = login.id, person.id, person.name, int(person.is_admin), now, now, ends, sealed
        with self._database.writing() as database:
            database.execute("INSERT INTO logins VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return presented, login

    def presented(self, secret: str) -> Login | None:
        """The login of a browser that presents `secret`, where it is valid."""
        return self.find(_hash(secret))

    def find(self, login_id: str) -> Login | None:
        """A login, where it is valid: it was not revoked, and is not over."""
        row = self._row(login_id)
        now = self._now()
        if row is None or now >= row.ends or now >= row.used + self._idle:
            return None
        return row.login

    def is_over(self, secret: str) -> bool:
        """Whether a browser presents a login that has lasted its time, and was not revoked."""
        login_id = _hash(secret)
        return self._row(login_id) is not None and self.find(login_id) is None

    def data_of(self, login_id: str) -> bytes:
        """What the mode keeps with a login; empty where that is nothing, or another secret's."""
        row = self._row(login_id)
        if row is None or not row.data:
            return b""
        try:
            return self._cipher.decrypt(row.data)
        except InvalidToken:
            return b""

    def keep_data(self, login_id: str, data: bytes) -> None:
        """Have the mode's data replaced, such as a token by the next."""
        sealed = self._cipher.encrypt(data) if data else b""
        with self._database.writing() as database:
            database.execute("UPDATE logins SET data = ? WHERE id = ?", (sealed, login_id))

    def is_noted(self, login_id: str) -> bool:
        """Whether activity was noted just now: `note_use` would change nothing."""
        row = self._row(login_id)
        return row is None or self._now() < row.used + min(_NOTED_EVERY, self._idle / 4)

    def note_use(self, login_id: str) -> None:
        """The person has done something: the time without activity begins again."""
        if self.is_noted(login_id) or self.find(login_id) is None:
            return
        with self._database.writing() as database:
            database.execute("UPDATE logins SET used = ? WHERE id = ?", (self._now(), login_id))

    def revoke(self, login_id: str) -> None:
        """End a login: no process of the host finds it any more."""
        with self._database.writing() as database:
            database.execute("DELETE FROM logins WHERE id = ?", (login_id,))

    def revoke_all(self, person_id: str) -> list[str]:
        """End all logins of a person; returns their ids."""
        with self._database.writing() as database:
            ended = database.execute(
                "DELETE FROM logins WHERE person = ? RETURNING id", (person_id,)
            )
            return [row[0] for row in ended.fetchall()]

    def of_person(self, person_id: str) -> list[str]:
        """The ids of a person's logins that are valid."""
        rows = self._database.read("SELECT id FROM logins WHERE person = ?", (person_id,))
        return [row[0] for row in rows if self.find(row[0])]

    def remove_ended(self) -> int:
        """Delete what has been over for a day; returns how many."""
        now = self._now() - _TOLD
        with self._database.writing() as database:
            gone = database.execute(
                "DELETE FROM logins WHERE ends <= ? OR used <= ?", (now, now - self._idle)
            )
        return gone.rowcount

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _row(self, login_id: str) -> _Row | None:
        with self._reading:
            version = self._database.version()
            if version != self._version or len(self._read) > _REMEMBERED:
                self._read.clear()
                self._version = version
            if login_id not in self._read:
                self._read[login_id] = self._row_in_file(login_id)
            return self._read[login_id]

    def _row_in_file(self, login_id: str) -> _Row | None:
        found = self._database.read("SELECT * FROM logins WHERE id = ?", (login_id,))
        if not found:
            return None
        _, person, name, is_admin, _, used, ends, data = found[0]
        return _Row(Login(login_id, Person(person, name, bool(is_admin))), used, ends, data)


def _hash(secret: str) -> str:
    """A secret of 256 random bits needs no slow hash."""
    return sha256(secret.encode()).hexdigest()


def _cipher(secret: bytes) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"chat_app.auth.logins").derive(secret)
    return Fernet(urlsafe_b64encode(key))


@lru_cache(maxsize=1)
def logins() -> Logins:
    """Those of the data folder, with the lifetimes of the settings."""
    return Logins(
        Path(settings().data_dir) / FILE,
        secret=signing_secret(),
        lasts=settings().session_hours * 3600,
        idle=settings().idle_minutes * 60,
    )
