"""The newest threads of the person at this tab.

A thread carries its owner in its metadata (see `chat_app.runs.thread_metadata`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import reflex as rx

from chat_app import text as words
from chat_app.auth.rights import rights_of, scope_of
from chat_app.client import LangGraphError
from chat_app.state import server
from chat_app.state.person import person_of
from chat_app.state.tab_session import tab_session

if TYPE_CHECKING:
    from chat_app.runs.thread_list import Listed, ThreadList

_TITLE_LENGTH = 60


@dataclass(frozen=True)
class ThreadLink:
    """One thread in the sidebar, as `chat_app.runs.thread_list.Listed` has it."""

    id: str
    title: str
    status: str
    changed: str = ""


class ThreadsState(rx.State):
    """The sidebar's list, newest first."""

    links: rx.Field[list[ThreadLink]] = rx.field(default_factory=list)
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event(background=True)
    async def refresh(self):
        """Read the list from the server; where that fails the old one stays."""
        async with self:
            threads = thread_list(self)
        try:
            await threads.refresh()
        except LangGraphError:
            return  # whatever is wrong is said where the person looks, not in the list
        async with self:
            await show_list(self)

    @rx.event
    def watch(self, is_visible: bool):  # noqa: FBT001 - an event's argument
        """Keep the list up to date: the page is open, and tells whether it is visible."""
        if isinstance(is_visible, bool):
            tab_session(self).watch(is_visible=is_visible)


def thread_list(tab: rx.State) -> ThreadList:
    """The list of the person at a tab."""
    person, mine = person_of(tab), tab_session(tab)
    threads = server.thread_lists().get(
        person.id,
        rights_of(person),
        scope_of(person),
        connect=partial(server.ready_for, person),
    )
    mine.follow(threads)
    return threads


async def show_list(tab: rx.State) -> None:
    """Show the list of threads, where it has changed. Needs the tab's lock."""
    mine = tab_session(tab)
    if mine.list is None or mine.list.version == mine.list_shown:
        return
    mine.list_shown = mine.list.version
    state = await tab.get_state(ThreadsState)
    links = [_link(one) for one in mine.list.threads]
    if links != state.links:
        state.links = links
    if mine.list.is_read and not state.loaded:
        state.loaded = True


def thread_uuid(text: object) -> str | None:
    """`text` as a UUID in its usual form, or None where it is none."""
    try:
        return str(UUID(text)) if isinstance(text, str) else None
    except ValueError:
        return None


def title_of(message: str) -> str:
    """The first words of a message, on one line."""
    line = " ".join(message[: _TITLE_LENGTH * 10].split())
    return line if len(line) <= _TITLE_LENGTH else line[: _TITLE_LENGTH - 1].rstrip() + "…"


def _link(one: Listed) -> ThreadLink:
    return ThreadLink(one.id, one.title or words.NEW_CHAT, one.status, one.changed)
