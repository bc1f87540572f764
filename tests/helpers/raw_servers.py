"""Servers on real sockets that answer byte for byte, and break off where they are told to."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence

RESET, SILENCE = "reset", "silence"
Said = bytes | str | float
"""What a server writes, or does; a number is a pause in seconds."""


@asynccontextmanager
async def listening(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
    listener: socket.socket | None = None,
) -> AsyncGenerator[str]:
    """The URL of a server that answers so, at `listener` or a port of its own.

    What still answers at the end of the block is cancelled, and every connection closed.
    """
    answering: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client has left, or the test is over
        finally:
            writer.transport.abort() if is_over else writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(handle(reader, writer))
        answering.add(task)
        task.add_done_callback(answering.discard)

    is_over = False
    if listener is None:
        listener = socket.create_server(("127.0.0.1", 0))
    server = await asyncio.start_server(accept, sock=listener, limit=2**16)
    host, port = listener.getsockname()
    try:
        yield f"http://{host}:{port}/runs/stream"
    finally:
        is_over = True
        server.close()
        for task in answering:
            task.cancel()
        await asyncio.gather(*answering)
        await asyncio.sleep(0)  # transports close in the next turn


@asynccontextmanager
async def serving(said: Sequence[Said]) -> AsyncGenerator[str]:
    """The URL of a server that reads the head of a request, and says this."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for part in said:
            await _say(part, writer)

    async with listening(answer) as url:
        yield url


async def _say(part: Said, writer: asyncio.StreamWriter) -> None:
    if part == RESET:
        linger = b"\1\0\0\0\0\0\0\0"
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
    elif part == SILENCE:
        await asyncio.Event().wait()
    elif isinstance(part, float):
        await asyncio.sleep(part)
    else:
        assert isinstance(part, bytes)
        writer.write(part)
        await writer.drain()
