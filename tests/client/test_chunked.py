"""The chunked coding undone, with h11 as the judge."""

from __future__ import annotations

from itertools import pairwise

import h11
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat_app.client.chunked import Chunked

HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
SIZES = st.sampled_from(["%x", "%X", "00%x", "%x;note", '%x;a="b"', "%x \t"])
BODY = st.lists(st.tuples(st.binary(min_size=1, max_size=40), SIZES), max_size=12).map(
    lambda chunks: b"".join((size % len(c)).encode() + b"\r\n" + c + b"\r\n" for c, size in chunks)
)
ENDS = st.sampled_from([b"", b"0\r\n\r\n", b"000\r\n\r\n", b"0;x\r\ntrailer: 1\r\n\r\n"])


def judged(coded: bytes) -> bytes:
    """The content that h11 finds."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    connection.receive_data(HEAD + coded)
    parts = iter(connection.next_event, h11.NEED_DATA)
    content = b""
    for part in parts:
        if isinstance(part, h11.Data):
            content += bytes(part.data)
        elif isinstance(part, h11.EndOfMessage):
            break
    return content


@given(body=BODY, end=ENDS, places=st.lists(st.integers(0, 500), max_size=12))
@example(b"1\r\na\r\n1\r\nb\r\n", b"", [1, 2, 3, 4, 5, 6])
def test_a_body_cut_anywhere_gives_the_content_that_h11_gives(
    body: bytes, end: bytes, places: list[int]
):
    coded = body + end
    edges = [0, *sorted(place % (len(coded) + 1) for place in places), len(coded)]
    chunked = Chunked()
    content = b"".join(chunked.feed(coded[start:stop]) for start, stop in pairwise(edges))
    assert content == judged(coded)
    assert chunked.is_over == bool(end)


def test_all_chunks_of_one_piece_come_joined():
    assert Chunked().feed(b"2\r\nab\r\n3\r\ncde\r\n4\r\nfg") == b"abcdefg"


@pytest.mark.parametrize("noise", [b"x\r\n", b"-1\r\n", b"\r\n", b"0x5\r\n", b"<" * 5000])
def test_what_is_not_the_chunked_coding_is_an_error(noise: bytes):
    with pytest.raises(ValueError, match="chunk"):
        Chunked().feed(noise)
