"""Accounts with a password, in an embedded SQLite file. They are made by ``scripts/accounts``.

Passwords are hashed with argon2id, by argon2-cffi; a hash that was made with other parameters than
today's is made anew at the next sign-in. Hashing takes memory and time on purpose: call `verify` in
a thread, and few at once.
"""

from __future__ import annotations

import re
import sqlite3
import time
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chat_app.auth.database import Database
from chat_app.auth.names import LONGEST, normalised
from chat_app.auth.person import Person

if TYPE_CHECKING:
    from pathlib import Path

FILE = "accounts.sqlite"
PREFIX = "password:"
SHORTEST_PASSWORD = 8  # characters, the least that NIST SP 800-63B allows
LONGEST_PASSWORD = 1000
_NAME = re.compile(r"\w[\w.@+-]*")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
  name TEXT PRIMARY KEY,
  shown TEXT NOT NULL,
  hash TEXT NOT NULL,
  is_locked INTEGER NOT NULL DEFAULT 0,
  made REAL NOT NULL,
  signed_in REAL
) STRICT;
"""


class Problem(Enum):
    """Why the operator cannot have what was asked for (see `scripts.accounts`)."""

    NAME = "name"
    TAKEN = "taken"
    UNKNOWN = "unknown"
    LENGTH = "length"
    IS_NAME = "is-name"


class AccountError(Exception):
    """What was asked for cannot be done. Its arguments are the `Problem` and the name."""


@dataclass(frozen=True, slots=True)
class Account:
    """One person who may sign in with a password."""

    name: str
    """As `normalised` spells it."""
    shown: str
    """As the operator spelt it."""
    is_locked: bool
    made: float
    signed_in: float | None
    """The last time, in seconds since 1970."""
    hash: str = field(default="", repr=False)

    @property
    def person(self) -> Person:
        """Whose threads are those of this account."""
        return Person(PREFIX + self.name, self.shown)


class Accounts:
    """Those of a file."""

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        self._database = Database(path, _SCHEMA)
        self._hasher = hasher or PasswordHasher()
        self._dummy_hash = self._hasher.hash("the password of no account")

    def add(self, name: str, password: str) -> Account:
        """Make an account.

        Raises:
            AccountError: the name is taken or cannot be one, or the password is too weak.
        """
        shown = normalize("NFKC", name).strip()
        key = normalised(name)
        if not _NAME.fullmatch(key) or len(key) > LONGEST:
            raise AccountError(Problem.NAME, key)
        hashed = self._hashed(key, password)
        try:
            with self._database.writing() as database:
                database.execute(
                    "INSERT INTO accounts (name, shown, hash, made) VALUES (?, ?, ?, ?)",
                    (key, shown, hashed, time.time()),
                )
        except sqlite3.IntegrityError:
            raise AccountError(Problem.TAKEN, key) from None
        return self.get(key)

    def get(self, name: str) -> Account:
        """An account.

        Raises:
            AccountError: there is none of this name.
        """
        found = [account for account in self.all() if account.name == normalised(name)]
        if not found:
            raise AccountError(Problem.UNKNOWN, normalised(name))
        return found[0]

    def all(self) -> list[Account]:
        """All accounts, by name."""
        rows = self._database.read(
            "SELECT name, shown, is_locked, made, signed_in, hash FROM accounts ORDER BY name"
        )
        return [Account(row[0], row[1], bool(row[2]), *row[3:]) for row in rows]

    def change_password(self, name: str, password: str) -> None:
        """Give an account another password.

        Raises:
            AccountError: there is no such account, or the password is too weak.
        """
        account = self.get(name)
        self._set("hash", self._hashed(account.name, password), account)

    def lock(self, name: str, *, is_locked: bool = True) -> None:
        """Lock an account, or unlock it.

        Raises:
            AccountError: there is no such account.
        """
        self._set("is_locked", int(is_locked), self.get(name))

    def remove(self, name: str) -> None:
        """Delete an account. Threads stay, and are those of a later account of this name.

        Raises:
            AccountError: there is no such account.
        """
        account = self.get(name)
        with self._database.writing() as database:
            database.execute("DELETE FROM accounts WHERE name = ?", (account.name,))

    def verify(self, name: str, password: str) -> Account | None:
        """The account of this name, where the password is right; locked ones too.

        It takes as long for a name that there is not.
        """
        key = normalised(name)
        rows = self._database.read("SELECT hash FROM accounts WHERE name = ?", (key,))
        hashed = rows[0][0] if rows else self._dummy_hash
        try:
            self._hasher.verify(hashed, _spelt(password))
        except (VerificationError, InvalidHashError):
            return None
        if not rows:
            return None
        if self._hasher.check_needs_rehash(hashed):
            renewed = self._hasher.hash(_spelt(password))
            with self._database.writing() as database:
                statement = "UPDATE accounts SET hash = ? WHERE name = ? AND hash = ?"
                if database.execute(statement, (renewed, key, hashed)).rowcount:
                    hashed = renewed
        accounts = [one for one in self.all() if (one.name, one.hash) == (key, hashed)]
        return accounts[0] if accounts else None  # the operator changed it meanwhile

    def is_unchanged(self, account: Account) -> bool:
        """Whether an account that `verify` found has the same password, and is not locked."""
        return any(
            (one.name, one.hash) == (account.name, account.hash) and not one.is_locked
            for one in self.all()
        )

    def note_sign_in(self, account: Account) -> None:
        """Keep when the person signed in, for `all`."""
        self._set("signed_in", time.time(), account)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _hashed(self, name: str, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise AccountError(Problem.LENGTH, name)
        if normalised(password) == name:
            raise AccountError(Problem.IS_NAME, name)
        return self._hasher.hash(_spelt(password))

    def _set(self, column: str, value: object, account: Account) -> None:
        with self._database.writing() as database:
            statement = f"UPDATE accounts SET {column} = ? WHERE name = ?"  # noqa: S608 - constants
            database.execute(statement, (value, account.name))


def _spelt(password: str) -> str:
    """One spelling of what keyboards compose differently (RFC 8265, OpaqueString)."""
    return normalize("NFC", password)
