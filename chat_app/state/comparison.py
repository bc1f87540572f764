"""Two versions of a message or an answer side by side, beside the open thread.

A version is read from the server, and painted by a painter of its own: only the turn that differs.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import reflex as rx

from chat_app.auth.rights import rights_of
from chat_app.client import LangGraphError
from chat_app.config import settings
from chat_app.runs.branching import VersionRead, read_version
from chat_app.runs.timings import clock
from chat_app.state import server
from chat_app.state.addresses import Shown
from chat_app.state.painter import Painter
from chat_app.state.person import person_of
from chat_app.state.rows import Row
from chat_app.state.tab_session import tab_session
from chat_app.state.view import NEVER
from chat_app.transcript.error_text import describe
from chat_app.transcript.message import Role, Transcript

if TYPE_CHECKING:
    from chat_app.auth.person import Person
    from chat_app.runs.session import ThreadSession
    from chat_app.transcript.message import Message

SIDES = ("left", "right")
_ALL = 1_000_000
"""Rows of a page that has them all."""


@dataclass(frozen=True)
class Compared:
    """What is compared: versions of the message `id`; it is empty while nothing is."""

    id: str = ""
    left: int = 0
    """The number of the version there."""
    right: int = 0
    shown: int = 0
    """The number of the one in the conversation."""
    count: int = 0
    reading: bool = False
    problem: str = ""


class ComparisonState(rx.State):
    """The comparison over the page."""

    compared: rx.Field[Compared] = rx.field(default_factory=Compared)
    left: rx.Field[list[Row]] = rx.field(default_factory=list)
    right: rx.Field[list[Row]] = rx.field(default_factory=list)

    @rx.event(background=True, supersedes=True)
    async def compare(self, id: str, left: int, right: int):
        """Show two versions of a message or an answer of the open thread."""
        async with self:
            mine, person = tab_session(self), person_of(self)
            session = mine.session
            known = (
                session.snapshot.view.versions.get(id) if session and isinstance(id, str) else None
            )
            numbers = (left, right)
            if (
                session is None
                or known is None
                or not all(_is_one(n, known.count) for n in numbers)
            ):
                return
            view = session.snapshot.view
            now = VersionRead(view.transcript, view.leaf)
            is_other = self.compared.id != id
            self.compared = Compared(id, left, right, known.number, known.count, reading=True)
            if is_other:
                self.left = self.right = []
        painted, problem = {}, ""
        try:
            for side, number in zip(SIDES, numbers, strict=True):
                is_shown = number == known.number
                other = now if is_shown else await _read(person, session, id, number)
                turn = _turn_of(now.transcript, other.transcript, id)
                where = Shown(session.thread_id, rights_of(person), other.leaf)
                painted[side] = await asyncio.to_thread(_painted, turn, side, where)
        except LangGraphError as failure:
            problem, _ = describe(failure)
        async with self:
            if (self.compared.id, self.compared.left, self.compared.right) != (id, left, right):
                return  # closed, or another one by now
            self.compared = replace(self.compared, reading=False, problem=problem)
            if not problem:
                self.left, self.right = painted["left"], painted["right"]

    @rx.event
    def close(self):
        """Show the conversation alone."""
        self.reset()


def _is_one(number: object, count: int) -> bool:
    """Whether this is the number of a version, of which there are so many."""
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= count


async def _read(person: Person, session: ThreadSession, id: str, number: int) -> VersionRead:
    client = await server.gate().client(person, session.thread_id)
    shape = session.snapshot.view.transcript.shape
    return await read_version(client, session.thread_id, id, number, shape=shape)


def _turn_of(now: Transcript, other: Transcript, id: str) -> Transcript:
    """The turn that another version begins: what follows where it parts from the shown one."""
    place = next(index for index, message in enumerate(now.messages) if message.id == id)
    ids = [message.id for message in now.messages[:place]]
    before = [message.id for message in other.messages[:place]]
    if ids != before:  # a summary may have other ids in each
        pairs = enumerate(zip(ids, before, strict=False))
        place = next((index for index, (one, two) in pairs if one != two), min(place, len(before)))
    end = next((index for index in _asked(other.messages) if index > place), len(other.messages))
    failure = other.failure if end == len(other.messages) else None
    turn = other.messages[place:end]
    return replace(other, messages=turn, interrupts=(), failure=failure, running=False)


def _asked(messages: tuple[Message, ...]) -> list[int]:
    return [index for index, message in enumerate(messages) if message.role is Role.HUMAN]


def _painted(turn: Transcript, side: str, where: Shown) -> list[Row]:
    """The rows of a turn, all of them."""
    steps = settings().steps != NEVER
    painter = Painter(clock, page=_ALL, steps=steps, under=f"{side}/")
    painter.where = where
    return painter.paint(turn).rows
