"""The inbox: the chats that wait for a person, as the page shows them.

The selected one is the open thread, so its question is painted, answered and closed as in its chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.auth.rights import rights_of, scope_of
from chat_app.runs.inbox import MOST
from chat_app.runs.machine.conversation import Kind
from chat_app.state import server
from chat_app.state.person import person_of
from chat_app.state.route import INBOX
from chat_app.state.safe_json import sendable
from chat_app.state.tab_session import tab_session
from chat_app.state.threads import thread_list
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from chat_app.runs.inbox import Waiting
    from chat_app.runs.threads.thread_list import ThreadList
    from chat_app.state.route import Place
    from chat_app.state.tab_session import TabSession

PAGE = 50
"""Rows shown at first, and with each "Show more"."""
_MOST_IN_BADGE = 99


@dataclass(frozen=True)
class WaitingRow:
    """One chat that waits. `since` is in milliseconds since 1970, UTC; 0 where it is not known."""

    id: str
    title: str
    question: str = ""
    questions: int = 1
    since: int = 0
    assistant: str = ""
    """The id of the assistant."""
    graph: str = ""


@dataclass(frozen=True)
class Over:
    """What became of the chat that was selected and waits no more, in a sentence."""

    id: str = ""
    sentence: str = ""
    is_gone: bool = False
    """It was deleted: there is nothing to open."""


class InboxState(rx.State):
    """What waits; `place` is where the page is: in the inbox, at the schedules, or in a chat."""

    place: rx.Field[str] = rx.field("")
    count: rx.Field[int] = rx.field(0)
    badge: rx.Field[str] = rx.field("")
    """The count as the sidebar shows it; empty where nothing waits."""
    rows: rx.Field[list[WaitingRow]] = rx.field(default_factory=list)
    """The oldest first."""
    loaded: rx.Field[bool] = rx.field(False)
    """The rows were read."""
    has_more: rx.Field[bool] = rx.field(False)
    over: rx.Field[Over] = rx.field(default_factory=Over)
    trouble: rx.Field[str] = rx.field("")
    """Why it cannot be read, in a sentence; empty when all is well."""
    trouble_detail: rx.Field[str] = rx.field("")

    @rx.event
    def show_more(self):
        """Show another page of rows."""
        mine = tab_session(self)
        if self.place == INBOX and self.has_more:
            mine.want_inbox(min(len(self.rows) + PAGE, MOST))

    @rx.event
    def retry(self):
        """Read again what could not be read."""
        if inbox := tab_session(self).inbox:
            inbox.hurry()


async def show_place(tab: rx.State, place: Place) -> None:
    """Turn to a place, and want the rows of the inbox only there. Needs the tab's lock."""
    state, mine = await tab.get_state(InboxState), tab_session(tab)
    if state.place != place.name:
        state.place, state.over = place.name, Over()
    mine.want_inbox(max(mine.inbox_rows, PAGE) if place.name == INBOX else 0)
    if place.name != INBOX and state.rows:
        state.rows, state.loaded, state.has_more = [], False, False
    mine.inbox_shown = -1


def follow_inbox(tab: rx.State) -> None:
    """Let the tab have the inbox of its person."""
    person = person_of(tab)
    inbox = server.inboxes().get(
        thread_list(tab),
        person.id,
        rights_of(person),
        scope_of(person),
        connect=partial(server.ready_for, person),
    )
    tab_session(tab).follow_inbox(inbox)


async def show_inbox(tab: rx.State, mine: TabSession) -> None:
    """Show what waits, where that has changed. Needs the tab's lock."""
    inbox = mine.inbox
    if inbox is None or inbox.version == mine.inbox_shown:
        return
    mine.inbox_shown = inbox.version
    state = await tab.get_state(InboxState)
    if inbox.is_read and inbox.count != state.count:
        state.count = inbox.count
        state.badge = _badge(inbox.count)
    trouble = describe(inbox.failure) if inbox.failure else ("", "")
    if trouble != (state.trouble, state.trouble_detail):
        state.trouble, state.trouble_detail = trouble
    if state.place != INBOX or not inbox.has_rows:
        return
    rows = [_row(one) for one in inbox.rows[: mine.inbox_rows]]
    if over := _over(tab, mine, state.rows, rows):
        state.over = over
    if rows != state.rows:
        state.rows = rows
    more = len(rows) < min(inbox.count, MOST)
    if more != state.has_more:
        state.has_more = more
    if not state.loaded:
        state.loaded = True


def _badge(count: int) -> str:
    if not count:
        return ""
    return str(count) if count <= _MOST_IN_BADGE else f"{_MOST_IN_BADGE}+"


def _row(one: Waiting) -> WaitingRow:
    return WaitingRow(
        one.id,
        sendable(one.title) or words.NEW_CHAT,
        sendable(one.question),
        one.questions,
        milliseconds(one.since),
        one.assistant_id,
        one.graph_id,
    )


def milliseconds(time: str) -> int:
    """A time of the server, in milliseconds since 1970, UTC; 0 where it is none."""
    try:
        return int(datetime.fromisoformat(time).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return 0


def _is_deleted(threads: ThreadList, thread_id: str) -> bool:
    return any(change.id == thread_id and change.is_gone for change in threads.changed)


def _over(
    tab: rx.State, mine: TabSession, before: list[WaitingRow], now: list[WaitingRow]
) -> Over | None:
    """What became of the selected chat, if it was among the waiting ones and is not any more."""
    selected = next((row for row in before if row.id == mine.thread_id), None)
    if selected is None or mine.session is None or any(row.id == selected.id for row in now):
        return None
    shown, token = mine.session.snapshot, tab.router.session.client_token
    turn = shown.conversation.turn
    if mine.dismissed == selected.id:
        said = words.WAS_DISMISSED
    elif turn and turn.kind is Kind.ANSWER and turn.tab == token:
        said = words.WAS_ANSWERED
    elif shown.view.is_gone or (mine.list and _is_deleted(mine.list, selected.id)):
        said = words.WAS_DELETED
    else:
        asks = shown.conversation.phase.is_at_rest and shown.view.transcript.interrupts
        said = words.WAITS_NO_MORE if asks else words.WAS_ANSWERED_ELSEWHERE
    return Over(selected.id, said.format(title=selected.title), said == words.WAS_DELETED)
