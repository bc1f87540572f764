"""Server-sent events as the standard (WHATWG HTML, section 9.2) reads them, cut anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from chat_app.client.sse import read_events
from chat_app.client.wire import Wire
from tests.helpers.raw_servers import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

# What comes, its content type, the right events: name, data, and the id that holds there.
PLAIN_TEXT = "text/event-stream"
FRAMES: dict[str, tuple[bytes, str, list[tuple[str, Any, str]]]] = {
    "two lines of data": (
        b"data: YHOO\ndata: +2\n\n",
        PLAIN_TEXT,
        [("message", "YHOO\n+2", "")],
    ),
    "comment, ids, an id taken back": (
        b": c\n\ndata: a\nid: 1\n\ndata:b\nid\n\ndata:  c\n\n",
        PLAIN_TEXT,
        [("message", "a", "1"), ("message", "b", ""), ("message", " c", "")],
    ),
    "byte order mark": (
        b"\xef\xbb\xbfdata:1\n\n\xef\xbb\xbfdata:2\n\ndata:3\n\n",
        PLAIN_TEXT,
        [("message", 1, ""), ("message", 3, "")],
    ),
    "an id holds": (
        b"id: 1\ndata:a\n\ndata:b\n\n",
        PLAIN_TEXT,
        [("message", "a", "1"), ("message", "b", "1")],
    ),
    "an id with a null is none": (
        b"id: 7\ndata:x\n\nid: a\x00b\ndata:y\n\n",
        PLAIN_TEXT,
        [("message", "x", "7"), ("message", "y", "7")],
    ),
    "unknown fields": (
        b"data:test\n data\nfoo:xxx\njusttext\n:comment\n\n",
        PLAIN_TEXT,
        [("message", "test", "")],
    ),
    "line ends mixed": (
        b"data:test\r\ndata\ndata:test\r\n\r",
        PLAIN_TEXT,
        [("message", "test\n\ntest", "")],
    ),
    "line ends CR": (
        b'event: values\rdata: {"a":1}\r\rdata: 2\r\r',
        PLAIN_TEXT,
        [("values", {"a": 1}, ""), ("message", 2, "")],
    ),
    "another charset is said": (
        "data:ok…\n\n".encode(),
        f"{PLAIN_TEXT};charset=windows-1252",
        [("message", "ok…", "")],
    ),
    "a charset that is none": (
        "data:ok…\n\n".encode(),
        f"{PLAIN_TEXT};charset=klingon",
        [("message", "ok…", "")],
    ),
    "no UTF-8": (b"data:a\xff\xfeb\n\n", PLAIN_TEXT, [("message", "a\ufffd\ufffdb", "")]),
    "separators of Unicode end no line": (
        'data: {"t":"a\u2028b\u0085c"}\n\ndata: x\x0by\n\n'.encode(),
        PLAIN_TEXT,
        [("message", {"t": "a\u2028b\u0085c"}, ""), ("message", "x\x0by", "")],
    ),
    "ids and heartbeats": (
        b"id: 5-0\ndata: 1\n\n: heartbeat\n\nid: 6-0\ndata: 2\n\n",
        PLAIN_TEXT,
        [("message", 1, "5-0"), ("message", 2, "6-0")],
    ),
    "the last event has no end": (
        b"data: 1\n\nevent: values\ndata: 2\n",
        PLAIN_TEXT,
        [("message", 1, "")],
    ),
}


@pytest.mark.parametrize("name", FRAMES)
async def test_events_are_those_of_the_standard_wherever_they_are_cut(name: str):
    written, content_type, right = FRAMES[name]
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode()
    for cut in range(len(written) + 1):
        response = httpx.Response(
            200,
            headers={"content-type": content_type},
            stream=Pieces(written[:cut], written[cut:]),
        )
        events = [(e.event, e.data, e.id or "") async for e in read_events(response)]
        assert events == right, cut
    async with (
        serving([head + written]) as url,
        httpx.AsyncClient(transport=Wire()) as client,
        client.stream("GET", url) as response,
    ):
        assert [(e.event, e.data, e.id or "") async for e in read_events(response)] == right


class Pieces(httpx.AsyncByteStream):
    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
