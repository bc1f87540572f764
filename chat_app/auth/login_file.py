"""Logins in a file of the data folder: a `chat_app.auth.logins.Kept`."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from chat_app.auth.database import Database
from chat_app.shared_store.logins import Row

if TYPE_CHECKING:
    from pathlib import Path

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
_REMEMBERED = 10_000
"""Logins that this process keeps in memory."""


class LoginFile:
    """Those of a file. What was read stands until another process changes the file."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)
        self._reading = threading.Lock()
        self._read: dict[str, Row | None] = {}
        self._version = self._database.version()

    def insert(self, row: Row) -> None:
        with self._database.writing() as database:
            database.execute("INSERT INTO logins VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def get(self, login_id: str) -> Row | None:
        with self._reading:
            version = self._database.version()
            if version != self._version or len(self._read) > _REMEMBERED:
                self._read.clear()
                self._version = version
            if login_id not in self._read:
                found = self._database.read("SELECT * FROM logins WHERE id = ?", (login_id,))
                self._read[login_id] = Row(*found[0]) if found else None
            return self._read[login_id]

    def set_data(self, login_id: str, data: bytes) -> None:
        with self._database.writing() as database:
            database.execute("UPDATE logins SET data = ? WHERE id = ?", (data, login_id))

    def set_used(self, login_id: str, used: float) -> None:
        with self._database.writing() as database:
            database.execute("UPDATE logins SET used = ? WHERE id = ?", (used, login_id))

    def delete(self, login_id: str) -> None:
        with self._database.writing() as database:
            database.execute("DELETE FROM logins WHERE id = ?", (login_id,))

    def delete_all(self, person_id: str) -> list[str]:
        with self._database.writing() as database:
            ended = database.execute(
                "DELETE FROM logins WHERE person = ? RETURNING id", (person_id,)
            )
            return [row[0] for row in ended.fetchall()]

    def ids_of(self, person_id: str) -> list[str]:
        rows = self._database.read("SELECT id FROM logins WHERE person = ?", (person_id,))
        return [row[0] for row in rows]

    def delete_before(self, ends: float, used: float) -> int:
        with self._database.writing() as database:
            gone = database.execute("DELETE FROM logins WHERE ends <= ? OR used <= ?", (ends, used))
        return gone.rowcount

    async def look_up(self, login_id: str) -> None:
        """Nothing: `get` sees each change."""

    async def catch_up(self) -> None:
        """Nothing: `get` sees each change."""

    def close(self) -> None:
        self._database.close()
