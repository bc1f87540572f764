"""The search over the chats of the person at this tab."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.auth.rights import rights_of, scope_of
from chat_app.client import LangGraphError
from chat_app.runs.search.listing import Whose
from chat_app.runs.search.query import Piece, terms_of
from chat_app.state import server
from chat_app.state.person import person_of
from chat_app.state.presence import is_present
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from chat_app.auth.person import Person
    from chat_app.runs.search.indexer import Found, Indexer
    from chat_app.runs.search.lookup import FoundThread

_MOST = 20
"""Chats that are shown for a query."""
_BETWEEN, _LONGEST = 0.3, 10.0
"""Seconds between two answers to one query, while there is more to find: at least and at most."""
_SHOWN = 1000
"""Characters of a query that the page gets back, to compare with what is typed."""
_FOLLOWED_FOR = 600.0
"""Seconds after which a query is not answered anew."""


@dataclass(frozen=True)
class FoundMessage:
    """A message with what was searched, and the words around it."""

    id: str
    snippet: list[Piece]


@dataclass(frozen=True)
class FoundChat:
    """A chat with what was searched in its title or messages."""

    id: str
    title: list[Piece]
    is_archived: bool
    messages: list[FoundMessage]


class SearchState(rx.State):
    """The answer to what the person has typed."""

    asked: rx.Field[str] = rx.field("")
    """The query that is answered; empty without one."""
    chats: rx.Field[list[FoundChat]] = rx.field(default_factory=list)
    """Those that match best first."""
    note: rx.Field[str] = rx.field("")
    """What the answer lacks, or why there is none, in a sentence."""

    @rx.event(background=True, supersedes=True)
    async def search(self, query: str):
        """Find chats, and show more of them while there is more to find."""
        if not isinstance(query, str):
            return
        terms = terms_of(query)
        async with self:
            token = self.router.session.client_token
            indexer = indexer_of(person_of(self))
            if not terms:
                self.asked, self.chats, self.note = query[:_SHOWN], [], ""
        asked_at = monotonic()
        while terms and monotonic() < asked_at + _FOLLOWED_FOR and is_present(token):
            try:
                found = await indexer.search(terms, most=_MOST, asked_at=asked_at)
            except LangGraphError as failure:
                async with self:
                    self.asked, self.chats = query[:_SHOWN], []
                    self.note = describe(failure)[0]
                return
            async with self:
                self._show(query, found)
            if found.is_fresh and not found.is_indexing:
                return
            await asyncio.gather(indexer.changed(_LONGEST), asyncio.sleep(_BETWEEN))

    def _show(self, query: str, found: Found) -> None:
        shown = {
            "asked": query[:_SHOWN],
            "chats": [_chat(one) for one in found.threads],
            "note": _note(found),
        }
        for name, value in shown.items():
            if getattr(self, name) != value:
                setattr(self, name, value)


def indexer_of(person: Person) -> Indexer:
    """The index of a person's threads: the same one for all tabs that hold it."""
    return server.indexer(person, Whose(person.id, rights_of(person), scope_of(person)))


async def known_titles(person: Person) -> list[tuple[str, str]]:
    """The ids and titles of all threads of a person, also archived ones, the newest first.

    They are from the index: a thread that was deleted a moment ago may be among them, and while it
    is made for the first time the older ones are missing.
    """
    return await indexer_of(person).titles()


def _note(found: Found) -> str:
    if found.is_indexing and found.total > found.read and found.has_text:
        return words.INDEXING.format(read=f"{found.read:,}", total=f"{found.total:,}")
    if found.is_indexing:
        return words.INDEXING_BEGINS
    return "" if found.has_text else words.ONLY_TITLES


def _chat(one: FoundThread) -> FoundChat:
    messages = [FoundMessage(hit.message_id, list(hit.snippet)) for hit in one.hits]
    title = list(one.title) or [Piece(words.NEW_CHAT)]
    return FoundChat(one.id, title, one.is_archived, messages)
