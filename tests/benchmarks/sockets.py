"""A browser as far as the app's worker can tell: a socket that asks, and hears what is sent.

It parses nothing and only looks for marks in what arrives, so that hundreds of them cost less than
one worker.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from reflex.state import State
from reflex_base.utils.format import format_event_handler

from chat_app.state.run import RunState
from chat_app.state.threads import ThreadsState
from tests.benchmarks import answer
from tests.benchmarks.wire import Wire, event, login_at

if TYPE_CHECKING:
    from types import TracebackType

_HYDRATE = format_event_handler(State.event_handlers["hydrate_and_load"])
_SEND = format_event_handler(RunState.event_handlers["send"])
_WATCH = format_event_handler(ThreadsState.event_handlers["watch"])
_LISTED = '"loaded_rx_state_":true'
"""In the update that brings the sidebar's list: the page's data is nearly complete then."""


class Socket:
    """One simulated browser at the page of one thread; connected within its ``async with``."""

    def __init__(self, url: str, thread_id: str) -> None:
        self.thread_id = thread_id
        self.seen: dict[int, float] = {}
        """When each mark arrived first, in seconds since the epoch."""
        self.received = 0
        """Characters of all updates."""
        self._url = url
        self._path = f"/t/{thread_id}"

    async def __aenter__(self) -> Self:
        first = event(_HYDRATE, {"vars": {}}, self._path)
        self._wire = await Wire.open(self._url, await login_at(self._url), str(uuid4()), first)
        await self._hear(until=_LISTED)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._wire.close()

    async def ask(self, words: str, *, last: int) -> None:
        """Send `words` as a message and listen until the mark `last` arrives.

        Raises:
            ConnectionError: the app closed the socket before.
        """
        await self.try_ask(words, last=last)

    async def try_ask(self, words: str, *, last: int, no: str = "\0") -> bool:
        """The same; False where the app answers with the sentence `no` instead.

        Raises:
            ConnectionError: the app closed the socket before.
        """
        await self._wire.send(event(_SEND, {"message": words}, self._path))
        return await self._hear(until=answer.mark(last), no=no)

    async def rest(self, *, is_visible: bool) -> None:
        """Say whether the page is visible, as pages do; then listen, and ask nothing."""
        await self._wire.send(event(_WATCH, {"is_visible": is_visible}, self._path))
        async for text in self._wire:
            self.received += len(text)

    async def _hear(self, *, until: str, no: str = "\0") -> bool:
        async for text in self._wire:
            now = time.time()
            self.received += len(text)
            for number in answer.MARK.findall(text):
                self.seen.setdefault(int(number), now)
            if until in text:
                return True
            if no in text:
                return False
        raise ConnectionError("the app closed the socket")
