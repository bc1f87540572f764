"""The socket of a page, spoken by hand: any packet, in any order."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx
import websockets
from reflex_base.utils.format import format_event_handler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

NAMESPACE = "/_event"


class RawPage:
    """An open socket; `heard` is every packet that came."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.heard: list[str] = []

    async def send(self, packet: str | bytes) -> None:
        """Send a packet as it is."""
        await self.socket.send(packet)

    async def event(self, event: Any) -> None:
        """Send the packet of an event, which may be anything."""
        await self.send(f"42{NAMESPACE},{json.dumps(['event', event])}")

    async def handle(self, handler: Any, path: str = "/", **payload: Any) -> None:
        """Send the event of a handler, from the page at `path`."""
        router = {"pathname": "/[[place]]/[[thread]]/[[view]]", "asPath": path, "query": {}}
        name = format_event_handler(handler)
        await self.event({"name": name, "payload": payload, "router_data": router})

    async def until(self, words: str, *, patience: float = 30) -> str:
        """Wait for a packet that holds these words."""
        async with asyncio.timeout(patience):
            while True:
                packet = str(await self.socket.recv())
                self.heard.append(packet)
                if packet == "2":
                    await self.send("3")
                if words in packet:
                    return packet


async def cookie_of(url: str) -> str:
    """The cookies of a browser that has opened the page, as it sends them."""
    async with httpx.AsyncClient(trust_env=False) as browser:
        await browser.get(f"{url}/")
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


@asynccontextmanager
async def raw_page(
    url: str, cookie: str, *, connect: str | None = None, **options: Any
) -> AsyncGenerator[RawPage]:
    """Open the socket of a new tab; `connect` is its first packet where it is an odd one."""
    address = f"{url.replace('http', 'ws')}{NAMESPACE}/?EIO=4&transport=websocket"
    headers = {"Cookie": cookie, "Origin": url}
    async with websockets.connect(
        address, additional_headers=headers, max_size=None, proxy=None, **options
    ) as socket:
        page = RawPage(socket)
        await page.until("0{")
        token = json.dumps({"token": str(uuid4())})
        await page.send(f"40{NAMESPACE},{token}" if connect is None else connect)
        yield page
