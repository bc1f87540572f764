"""The events of a run as they arrived, numbered and timed, and the bounded list they are kept in.

A `Recorded` is one event as the inspector lists it. Its `mode` is a name of the documentation,
which is not always the one in the stream:

======================================================== ============
server's event name, without the namespace                mode
======================================================== ============
values, or ``data`` of servers of 2024 that means it      values
updates, likewise                                         updates
messages, messages-tuple, messages/partial and the like   messages
custom, tasks, checkpoints, debug, events                 the name
metadata, error, end, reconnecting, anything else         the name
======================================================== ============

Events that the client makes itself have no data of the server, so it is made here: how the run
ended for ``end``, what the client waits for in ``reconnecting``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chat_app.client.events import (
    Custom,
    MessageDelta,
    MessagesComplete,
    MessagesMetadata,
    MessagesPartial,
    Reconnecting,
    RunEnd,
    Updates,
    Values,
)

if TYPE_CHECKING:
    from chat_app.client.events import Event

MOST_EVENTS = 20_000
MOST_BYTES = 8 * 2**20
"""As they came over the wire; decoded, they take about four times as much."""

_MODES: dict[type[Event], str] = {
    Values: "values",
    Updates: "updates",
    MessageDelta: "messages",
    MessagesMetadata: "messages",
    MessagesPartial: "messages",
    MessagesComplete: "messages",
    Custom: "custom",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One event of a run. `data` is the decoded JSON, which must not be changed."""

    number: int
    """Counts from 1, without gaps."""
    at: float
    """When it arrived: milliseconds since 1970."""
    event: str
    """The server's name of the event, namespace included."""
    mode: str
    namespace: tuple[str, ...] = ()
    """The path of subgraphs, outermost first; empty at the root."""
    size: int = 0
    """Bytes of the data as it came; 0 where it came without any."""
    data: Any = None
    is_whole: bool = True
    """False if the data alone is larger than all that may be kept: it was left out."""


def recorded(event: Event, *, number: int, at: float) -> Recorded:
    """`event` as it is listed."""
    return Recorded(
        number=number,
        at=at,
        event=event.event,
        mode=_MODES.get(type(event)) or _base(event.event),
        namespace=event.namespace,
        size=event.size,
        data=_data(event),
    )


class Ring:
    """The newest events of a run, bounded by their number and by their bytes.

    Args:
        most_events: how many events are kept.
        most_bytes: how many bytes of data are kept, as they came. An event with more than that is
            kept without its data.
    """

    def __init__(self, most_events: int = MOST_EVENTS, most_bytes: int = MOST_BYTES) -> None:
        self._most_events = max(1, most_events)
        self._most_bytes = max(0, most_bytes)
        self._kept: list[Recorded] = []
        self._start = 0  # what is before it in `_kept` is dropped, and removed now and then
        self.bytes = 0
        """Of the events that are kept."""
        self.last = 0
        """The number of the newest event; 0 before any."""

    def __len__(self) -> int:
        return len(self._kept) - self._start

    @property
    def dropped(self) -> int:
        """How many of the oldest events are no longer kept."""
        return self.last - len(self)

    def add(self, event: Event, *, at: float) -> Recorded:
        """Number and keep an event; `at` is when it arrived, in milliseconds since 1970."""
        item = recorded(event, number=self.last + 1, at=at)
        if item.size > self._most_bytes:
            self._keep(replace(item, data=None, is_whole=False), 0)
        else:
            self._keep(item, item.size)
        return item

    def after(self, number: int, most: int | None = None) -> list[Recorded]:
        """The events with higher numbers, oldest first, and at most so many of them."""
        start = self._start + max(0, number - self.dropped)
        end = len(self._kept) if most is None else start + max(0, most)
        return self._kept[start:end]

    def get(self, number: int) -> Recorded | None:
        """The event of this number; None if it is no longer kept, or not yet."""
        place = number - self.dropped - 1
        return self._kept[self._start + place] if 0 <= place < len(self) else None

    def _keep(self, item: Recorded, size: int) -> None:
        self._kept.append(item)
        self.last = item.number
        self.bytes += size
        while len(self) > self._most_events or self.bytes > self._most_bytes:
            oldest = self._kept[self._start]
            self.bytes -= oldest.size if oldest.is_whole else 0
            self._start += 1
        if self._start > len(self):
            del self._kept[: self._start]
            self._start = 0


def _base(name: str) -> str:
    base = name.partition("|")[0]
    return "messages" if base.startswith(("messages/", "messages-")) else base


def _data(event: Event) -> Any:
    match event:
        case RunEnd():
            made = {"outcome": event.outcome.value, "run_id": event.run_id, "error": event.error}
            return made if event.data is None else {**made, "data": event.data}
        case Reconnecting():
            return {"seconds": event.seconds, "tries": event.tries}
    return event.data
