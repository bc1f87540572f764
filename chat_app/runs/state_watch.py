"""Notices that another program has changed the state of a thread, without a run that would tell.

The list of threads tells when the state of each was changed last. Where that is news and no run of
this app was it, the newest checkpoint that was saved by hand is asked for: a thread without any is
answered in a few bytes. An inspector that looks at the newest state tells of it at once. A thread
that no list has, as one of another program, is asked for by itself while someone inspects it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphError
from chat_app.runs.checkpoints import Checkpoints, about, id_of
from chat_app.runs.machine.events import Opened
from chat_app.runs.threads.listed import SELECT, field, listed
from chat_app.runs.times import ALONE

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from chat_app.runs.machine.conversation import Conversation
    from chat_app.runs.thread_view import Work

_log = logging.getLogger("chat_app.runs")


class StateWatch:
    """That of one session. `now` gives its conversation, `spawn` starts what takes time.

    Ids of checkpoints are ordered by time, as LangGraph itself takes them.
    """

    def __init__(
        self,
        work: Work,
        now: Callable[[], Conversation],
        spawn: Callable[[Coroutine[Any, Any, None], str], asyncio.Task[None]],
    ) -> None:
        self._work = work
        self._now = now
        self._spawn = spawn
        self._told = ""
        """When the state was changed last, as the list of threads has it."""
        self._looked = ""
        """The same, of what was looked at."""
        self._is_listed = False
        self._asking: asyncio.Task[None] | None = None

    def tell(self, changed: str | None) -> None:
        """The list of threads tells when the state was changed last; empty while a run goes.

        None: it does not have the thread.
        """
        self._is_listed = changed is not None
        if changed is None:
            if self._asking is None or self._asking.done():
                self._asking = self._spawn(self._ask(), "ask for the state")
        else:
            self._take(changed)

    def _take(self, changed: str) -> None:
        if changed != self._told:
            self._told = changed
            self.go_on()

    def see(self, state: Mapping[str, Any]) -> None:
        """The newest state was read."""
        head = id_of(state)
        if about(state, "source") == "update" and self._is_news(head):
            self._read_again(head)

    def go_on(self) -> None:
        """Look at the thread, if there is something to look at and no run goes."""
        told = self._told
        if not told or told == self._looked or not self._is_possible:
            return
        self._looked = told
        if told != self._work.changed:
            self._spawn(self._look(), "look at the state")

    @property
    def _is_possible(self) -> bool:
        now = self._now()
        return now.exists and now.phase.is_at_rest and not now.is_loading

    def _is_news(self, head: str) -> bool:
        return self._is_possible and bool(self._work.head) and head > self._work.head

    async def _look(self) -> None:
        work = self._work
        try:
            client = await work.backend.connect()
            found = await Checkpoints(client, work.thread_id).having(source="update", limit=1)
        except LangGraphError as refused:
            _log.info("thread %s: its state cannot be looked at: %r", work.thread_id, refused)
            return
        head = id_of(found[0]) if found else ""
        if head and (not work.head or head > work.head) and self._is_possible:
            self._read_again(head)

    async def _ask(self) -> None:
        """Ask now and then when the state was changed last, until a list tells it."""
        work = self._work
        while True:
            await asyncio.sleep(ALONE)
            if self._is_listed:
                return
            if not (self._is_possible and work.inspection and work.inspection.is_watched):
                continue
            try:
                client = await work.backend.connect()
                rows: Any = await client.threads.search(
                    ids=[work.thread_id], limit=1, select=SELECT
                )
            except LangGraphError as refused:
                if not refused.retryable:
                    return
                continue
            for row in rows if isinstance(rows, list) else ():
                if field(row, "thread_id") == work.thread_id:
                    self._take(listed(row).changed)

    def _read_again(self, head: str) -> None:
        _log.info("thread %s: its state was changed by another program", self._work.thread_id)
        self._work.head = head
        self._work.report(Opened())
