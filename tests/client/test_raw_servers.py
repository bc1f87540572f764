"""What servers and proxies may write byte by byte, and what the client has to make of it."""

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from chat_app.client.wire import Wire
from tests.helpers.raw_servers import RESET, SILENCE, listening, serving

if TYPE_CHECKING:
    from collections.abc import Generator

    from tests.helpers.raw_servers import Said

EVENT = b'event: values\r\ndata: {"a":"\xf0\x9f\x99\x82 z\xc3\xbcrich"}\r\n\r\n'
BODY = EVENT * 3
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def chunks(
    body: bytes,
    length: int = 7,
    *,
    size: str = "%x",
    extension: bytes = b"",
    trailer: bytes = b"",
    end: bool = True,
) -> bytes:
    parts = [body[place : place + length] for place in range(0, len(body), length)]
    coded = ((size % len(part)).encode() + extension + b"\r\n" + part + b"\r\n" for part in parts)
    last = b"0" + extension + b"\r\n" + trailer + b"\r\n" if end else b""
    return b"".join(coded) + last


def head_of(kilobytes: int) -> bytes:
    fields = (b"X-%d: " % number + b"a" * 90 + b"\r\n" for number in range(kilobytes * 10))
    return HEAD + b"".join(fields) + b"Transfer-Encoding: chunked\r\n\r\n"


