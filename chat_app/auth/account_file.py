"""Accounts in a file of the data folder: a `chat_app.auth.accounts.Table`."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from chat_app.auth.database import Database
from chat_app.shared_store.accounts import Row

if TYPE_CHECKING:
    from pathlib import Path

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
_READ = "SELECT name, shown, hash, is_locked, made, signed_in FROM accounts"


class AccountFile:
    """Those of a file."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)

    def insert(self, row: Row) -> bool:
        try:
            with self._database.writing() as database:
                database.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?)", row)
        except sqlite3.IntegrityError:
            return False
        return True

    def get(self, name: str) -> Row | None:
        rows = self._database.read(f"{_READ} WHERE name = ?", (name,))
        return Row(*rows[0]) if rows else None

    def all(self) -> list[Row]:
        return [Row(*row) for row in self._database.read(f"{_READ} ORDER BY name")]

    def change_hash(self, name: str, new: str, *, old: str | None = None) -> bool:
        with self._database.writing() as database:
            statement = "UPDATE accounts SET hash = :new WHERE name = :name"
            statement += " AND (:old IS NULL OR hash = :old)"
            values = {"name": name, "new": new, "old": old}
            return bool(database.execute(statement, values).rowcount)

    def lock(self, name: str, *, is_locked: bool) -> None:
        with self._database.writing() as database:
            statement = "UPDATE accounts SET is_locked = ? WHERE name = ?"
            database.execute(statement, (int(is_locked), name))

    def note_sign_in(self, name: str, at: float) -> None:
        with self._database.writing() as database:
            database.execute("UPDATE accounts SET signed_in = ? WHERE name = ?", (at, name))

    def remove(self, name: str) -> None:
        with self._database.writing() as database:
            database.execute("DELETE FROM accounts WHERE name = ?", (name,))

    def close(self) -> None:
        self._database.close()
