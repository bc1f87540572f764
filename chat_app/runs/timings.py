"""The timings of the parts of a message, measured by this process.

A server does not store them, so they are recorded here from successive views: the duration of
reasoning and of a tool, the time to the first token. They survive a reload, not a restart, and the
cache is bounded.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from chat_app.transcript.message import ToolCall

if TYPE_CHECKING:
    from chat_app.transcript.message import Message, Part, Transcript

MOST = 20_000
"""The most parts in the cache, of all threads together."""


_EPOCH = time.time() - time.monotonic()


def wall_time(moment: float) -> int:
    """A `moment` of `time.monotonic` in milliseconds since 1970, UTC."""
    return round((moment + _EPOCH) * 1000)


class Span(NamedTuple):
    """First and last change of a part, in seconds of `time.monotonic`."""

    begun: float
    changed: float

    @property
    def seconds(self) -> float:
        return self.changed - self.begun


class Timings:
    """Spans by message id and place of the part."""

    def __init__(self) -> None:
        self._spans: OrderedDict[tuple[str, int], Span] = OrderedDict()

    def span(self, message_id: str, place: int = 0) -> Span | None:
        """The span of one part; None if it was not measured from its beginning."""
        return self._spans.get((message_id, place))

    def mark(self, key: str, at: float) -> None:
        """Note that a person acted just now, such as by answering: `span` finds it by `key`."""
        self._note((key, 0), None, at)

    def see(
        self, before: Transcript, now: Transcript, at: float, *, replayed: bool = False
    ) -> None:
        """Note what changed from one view to the next.

        Args:
            before: the view before; what is the same object there did not change.
            now: the view now.
            at: the time of it, in seconds of `time.monotonic`.
            replayed: this is the past of a run joined late: when it began is not known.
        """
        known = {message.id: message for message in before.messages}
        for message in reversed(now.messages):
            earlier = known.get(message.id)
            if earlier is message:
                break  # what changes stands at the end
            self._see(earlier, message, at, replayed=replayed)

    def _see(self, before: Message | None, now: Message, at: float, *, replayed: bool) -> None:
        for place, part in enumerate(now.parts):
            earlier = before.parts[place] if before and place < len(before.parts) else None
            same = earlier is not None and _is_same(earlier, part)
            key = (now.id, place)
            if not same and (key in self._spans or not replayed):
                self._note(key, part, at)

    def _note(self, key: tuple[str, int], part: Part | None, at: float) -> None:
        known = self._spans.get(key)
        begun = at if known is None or _has_no_result(part) else known.begun
        self._spans[key] = Span(begun, at)
        if len(self._spans) > MOST:
            self._spans.popitem(last=False)


def _is_same(before: Part, now: Part) -> bool:
    """Whether a part is as it was. What the graph of a call does is none of the call's own time."""
    if isinstance(before, ToolCall) and isinstance(now, ToolCall):
        now = replace(now, agent=before.agent)
    return before == now


def _has_no_result(part: Part | None) -> bool:
    """A tool's time begins with the last word of its arguments."""
    return isinstance(part, ToolCall) and part.result is None


clock = Timings()
"""Of all threads: what was seen once is known to every tab."""
