"""The runs that people start, in a file of the data folder: a `chat_app.auth.budgets.Ledger`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.auth.database import Database
from chat_app.shared_store.budgets import UnderWay

if TYPE_CHECKING:
    from pathlib import Path
    from sqlite3 import Connection

    from chat_app.shared_store.budgets import Limits, Refused, Start

_SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    thread TEXT NOT NULL,
    run TEXT NOT NULL DEFAULT '',
    begun REAL NOT NULL,
    day INTEGER NOT NULL,
    tokens INTEGER NOT NULL DEFAULT 0,
    is_over INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS runs_of_a_person ON runs (person, day);
CREATE INDEX IF NOT EXISTS runs_by_id ON runs (run);
"""
_SUMS = "SELECT count(*), coalesce(sum(tokens), 0) FROM runs WHERE person = ? AND day = ?"
_KEPT_DAYS = 2


class _RefusedError(Exception):
    """Undoes a transaction. Its argument is the limit."""


class LedgerFile:
    """One row a run."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)

    def check(self, start: Start, limits: Limits) -> Refused | None:
        with self._database.writing() as rows:
            return _refusal(rows, start, limits)

    def begin(self, name: str, start: Start, limits: Limits) -> Refused | None:
        try:
            with self._database.writing() as rows:
                _begin(rows, name, start, limits)
        except _RefusedError as refused:
            return refused.args[0]
        return None

    def accepted(self, name: str, run: str) -> None:
        with self._database.writing() as rows:
            rows.execute(
                "UPDATE runs SET is_over = is_over AND run = :run, run = :run WHERE key = :key",
                {"key": name, "run": run},
            )

    def forget(self, name: str) -> None:
        with self._database.writing() as rows:
            rows.execute("DELETE FROM runs WHERE key = ? AND run = ''", (name,))

    def ended(self, name: str, run: str, tokens: int) -> None:
        with self._database.writing() as rows:
            # A message may have had another run before, which is told of late.
            rows.execute(
                "UPDATE runs SET is_over = 1, tokens = max(tokens, :tokens),"
                " run = CASE WHEN run = '' THEN :run ELSE run END"
                " WHERE (key = :key AND key <> '' AND (run IN ('', :run) OR :run = ''))"
                " OR (run = :run AND run <> '')",
                {"tokens": tokens, "key": name, "run": run},
            )

    def add(self, name: str, tokens: int) -> None:
        with self._database.writing() as rows:
            rows.execute("UPDATE runs SET tokens = tokens + ? WHERE key = ?", (tokens, name))

    def under_way(self, person: str) -> list[UnderWay]:
        rows = self._database.read(
            "SELECT key, thread, run, begun FROM runs WHERE person = ? AND NOT is_over", (person,)
        )
        return [UnderWay(*row) for row in rows]

    def used(self, person: str, day: int) -> tuple[int, int]:
        return self._database.read(_SUMS, (person, day))[0]

    def close(self) -> None:
        self._database.close()


def _begin(rows: Connection, name: str, start: Start, limits: Limits) -> None:
    before = rows.execute("SELECT run, tokens FROM runs WHERE key = ?", (name,)).fetchone()
    if before and not before[0]:
        return
    if before and not before[1]:
        rows.execute("DELETE FROM runs WHERE key = ?", (name,))
    elif before:  # what it used is not given back
        used = f"{name} {before[0]}"
        rows.execute("UPDATE runs SET key = ?, is_over = 1 WHERE key = ?", (used, name))
    if refused := _refusal(rows, start, limits):
        raise _RefusedError(refused)
    statement = "INSERT INTO runs (key, person, thread, begun, day) VALUES (?, ?, ?, ?, ?)"
    rows.execute(statement, (name, *start))
    rows.execute("DELETE FROM runs WHERE day < ? AND is_over", (start.day - _KEPT_DAYS,))


def _refusal(rows: Connection, start: Start, limits: Limits) -> Refused | None:
    person, thread, _, day = start
    messages, tokens = rows.execute(_SUMS, (person, day)).fetchone()
    if limits.messages and messages >= limits.messages:
        return "messages"
    if limits.tokens and tokens >= limits.tokens:
        return "tokens"
    # Messages of one thread wait for each other.
    [others] = rows.execute(
        "SELECT count(DISTINCT thread) FROM runs WHERE person = ? AND NOT is_over AND thread <> ?",
        (person, thread),
    ).fetchone()
    return "runs" if limits.runs and others >= limits.runs else None
