"""Whether this process can take more: how late its event loop is, smoothed over some seconds.

A process that is too busy sends fewer and larger views (see `chat_app.runs.mailbox`), which makes
all answers a little late. Only where that is not enough is no further answer begun.
"""

from __future__ import annotations

import math
from time import monotonic
from typing import TYPE_CHECKING

from chat_app.runs.times import LONGEST_VIEW

if TYPE_CHECKING:
    from collections.abc import Callable

TOO_LATE = 0.5
"""Seconds by which timers are late on average: a view of an answer is then about a second late."""
_SMOOTHED = 5.0
"""Seconds over which lateness is averaged."""


class Load:
    """Of one process. What it was told fades while it is told no more."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._late = 0.0
        self._at = clock()

    @property
    def late(self) -> float:
        """Seconds by which timers have been late."""
        return self._late * math.exp((self._at - self._clock()) / _SMOOTHED)

    def note(self, late: float) -> None:
        """A timer was so late."""
        now, known = self._clock(), self.late
        # One alone tells little, however long nothing was told before it.
        share = 1 - math.exp(-min(now - self._at, LONGEST_VIEW) / _SMOOTHED)
        self._late, self._at = known + (late - known) * share, now

    @property
    def is_too_much(self) -> bool:
        """Whether no further answer should begin here now."""
        return self.late > TOO_LATE


load = Load()
"""That of this process."""
