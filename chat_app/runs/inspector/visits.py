"""Records a thread for an inspector whose page has its socket at another process.

The page's requests may reach any process. One that has no session of the thread, or records nothing
of it, does so for as long as requests come, and a while longer: it reads the runs from the agent
server, as the other process does.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.runs.session import ThreadSession

LASTS = 30.0
"""Seconds after the last request."""
MOST = 32
"""Threads that are recorded so at one time: of more, those that were asked for last."""
_LOADED_WITHIN = 10.0


class _Visit:
    """One visitor of a session, in the place of a tab."""

    def __init__(self) -> None:
        self.ending: asyncio.TimerHandle | None = None

    def __call__(self) -> None:
        """What is published is asked for, and not waited for."""


class Visits:
    """All visits of this process."""

    def __init__(self) -> None:
        self._under_way: OrderedDict[ThreadSession, _Visit] = OrderedDict()

    async def see(self, session: ThreadSession) -> None:
        """Have the thread of a session recorded from now on; returns once it is read.

        Raises:
            LangGraphError: it cannot be read.
        """
        inspection = session.inspection
        is_watched = inspection is not None and inspection.is_watched
        if session not in self._under_way and not is_watched:
            self._under_way[session] = visit = _Visit()
            session.subscribe(visit)
            session.open()
            if inspection:
                inspection.watch(visit)
        if visit := self._under_way.get(session):
            self._under_way.move_to_end(session)
            if visit.ending:
                visit.ending.cancel()
            visit.ending = asyncio.get_running_loop().call_later(LASTS, self._end, session)
            while len(self._under_way) > MOST:
                self._end(next(iter(self._under_way)))
            async with asyncio.timeout(_LOADED_WITHIN):
                await session.loaded()

    def close(self) -> None:
        """End all of them."""
        for session in list(self._under_way):
            self._end(session)

    def _end(self, session: ThreadSession) -> None:
        if visit := self._under_way.pop(session, None):
            if visit.ending:
                visit.ending.cancel()
            session.unsubscribe(visit)
