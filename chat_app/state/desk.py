"""What the app knows of a tab beside its vars: the watch on its run, and where it stands.

Kept in the process, by the tab's client token, and gone soon after the tab is: whoever comes back
later reads all of it from the server.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chat_app.runs import queue
from chat_app.runs.agenda import Agenda, Queued
from chat_app.transcript.message import Transcript

if TYPE_CHECKING:
    import reflex as rx

    from chat_app.runs.watch import Watch


@dataclass
class Desk:
    """One tab's. `look` counts: what began at another count no longer has a say."""

    thread_id: str = ""
    look: int = 0
    watch: Watch | None = None
    """On the run that goes, once the server may know of it."""
    joined: bool = False
    """The run that goes is watched for as long as the page is, not from its start to its end."""
    before: tuple[str, Transcript] = ("", Transcript())
    """To go back to where a run never reaches the server: its message, the transcript before."""
    taken_back: int = -1
    """The look whose message went back into the composer: it must not be sent any more."""
    made: str = ""
    """The thread that sending made and shows, until the address names it."""
    seen: str = ""
    """The last run whose end is on the screen."""
    agenda: Agenda = field(default_factory=Agenda)
    """What the server had to do on the open thread when it was last asked."""
    arriving: list[Queued] = field(default_factory=list)
    """Messages on their way to the server's queue for the first time."""
    aside: list[Queued] = field(default_factory=list)
    """Messages on their way back into the server's queue."""
    moving: bool = False
    """The queue is being changed: what the server says of it meanwhile is not the whole."""

    @property
    def queued(self) -> list[Queued]:
        """All that waits, next one first."""
        everywhere = self.aside, self.agenda.waiting, queue.held(self.thread_id), self.arriving
        by_id = {message.message_id: message for messages in everywhere for message in messages}
        known = {message.message_id: message for message in self.agenda.waiting}
        return list((by_id | known).values())

    def turn_to(self, thread_id: str) -> None:
        """Turn to another thread, of which nothing is known yet."""
        self.turn_away()
        self.thread_id, self.agenda, self.seen = thread_id, Agenda(), ""
        self.aside, self.arriving = [], []

    def turn_away(self) -> None:
        """Look away from the run that goes, if any; it goes on."""
        self.look += 1
        self.joined = False
        if self.watch:
            self.watch.leave()
            self.watch = None


_desks: dict[str, Desk] = {}


def desk_of(tab: rx.State) -> Desk:
    """The desk of a tab, made the first time."""
    return _desks.setdefault(tab.router.session.client_token, Desk())


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
