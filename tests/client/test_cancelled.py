"""Requests whose asker goes away, at every step that a request takes."""

from __future__ import annotations

import asyncio
import gc
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphClient, get_client
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

STEPS = 150
"""More turns of the event loop than a request to this loop's own server takes."""
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


async def test_a_cancelled_request_leaves_no_busy_connection():
    async with served() as url, get_client(url=url) as client:
        for steps in range(STEPS):
            await cancelled_after(steps, client)
        await client.info()
        await until(lambda: all(connection.is_idle() for connection in connections(client)))
        assert len(connections(client)) <= 20


async def test_closing_the_client_ends_cancelled_requests():
    async with served(answers=False) as url, get_client(url=url) as client:
        await cancelled_after(STEPS, client)
        assert "GET /info" in tasks()
        await client.aclose()
        assert "GET /info" not in tasks()


async def test_a_cancelled_request_that_fails_is_not_logged():
    complaints: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, complaint: complaints.append(complaint))
    async with served() as url:
        """There is no listener any more."""
    async with get_client(url=url) as client:
        await cancelled_after(2, client)
        await until(lambda: "GET /info" not in tasks())
        gc.collect()
        await asyncio.sleep(0)
    assert not complaints


async def cancelled_after(steps: int, client: LangGraphClient) -> None:
    asking = asyncio.create_task(client.info())
    for _ in range(steps):
        await asyncio.sleep(0)
    asking.cancel()
    with suppress(asyncio.CancelledError):
        await asking


@asynccontextmanager
async def served(*, answers: bool = True) -> AsyncGenerator[str]:
    """A server in this very loop, which answers at once or never."""

    over: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        over.append(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, OSError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                if answers:
                    writer.write(ANSWER)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await asyncio.gather(*filter(None, over))


def tasks() -> set[str]:
    return {task.get_name() for task in asyncio.all_tasks()}


def connections(client: LangGraphClient) -> list[Any]:
    """Those of httpx's pool."""
    return list(client._http._client._transport._pool.connections)  # type: ignore[attr-defined]
