"""The tables of an index, and what all that reads or writes them has in common.

The messages of a thread have numbers in a row: above all others if it is newer, below them if it is
older. So the newest come first without sorting, and small differences of numbers take few bytes.
Two FTS5 tables give candidates: `words` by the beginnings of words, `trigrams` by any three
characters. Neither keeps a text or positions; whether a candidate matches is decided on the text
itself, which the table `messages` has.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from chat_app.runs.search import folding
from chat_app.runs.search.folding import fold
from chat_app.runs.search.query import spaced

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

TITLES_SCHEMA = """
CREATE TABLE IF NOT EXISTS about (version TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS threads (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    folded TEXT NOT NULL,
    updated TEXT NOT NULL,
    at INTEGER NOT NULL,
    assistant TEXT NOT NULL,
    branch TEXT NOT NULL,
    is_archived INTEGER NOT NULL,
    is_busy INTEGER NOT NULL,
    has_read TEXT,
    first INTEGER NOT NULL DEFAULT 0,
    count INTEGER NOT NULL DEFAULT 0,
    characters INTEGER NOT NULL DEFAULT 0,
    sweep INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS newest ON threads (at);
"""
SCHEMA = f"""{TITLES_SCHEMA}
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY, thread INTEGER NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL
);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    text, content='', detail=none, columnsize=0, prefix='1 2',
    tokenize='unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE IF NOT EXISTS trigrams USING fts5(
    text, content='', detail=none, columnsize=0, tokenize='trigram case_sensitive 1'
);
"""
VERSION = f"2 {folding.VERSION}"
MIDDLE = 1 << 40
"""The number of the first message in an index."""
_TIMEOUT = 5.0
"""Seconds that a writer waits for that of another process."""


class Message(NamedTuple):
    """What a message says."""

    id: str
    text: str


class DamagedError(Exception):
    """The file is no index, or not any more: it has to be removed and made anew."""


def opened(path: Path | str) -> sqlite3.Connection:
    """A connection that any thread may use."""
    return sqlite3.connect(path, timeout=_TIMEOUT, isolation_level=None, check_same_thread=False)


@contextmanager
def damage() -> Generator[None]:
    """Tell errors of what the file holds from those of reaching it."""
    try:
        yield
    except sqlite3.ProgrammingError:  # it was closed
        raise
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # a table is missing, or another one
            raise DamagedError(str(problem)) from problem
        raise
    except sqlite3.DatabaseError as problem:
        raise DamagedError(str(problem)) from problem


def add_text(rows: sqlite3.Connection, number: int, thread: int, message: Message) -> None:
    """Add a cleaned message of a thread."""
    folded = fold(message.text)
    rows.execute(
        "INSERT INTO messages VALUES (?, ?, ?, ?)", (number, thread, message.id, message.text)
    )
    rows.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (number, spaced(folded)))
    rows.execute("INSERT INTO trigrams (rowid, text) VALUES (?, ?)", (number, folded))


def drop_text(rows: sqlite3.Connection, thread: int) -> None:
    """Remove all messages of a thread."""
    asked = "SELECT first, first + count - 1 FROM threads WHERE number = ? AND count"
    span = rows.execute(asked, (thread,)).fetchone()
    if not span:
        return
    for number, text in rows.execute(
        "SELECT number, text FROM messages WHERE number BETWEEN ? AND ?", span
    ).fetchall():
        folded = fold(text)
        for table, was in (("words", spaced(folded)), ("trigrams", folded)):
            rows.execute(
                f"INSERT INTO {table} ({table}, rowid, text) VALUES ('delete', ?, ?)",  # noqa: S608 - names of tables
                (number, was),
            )
    rows.execute("DELETE FROM messages WHERE number BETWEEN ? AND ?", span)
    rows.execute("UPDATE threads SET count = 0, characters = 0 WHERE number = ?", (thread,))


def milliseconds(version: str) -> int:
    """A time of the server, since 1970; 0 for what is none."""
    try:
        at = datetime.fromisoformat(version)
    except ValueError:
        return 0
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
