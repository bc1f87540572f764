"""The position in a run's stream, so that after a reconnection no event is lost or doubled.

A server replays what stands strictly after the id it is given. Ids ``<milliseconds>-<sequence>``
increase, but on the dev server the sequence is always 0 and several events share one id: a replay
after the last id omits the others that have it. So the replay begins one millisecond earlier, and
its events that were read before are skipped by counting: at one id, the order is always the same.

A server subscribes a client first and replays second, so events published in between arrive in
both. This overlap is detected by an id that decreases or, within one millisecond, by the event.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.client.events import Event

FROM_THE_START = "-1"
"""A ``Last-Event-ID`` that sorts below every id: the server replays all it still has."""
_BEFORE_ALL = (-1, -1)
_PLACE = re.compile(r"([0-9]{1,20})-([0-9]{1,20})")
"""Of more digits is no id of a server's, and Python does not read thousands."""


class Replay:
    """The newest position in one run's stream. `cursor` is where to begin, if known."""

    def __init__(self, cursor: str | None = None) -> None:
        self._newest = cursor
        self._heard = 0
        """The number of events with this id."""
        self._replayed = False
        """Whether the next events may be repeated ones."""
        self._place = _BEFORE_ALL
        """The newest id as numbers, while a replay goes on."""
        self._skipped = 0
        """How many of the newest id's events will be repeated."""
        self._fresh: list[Event] | None = []
        """New ones of the newest id in this replay; None after the overlap."""

    @property
    def cursor(self) -> str | None:
        """The ``Last-Event-ID`` that replays every event not read yet."""
        place = _place(self._newest) if self._heard else None
        return f"{place[0] - 1}-0" if place else self._newest

    def rejoin(self) -> None:
        """A stream that was opened with `cursor` begins."""
        self._replayed = True
        self._place = _place(self._newest) or _BEFORE_ALL
        self._skipped = self._heard
        self._fresh = []

    def has(self, event: Event) -> bool:
        """Whether `event` was read before; it counts as read from now on.

        Ids of another form are taken to be unique, and events without one to be new.
        """
        if self._replayed and (place := _place(event.id)) and self._came(event, place):
            return True
        if event.id == self._newest:
            self._heard += 1
        elif event.id:
            self._newest, self._heard = event.id, 1
        return False

    def _came(self, event: Event, place: tuple[int, int]) -> bool:
        if place > self._place:
            # After the overlap all events are live, and none is repeated.
            self._replayed = self._fresh is not None
            self._place, self._skipped, self._fresh = place, 0, [event]
            return False
        if place < self._place:
            self._skipped = self._heard
            if self._fresh:
                self._fresh = None
            return True
        if self._skipped:
            self._skipped -= 1
            return True
        if self._fresh is None:
            return False
        if event in self._fresh:
            self._skipped = len(self._fresh) - self._fresh.index(event) - 1
            self._fresh = None
            return True
        self._fresh.append(event)
        return False


def _place(id: str | None) -> tuple[int, int] | None:
    found = _PLACE.fullmatch(id or "")
    return (int(found[1]), int(found[2])) if found else None
