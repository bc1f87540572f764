"""The newest threads of the person at this tab.

A thread carries its owner in its metadata (see `chat_app.runs.thread_metadata`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import reflex as rx

from chat_app import text as words
from chat_app.auth.rights import rights_of, scope_of
from chat_app.client import LangGraphError
from chat_app.runs.threads.pages import Cursor
from chat_app.state import server
from chat_app.state.person import person_of
from chat_app.state.tab_session import tab_session

if TYPE_CHECKING:
    from chat_app.runs.threads.changes import Change
    from chat_app.runs.threads.listed import Listed
    from chat_app.runs.threads.pages import Newest
    from chat_app.runs.threads.thread_list import ThreadList
    from chat_app.state.tab_session import TabSession

_TITLE_LENGTH = 60
_UNORDERED = -1


@dataclass(frozen=True)
class ThreadLink:
    """One thread in the sidebar, as `chat_app.runs.threads.listed.Listed` has it."""

    id: str
    title: str
    status: str
    changed: str = ""
    at: int = 0
    touched: int = 0
    is_pinned: bool = False
    is_archived: bool = False


@dataclass(frozen=True)
class NewestThreads:
    """What `links` are of all threads: `chat_app.runs.threads.pages.Newest`.

    `complete_to` is -1 where nothing is known, `cursor` empty where there are no older threads.
    """

    complete_to: int = 0
    shown_to: int = 0
    cursor: str = ""
    hidden: list[str] = field(default_factory=list)
    """Among the newest, but in no list, or in the archive."""


@dataclass(frozen=True)
class OlderThreads:
    """The answer to a request for the threads after `after`; `number` counts the answers."""

    number: int = 0
    after: str = ""
    is_archived: bool = False
    rows: list[ThreadLink] = field(default_factory=list)
    shown_to: int = 0
    cursor: str = ""
    failed: bool = False


@dataclass(frozen=True)
class ThreadChange:
    """What people have just changed of a thread: see `chat_app.runs.threads.changes.Change`."""

    id: str
    row: ThreadLink | None = None
    patch: dict[str, Any] = field(default_factory=dict)
    is_gone: bool = False


class ThreadsState(rx.State):
    """The sidebar's list, newest first. The browser keeps the pages that it has got."""

    links: rx.Field[list[ThreadLink]] = rx.field(default_factory=list)
    """The pinned threads and the newest ones."""
    newest: rx.Field[NewestThreads] = rx.field(default_factory=NewestThreads)
    older: rx.Field[OlderThreads] = rx.field(default_factory=OlderThreads)
    """The page that was asked for last."""
    found: rx.Field[list[ThreadLink]] = rx.field(default_factory=list)
    """The open thread, where it is far below the newest ones."""
    changes: rx.Field[list[ThreadChange]] = rx.field(default_factory=list)
    loaded: rx.Field[bool] = rx.field(False)
    problem: rx.Field[str] = rx.field("")
    """What a person wanted to change of a thread and the server did not do, in a sentence."""
    problem_detail: rx.Field[str] = rx.field("")

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
            await show_list(self, tab_session(self))

    @rx.event
    def watch(self, is_visible: bool):  # noqa: FBT001 - an event's argument
        """Keep the list up to date: the page is open, and tells whether it is visible."""
        if isinstance(is_visible, bool):
            tab_session(self).watch(is_visible=is_visible)

    @rx.event(background=True)
    async def read_older(self, after: str, is_archived: bool):  # noqa: FBT001 - of an event
        """Read the page after a cursor; the first one of the archive has an empty one."""
        cursor = Cursor.parsed(after)
        if cursor is None or not isinstance(is_archived, bool):
            return
        async with self:
            threads = thread_list(self)
        try:
            page = await threads.older(cursor, is_archived=is_archived)
        except LangGraphError:
            page = None
        async with self:
            number = self.older.number + 1
            if page is None:
                self.older = OlderThreads(number, after, is_archived, failed=True)
                return
            rows = [_link(row) for row in page.rows]
            ends = str(page.cursor) if page.cursor else ""
            self.older = OlderThreads(number, after, is_archived, rows, page.shown_to, ends)

    @rx.event(background=True)
    async def find(self, thread_id: str):
        """Find the open thread in the list, far below the newest ones."""
        if (known_id := thread_uuid(thread_id)) is None:
            return
        async with self:
            threads = thread_list(self)
        try:
            row = await threads.find(known_id)
        except LangGraphError:
            return  # it is open all the same
        async with self:
            self.found = [_link(row)] if row else []

    @rx.event
    def dismiss(self):
        """The person has read what could not be done."""
        thread_list(self).complain("")


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
    server.sweep_temporary_threads_of(person)
    return threads


async def show_list(tab: rx.State, mine: TabSession) -> None:
    """Show the list of threads, where it has changed. Needs the tab's lock."""
    if mine.list is None or mine.list.version == mine.list_shown:
        return
    mine.list_shown = mine.list.version
    state, now = await tab.get_state(ThreadsState), mine.list
    new = {
        "links": [_link(one) for one in now.threads],
        "newest": _newest(now.newest),
        "changes": [_change(one) for one in now.changed],
        "problem": now.problem[0],
        "problem_detail": now.problem[1],
        "loaded": now.is_read,
    }
    for name, value in new.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
    _show_title(mine)
    _tell_of_state(mine)


def _tell_of_state(mine: TabSession) -> None:
    """Let the session of the open thread notice that its state was changed."""
    if mine.session and mine.list and mine.list.is_read:
        told = (row.changed for row in mine.list.threads if row.id == mine.thread_id)
        mine.session.watch.tell(next(told, None))


def _show_title(mine: TabSession) -> None:
    """Show the title of the open thread that the list has by now, as far as that has changed."""
    if mine.session is None or mine.list is None:
        return
    listed = (mine.thread_id, mine.list.title_of(mine.thread_id))
    if listed != mine.title_listed:
        mine.title_listed = listed
        if listed[1]:
            mine.session.retitle(listed[1])


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
    return ThreadLink(
        one.id,
        one.title or words.NEW_CHAT,
        one.status,
        one.changed,
        one.at,
        one.touched,
        one.is_pinned,
        one.is_archived,
    )


def _newest(now: Newest) -> NewestThreads:
    ends = _UNORDERED if now.complete_to is None else now.complete_to
    hidden = [row.id for row in now.rows if row.is_hidden or row.is_archived]
    return NewestThreads(ends, now.shown_to, str(now.cursor) if now.cursor else "", hidden)


def _change(one: Change) -> ThreadChange:
    row = _link(one.row) if one.row else None
    return ThreadChange(one.id, row, dict(one.patch), one.is_gone)
