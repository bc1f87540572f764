"""What of a run's stream was heard, so that a rejoined one loses nothing and says nothing twice.

A server replays what stands strictly after the id it is given. Ids ``<milliseconds>-<sequence>``
only ever grow, but on the dev server the sequence is always 0 and several events share one id:
whoever names the last id misses the others that have it. So one millisecond more is asked for than
is needed, and what was heard of it is left out by counting: at one id, order is always the same.

Who joins is subscribed first and served the past second, so events published in between come with
both. Such a seam is known by an id that goes back or, within one millisecond, by the event itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.client.events import Event

FROM_THE_START = "-1"
"""A ``Last-Event-ID`` that sorts below every id: the server replays all it still has."""
_BEFORE_ALL = (-1, -1)


class Replay:
    """The newest place of one run's stream that was heard. `cursor` is where to begin, if known."""

    def __init__(self, cursor: str | None = None) -> None:
        self._newest = cursor
        self._heard = 0
        """Events that came with this id."""
        self._replayed = False
        """Whether what comes now may have come before."""
        self._place = _BEFORE_ALL
        """The newest id as numbers, while a replay goes on."""
        self._skipped = 0
        """How many of the newest id's events are still to come again."""
        self._fresh: list[Event] | None = []
        """New ones of the newest id in this replay; None once its seam was seen."""

    @property
    def cursor(self) -> str | None:
        """The ``Last-Event-ID`` after which everything comes that was not heard."""
        place = _place(self._newest) if self._heard else None
        return f"{place[0] - 1}-0" if place else self._newest

    def rejoin(self) -> None:
        """A stream begins that was opened with `cursor`."""
        self._replayed = True
        self._place = _place(self._newest) or _BEFORE_ALL
        self._skipped = self._heard
        self._fresh = []

    def has(self, event: Event) -> bool:
        """Whether `event` was heard before; from now on it was.

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
            # After the seam all is live, and nothing comes twice any more.
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
    milliseconds, _, sequence = (id or "").partition("-")
    if milliseconds.isdecimal() and sequence.isdecimal():
        return int(milliseconds), int(sequence)
    return None
