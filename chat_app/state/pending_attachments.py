"""What a person attached in one tab and did not send yet: in memory, in order, and nowhere else.

Each thing is for the message of one thread, or of the new chat, whose thread is the empty string
until sending makes one.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import WeakSet

from chat_app.state.media_row import size_of
from chat_app.transcript.message import Media

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from chat_app.transcript.message import Carried

MOST_OF_ALL = 400_000_000
"""Bytes that are held for all tabs together."""
MOST_OF = {"person": 150_000_000, "address": 200_000_000}
"""Bytes that are held for the tabs of one person, or of one address."""


class NoRoomError(Exception):
    """All tabs together hold too much already."""


@dataclass(frozen=True)
class Held:
    """One thing on a shelf. `id` is how the page names it."""

    id: str
    part: Carried
    thread_id: str = ""
    is_returned: bool = False
    """It was sent, and the server never took it."""

    @property
    def size(self) -> int:
        """Bytes."""
        return size_of(self.part) if isinstance(self.part, Media) else 0


@dataclass
class Arrival:
    """One upload under way."""

    thread_id: str


class PendingAttachments:
    """One tab's; it is gone with the tab."""

    def __init__(self) -> None:
        self._arrivals: list[Arrival] = []
        self._held: dict[str, Held] = {}
        self.whose: tuple[tuple[str, str], ...] = ()
        """What this tab's files count for: kinds of `MOST_OF`, and which."""
        _shelves.add(self)

    @property
    def shown(self) -> list[Held]:
        """What the composer shows, in all threads."""
        return list(self._held.values())

    def returned(self, thread_id: str) -> list[str]:
        """The ids of what the server never took of a thread's message."""
        of_thread = (held for held in self._held.values() if held.thread_id == thread_id)
        return [held.id for held in of_thread if held.is_returned]

    def count(self, thread_id: str | None = None) -> int:
        """How many are attached to the message of a thread, or in all; also those under way."""
        all_there = [*self.shown, *self._arrivals]
        return sum(1 for each in all_there if thread_id in (None, each.thread_id))

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(held.size for held in self._held.values())

    @contextmanager
    def arriving(self, thread_id: str) -> Generator[Arrival]:
        """Something is being uploaded, which has a place until the block ends."""
        arrival = Arrival(thread_id)
        self._arrivals.append(arrival)
        try:
            yield arrival
        finally:
            self._arrivals.remove(arrival)

    def put(self, media: Media, thread_id: str) -> Held:
        """Keep what was uploaded.

        Raises:
            NoRoomError: there is no memory for it.
        """
        held = Held(uuid4().hex, media, thread_id)
        if held_by_all() + held.size > MOST_OF_ALL:
            raise NoRoomError
        for key in self.whose:
            if held_for(key) + held.size > MOST_OF[key[0]]:
                raise NoRoomError
        self._held[held.id] = held
        return held

    def put_back(
        self, parts: Iterable[Carried], thread_id: str, *, is_returned: bool = False
    ) -> list[str]:
        """Keep what messages carried that were not sent after all; returns the ids."""
        back = [Held(uuid4().hex, part, thread_id, is_returned) for part in parts]
        self._held |= {held.id: held for held in back}
        return [held.id for held in back]

    def move(self, thread_id: str) -> None:
        """The new chat has become a thread, and what is or will be attached in it goes along."""
        for name, held in self._held.items():
            if not held.thread_id:
                self._held[name] = replace(held, thread_id=thread_id)
        for arrival in self._arrivals:
            arrival.thread_id = arrival.thread_id or thread_id

    def take(self, ids: Iterable[str]) -> tuple[Carried, ...] | None:
        """Take things off, in this order; nothing at all where one of them is not there."""
        wanted = dict.fromkeys(ids)
        if not wanted.keys() <= self._held.keys():
            return None
        return tuple(self._held.pop(name).part for name in wanted)

    def drop(self, id: str) -> None:
        """Forget a thing, if it is there."""
        self._held.pop(id, None)


_shelves: WeakSet[PendingAttachments] = WeakSet()


def held_by_all() -> int:
    """Bytes that the shelves of all tabs hold."""
    return sum(shelf.size for shelf in _shelves)


def held_for(key: tuple[str, str]) -> int:
    """Bytes that the shelves of one person or address hold."""
    return sum(shelf.size for shelf in _shelves if key in shelf.whose)
