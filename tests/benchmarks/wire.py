"""The socket between a page and the app: Engine.IO 4 and Socket.IO 5 on Reflex's namespace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from websockets.asyncio.client import ClientConnection

NAMESPACE = "/_event,"
_PING, _PONG = "2", "3"


class Wire:
    """An open socket. Iterating yields frames as they come, and ends with the socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str, token: str, first: dict[str, Any]) -> Self:
        """Connect the tab of this `token` to the app at `url`; its `first` event goes along.

        Raises:
            OSError: the app does not listen.
        """
        query = f"EIO=4&transport=websocket&token={token}"
        address = f"{url.replace('http', 'ws', 1)}/_event/?{query}"
        connection = await connect(address, compression=None, max_size=None, proxy=None)
        await connection.recv()
        await connection.send(f"40{NAMESPACE}{json.dumps({'event': first})}")
        return cls(connection)

    async def send(self, event: dict[str, Any]) -> None:
        await self._connection.send(f"42{NAMESPACE}{json.dumps(['event', event])}")

    async def __aiter__(self) -> AsyncIterator[str]:
        try:
            async for frame in self._connection:
                if frame == _PING:
                    await self._connection.send(_PONG)
                else:
                    yield str(frame)
        except ConnectionClosed:
            return

    async def close(self) -> None:
        await self._connection.close()

    def cut(self) -> None:
        """Abort, without the farewell of `close`."""
        self._connection.transport.abort()


def event(name: str, payload: dict[str, Any], path: str) -> dict[str, Any]:
    """An event of the page at `path`, as the browser sends it."""
    return {
        "name": name,
        "payload": payload,
        "router_data": {"pathname": path, "asPath": path},
    }
