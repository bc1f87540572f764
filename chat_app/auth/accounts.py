"""Accounts with a password, made by ``scripts/accounts``: in a file, or in Redis for several hosts.

Passwords are hashed with argon2id, by argon2-cffi; a hash that was made with other parameters than
today's is made anew at the next sign-in. Hashing takes memory and time on purpose: call `verify` in
a thread, and few at once.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chat_app.auth.account_file import AccountFile
from chat_app.auth.names import LONGEST, normalised
from chat_app.auth.person import Person
from chat_app.config import settings
from chat_app.shared_store.accounts import Row, SharedAccounts
from chat_app.shared_store.redis import shared_store

FILE = "accounts.sqlite"
PREFIX = "password:"
SHORTEST_PASSWORD = 8  # characters, the least that NIST SP 800-63B allows
LONGEST_PASSWORD = 1000
_NAME = re.compile(r"\w[\w.@+-]*")


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


class Table(Protocol):
    """Where accounts are kept; each method may block."""

    def insert(self, row: Row) -> bool:
        """Keep a new one; False where the name is taken."""
        ...

    def get(self, name: str) -> Row | None:
        """The one of a name."""

    def all(self) -> list[Row]:
        """All, by name."""
        ...

    def change_hash(self, name: str, new: str, *, old: str | None = None) -> bool:
        """Replace the hash of one, where it is there and has the `old` one; returns whether."""
        ...

    def lock(self, name: str, *, is_locked: bool) -> None:
        """Lock one, or unlock it."""

    def note_sign_in(self, name: str, at: float) -> None:
        """Keep when its person signed in."""

    def remove(self, name: str) -> None:
        """Delete one."""

    def close(self) -> None:
        """Nothing uses it afterwards."""


class Accounts:
    """All of them. With Redis, each method raises `SharedStoreDownError`."""

    def __init__(self, table: Table | Path, hasher: PasswordHasher | None = None) -> None:
        self._table: Table = AccountFile(table) if isinstance(table, Path) else table
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
        row = Row(key, shown, self._hashed(key, password), 0, time.time(), None)
        if not self._table.insert(row):
            raise AccountError(Problem.TAKEN, key)
        return _account(row)

    def copy_from(self, others: Accounts) -> list[str]:
        """Take over the accounts of another store whose names are free here; returns the names."""
        return [row.name for row in others._table.all() if self._table.insert(row)]

    def get(self, name: str) -> Account:
        """An account.

        Raises:
            AccountError: there is none of this name.
        """
        found = self._table.get(normalised(name))
        if not found:
            raise AccountError(Problem.UNKNOWN, normalised(name))
        return _account(found)

    def all(self) -> list[Account]:
        """All accounts, by name."""
        return [_account(row) for row in self._table.all()]

    def change_password(self, name: str, password: str) -> None:
        """Give an account another password.

        Raises:
            AccountError: there is no such account, or the password is too weak.
        """
        account = self.get(name)
        self._table.change_hash(account.name, self._hashed(account.name, password))

    def lock(self, name: str, *, is_locked: bool = True) -> None:
        """Lock an account, or unlock it.

        Raises:
            AccountError: there is no such account.
        """
        self._table.lock(self.get(name).name, is_locked=is_locked)

    def remove(self, name: str) -> None:
        """Delete an account. Threads stay, and are those of a later account of this name.

        Raises:
            AccountError: there is no such account.
        """
        self._table.remove(self.get(name).name)

    def verify(self, name: str, password: str) -> Account | None:
        """The account of this name, where the password is right; locked ones too.

        It takes as long for a name that there is not.
        """
        key = normalised(name)
        row = self._table.get(key)
        hashed = row.hash if row else self._dummy_hash
        try:
            self._hasher.verify(hashed, _spelt(password))
        except (VerificationError, InvalidHashError):
            return None
        if row is None:
            return None
        if self._hasher.check_needs_rehash(hashed):
            renewed = self._hasher.hash(_spelt(password))
            if self._table.change_hash(key, renewed, old=hashed):
                hashed = renewed
        now = self._table.get(key)
        # The operator may have changed it meanwhile.
        return _account(now) if now and now.hash == hashed else None

    def is_unchanged(self, account: Account) -> bool:
        """Whether an account that `verify` found has the same password, and is not locked."""
        now = self._table.get(account.name)
        return now is not None and now.hash == account.hash and not now.is_locked

    def note_sign_in(self, account: Account) -> None:
        """Keep when the person signed in, for `all`."""
        self._table.note_sign_in(account.name, time.time())

    def close(self) -> None:
        """Nothing uses them afterwards."""
        self._table.close()

    def _hashed(self, name: str, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise AccountError(Problem.LENGTH, name)
        if normalised(password) == name:
            raise AccountError(Problem.IS_NAME, name)
        return self._hasher.hash(_spelt(password))


def _account(row: Row) -> Account:
    return Account(row.name, row.shown, bool(row.is_locked), row.made, row.signed_in, row.hash)


def _spelt(password: str) -> str:
    """One spelling of what keyboards compose differently (RFC 8265, OpaqueString)."""
    return normalize("NFC", password)


def accounts() -> Accounts:
    """Those of Redis or of the data folder."""
    store = shared_store()
    return Accounts(SharedAccounts(store) if store else Path(settings().data_dir) / FILE)
