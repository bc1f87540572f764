"""One visitor cannot fill the memory of a real app, by what is begun, announced or sent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio

from chat_app.state.run import RunState
from tests.helpers.app import running_app
from tests.helpers.waiting import PATIENCE, until
from tests.security.raw import (
    BINARY,
    CONT,
    PING,
    TEXT,
    Raw,
    connect,
    connections,
    cookie_of,
    frame,
    hydrate,
    memory,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Iterable

    from tests.helpers.app import RunningApp

MOST = 60.0
"""Megabytes by which the app may grow during an attack."""
LEFT = 40.0
"""Megabytes above the beginning that an allocator keeps for the next time."""
NO_SERVER = "http://127.0.0.1:9"
TOO_FAST, TOO_LARGE = 1008, 1009


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Generator[RunningApp]:
    with running_app(tmp_path_factory.mktemp("app"), LANGGRAPH_API_URL=NO_SERVER) as app:
        cookie_of(app)
        yield app


@pytest_asyncio.fixture
async def visitor(app: RunningApp) -> str:
    """The header of a new person."""
    return f"Cookie: {await asyncio.to_thread(cookie_of, app)}"


@asynccontextmanager
async def bounded(app: RunningApp) -> AsyncGenerator[None]:
    """The app grows a little at most during the block, and is back afterwards."""
    before, peak = memory(app), 0.0

    async def watch() -> None:
        nonlocal peak
        while True:
            peak = max(peak, memory(app))
            await asyncio.sleep(0.02)

    watching = asyncio.ensure_future(watch())
    try:
        yield
    finally:
        watching.cancel()
    assert peak - before < MOST
    await until(lambda: memory(app) - before < LEFT)


async def attacked(
    app: RunningApp,
    visitor: str,
    act: Callable[[Raw], Awaitable[object]],
    *,
    sockets: int = 10,
    closed: int | None = None,
    within: float = PATIENCE,
) -> list[int]:
    """Do the same with some sockets until `closed` of them are closed, all unless it is told.

    Returns:
        The codes with which they were closed, -1 for none.
    """

    async def one(raw: Raw) -> int:
        assert await raw.handshake(visitor) == 101
        await raw.frame(TEXT, connect())
        acting = asyncio.ensure_future(act(raw))
        try:
            return await raw.closed()
        finally:
            acting.cancel()

    async with connections(app, sockets) as opened:
        return await answered(
            (one(each) for each in opened), sockets if closed is None else closed, within
        )


async def answered(
    attempts: Iterable[Coroutine[Any, Any, int]], wanted: int, within: float = PATIENCE
) -> list[int]:
    """Wait until so many attempts have ended; returns what they gave, -1 for none yet."""
    under_way = [asyncio.ensure_future(attempt) for attempt in attempts]
    with suppress(TimeoutError):
        await until(lambda: sum(one.done() for one in under_way) >= wanted, patience=within)
    given = [one.result() if one.done() else -1 for one in under_way]
    for one in under_way:
        one.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)
    return given


async def again_and_again(raw: Raw, data: bytes) -> None:
    while await raw.send(data):
        pass


async def test_uploads_that_never_end_have_little_room(app: RunningApp, visitor: str) -> None:
    size, token = 9_900_000, str(uuid4())
    tab = await Raw.open(app)
    assert await tab.handshake(visitor) == 101
    await tab.frame(TEXT, connect(token, hydrate()))
    while RunState.get_full_name().encode() not in (await tab.read())[1]:
        pass

    async def one(raw: Raw) -> int:
        named = "Sec-Fetch-Site: same-origin", f"X-Chat-Tab: {token}", f"Content-Length: {size}"
        await raw.request("POST", "/_attachments", visitor, *named)
        sending = asyncio.ensure_future(raw.send(bytes(size - 1)))
        try:
            return await raw.status()
        finally:
            sending.cancel()

    async with bounded(app), connections(app, 100) as opened:
        answers = await answered((one(each) for each in opened), 70)
    assert set(answers) == {429, -1}
    assert answers.count(429) >= 70
    await tab.close()


async def test_attachments_that_are_announced_are_not_waited_for(
    app: RunningApp, visitor: str
) -> None:
    async def announce(raw: Raw) -> None:
        await raw.frame(TEXT, '451000000-/_event,["event",{"_placeholder":true,"num":0}]')
        await again_and_again(raw, frame(BINARY, b"x") * 1000)

    async def binary(raw: Raw) -> None:
        await again_and_again(raw, frame(BINARY, bytes(60_000)))

    async with bounded(app):
        assert -1 not in await attacked(app, visitor, announce)
        assert -1 not in await attacked(app, visitor, binary)


@pytest.mark.parametrize(
    "begin",
    [
        frame(TEXT, "4" * 30_000, fin=False) + frame(CONT, "a" * 30_000, fin=False) * 40,
        frame(TEXT, "4", fin=False) + frame(CONT, "a", fin=False) * 100_000,
        frame(TEXT, "4", fin=False) + frame(CONT, "", fin=False) * 100_000,
        frame(TEXT, "4" * 1000, size=1_000_001),
        frame(TEXT, "4" * 1000, size=2**40),
    ],
    ids=["fragments", "very-short-fragments", "empty-fragments", "long-frame", "huge-frame"],
)
async def test_a_message_beyond_the_limit_is_closed_before_it_is_whole(
    app: RunningApp, visitor: str, begin: bytes
) -> None:
    async with bounded(app):
        codes = await attacked(app, visitor, lambda raw: raw.send(begin))
    assert -1 not in codes
    assert TOO_LARGE in codes


async def test_unfinished_messages_of_one_address_have_little_room(
    app: RunningApp, visitor: str
) -> None:
    begin = frame(TEXT, "4" * 900_000, size=999_999)
    async with bounded(app):
        codes = await attacked(app, visitor, lambda raw: raw.send(begin), sockets=30, closed=21)
    assert codes.count(-1) <= 9


LONG = '42/_event,["event",{"name":"a","payload":{"a":"%s"}}]' % ("[," * 450_000)
MANY = '42/_event,["event",{"name":"a","payload":{"a":[%s]}}]'


@pytest.mark.parametrize(
    "data",
    [
        frame(TEXT, "3") * 10_000,
        frame(TEXT, '42/_event,["event",{}]') * 1000,
        frame(PING, "a" * 100) * 1000,
        frame(TEXT, LONG),
        frame(TEXT, MANY % ",".join(["[]"] * 300_000)),
        frame(TEXT, MANY % ",".join(['{"a":0}'] * 9_000)),
    ],
    ids=["pongs", "events", "pings", "long-texts", "too-many-values", "many-values"],
)
async def test_a_flood_of_packets_is_slowed_down_or_closed(
    app: RunningApp, visitor: str, data: bytes
) -> None:
    async with bounded(app):
        await attacked(app, visitor, lambda raw: again_and_again(raw, data), sockets=8, within=4)


async def test_a_person_opens_no_more_tabs_than_there_are_places(
    app: RunningApp, visitor: str
) -> None:
    async with connections(app, 35) as opened:
        # At once: a socket that no event comes on is closed after a time.
        statuses = await asyncio.gather(*(each.handshake(visitor) for each in opened))
    assert sorted(statuses) == [101] * 30 + [429] * 5
    another = await Raw.open(app)
    assert await another.handshake(f"Cookie: {await asyncio.to_thread(cookie_of, app)}") == 101
    await another.close()


async def test_headers_that_never_end_are_not_gathered(app: RunningApp, visitor: str) -> None:
    del visitor
    begins = (
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ",
        b"GET /",
        b"GET / HTTP/1.1\r\n",
    )
    lines = b"a" * 60_000, b"a" * 60_000, b"X-A: a\r\n" * 8000
    async with bounded(app), connections(app, 30) as opened:
        for number, raw in enumerate(opened):
            kind = number % 3
            await raw.send(begins[kind] + lines[kind])
            await asyncio.wait_for(again_and_again(raw, lines[kind]), 5)


async def test_what_says_nothing_is_closed_after_ten_seconds(app: RunningApp, visitor: str) -> None:
    async with connections(app, 4) as (silent, slow, unconnected, half):
        await slow.send(b"GET / HTTP/1.1\r\nHost: ")
        assert await unconnected.handshake(visitor) == 101
        assert await half.handshake(visitor) == 101
        await half.frame(TEXT, "40/_ev", fin=False)
        async with asyncio.timeout(15):
            assert await unconnected.closed() == TOO_FAST
            assert await half.closed() == TOO_FAST
            assert await silent.reader.read() == b""
            assert await slow.reader.read() == b""


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("POST", "/", ["Transfer-Encoding: chunked"], 411),
        ("POST", "/", ["Content-Length: 99999999"], 413),
        ("GET", "/", ["Content-Length: 5"], 413),
        ("GET", "/", ["Transfer-Encoding: chunked", "Content-Length: 5"], 400),
        ("GET", "/_event/?EIO=4&transport=polling", [], 404),
        ("POST", "/_event/?EIO=4&transport=polling", ["Content-Length: 5"], 404),
        ("POST", "/_upload", ["Content-Length: 5"], 404),
        ("GET", "/_all_routes", [], 404),
        ("GET", "/_health", [], 404),
        ("GET", "/ping", [], 200),
    ],
)
async def test_only_what_the_app_uses_is_there(
    app: RunningApp, visitor: str, method: str, path: str, headers: list[str], status: int
) -> None:
    async with connections(app, 1) as (raw,):
        await raw.request(method, path, visitor, *headers)
        assert await raw.status() == status


async def test_no_other_path_is_a_websocket(app: RunningApp, visitor: str) -> None:
    for path in ("/", "/ping", "/_event/a", "/_events/", "/_upload"):
        async with connections(app, 1) as (raw,):
            assert await raw.handshake(visitor, path=f"{path}?EIO=4&transport=websocket") == 404


async def test_trailers_of_a_body_are_no_headers(app: RunningApp, visitor: str) -> None:
    async with connections(app, 1) as (raw,):
        chunked = "Transfer-Encoding: chunked", "Sec-Fetch-Site: same-origin", "X-Chat-Tab: a"
        await raw.request("POST", "/_attachments", visitor, *chunked)
        await raw.send(b"1\r\na\r\n0\r\n" + b"Host: evil.example\r\n" * 3000)
        assert await raw.status() == 401


async def test_a_handshake_reads_why_it_is_refused(app: RunningApp, visitor: str) -> None:
    async with connections(app, 2) as (other, nobody):
        assert await other.handshake(visitor, "Origin: https://evil.example") == 403
        assert await nobody.handshake() == 401
