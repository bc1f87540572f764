"""The chats that the command palette finds, beside those that the page has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import reflex as rx

from chat_app.client import LangGraphError
from chat_app.runs.search.titles import titles_like
from chat_app.state.person import person_of
from chat_app.state.search import known_titles

_MOST = 60
"""Chats that the page gets for a query; it shows the best of them."""


@dataclass(frozen=True)
class NamedChat:
    """A chat by its title."""

    id: str
    title: str


class PaletteState(rx.State):
    """What was found for the last query."""

    found: rx.Field[list[NamedChat]] = rx.field(default_factory=list)

    @rx.event(background=True, supersedes=True)
    async def find(self, query: str):
        """Find chats of the person whose titles have the letters of the query."""
        if not isinstance(query, str):
            return
        async with self:
            person = person_of(self)
        try:
            titles = await known_titles(person)
        except LangGraphError:
            return  # those that the page has are found all the same
        named = [(thread_id, title) for thread_id, title in titles if title]
        fitting = await asyncio.to_thread(titles_like, query, named, most=_MOST)
        found = [NamedChat(*chat) for chat in fitting]
        async with self:
            if found != self.found:
                self.found = found
