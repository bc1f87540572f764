"""Pictures read from their bytes: made here, by the rules of the formats."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat_app.demo import pixels
from chat_app.demo.chart import HEIGHT, WIDTH, bar_chart
from chat_app.demo.pixels import Colour, UnreadableError, read_picture

RED, GREEN, BLUE = (255, 0, 0), (0, 128, 0), (0, 0, 255)
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(rows: list[bytes], kind: int, *, filters: list[int] | None = None, depth: int = 8) -> bytes:
    """A PNG of these rows of samples, each written with the filter of its place."""
    step, above, packed = CHANNELS[kind], bytes(len(rows[0])), b""
    for row, method in zip(rows, filters or [0] * len(rows), strict=True):
        packed += bytes([method]) + filtered(row, above, method, step)
        above = row
    header = struct.pack(">IIBBBBB", len(rows[0]) // step, len(rows), depth, kind, 0, 0, 0)
    palette = chunk(b"PLTE", bytes([*RED, *GREEN, *BLUE]))
    body = chunk(b"IHDR", header) + palette + chunk(b"IDAT", zlib.compress(packed))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def filtered(row: bytes, above: bytes, method: int, step: int) -> bytes:
    """The specification's table of filter types, in the direction of writing."""
    written = []
    for place, value in enumerate(row):
        a = row[place - step] if place >= step else 0
        b = above[place]
        c = above[place - step] if place >= step else 0
        written.append((value - [0, a, b, (a + b) // 2, paeth(a, b, c)][method]) % 256)
    return bytes(written)


def paeth(a: int, b: int, c: int) -> int:
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    if pa <= pb and pa <= pc:
        return a
    return b if pb <= pc else c


@given(st.data())
def test_every_filter_of_a_png_is_undone(data: Any) -> None:
    width, height = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    rows = [data.draw(st.binary(min_size=3 * width, max_size=3 * width)) for _ in range(height)]
    filters = [data.draw(st.integers(0, 4)) for _ in range(height)]
    picture = read_picture(png(rows, 2, filters=filters))
    assert (picture.format, picture.width, picture.height) == ("PNG", width, height)
    assert b"".join(map(bytes, picture.pixels)) == b"".join(rows)


@pytest.mark.parametrize(
    ("kind", "row", "colours"),
    [
        (0, bytes([7, 200]), [(7, 7, 7), (200, 200, 200)]),
        (2, bytes([*RED, *BLUE]), [RED, BLUE]),
        (3, bytes([2, 0]), [BLUE, RED]),
        (4, bytes([7, 255, 9, 0]), [(7, 7, 7)]),
        (6, bytes([*GREEN, 255, *RED, 0]), [GREEN]),
    ],
)
def test_every_kind_of_colour_is_read_and_what_is_transparent_has_none(
    kind: int, row: bytes, colours: list[Colour]
) -> None:
    assert list(read_picture(png([row], kind)).pixels) == colours


def test_the_demos_own_chart_is_read_whole() -> None:
    picture = read_picture(bar_chart([1, 2, 3]))
    assert (picture.width, picture.height, picture.rows_read) == (WIDTH, HEIGHT, HEIGHT)
    assert len(picture.pixels) == WIDTH * HEIGHT


def test_of_a_large_picture_only_the_upper_part_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pixels, "MOST_PIXEL_BYTES", 100)
    picture = read_picture(png([bytes(30)] * 50, 2))
    assert (picture.height, picture.rows_read, len(picture.pixels)) == (50, 3, 30)


def test_a_row_that_is_too_long_by_itself_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pixels, "MOST_PIXEL_BYTES", 100)
    picture = read_picture(png([bytes(300)], 2))
    assert (picture.width, picture.pixels) == (100, ())


def test_a_png_with_other_samples_than_bytes_is_known_by_its_header() -> None:
    picture = read_picture(png([bytes(4)], 0, depth=16))
    assert (picture.width, picture.pixels) == (4, ())


def jpeg(width: int, height: int) -> bytes:
    app = b"\xff\xe0" + struct.pack(">H", 4) + b"JF"
    tables = b"\xff\xc4" + struct.pack(">H", 5) + b"abc"
    return b"\xff\xd8" + app + tables + b"\xff\xc2" + struct.pack(">HBHH", 9, 8, height, width)


def webp(kind: bytes, body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 99) + b"WEBP" + kind + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize(
    ("data", "format", "is_animated"),
    [
        (jpeg(300, 200), "JPEG", False),
        (b"GIF89a" + struct.pack("<HH", 300, 200) + b"\0" * 9, "GIF", False),
        (b"GIF89a" + struct.pack("<HH", 300, 200) + b"\x21\xf9\x04" * 2, "GIF", True),
        (webp(b"VP8 ", b"\0" * 6 + struct.pack("<HH", 300, 200)), "WebP", False),
        (webp(b"VP8L", b"\x2f" + struct.pack("<I", 299 | 199 << 14)), "WebP", False),
        (webp(b"VP8X", b"\x02\0\0\0\x2b\x01\0\xc7\0\0"), "WebP", True),
    ],
)
def test_the_size_of_other_formats_is_in_their_headers(
    data: bytes, format: str, *, is_animated: bool
) -> None:
    picture = read_picture(data)
    assert (picture.format, picture.width, picture.height) == (format, 300, 200)
    assert picture.is_animated is is_animated


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.7", b"RIFF1234WAVE", b"\x89PNG\r\n\x1a\n", b"\xff\xd8"]
)
def test_what_is_no_picture_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_picture(data)


@given(st.sampled_from([png([bytes(range(12))] * 3, 2), jpeg(3, 4)]), st.data())
def test_a_damaged_file_is_unreadable_and_nothing_worse(data: bytes, draw: Any) -> None:
    damaged = bytearray(data[: draw.draw(st.integers(0, len(data)))])
    for place in draw.draw(st.lists(st.integers(0, max(0, len(damaged) - 1)), max_size=3)):
        if damaged:
            damaged[place] = draw.draw(st.integers(0, 255))
    with suppress(UnreadableError):
        read_picture(bytes(damaged))
