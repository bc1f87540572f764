"""Embedded SQLite files in the data folder: one of each kind for all processes of a host.

They are in write-ahead mode, so that readers never wait, and only their owner may read them.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chat_app.shared_store.redis import SharedStoreDownError

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

UNAVAILABLE = (sqlite3.Error, SharedStoreDownError)
"""What is kept cannot be read or written, be it in files or in Redis."""
_OWN_ONLY = 0o600
_TIMEOUT = 5.0
"""Seconds that a writer waits for that of another process."""


class Database:
    """A file with tables. Any thread may use it; each statement is short.

    Raises:
        sqlite3.Error: the file cannot be opened, or is no database.
        OSError: the folder cannot be written.
    """

    def __init__(self, path: Path, schema: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWN_ONLY))  # SQLite's files beside it too
        self._lock = threading.Lock()
        self._reader = self._opened(path)
        self._reading = threading.Lock()
        self._writer = self._opened(path)
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("PRAGMA synchronous = NORMAL")
        self._writer.executescript(schema)

    @staticmethod
    def _opened(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(
            path, timeout=_TIMEOUT, isolation_level=None, check_same_thread=False
        )

    def read(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple]:
        """The rows of a query. It waits for no writer: some microseconds."""
        with self._reading:
            return self._reader.execute(statement, values).fetchall()

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """A transaction, which no other process writes into; undone when the block fails.

        It may wait for another process's: use it in a thread where other work must not wait.
        """
        with self._lock:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def version(self) -> int:
        """Another number after each change that another connection made."""
        return self.read("PRAGMA data_version")[0][0]

    def close(self) -> None:
        """Close the file; nothing may use it afterwards."""
        with self._lock, self._reading:
            self._reader.close()
            self._writer.close()
