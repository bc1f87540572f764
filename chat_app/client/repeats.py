"""Telling an event that a rejoined stream sends twice.

Whoever joins a resumable run is subscribed first and served the past second: events published in
between come with both. Ids are ``<milliseconds>-<sequence>`` and only ever grow, so an older one is
a repeat; on the dev server several events share one id, and there the events themselves decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.client.events import Event


class Repeats:
    """The newest position of one stream, and the events that stand there."""

    def __init__(self) -> None:
        self._newest = (-1, -1)
        self._there: list[Event] = []

    def has(self, event: Event) -> bool:
        """Whether `event` came before; one without an id of the known form never did."""
        position = _position(event.id)
        if position is None:
            return False
        if position > self._newest:
            self._newest, self._there = position, [event]
            return False
        if position < self._newest or event in self._there:
            return True
        self._there.append(event)
        return False


def _position(id: str | None) -> tuple[int, int] | None:
    milliseconds, _, sequence = (id or "").partition("-")
    if milliseconds.isdecimal() and sequence.isdecimal():
        return int(milliseconds), int(sequence)
    return None
