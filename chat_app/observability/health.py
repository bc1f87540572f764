"""Whether a process can serve people: the states of what it needs, asked at most once a second.

A probe has to be cheap, for balancers ask all the time, and bounded, for what it asks may hang. So
all checks run at the same time, each with a time limit, and their result is kept for a second;
probes that come meanwhile wait for the same one. A report has words of this module and of the
checks in it, and no address, name or error of another program.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Check = Callable[[], Awaitable["State"]]
    """Looks at one thing; what it raises counts as `State.DOWN`."""

FRESH = 1.0
"""Seconds for which a report is given again."""
WITHIN = 2.0
"""Seconds for a check."""


class State(StrEnum):
    """Of one thing that a process depends on."""

    OK = "ok"
    OFF = "off"
    """It is not used here."""
    STARTING = "starting"
    DRAINING = "draining"
    """This process ends: new people belong to another one."""
    DOWN = "down"
    SLOW = "slow"
    """It did not answer in time."""

    @property
    def is_well(self) -> bool:
        """Whether people can be served in this state."""
        return self in (State.OK, State.OFF)


@dataclass(frozen=True)
class Dependency:
    """One thing to look at.

    `is_required`: no person can be served without it. Without one that is not, everything goes on,
    with less; a balancer that takes the process out for it would help no one.
    """

    check: Check
    is_required: bool = True


@dataclass(frozen=True)
class Report:
    """The states of all dependencies at one moment."""

    states: Mapping[str, State]
    is_ready: bool

    @property
    def status(self) -> str:
        """``ready``, ``degraded`` or ``not ready``."""
        if not self.is_ready:
            return "not ready"
        return "ready" if all(state.is_well for state in self.states.values()) else "degraded"


class Readiness:
    """Looks at dependencies when it is asked, and keeps the result for `fresh` seconds."""

    def __init__(
        self,
        dependencies: Mapping[str, Dependency],
        *,
        fresh: float = FRESH,
        within: float = WITHIN,
    ) -> None:
        self._dependencies = dependencies
        self._fresh, self._within = fresh, within
        self._looking: asyncio.Task[Report] | None = None
        self._last: Report | None = None
        self._at = 0.0

    async def report(self) -> Report:
        """What was found less than `fresh` seconds ago, or now."""
        if self._last and time.monotonic() - self._at < self._fresh:
            return self._last
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look(), name="readiness")
        return await asyncio.shield(self._looking)  # one probe that gives up ends it for no other

    async def _look(self) -> Report:
        names = list(self._dependencies)
        found = await asyncio.gather(*(self._state(self._dependencies[name]) for name in names))
        states = dict(zip(names, found, strict=True))
        is_ready = all(
            state.is_well or not self._dependencies[name].is_required
            for name, state in states.items()
        )
        self._last, self._at = Report(states, is_ready), time.monotonic()
        return self._last

    async def _state(self, dependency: Dependency) -> State:
        try:
            async with asyncio.timeout(self._within):
                return await dependency.check()
        except TimeoutError:
            return State.SLOW
        except Exception:  # noqa: BLE001 - why is told by the log of those that use it
            return State.DOWN
