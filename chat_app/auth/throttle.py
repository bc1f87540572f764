"""Growing delays after failed sign-ins, per account, per client address, and per known browser.

Counters are where the accounts are, so a restart does not clear them; what they count by is
hashed, for a person may type a password where the name belongs.

An attempt counts as failed when it begins: a hundred that come at once are not all free. A browser
that has signed in to an account before (see `chat_app.auth.known_browsers`) is counted for itself
alone: guesses from elsewhere do not delay it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chat_app.auth.accounts import FILE
from chat_app.auth.database import Database
from chat_app.config import settings
from chat_app.shared_store.counters import Counted, SharedCounters
from chat_app.shared_store.redis import shared_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
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


ACCOUNT = Limit("account", free=5, first=5, longest=900)
BROWSER = Limit("browser", free=5, first=5, longest=900)
ADDRESS = Limit("address", free=20, first=5, longest=300)
"""Many people may share an address, so it takes more failures, and delays less."""


class Counters(Protocol):
    """Where failures are counted; each method may block."""

    def begin(self, counted: Sequence[Counted], now: float, forgotten_after: float) -> float:
        """One more failure each, or the seconds to wait until one may be counted."""
        ...

    def undo(self, keys: Iterable[bytes]) -> None:
        """One failure less each."""

    def forget(self, counter: bytes) -> None:
        """Clear one."""

    def clean_up(self, before: float, most: int) -> None:
        """Delete those that are older, and the oldest of more than `most`."""

    def close(self) -> None:
        """Nothing uses it afterwards."""


class Throttle:
    """All counters. With Redis, each method raises `SharedStoreDownError`."""

    def __init__(self, counters: Counters | Path, now: Callable[[], float] = time.time) -> None:
        self._counters: Counters = CounterFile(counters) if isinstance(counters, Path) else counters
        self._now = now

    def begin(self, *counted: tuple[Limit, str]) -> float:
        """An attempt begins, unless it has to wait: then it does not count.

        Returns:
            Seconds to wait; 0 where the attempt may go on. It has failed until `succeeded`.
        """
        rows = [
            Counted(_key(limit, by), limit.free, limit.first, limit.longest)
            for limit, by in counted
        ]
        return self._counters.begin(rows, self._now(), _FORGOTTEN_AFTER)

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
        self._counters.undo([_key(limit, by) for limit, by in counted])

    def forget(self, limit: Limit, by: str) -> None:
        """Clear a counter, as an operator may."""
        self._counters.forget(_key(limit, by))

    def clean_up(self) -> None:
        """Delete what is too old to count, and the oldest of too many."""
        self._counters.clean_up(self._now() - _FORGOTTEN_AFTER, _MOST)

    def close(self) -> None:
        """Nothing uses it afterwards."""
        self._counters.close()


class CounterFile:
    """Counters in a file, as a `Counters`."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)

    def begin(self, counted: Sequence[Counted], now: float, forgotten_after: float) -> float:
        with self._database.writing() as database:
            found = [(one, *_failures(database, one.key, now, forgotten_after)) for one in counted]
            wait = max(
                (last + delay(one, failures) - now for one, failures, last in found), default=0
            )
            if wait > 0:
                return wait
            for one, failures, _ in found:
                row = one.key, failures + 1, now
                database.execute("INSERT OR REPLACE INTO attempts VALUES (?, ?, ?)", row)
        return 0

    def undo(self, keys: Iterable[bytes]) -> None:
        with self._database.writing() as database:
            change = "UPDATE attempts SET failures = max(failures - 1, 0) WHERE key = ?"
            database.executemany(change, [(one,) for one in keys])

    def forget(self, counter: bytes) -> None:
        with self._database.writing() as database:
            database.execute("DELETE FROM attempts WHERE key = ?", (counter,))

    def clean_up(self, before: float, most: int) -> None:
        with self._database.writing() as database:
            database.execute("DELETE FROM attempts WHERE last <= ?", (before,))
            database.execute(
                "DELETE FROM attempts WHERE key IN "
                "(SELECT key FROM attempts ORDER BY last DESC LIMIT -1 OFFSET ?)",
                (most,),
            )

    def close(self) -> None:
        self._database.close()


def delay(limit: Limit | Counted, failures: int) -> float:
    """Seconds from the last failure until another attempt is heard."""
    if failures < limit.free:
        return 0
    return min(limit.longest, limit.first * 2 ** min(failures - limit.free, 30))


def throttle() -> Throttle:
    """The counters in Redis, or in the file of the accounts."""
    store = shared_store()
    return Throttle(SharedCounters(store) if store else Path(settings().data_dir) / FILE)


def _key(limit: Limit, by: str) -> bytes:
    return sha256(f"{limit.kind}\n{by}".encode()).digest()


def _failures(
    database: Connection, counter: bytes, now: float, forgotten_after: float
) -> tuple[int, float]:
    """How many there are that still count, and when the last one was."""
    statement = "SELECT failures, last FROM attempts WHERE key = ? AND last > ?"
    rows = database.execute(statement, (counter, now - forgotten_after)).fetchall()
    return rows[0] if rows else (0, now)
