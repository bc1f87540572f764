"""A browser as far as the app's worker can tell: a socket that asks, and hears what is sent.

Speaks Engine.IO 4 and Socket.IO 5 on Reflex's namespace, as the app's own page does. It parses
nothing and only looks for marks in what arrives, so that hundreds of them cost less than one
worker.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from reflex.state import State
from reflex_base.utils.format import format_event_handler
from websockets.asyncio.client import connect

from chat_app.state.run import RunState
from tests.benchmarks import answer

if TYPE_CHECKING:
    from types import TracebackType

_NAMESPACE = "/_event,"
_PING, _PONG = "2", "3"
_HYDRATE = format_event_handler(State.event_handlers["hydrate_and_load"])
_SEND = format_event_handler(RunState.event_handlers["send"])
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
        self._path = f"/t/{thread_id}"
        address = (
            f"{url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket&token={uuid4()}"
        )
        self._connecting = connect(address, compression=None, max_size=None, proxy=None)

    async def __aenter__(self) -> Self:
        self._socket = await self._connecting
        await self._socket.recv()
        boot = {"event": self._event(_HYDRATE, {"vars": {}})}
        await self._socket.send(f"40{_NAMESPACE}{json.dumps(boot)}")
        await self._hear(until=_LISTED)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.close()

    async def ask(self, words: str, *, last: int) -> None:
        """Send `words` as a message and listen until the mark `last` arrives.

        Raises:
            ConnectionError: the app closed the socket before.
        """
        message = ["event", self._event(_SEND, {"message": words})]
        await self._socket.send(f"42{_NAMESPACE}{json.dumps(message)}")
        await self._hear(until=answer.mark(last))

    async def _hear(self, *, until: str) -> None:
        async for frame in self._socket:
            if frame == _PING:
                await self._socket.send(_PONG)
                continue
            text = str(frame)
            now = time.time()
            self.received += len(text)
            for number in answer.MARK.findall(text):
                self.seen.setdefault(int(number), now)
            if until in text:
                return
        raise ConnectionError("the app closed the socket")

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        router = {"pathname": self._path, "asPath": self._path}
        return {"name": name, "payload": payload, "router_data": router}