def flushed() -> list[Said]:
    """Compressed, and flushed after each event."""
    coding = zlib.compressobj(wbits=31)
    parts = [coding.compress(EVENT) + coding.flush(zlib.Z_SYNC_FLUSH) for _ in range(3)]
    said: list[Said] = [HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"]
    for part in [*parts, coding.flush()]:
        said += [b"%x\r\n%s\r\n" % (len(part), part), 0.01]
    return [*said, b"0\r\n\r\n"]


def compressed(name: bytes, body: bytes) -> bytes:
    fields = b"Content-Encoding: " + name + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    return HEAD + fields + chunks(body)


ONE_FIELD = b"X-Big: " + b"a" * 12288 + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
LATIN = b"X-Name: Z\xfcrich\r\nTransfer-Encoding: chunked\r\n\r\n"
EARLY = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
BYTES = b"".join(b"1\r\n%c\r\n" % byte for byte in EVENT * 2000) + b"0\r\n\r\n"

WHOLE: dict[str, list[Said]] = {
    "plain chunked": [CHUNKED + chunks(BODY)],
    "every byte its own write": [bytes([byte]) for byte in CHUNKED + chunks(BODY)],
    "sizes in capitals": [CHUNKED + chunks(BODY, 26, size="%X")],
    "sizes of 16 digits": [CHUNKED + chunks(BODY, 26, size="%016x")],
    "sizes of 20 digits": [CHUNKED + chunks(BODY, 26, size="%020x")],
    "quoted extension": [CHUNKED + chunks(BODY, 9, extension=b';name="v;a\\"l"')],
    "extension of 5,000 bytes": [CHUNKED + chunks(BODY, 90, extension=b";x=" + b"y" * 5000)],
    "trailers": [CHUNKED + chunks(BODY, trailer=b"X-Sum: 1\r\nServer-Timing: a\r\n")],
    "trailer in a later piece": [
        CHUNKED + chunks(BODY, end=False) + b"0\r\nX-",
        0.01,
        b"Y: 1\r\n\r\n",
    ],
    "content-length": [HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY],
    "ended by closing": [HEAD + b"\r\n" + BODY],
    "HTTP/1.0": [b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + BODY],
    "coding in capitals": [HEAD + b"Transfer-Encoding: Chunked\r\n\r\n" + chunks(BODY)],
    "100 and 103 first": [EARLY, 0.05, CHUNKED + chunks(BODY)],
    "gzip": [compressed(b"gzip", gzip.compress(BODY))],
    "deflate": [compressed(b"deflate", zlib.compress(BODY))],
    "gzip flushed at each event": flushed(),
    "one field of 12 KB": [HEAD + ONE_FIELD + chunks(BODY)],
    "head of 17 KB in two pieces": [head_of(17)[:-50], 0.05, head_of(17)[-50:] + chunks(BODY)],
    "head of 60 KB in two pieces": [head_of(60)[:-50], 0.05, head_of(60)[-50:] + chunks(BODY)],
    "head of 95 KB in three pieces": [
        head_of(90)[:40000],
        0.05,
        head_of(90)[40000:-50],
        0.05,
        head_of(90)[-50:] + chunks(BODY),
    ],
    "a head in Latin-1": [HEAD + LATIN + chunks(BODY)],
    "no reason phrase": [CHUNKED.replace(b"200 OK", b"200") + chunks(BODY)],
    "180,000 chunks of one byte": [CHUNKED + BYTES],
}
BROKEN: dict[str, list[Said]] = {
    "size with 0x": [CHUNKED + chunks(BODY, 9, size="0x%x")],
    "negative size": [CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n"],
    "size that is no number": [CHUNKED + b"zz\r\nhello\r\n"],
    "size of 21 digits": [CHUNKED + chunks(BODY, 9, size="%021x")],
    "data longer than its size": [CHUNKED + b"5\r\nhelloXX5\r\nworld\r\n0\r\n\r\n"],
    "data longer, cut there": [CHUNKED + b"5\r\nhello", 0.05, b"\nX5\r\nworld\r\n0\r\n\r\n"],
    "no last chunk": [CHUNKED + chunks(BODY, end=False)],
    "reset within a chunk": [(CHUNKED + chunks(BODY))[:90], 0.05, RESET],
    "reset before the last chunk": [CHUNKED + chunks(BODY, end=False), 0.05, RESET],
    "content-length, body too short": [HEAD + b"Content-Length: %d\r\n\r\n" % 999 + BODY],
    "two content-lengths": [HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + BODY],
    "bytes of HTTP/2": [b"\x00\x00\x12\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00d"],
    "a head without end": [head_of(150)],
    "nothing ever": [SILENCE],
    "a head, then silence": [CHUNKED, SILENCE],
    "half a chunk, then silence": [CHUNKED + b"9\r\nabc", SILENCE],
    "closed at once": [],
    "reset at once": [RESET],
}
STATUS: dict[str, tuple[list[Said], int]] = {
    "204": ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204),
    "307": ([b"HTTP/1.1 307 T\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n"], 307),
    "413 to a body that it does not read": (
        [b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n", SILENCE],
        413,
    ),
}


async def read(said: list[Said], *, content: bytes = b"{}") -> tuple[int, bytes]:
    """The status and the body, as far as the client takes them for whole."""
    limits = httpx.Timeout(20, read=0.5)
    async with (
        serving(said) as url,
        httpx.AsyncClient(transport=Wire(), timeout=limits) as client,
        client.stream("POST", url, content=content) as response,
    ):
        return response.status_code, b"".join([part async for part in response.aiter_bytes()])


@pytest.mark.parametrize("name", WHOLE)
async def test_a_body_comes_whole_however_it_is_written(name: str):
    status, body = await read(WHOLE[name])
    assert status == 200
    assert body == EVENT * (2000 if "180,000" in name else 3)


@pytest.mark.parametrize("name", BROKEN)
async def test_an_answer_that_is_not_whole_is_an_error(name: str):
    with pytest.raises(httpx.TransportError):
        await read(BROKEN[name])


@pytest.mark.parametrize("name", STATUS)
async def test_a_status_that_means_no_is_told(name: str):
    said, status = STATUS[name]
    assert (await read(said, content=b"x" * 5_000_000))[0] == status


async def test_a_dead_first_address_is_passed_over(monkeypatch: pytest.MonkeyPatch):
    """Of a name's two addresses the first takes no connection, nor does it refuse one."""
    with full_listener() as port:
        real = socket.getaddrinfo

        def two(host: Any, *args: Any, **kwargs: Any) -> list[Any]:
            if host not in {"two.test", b"two.test"}:
                return real(host, *args, **kwargs)
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
                for ip in ("127.0.0.2", "127.0.0.1")
            ]

        monkeypatch.setattr(socket, "getaddrinfo", two)
        async with listening(answer_whole, socket.create_server(("127.0.0.1", port))):
            for transport in (Wire(), None):  # the streams' own, and that of single requests
                limits = httpx.Timeout(4)
                async with httpx.AsyncClient(
                    transport=transport, timeout=limits, trust_env=False
                ) as client:
                    response = await client.post(f"http://two.test:{port}/x", content=b"{}")
                    assert response.content == BODY


async def answer_whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(CHUNKED + chunks(BODY))
    await writer.drain()


@contextmanager
def full_listener() -> Generator[int]:
    """A port of 127.0.0.2 whose backlog is full: a further connection waits without an answer."""
    with ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.2", 0))
        full.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        yield full.getsockname()[1]


async def test_a_large_body_on_a_slow_connection_is_no_silence():
    """4 MB at 2 MB/s, where a silence of 0.5 s is an error."""
    taken = 0

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal taken
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while taken < length:
            taken += len(await reader.read(100_000))
            await asyncio.sleep(0.05)
        writer.write(CHUNKED + chunks(BODY))
        await writer.drain()

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    listener.bind(("127.0.0.1", 0))
    async with listening(take, listener) as url, httpx.AsyncClient(transport=Wire()) as client:
        limits = httpx.Timeout(20, read=0.5)
        response = await client.post(url, content=b"x" * 4_000_000, timeout=limits)
    assert response.content == BODY
    assert taken == 4_000_000


async def test_a_body_that_nothing_takes_is_given_up():
    async with serving([SILENCE]) as url, httpx.AsyncClient(transport=Wire()) as client:
        limits = httpx.Timeout(20, read=0.5)
        with pytest.raises(httpx.ReadTimeout):
            await client.post(url, content=b"x" * 40_000_000, timeout=limits)
