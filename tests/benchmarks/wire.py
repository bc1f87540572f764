"""The socket between a page and the app: Engine.IO 4 and Socket.IO 5 on Reflex's namespace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from websockets.asyncio.client import ClientConnection

NAMESPACE = "/_event,"
_PING, _PONG = "2", "3"


async def login_at(url: str) -> str:
    """The cookie of a new browser, as its first page brings it."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        page = await browser.get(url)
        page.raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


class Wire:
    """An open socket. Iterating yields frames as they come, and ends with the socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    async def open(
        cls,
        url: str,
        login: str,
        token: str,
        first: dict[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Connect the tab of this `token` to the app at `url`; its `first` event goes along.

        `login` is the cookie of the browser (see `login_at`); `headers` are what a proxy adds.

        Raises:
            OSError: the app does not listen.
        """
        address = f"{url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket"
        connection = await connect(
            address,
            additional_headers={**(headers or {}), "Cookie": login},
            origin=Origin(url),
            compression=None,
            max_size=None,
            proxy=None,
        )
        await connection.recv()
        packet = {"event": first, "token": token}
        await connection.send(f"40{NAMESPACE}{json.dumps(packet)}")
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
