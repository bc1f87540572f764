"""Connections to a real app, byte by byte, and the memory that it takes meanwhile."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import struct
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from reflex.state import State
from reflex_base.utils.format import format_event_handler

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.helpers.app import RunningApp
    from tests.security.test_nginx import Served

CONT, TEXT, BINARY, CLOSE, PING = 0x0, 0x1, 0x2, 0x8, 0x9
SOCKET = "/_event/?EIO=4&transport=websocket"


def connect(token: str = "", first: dict[str, Any] | None = None) -> str:
    """The packet by which a tab connects; its `first` event goes along."""
    given = {"token": token or str(uuid4()), **({"event": first} if first else {})}
    return f"40/_event,{json.dumps(given)}"


def hydrate() -> dict[str, Any]:
    """The event by which a page asks for its state."""
    name = format_event_handler(State.event_handlers["hydrate_and_load"])
    where = {"pathname": "/", "asPath": "/"}
    return {"name": name, "payload": {"vars": {}}, "router_data": where}


def memory(app: RunningApp) -> float:
    """Megabytes that the app's process takes up (its resident set)."""
    status = Path(f"/proc/{app.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1000


def cookie_of(app: RunningApp) -> str:
    """The cookie of a new visitor; empty where the app gives none."""
    with httpx.Client(trust_env=False) as client:
        client.get(app.url)
        return "; ".join(f"{name}={value}" for name, value in client.cookies.items())


@dataclass
class Raw:
    """One TCP connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    host: str

    @classmethod
    async def open(cls, app: RunningApp | Served) -> Self:
        host = urlsplit(app.url).netloc
        name, port = host.split(":")
        return cls(*await asyncio.open_connection(name, int(port)), host)

    async def send(self, data: bytes | str) -> bool:
        """Send; returns whether the other end still takes it."""
        try:
            self.writer.write(data.encode() if isinstance(data, str) else data)
            await self.writer.drain()
        except OSError:
            return False
        return True

    async def request(self, method: str, path: str, *headers: str, body: bytes = b"") -> bool:
        """Send a request, or the begin of one."""
        head = "\r\n".join((f"{method} {path} HTTP/1.1", f"Host: {self.host}", *headers, "", ""))
        return await self.send(head.encode() + body)

    async def status(self) -> int:
        """The status of the answer; 0 where the connection ends without one."""
        try:
            line = await self.reader.readline()
        except OSError:
            return 0
        return int(line.split()[1]) if line.startswith(b"HTTP/") else 0

    async def handshake(
        self, *headers: str, path: str = "/_event/?EIO=4&transport=websocket"
    ) -> int:
        """Become a websocket; returns the status."""
        key = base64.b64encode(os.urandom(16)).decode()
        upgrade = "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"
        await self.request("GET", path, *headers, *upgrade, f"Sec-WebSocket-Key: {key}")
        status = await self.status()
        if status == 101:
            await self.reader.readuntil(b"\r\n\r\n")
        return status

    async def frame(self, kind: int, data: bytes | str = b"", *, fin: bool = True) -> bool:
        return await self.send(frame(kind, data, fin=fin))

    async def read(self) -> tuple[int, bytes]:
        """The next frame: its kind and its data; a `CLOSE` where the connection ends."""
        try:
            first, second = await self.reader.readexactly(2)
            size = second & 127
            if size > 125:
                form = "!H" if size == 126 else "!Q"
                (size,) = struct.unpack(form, await self.reader.readexactly(struct.calcsize(form)))
            return first & 15, await self.reader.readexactly(size)
        except (OSError, asyncio.IncompleteReadError):
            return CLOSE, b""

    async def closed(self) -> int:
        """Read until the app closes the socket; returns the code that it gives, 0 for none."""
        while (found := await self.read())[0] != CLOSE:
            pass
        return int.from_bytes(found[1][:2], "big")

    async def close(self) -> None:
        self.writer.transport.abort()
        with suppress(OSError):
            await self.writer.wait_closed()


def frame(
    kind: int, data: bytes | str = b"", *, fin: bool = True, size: int | None = None
) -> bytes:
    """A frame of a websocket as a client sends it; `size` says more than there is."""
    data = data.encode() if isinstance(data, str) else data
    size = len(data) if size is None else size
    if size < 126:
        length = bytes([128 | size])
    elif size < 65536:
        length = bytes([128 | 126]) + struct.pack("!H", size)
    else:
        length = bytes([128 | 127]) + struct.pack("!Q", size)
    return bytes([(128 if fin else 0) | kind]) + length + bytes(4) + data  # masked with zeros


@asynccontextmanager
async def connections(app: RunningApp, count: int) -> AsyncGenerator[list[Raw]]:
    """So many connections, which end with the block."""
    opened = [await Raw.open(app) for _ in range(count)]
    try:
        yield opened
    finally:
        for each in opened:
            await each.close()
