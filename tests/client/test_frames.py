"""Frames of events, held against httpx-sse, which reads them as text and line by line."""

from __future__ import annotations

import httpx
from httpx_sse import EventSource
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client.frames import Frames
from tests.helpers.examples import examples

WORDS = st.sampled_from(
    [
        *(b"\n", b"\r", b"\r\n", b"\n\n", b"\r\n\r\n"),
        *(b"data", b"event", b"id", b"retry", b":", b": ", b" ", b"a", b"\0"),
        *("ü\u2028".encode(), "\ufeff".encode(), b"\xc3", b"\xff", b"message"),
    ]
)


def framed(pieces: list[bytes]) -> list[tuple[str, str, str]]:
    frames = Frames()
    found = [frame for piece in pieces for frame in frames.feed(piece)]
    return [
        (one.event, one.data.decode(errors="replace"), one.id) for one in found + frames.close()
    ]


def by_lines(written: bytes) -> list[tuple[str, str, str]]:
    response = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=written)
    response.encoding = "utf-8-sig"
    found = EventSource(response).iter_sse()
    return [(one.event, one.data, one.id) for one in found if one.data or one.event != "message"]


@examples(400)
@given(st.lists(WORDS, max_size=40).map(b"".join), st.data())
def test_frames_are_those_that_httpx_sse_reads_wherever_they_are_cut(
    written: bytes, data: st.DataObject
):
    places = st.integers(0, len(written))
    cuts = sorted(data.draw(st.lists(places, max_size=6)))
    edges = zip([0, *cuts], [*cuts, len(written)], strict=True)
    assert framed([written[start:stop] for start, stop in edges]) == by_lines(written)
