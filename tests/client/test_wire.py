"""The streams' own connections, to servers on real sockets that answer byte for byte."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from chat_app.client.wire import Wire, is_proxied

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

OK = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
HANGS = b"..."
"""As the last thing said: keep the connection open."""


class Server:
    """Says the same to everyone; `heard` is the last request, `left` that it is over."""

    def __init__(self, *said: bytes) -> None:
        self.said = said
        self.heard = b""
        self.left = asyncio.Event()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.heard = await reader.readuntil(b"\r\n\r\n")
            for said in self.said:
                if said == HANGS:
                    await reader.read()
                writer.write(said)
                await writer.drain()
                await asyncio.sleep(0.01)
        except ConnectionError:
            pass
        finally:
            writer.close()
            self.left.set()


@asynccontextmanager
async def response_to(
    server: Server, *, gate: asyncio.Event | None = None, **options: Any
) -> AsyncGenerator[httpx.Response, None]:
    listening = await asyncio.start_server(server.answer, "127.0.0.1", 0)
    host, port = listening.sockets[0].getsockname()
    address = f"http://{host}:{port}/a/b?c=d"
    try:
        async with (
            httpx.AsyncClient(transport=Wire(), **{"timeout": 20, **options}) as client,
            client.stream("POST", address, content=b"body", extensions={"gate": gate}) as response,
        ):
            yield response
    finally:
        listening.close()
        async with asyncio.timeout(20):
            await server.left.wait()
        await asyncio.sleep(0.01)


async def pieces(*said: bytes, **options: Any) -> list[bytes]:
    async with response_to(Server(*said), **options) as response:
        return [piece async for piece in response.aiter_bytes()]


async def test_chunks_that_arrive_together_are_read_together():
    assert await pieces(CHUNKED + b"1\r\na\r\n2\r\nbc\r\n", b"1\r\nd\r\n0\r\n\r\n") == [
        b"abc",
        b"d",
    ]


async def test_the_request_is_sent_whole_and_asks_to_close():
    server = Server(CHUNKED, b"0\r\n\r\n")
    async with response_to(server, headers={"x-api-key": "k"}) as response:
        assert response.status_code == 200
    head = server.heard.lower()
    assert head.startswith(b"post /a/b?c=d http/1.1\r\n")
    assert b"connection: close" in head
    assert b"x-api-key: k" in head
    assert b"content-length: 4" in head


@pytest.mark.parametrize("coding", [b"content-length: 3\r\n\r\n", b"connection: close\r\n\r\n"])
async def test_a_body_that_is_not_chunked_is_read_to_its_end(coding: bytes):
    assert b"".join(await pieces(OK + coding + b"a", b"bc")) == b"abc"


async def test_a_body_with_a_length_ends_there_though_the_server_stays():
    assert await pieces(OK + b"content-length: 3\r\n\r\nabc", HANGS) == [b"abc"]


async def test_what_comes_before_the_real_head_is_passed_over():
    assert await pieces(b"HTTP/1.1 103 Early Hints\r\n\r\n", CHUNKED, b"0\r\n\r\n") == []


@pytest.mark.parametrize(
    "said",
    [
        (b"",),
        (b"HTTP/1.1 200 OK\r\ncontent",),
        (b"SSH-2.0-OpenSSH\r\n\r\n",),
        (CHUNKED + b"5\r\nab",),
        (CHUNKED + b"nonsense\r\n",),
        (OK + b"content-length: 9\r\n\r\nabc",),
    ],
)
async def test_an_answer_that_breaks_off_or_is_none_is_an_error(said: tuple[bytes, ...]):
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        await pieces(*said)


@pytest.mark.parametrize("said", [(HANGS,), (CHUNKED, HANGS), (CHUNKED + b"1\r\na\r\n", HANGS)])
async def test_a_server_that_falls_silent_is_left_in_time(said: tuple[bytes, ...]):
    begun = asyncio.get_running_loop().time()
    with pytest.raises(httpx.ReadTimeout):
        await pieces(*said, timeout=httpx.Timeout(60, read=0.1))
    assert asyncio.get_running_loop().time() - begun < 30


async def test_who_reads_slowly_is_not_cut_off():
    async with response_to(
        Server(CHUNKED + b"1\r\na\r\n", b"1\r\nb\r\n0\r\n\r\n"), timeout=httpx.Timeout(20, read=0.5)
    ) as response:
        read = []
        async for piece in response.aiter_bytes():
            read.append(piece)
            await asyncio.sleep(1)
    assert b"".join(read) == b"ab"


async def test_who_closes_the_response_closes_the_connection():
    server = Server(CHUNKED, HANGS)
    async with response_to(server) as response:
        assert not server.left.is_set()
        await response.aclose()
        async with asyncio.timeout(20):
            await server.left.wait()


async def test_who_is_cancelled_while_reading_closes_the_connection():
    server, begun = Server(CHUNKED, HANGS), asyncio.Event()

    async def read() -> None:
        async with response_to(server) as response:
            begun.set()
            [piece async for piece in response.aiter_bytes()]

    reading = asyncio.ensure_future(read())
    async with asyncio.timeout(20):
        await begun.wait()
    assert not server.left.is_set()
    reading.cancel()
    async with asyncio.timeout(20):
        await server.left.wait()
    await asyncio.wait({reading})


async def test_a_refused_connection_is_told_at_once():
    async with httpx.AsyncClient(transport=Wire()) as client:
        with pytest.raises(httpx.ConnectError):
            await client.get("http://127.0.0.1:9")


def test_certificates_are_checked():
    assert Wire()._tls.verify_mode is ssl.CERT_REQUIRED
    assert Wire()._tls.check_hostname


@pytest.mark.parametrize(
    ("variables", "proxied"),
    [
        ({}, False),
        ({"http_proxy": "http://p:1"}, True),
        ({"https_proxy": "http://p:1"}, False),
        ({"ALL_PROXY": "http://p:1"}, True),
        ({"ALL_PROXY": "socks5://p:1"}, True),
        ({"http_proxy": "http://p:1", "no_proxy": "agent.test"}, False),
        ({"ALL_PROXY": "socks5://p:1", "NO_PROXY": "other.test, .test"}, False),
        ({"http_proxy": "http://p:1", "no_proxy": "agent.test:99"}, True),
        ({"http_proxy": "http://p:1", "no_proxy": "*"}, False),
    ],
)
def test_an_address_behind_a_proxy_is_recognised(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], proxied: bool
):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    client = httpx.AsyncClient()
    assert is_proxied(client, httpx.URL("http://agent.test/api")) is proxied


async def test_what_came_while_the_gate_was_shut_is_one_piece():
    gate = asyncio.Event()
    server = Server(CHUNKED, b"1\r\na\r\n", b"1\r\nb\r\n", b"1\r\nc\r\n", b"0\r\n\r\n")
    async with response_to(server, gate=gate) as response:
        reading = asyncio.ensure_future(anext(response.aiter_bytes()))
        async with asyncio.timeout(2):
            await server.left.wait()
        assert not reading.done()
        gate.set()
        assert await reading == b"abc"
