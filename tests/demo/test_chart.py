from __future__ import annotations

import struct
import zlib

import pytest

from chat_app.demo.chart import HEIGHT, MARGIN, WIDTH, bar_chart


def pixels(png: bytes) -> list[bytes]:
    """The rows of a PNG with a palette and no filters; its check sums are verified."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + data),)
        chunks[kind] = data
        at += 12 + length
    width, height = struct.unpack_from(">II", chunks[b"IHDR"])
    raw = zlib.decompress(chunks[b"IDAT"])
    assert len(raw) == height * (width + 1)
    return [raw[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height)]


def bars(png: bytes, count: int) -> list[int]:
    """How high each bar is, in pixels."""
    rows = pixels(png)
    step = (WIDTH - 2 * MARGIN) / count
    middles = [MARGIN + round(step * (place + 0.5)) for place in range(count)]
    return [sum(row[middle] == 1 for row in rows) for middle in middles]


def test_bars_are_as_high_as_their_values() -> None:
    low, high, below = bars(bar_chart([2, 4, -4]), 3)
    assert high == pytest.approx(2 * low, abs=2)
    assert below == pytest.approx(high, abs=2)


@pytest.mark.parametrize("values", [[1], [-1], [0], [0, 0], [1e300, 1], [0.001] * 60])
def test_any_values_make_a_picture_of_the_same_size(values: list[float]) -> None:
    rows = pixels(bar_chart(values))
    assert (len(rows), len(rows[0])) == (HEIGHT, WIDTH)


@pytest.mark.parametrize("values", [[], [1.0] * 61])
def test_none_or_too_many_values_are_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="1 to 60"):
        bar_chart(values)
