"""The index of one person's threads: an SQLite file with FTS5, of which all can be made anew."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from chat_app.runs.search.folding import clean, fold
from chat_app.runs.search.lookup import Lookup
from chat_app.runs.search.tables import (
    MIDDLE,
    SCHEMA,
    TITLES_SCHEMA,
    VERSION,
    DamagedError,
    Message,
    add_text,
    damage,
    drop_text,
    milliseconds,
    opened,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Generator, Iterable, Sequence
    from pathlib import Path

    from chat_app.runs.search.lookup import FoundThread
    from chat_app.runs.search.query import Terms

_OWN_ONLY = 0o600
_DROPPED, _FULL, _MOST_DROPS = 0.15, 0.9, 8
"""Where an index is too large, shares of its text are dropped until it is this share of its size.
"""


class Limits(NamedTuple):
    """Of one index."""

    bytes: int = 100_000_000
    """Of the file. The text of the oldest threads is dropped where it would be more."""
    threads: int = 20_000
    thread_characters: int = 1_000_000
    message_characters: int = 50_000
    seconds: float = 0.25
    """A query gives what it has found by then."""


class ListedThread(NamedTuple):
    """A thread as the server lists it."""

    id: str
    title: str
    updated: str
    is_archived: bool = False
    is_busy: bool = False
    assistant: str = ""
    """That has last worked on it."""
    branch: str = ""
    """The one that the person has chosen to see; empty: the newest."""


class ThreadText(NamedTuple):
    """The messages of a thread's `branch`, oldest first, as they were when it was so `updated`."""

    id: str
    updated: str
    messages: Sequence[Message]
    branch: str = ""


class Counts(NamedTuple):
    """How many threads are known, and of how many the text can be found, or never will be."""

    threads: int
    read: int


