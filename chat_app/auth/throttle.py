"""Growing delays after failed sign-ins, per account, per client address, and per known browser.

Counters are in the file of the accounts, so a restart does not clear them; what they count by is
hashed, for a person may type a password where the name belongs.

An attempt counts as failed when it begins: a hundred that come at once are not all free. A browser
that has signed in to an account before (see `chat_app.auth.known_browsers`) is counted for itself
alone: guesses from elsewhere do not delay it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from chat_app.auth.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from sqlite3 import Connection

_SCHEMA = """
CREATE TABLE IF NOT EXISTS attempts (
  key BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  last REAL NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS attempts_by_time ON attempts (last);
"""
_FORGOTTEN_AFTER = 24 * 3600.0
_MOST = 100_000
"""Counters; of more, the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures without a delay; then `first` seconds, and twice as many each time."""

    kind: str
    free: int
    first: float
    longest: float

    def delay(self, failures: int) -> float:
        """Seconds from the last failure until another attempt is heard."""
        if failures < self.free:
            return 0
        return min(self.longest, self.first * 2 ** min(failures - self.free, 30))


ACCOUNT = Limit("account", free=5, first=5, longest=900)
BROWSER = Limit("browser", free=5, first=5, longest=900)
ADDRESS = Limit("address", free=20, first=5, longest=300)
"""Many people may share an address, so it takes more failures, and delays less."""


class Throttle:
    """The counters of a file."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._database = Database(path, _SCHEMA)
        self._now = now

    def begin(self, *counted: tuple[Limit, str]) -> float:
        """An attempt begins, unless it has to wait: then it does not count.

        Returns:
            Seconds to wait; 0 where the attempt may go on. It has failed until `succeeded`.
        """
        now = self._now()
        with self._database.writing() as database:
            found = [
                (limit, _key(limit, by), *_failures(database, limit, by, now))
                for limit, by in counted
            ]
            wait = max(
                (last + limit.delay(count) - now for limit, _, count, last in found), default=0
            )
            if wait > 0:
                return wait
            for _, key, count, _ in found:
                row = key, count + 1, now
                database.execute("INSERT OR REPLACE INTO attempts VALUES (?, ?, ?)", row)
        return 0

    def succeeded(self, *counted: tuple[Limit, str]) -> None:
        """The attempt did not fail. Only an address keeps its earlier failures.

        Otherwise one right password in between would let an address guess at all others for ever.
        """
        self.undo(*(one for one in counted if one[0] is ADDRESS))
        for limit, by in counted:
            if limit is not ADDRESS:
                self.forget(limit, by)

    def undo(self, *counted: tuple[Limit, str]) -> None:
        """The attempt was not looked at."""
        with self._database.writing() as database:
            for limit, by in counted:
                change = "UPDATE attempts SET failures = max(failures - 1, 0) WHERE key = ?"
                database.execute(change, (_key(limit, by),))

    def forget(self, limit: Limit, by: str) -> None:
        """Clear a counter, as an operator may."""
        with self._database.writing() as database:
            database.execute("DELETE FROM attempts WHERE key = ?", (_key(limit, by),))

    def clean_up(self) -> None:
        """Delete what is too old to count, and the oldest of too many."""
        with self._database.writing() as database:
            before = self._now() - _FORGOTTEN_AFTER
            database.execute("DELETE FROM attempts WHERE last <= ?", (before,))
            database.execute(
                "DELETE FROM attempts WHERE key IN "
                "(SELECT key FROM attempts ORDER BY last DESC LIMIT -1 OFFSET ?)",
                (_MOST,),
            )

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _key(limit: Limit, by: str) -> bytes:
    return sha256(f"{limit.kind}\n{by}".encode()).digest()


def _failures(database: Connection, limit: Limit, by: str, now: float) -> tuple[int, float]:
    """How many there are that still count, and when the last one was."""
    statement = "SELECT failures, last FROM attempts WHERE key = ? AND last > ?"
    rows: Sequence[tuple[int, float]] = database.execute(
        statement, (_key(limit, by), now - _FORGOTTEN_AFTER)
    ).fetchall()
    return rows[0] if rows else (0, now)
