"""What the process knows of a tab beside its vars: which thread it shows, and what is attached.

Kept by the tab's client token, and gone soon after the tab is: what a tab shows is the session's of
its thread (see `chat_app.runs.session`).
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chat_app.auth.rights import rights_of
from chat_app.auth.tabs import SignedOutError
from chat_app.runs import tasks
from chat_app.state import server
from chat_app.state.pending_attachments import PendingAttachments
from chat_app.state.person import person_of
from chat_app.state.presence import expire_later

if TYPE_CHECKING:
    from collections.abc import Generator

    import reflex as rx

    from chat_app.client import LangGraphError
    from chat_app.client.schema import ChatMode
    from chat_app.runs.inbox import Inbox
    from chat_app.runs.replay_player import ReplayPlayer
    from chat_app.runs.search.indexer import Indexer
    from chat_app.runs.session import Snapshot, ThreadSession
    from chat_app.runs.threads.thread_list import ThreadList
    from chat_app.state.feedback_book import Book
    from chat_app.transcript.record import SavedThread


class TabSession:
    """One tab's, by the token under which the tab is kept."""

    def __init__(self, token: str = "") -> None:  # noqa: PLR0915 - fields and what they are
        self.rights = ""
        """With which `session` was opened: those of the login that the tab has had last."""
        self.session: ThreadSession | None = None
        """Of the open thread; None in a new chat that nothing was sent in."""
        self.replay: ReplayPlayer | None = None
        """Is shown in place of `session`, which is None meanwhile."""
        self.replay_shown: tuple[object, ...] | None = None
        """What the page shows of how far the replay is."""
        self.file: SavedThread | None = None
        """A thread from a file that was opened, to be imported or replayed."""
        self.file_id = ""
        """Which file in the spool that is: see `chat_app.state.opened_file`."""
        self.changed = asyncio.Event()
        """Set when there may be something new to show."""
        self.waits_since = 0.0
        """When the first event arrived that is not shown yet, by `time.monotonic`; 0: none."""
        self.shown: Snapshot | None = None
        """What the page shows of the session."""
        self.is_painted = False
        """The page shows what this tab adds of its own."""
        self.problem = ""
        """Why the last message of this tab cannot be sent, in a sentence."""
        self.attachments = PendingAttachments(token)
        """What is attached and not sent yet."""
        self.turning = asyncio.Lock()
        """Held while a message waits for the address to become the open thread."""
        self.made = ""
        """The thread that a first message has made, until the address names it."""
        self.list: ThreadList | None = None
        """The threads of the person at the tab."""
        self.indexer: Indexer | None = None
        """Makes these threads be found."""
        self.list_shown = -1
        """Which version of it the page shows."""
        self.inbox: Inbox | None = None
        """What waits for the person at the tab."""
        self.inbox_shown = -1
        """Which version of it the page shows."""
        self.inbox_rows = 0
        """How many of its rows the page wants."""
        self.dismissed = ""
        """The thread whose questions this tab has closed last."""
        self.title_listed: tuple[str, str] = ("", "")
        """The open thread and its title, as the list had them last."""
        self.feedback: Book | None = None
        """What the person gave in the open thread."""
        self.feedback_shown: tuple[str, int] | None = None
        """Which version of it the page shows."""
        self.server_shown: tuple[LangGraphError | None, float] | None = None
        """What the page shows of `chat_app.runs.availability`."""
        self.is_inspecting = False
        """The inspector of the open thread is on the page."""
        self.inspector_shown: tuple[object, ...] | None = None
        """What the page's inspector was turned to last."""
        self.modes: tuple[ChatMode, ...] = ()
        """Stream modes that were chosen in a new chat, until it becomes a thread."""
        self.is_opened = False
        """What the address names was read, or cannot be."""
        self.is_closed = False
        """The page said that it is closed, when it was there last."""
        self._is_visible: bool | None = None
        """Whether the page is visible; None until it has told."""
        self._attending = 0

    @property
    def thread_id(self) -> str:
        """The open thread; empty in a new chat."""
        return self.session.thread_id if self.session else ""

    @property
    def is_current(self) -> bool:
        """Whether the page shows all that there is."""
        if self.feedback and self.feedback_shown != self.feedback.key:
            return False
        showing = self.showing
        if showing is None:
            return self.is_painted
        return self.is_painted and showing.snapshot.is_same(self.shown)

    @property
    def showing(self) -> ThreadSession | ReplayPlayer | None:
        """What publishes the thread on the page; None in a new chat."""
        return self.replay or self.session

    def show_again(self) -> None:
        """Show all anew: what this tab adds of its own has changed."""
        self.shown, self.is_painted = None, False
        self.list_shown, self.inbox_shown = -1, -1
        self.server_shown = self.feedback_shown = None
        self.replay_shown = self.inspector_shown = None
        self.changed.set()

    @contextmanager
    def attending(self) -> Generator[None]:
        """Within the block the page shows the list of threads and the state of the server."""
        self._attending += 1
        self.is_closed = False
        self._subscribe()
        if self._attending == 1 and self.indexer:
            self.indexer.hold()
        server.availability().subscribe(self.changed.set)
        try:
            yield
        finally:
            self._attending -= 1
            if not self._attending:  # the next one may have begun already
                server.availability().unsubscribe(self.changed.set)
                for shown in filter(None, (self.list, self.inbox)):
                    shown.unsubscribe(self.changed.set)
                if self.indexer:
                    self.indexer.release()

    def index(self, indexer: Indexer) -> None:
        """Keep this index up to date while the page is there."""
        if indexer is self.indexer:
            return
        if self._attending:
            indexer.hold()
            if self.indexer:
                self.indexer.release()
        self.indexer = indexer

    def watch(self, *, is_visible: bool) -> None:
        """The page tells whether it is visible."""
        self._is_visible = is_visible
        self._subscribe()

    def touch(self) -> None:
        """The person does something in the page."""
        if self.list:
            self.list.touch()

    def follow(self, threads: ThreadList) -> None:
        """Show this list of threads."""
        if threads is not self.list:
            if self.list:
                self.list.unsubscribe(self.changed.set)
            self.list, self.list_shown = threads, -1
            self._subscribe()

    def follow_inbox(self, inbox: Inbox) -> None:
        """Show this inbox."""
        if inbox is not self.inbox:
            if self.inbox:
                self.inbox.unsubscribe(self.changed.set)
            self.inbox, self.inbox_shown = inbox, -1
            self._subscribe()

    def want_inbox(self, rows: int) -> None:
        """Show so many rows of the inbox."""
        if rows != self.inbox_rows:
            self.inbox_rows = rows
            self._subscribe()

    def _subscribe(self) -> None:
        if self._attending and self.list:
            self.list.subscribe(self.changed.set, is_visible=self._is_visible)
        if self._attending and self.inbox:
            visible, rows = self._is_visible, self.inbox_rows
            self.inbox.subscribe(self.changed.set, is_visible=visible, rows=rows)

    def complain(self, problem: str) -> None:
        """Say below the conversation why a message cannot be sent; nothing where it can."""
        if problem != self.problem:
            self.problem = problem
            self.show_again()

    def use(self, rights: str) -> None:
        """Keep no session that was opened with other rights than these.

        A person may come back to a tab with another role, before the tab is forgotten.
        """
        if rights != self.rights:
            self.rights, self.made, self.file, self.file_id = rights, "", None, ""
            if self.showing:
                self.turn_to(None)

    def see(self) -> None:
        """Show what the session has just published."""
        if self.session and not self.waits_since:
            self.waits_since = self.session.work.arrived
        self.changed.set()

    def take_waiting(self) -> float:
        """Begin to show all that there is; returns `waits_since`."""
        since, self.waits_since = self.waits_since, 0.0
        self.changed.clear()
        return since

    def turn_to(self, session: ThreadSession | None) -> None:
        """Show another thread, by a session from the gate, or a new chat where that is None."""
        if self.session:
            self.session.unsubscribe(self.see)
        self.end_replay()
        self.session = session
        self.problem, self.feedback, self.modes = "", None, ()
        if self.session:
            self.session.subscribe(self.see)
            self._inspect(self.session)
        self.show_again()

    def inspect(self, *, is_open: bool) -> None:
        """Have an inspector of each thread that is shown, or none any more."""
        self.is_inspecting = is_open
        if self.session:
            self._inspect(self.session)

    def _inspect(self, session: ThreadSession) -> None:
        if inspection := session.inspection:
            change = inspection.watch if self.is_inspecting else inspection.unwatch
            change(self.see)

    def play(self, replay: ReplayPlayer) -> None:
        """Show a replay, from its beginning."""
        self.turn_to(None)
        self.replay = replay
        replay.subscribe(self.changed.set)
        replay.play()
        self.show_again()

    def forget_file(self) -> None:
        """Forget the file that was opened, and do not go on replaying it."""
        self.file, self.file_id = None, ""
        if self.replay and not self.replay.thread_id:
            self.turn_to(None)

    def end_replay(self) -> None:
        """Show none any more."""
        if self.replay:
            self.replay.unsubscribe(self.changed.set)
            self.replay = None


_tabs: dict[str, TabSession] = {}


def tab_session(tab: rx.State) -> TabSession:
    """That of a tab, made the first time: for a while, unless its page is there."""
    token = tab.router.session.client_token
    if token not in _tabs:
        _tabs[token] = TabSession(token)
        expire_later(token, gone=close)
    mine = _tabs[token]
    mine.use(_rights_at(tab))
    return mine


def _rights_at(tab: rx.State) -> str:
    try:
        return rights_of(person_of(tab))
    except SignedOutError:
        return ""


def find(token: str) -> TabSession | None:
    """That of a tab whose page is there, or was a moment ago."""
    return _tabs.get(token)


def close(token: str) -> None:
    """The tab is gone."""
    if gone := _tabs.pop(token, None):
        if gone.is_closed:
            tasks.spawn(gone.attachments.leave(), name="leave what is attached")
        gone.end_replay()
        if gone.session:
            gone.session.unsubscribe(gone.see, is_away=not gone.is_closed)


def count() -> int:
    """How many tabs there are."""
    return len(_tabs)
