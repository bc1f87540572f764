"""Finds the threads of an index that match a query: the part of `index` that reads for people."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_app.runs.search.folding import fold
from chat_app.runs.search.query import SUBSTRING, tokens

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from chat_app.runs.search.query import Piece, Terms

_MOST_TRIGRAMS = 12
_TITLE, _STARTING, _WITHIN = range(3)
_BETWEEN_LOOKS = 64
"""Candidates between two looks at the clock."""


@dataclass(frozen=True)
class Hit:
    """A message that was found, and the part of it around what was searched."""

    message_id: str
    snippet: tuple[Piece, ...]


@dataclass(frozen=True)
class FoundThread:
    """A thread in whose title or messages a query was found, the newest hits first."""

    id: str
    title: tuple[Piece, ...]
    updated: str
    is_archived: bool
    hits: tuple[Hit, ...] = ()


class Lookup:
    """One query, on a connection that nothing else uses meanwhile.

    At most so many threads are found, with at most so many messages each; what is not found within
    so many seconds is left out.
    """

    def __init__(
        self, rows: sqlite3.Connection, terms: Terms, *, most: int, hits: int, seconds: float
    ) -> None:
        self._rows = rows
        self._terms = terms
        self._most = most
        self._hits = hits
        self._until = time.monotonic() + seconds
        self._numbers: dict[int, list[int]] = {}
        """Of messages, by the number of their thread: in the order in which they are shown."""
        self._ranks: dict[int, int] = {}
        """How well a thread matches, 0 being best."""

    def find_titles(self) -> None:
        """Find the threads whose title has all terms, those where they begin words first."""
        terms, first = self._terms, self._terms.terms[0].text.split()[0]
        rows = self._rows.execute(
            "SELECT number, folded FROM threads WHERE instr(folded, ?) ORDER BY at DESC", (first,)
        ).fetchall()
        starting = [thread for thread, folded in rows if terms.matches(folded)]
        within = [thread for thread, folded in rows if terms.matches(folded, within_words=True)]
        for thread in list(dict.fromkeys([*starting, *within]))[: self._most]:
            self._numbers[thread], self._ranks[thread] = [], _TITLE

    def find_messages(self, *, within_words: bool) -> None:
        """Find messages that have all terms, and their threads; the newest first."""
        found, terms = self._numbers, self._terms
        spans = self._spans() if len(found) >= self._most else None
        for seen, number in enumerate(self._candidates(within_words=within_words)):
            if not seen % _BETWEEN_LOOKS and time.monotonic() > self._until:
                return
            if spans is not None and not any(first <= number < end for first, end in spans):
                if number < min(spans, default=(number,))[0]:
                    return
                continue
            thread, text = self._message(number)
            known = found.get(thread)
            if known is not None and (len(known) >= self._hits or number in known):
                continue
            if not terms.matches(fold(text), within_words=within_words):
                continue
            found.setdefault(thread, []).append(number)
            self._ranks.setdefault(thread, _WITHIN if within_words else _STARTING)
            if spans is None and len(found) >= self._most:
                spans = self._spans()

    def _spans(self) -> list[tuple[int, int]]:
        """The numbers that messages of the found threads have."""
        asked = "SELECT first, first + count FROM threads WHERE number = ? AND count"
        return [row for thread in self._numbers for row in self._rows.execute(asked, (thread,))]

    def found(self) -> list[FoundThread]:
        """What was found: the best first, then the newest."""
        shown = [each for thread in self._numbers if (each := self._found(thread))]
        shown.sort(key=lambda each: each[0])
        return [one for _, one in shown]

    def _candidates(self, *, within_words: bool) -> Iterator[int]:
        """The numbers of messages that may match, the newest first: all that do are among them."""
        table, asked = "words", "" if within_words else _words(self._terms)
        if not asked:  # signs that belong to no word
            table, asked = "trigrams", _trigrams(self._terms)
        if asked:
            statement = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC"  # noqa: S608 - names of tables
            rows = self._rows.execute(statement, (asked,))
        else:
            rows = self._rows.execute("SELECT number FROM messages ORDER BY number DESC")
        return (number for (number,) in rows)

    def _message(self, number: int) -> tuple[int, str]:
        """The number of a message's thread, and its text."""
        rows = self._rows.execute("SELECT thread, text FROM messages WHERE number = ?", (number,))
        return next(rows, (0, ""))

    def _found(self, thread: int) -> tuple[tuple[int, int], FoundThread] | None:
        """A thread with what it is sorted by."""
        row = self._rows.execute(
            "SELECT id, title, updated, at, is_archived FROM threads WHERE number = ?", (thread,)
        ).fetchone()
        if row is None:
            return None
        thread_id, title, updated, at, is_archived = row
        asked = "SELECT id, text FROM messages WHERE number = ?"
        rows = (self._rows.execute(asked, (one,)).fetchone() for one in self._numbers[thread])
        hits = tuple(Hit(one, self._terms.snippet(text)) for one, text in filter(None, rows))
        shown = self._terms.snippet(title, whole=True)
        found = FoundThread(thread_id, shown, updated, bool(is_archived), hits)
        return (self._ranks[thread], -at), found


def _words(terms: Terms) -> str:
    """What FTS5 is asked for candidates that have the beginnings of words."""
    asked: dict[str, None] = {}
    for term in terms.terms:
        found = tokens(term.text)
        for place, token in enumerate(found, 1):
            is_open = place == len(found) and not term.is_whole
            asked[f'"{token}"' + ("*" if is_open else "")] = None
    return " ".join(asked)


def _trigrams(terms: Terms) -> str:
    """The same for candidates that have them anywhere."""
    asked: dict[str, None] = {}
    for term in terms.terms:
        for word in term.text.split():
            for at in range(len(word) - SUBSTRING + 1):
                piece = word[at : at + SUBSTRING].replace('"', '""')
                asked[f'"{piece}"'] = None
    return " ".join(list(asked)[:_MOST_TRIGRAMS])