class SearchIndex:
    """That of one person. Any thread may use it; `path` of None: in memory.

    Raises:
        DamagedError: at any call.
        sqlite3.Error: the file cannot be opened or written.
        OSError: the folder cannot be written.
    """

    def __init__(self, path: Path | None, limits: Limits | None = None) -> None:
        self.path = path
        self.limits = limits or Limits()
        self._writing, self._reading = threading.Lock(), threading.Lock()
        if path is None:
            self._reader = self._writer = opened(":memory:")
            self._reading = self._writing
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, _OWN_ONLY))  # SQLite's others as well
            self._writer = opened(path)
            self._reader = opened(path)
        with damage():
            try:
                self._make()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Close the file as soon as no thread uses it; who uses it later gets an error."""
        with self._writing:
            self._writer.close()
        with self._reading:
            self._reader.close()

    # What the server lists.

    def list(self, threads: Iterable[ListedThread], *, sweep: int = 0) -> bool:
        """Note threads, as the server lists them now; tells whether any of them has changed."""
        has_changed = False
        with self._written() as rows:
            for one in threads:
                has_changed |= self._listed(rows, one, sweep)
        return has_changed

    def stale(self, most: int) -> list[ListedThread]:
        """Threads whose text has changed since it was read, the newest first; no busy ones."""
        found = self._read(
            "SELECT id, title, updated, is_archived, is_busy, assistant, branch FROM threads"
            " WHERE NOT is_busy AND has_read IS NOT updated || branch ORDER BY at DESC LIMIT ?",
            (most,),
        )
        return [ListedThread(*row) for row in found]

    def put(self, texts: Iterable[ThreadText]) -> None:
        """Take the messages of threads."""
        with self._written() as rows:
            for text in texts:
                self._put(rows, text)

    def forget(self, thread_ids: Collection[str]) -> None:
        """Remove threads: they were deleted, or are not the person's any more."""
        with self._written() as rows:
            for thread_id in thread_ids:
                asked = "SELECT number FROM threads WHERE id = ?"
                for (thread,) in rows.execute(asked, (thread_id,)).fetchall():
                    if self.has_text:
                        drop_text(rows, thread)
                    rows.execute("DELETE FROM threads WHERE number = ?", (thread,))

    def forget_before(self, sweep: int) -> None:
        """Remove the threads that were not listed since that sweep."""
        gone = self._read("SELECT id FROM threads WHERE sweep < ?", (sweep,))
        self.forget([thread_id for (thread_id,) in gone])

    def trim(self) -> None:
        """Keep to the limits: the oldest threads are removed, then texts of the oldest dropped."""
        surplus = self._read(
            "SELECT id FROM threads ORDER BY at DESC LIMIT -1 OFFSET ?", (self.limits.threads,)
        )
        if surplus:
            self.forget([thread_id for (thread_id,) in surplus])
        if self.used() <= self.limits.bytes:
            return
        self._compact()
        for _ in range(_MOST_DROPS):
            if self.used() <= self.limits.bytes * _FULL:
                return
            self._drop_oldest()
            self._compact()

    def _drop_oldest(self) -> None:
        """Drop a part of all text."""
        texts = self._read("SELECT number, characters FROM threads WHERE count ORDER BY at")
        left = _DROPPED * sum(characters for _, characters in texts)
        with self._written() as rows:
            for thread, characters in texts:
                drop_text(rows, thread)  # it counts as read: a later change brings it back
                left -= characters
                if left <= 0:
                    return

    def _compact(self) -> None:
        """Give back what FTS5 keeps of texts that were removed."""
        with self._written() as rows:
            for table in ("words", "trigrams"):
                rows.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")  # noqa: S608 - names of tables

    def used(self) -> int:
        """Bytes of the file that are in use."""
        (pages,), (free,), (size,) = (
            self._read(f"PRAGMA {name}")[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def sweep(self) -> int:
        """The number of the last sweep through all threads of the server."""
        return self._read("SELECT coalesce(max(sweep), 0) FROM threads")[0][0]

    def counts(self) -> Counts:
        return Counts(*self._read("SELECT count(*), count(has_read) FROM threads")[0])

    # What a person searches.

    def search(self, terms: Terms, *, most: int, hits: int = 3) -> list[FoundThread]:
        """At most so many threads with at most so many messages each.

        First those whose title has all terms, then those in which a message has them; the newest
        first. What only has them in the middle of words comes last.
        """
        if not terms:
            return []
        seconds = self.limits.seconds
        with damage(), self._reading:
            lookup = Lookup(self._reader, terms, most=most, hits=hits, seconds=seconds)
            lookup.find_titles()
            if self.has_text:
                lookup.find_messages(within_words=False)
                if terms.may_be_within:
                    lookup.find_messages(within_words=True)
            return lookup.found()

    def titles(self) -> list[tuple[str, str]]:
        """The id and title of each thread, the newest first."""
        return self._read("SELECT id, title FROM threads ORDER BY at DESC")

    # The file.

    @property
    def has_text(self) -> bool:
        """Whether messages can be found, and not only titles."""
        return self.path is not None

    def _make(self) -> None:
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("PRAGMA synchronous = NORMAL")
        self._writer.execute("PRAGMA secure_delete = ON")
        self._writer.executescript(SCHEMA if self.has_text else TITLES_SCHEMA)
        known = self._writer.execute("SELECT version FROM about").fetchall()
        if not known:
            self._writer.execute("INSERT INTO about VALUES (?)", (VERSION,))
        elif known[0][0] != VERSION:
            raise DamagedError(f"it is of version {known[0][0]}")

    def _read(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple]:
        with damage(), self._reading:
            return self._reader.execute(statement, values).fetchall()

    @contextmanager
    def _written(self) -> Generator[sqlite3.Connection]:
        """A transaction, which no other process writes into; undone when the block fails."""
        with damage(), self._writing:
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                yield self._writer
            except BaseException:
                self._writer.execute("ROLLBACK")
                raise
            self._writer.execute("COMMIT")

    def _listed(self, rows: sqlite3.Connection, one: ListedThread, sweep: int) -> bool:
        title, at = clean(one.title), milliseconds(one.updated)
        flags = int(one.is_archived), int(one.is_busy)
        now = (title, one.updated, *flags, clean(one.assistant), clean(one.branch))
        known = rows.execute(
            "SELECT title, updated, is_archived, is_busy, assistant, branch FROM threads"
            " WHERE id = ?",
            (one.id,),
        ).fetchone()
        if known == now:
            rows.execute("UPDATE threads SET sweep = max(sweep, ?) WHERE id = ?", (sweep, one.id))
            return False
        rows.execute(
            "INSERT INTO threads"
            " (id, title, folded, updated, at, is_archived, is_busy, assistant, branch, sweep)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET title = excluded.title, folded = excluded.folded,"
            " updated = excluded.updated, at = excluded.at, is_archived = excluded.is_archived,"
            " is_busy = excluded.is_busy, assistant = excluded.assistant, branch = excluded.branch,"
            " sweep = max(sweep, excluded.sweep)",
            (one.id, title, fold(title), one.updated, at, *now[2:], sweep),
        )
        return True

    def _put(self, rows: sqlite3.Connection, text: ThreadText) -> None:
        asked = "SELECT number FROM threads WHERE id = ?"
        known = rows.execute(asked, (text.id,)).fetchone()
        if not known:
            return  # it was forgotten meanwhile
        [thread] = known
        drop_text(rows, thread)
        kept, at = self._bounded(text.messages), milliseconds(text.updated)
        newest, lowest, highest = rows.execute(
            "SELECT max(at), min(first), max(first + count) FROM threads WHERE count"
        ).fetchone()
        first = MIDDLE
        if newest is not None:
            first = highest if at >= newest else lowest - len(kept)
        for number, message in enumerate(kept, first):
            add_text(rows, number, thread, message)
        rows.execute(
            "UPDATE threads SET has_read = ?, first = ?, count = ?, characters = ?"
            " WHERE number = ?",
            (
                text.updated + clean(text.branch),
                first,
                len(kept),
                sum(len(one.text) for one in kept),
                thread,
            ),
        )

    def _bounded(self, messages: Sequence[Message]) -> list[Message]:
        """The newest messages that say something, as far as they may be kept; oldest first."""
        left, kept = self.limits.thread_characters, list[Message]()
        for message in reversed(messages):
            text = clean(message.text[: self.limits.message_characters])
            left -= len(text)
            if left < 0:
                break
            if text.strip():
                kept.append(Message(clean(message.id), text))
        kept.reverse()
        return kept
