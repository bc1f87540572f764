"""The search field of the sidebar, and what was found."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.navigation import JS
from chat_app.state.search import FoundChat, SearchState

SEARCH_WORDS = {
    "search": text.SEARCH_CHATS,
    "results": text.SEARCH_RESULTS,
    "keys": text.SEARCH_KEYS,
    "nothing": text.NOTHING_FOUND,
    "found": text.CHATS_FOUND,
    "archived": text.CHAT_ARCHIVED,
}


def _query(query: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (query,)


class Search(rx.Component):
    """A field, and below it the chats that were found, or its children while it is empty.

    `chats` and `note` are the answer to the query that was `asked`.
    """

    library = JS["search.jsx"]
    tag = "Search"

    asked: rx.Var[str]
    chats: rx.Var[list[FoundChat]]
    note: rx.Var[str]
    open: rx.Var[str]
    words: rx.Var[dict[str, object]]
    on_search: rx.EventHandler[_query]


def search(*children: rx.Component, open_thread: rx.Var[str]) -> rx.Component:
    """Return the field above what is shown without a search."""
    return Search.create(
        *children,
        asked=SearchState.asked,
        chats=SearchState.chats,
        note=SearchState.note,
        open=open_thread,
        words=SEARCH_WORDS,
        on_search=SearchState.search,
    )
