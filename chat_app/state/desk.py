"""What the app knows of a tab beside its vars: the watch on its run, and where it stands.

Kept in the process, by the tab's client token, and gone soon after the tab is: whoever comes back
later reads all of it from the server.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from chat_app.state.line import Line
from chat_app.state.pending_attachments import PendingAttachments
from chat_app.state.presence import expect
from chat_app.transcript.message import Transcript

if TYPE_CHECKING:
    import reflex as rx

    from chat_app.runs.pending_runs import Queued
    from chat_app.runs.run_stream import RunStream
    from chat_app.state.rows import ErrorRow, NoticeRow
    from chat_app.state.run import RunState


@dataclass(eq=False)
class Look:
    """One look at the open thread, at rest or at a run there; what began at another has no say."""

    line: Line
    begun: bool = False
    """At a run, or at what is to become one."""
    through: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once that run is at the server or never will be: what is sent next waits for it."""
    taken_back: bool = False
    """Its message went back into the composer: it must not be sent any more."""
    unseen: Transcript | None = None
    """The newest view of the run, where nobody was there to see it."""


@dataclass
class Desk:
    """One tab's."""

    look: Look = field(default_factory=lambda: Look(Line()))
    lines: WeakValueDictionary[str, Line] = field(default_factory=WeakValueDictionary)
    """By thread: where something is still being done to one that was left, it is the same again."""
    watch: RunStream | None = None
    """On the run that goes, once the server may know of it."""
    joined: bool = False
    """The run that goes is watched for as long as the page is, not from its start to its end."""
    before: tuple[Queued | None, Transcript] = (None, Transcript())
    """To go back to where a run never reaches the server: its message, the transcript before."""
    complaints: list[ErrorRow | NoticeRow] = field(default_factory=list)
    """What could not be sent while the run goes, for as long as it does."""
    joins_with: list[ErrorRow | NoticeRow] = field(default_factory=list)
    """The `complaints` of the run that is joined next."""
    returned: dict[str, str] = field(default_factory=dict)
    """By thread: what goes back into its composer when it is opened again."""
    turning: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held by who waits for the address to become the open thread."""
    made: str = ""
    """The thread that sending made and shows, until the address names it."""
    seen: str = ""
    """The last run whose end is on the screen."""
    shelf: PendingAttachments = field(default_factory=PendingAttachments)
    """What is attached and not sent yet."""

    @property
    def line(self) -> Line:
        """What waits on the open thread."""
        return self.look.line

    @property
    def thread_id(self) -> str:
        """The open thread; empty in a new chat."""
        return self.line.thread_id

    def turn_to(self, thread_id: str) -> None:
        """Turn to another thread, of which nothing is known yet."""
        self.turn_away()
        if self.thread_id:
            self.lines[self.thread_id] = self.line
        self.look, self.seen = Look(self.lines.get(thread_id) or Line(thread_id)), ""

    def turn_away(self) -> None:
        """Look away from the run that goes, if any; it goes on."""
        self.look = Look(self.line)
        self.joined = False
        if self.watch:
            self.watch.leave()
            self.watch = None


_desks: dict[str, Desk] = {}


def desk_of(tab: rx.State) -> Desk:
    """The desk of a tab, made the first time: for a while, unless somebody comes to look."""
    token = tab.router.session.client_token
    if token not in _desks:
        _desks[token] = Desk()
        expect(token, gone=clear_desk)
    return _desks[token]


def open_desk(run: RunState) -> Desk:
    """The desk of a tab, at its open thread; one made anew, after an absence, forgot which it is.

    Needs the tab's lock.
    """
    desk = desk_of(run)
    if desk.thread_id != run.thread_id:
        desk.turn_to(run.thread_id)
    return desk


def desk_at(token: str) -> Desk | None:
    """The desk of a tab that somebody looks at, or did a moment ago."""
    return _desks.get(token)


def has_desk(tab: rx.State) -> bool:
    """Whether somebody looks at the tab, or did a moment ago."""
    return tab.router.session.client_token in _desks


def clear_desk(token: str) -> None:
    """Nobody looks any more: runs go on, unwatched."""
    if desk := _desks.pop(token, None):
        desk.turn_away()


def desks() -> int:
    """How many tabs have one."""
    return len(_desks)
