"""A proxy that does to connections what networks do.

``with faulty_proxy(url) as proxy``: talk to ``proxy.url``, and harm what goes through at any time
and from any thread. It knows nothing of HTTP: it moves bytes, in an event loop of its own.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

_PIECE = 64 * 1024
_PATIENCE = 30
"""Seconds that a change may take to be made."""


class FaultyProxy:
    """Made by `faulty_proxy`. A change holds for open connections and for later ones."""

    def __init__(self, upstream: str) -> None:
        self.url = ""
        self._upstream = _address(upstream)
        self._refuses = False
        self._flows = asyncio.Event()
        self._flows.set()
        self._delay = 0.0
        self._piece = 0
        self._buffers = False
        self._close_after: float | None = None
        self._cut_after: int | None = None
        self._open: dict[asyncio.Task[None], list[asyncio.StreamWriter]] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="faulty proxy")

    @property
    def open_connections(self) -> int:
        return len(self._open)

    def cut(self) -> None:
        """Abort all open connections."""
        self._run(self._cut())

    def refuse(self) -> None:
        """Abort all open connections, and new ones until `accept`."""
        self._refuses = True
        self.cut()

    def accept(self) -> None:
        self._refuses = False

    def stall(self) -> None:
        """Move no more bytes until `flow`; nothing is closed, and new connections stall too."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def flow(self) -> None:
        self._loop.call_soon_threadsafe(self._flows.set)

    def delay(self, seconds: float) -> None:
        """Hold every piece back for so long."""
        self._delay = seconds

    def split(self, bytes: int) -> None:
        """Send pieces of so many bytes, each on its own; 0 as they come."""
        self._piece = bytes

    def buffer(self, on: bool) -> None:
        """Hold back what the upstream sends on a connection until it has sent all."""
        self._buffers = on

    def close_after(self, seconds: float | None) -> None:
        """Close each new connection in good order after so long."""
        self._close_after = seconds

    def cut_after(self, bytes: int | None) -> None:
        """Abort each connection once the upstream has sent so many bytes on it."""
        self._cut_after = bytes

    def point_at(self, upstream: str) -> None:
        """Lead new connections elsewhere."""
        self._upstream = _address(upstream)

    def heal(self) -> None:
        """Do no more harm."""
        self.accept()
        self.flow()
        self.delay(0)
        self.split(0)
        self.buffer(on=False)
        self.close_after(None)
        self.cut_after(None)

    def start(self) -> None:
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._run(self._listen())}"

    def stop(self) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE)
        self._loop.close()

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(_PATIENCE)

    async def _listen(self) -> int:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        await self._cut()
        while self._open:
            await asyncio.wait(list(self._open))

    async def _cut(self) -> None:
        for task, ends in self._open.items():
            _abort(*ends)
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        ends = self._open[task] = [writer]
        try:
            if self._refuses:
                raise ConnectionRefusedError
            answers, upstream = await asyncio.open_connection(*self._upstream)
            ends.append(upstream)
            await self._join(self._ask(reader, upstream), self._answer(answers, writer))
        except OSError:
            _abort(*ends)
        except asyncio.CancelledError:
            """The connection was cut."""
        finally:
            for end in ends:
                end.close()
            del self._open[task]

    async def _join(self, *ways: Coroutine[Any, Any, None]) -> None:
        """Move bytes both ways until one side has sent all, or time is up."""
        tasks = [asyncio.create_task(way) for way in ways]
        first = asyncio.FIRST_COMPLETED
        try:
            done, _ = await asyncio.wait(tasks, timeout=self._close_after, return_when=first)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _ask(self, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
        while piece := await reader.read(self._piece or _PIECE):
            if self._buffers:
                # Else an answer would only be known to be all there when the next one is asked for.
                piece = piece.replace(b"Connection: keep-alive", b"Connection: close")
            await self._pass(piece, upstream)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        moved, held = 0, b""
        while piece := await reader.read(self._piece or _PIECE):
            held += piece if self._cut_after is None else piece[: self._cut_after - moved]
            moved += len(piece)
            if not self._buffers:
                await self._pass(held, writer)
                held = b""
            if self._cut_after is not None and moved >= self._cut_after:
                # A reset overtakes what was sent just before it, and that is to arrive.
                await asyncio.sleep(0.2)
                raise ConnectionAbortedError
        await self._pass(held, writer)

    async def _pass(self, piece: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self._delay)
        await self._flows.wait()
        writer.write(piece)
        await writer.drain()


@contextmanager
def faulty_proxy(upstream: str) -> Generator[FaultyProxy, None, None]:
    """Run a proxy in front of the http address `upstream` until the block ends."""
    proxy = FaultyProxy(upstream)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname
    return parts.hostname, parts.port or 80


def _abort(*ends: asyncio.StreamWriter) -> None:
    """Close without the usual farewell: the other side gets a reset."""
    for end in ends:
        if not end.transport.is_closing():
            reset = struct.pack("ii", 1, 0)
            end.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            end.transport.abort()
