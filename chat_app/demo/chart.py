"""Bar charts as PNG files, made of nothing but zeros and ones."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 480, 200
MARGIN = 12
MOST_BARS = 60
_GROUND, _BAR, _AXIS = 0, 1, 2
_PALETTE = bytes.fromhex("ff ff ff  8d a2 fb  8a 85 7c")


def bar_chart(values: Sequence[float]) -> bytes:
    """A PNG of `WIDTH` x `HEIGHT` pixels with one bar per value, from a common zero line.

    Raises:
        ValueError: there is no value, or more than `MOST_BARS`.
    """
    if not 0 < len(values) <= MOST_BARS:
        raise ValueError(f"A chart needs 1 to {MOST_BARS} values.")
    highest, lowest = max(0, *values), min(0, *values)
    scale = (HEIGHT - 2 * MARGIN) / (highest - lowest or 1)
    zero = MARGIN + round(highest * scale)
    picture = [bytearray([_GROUND]) * WIDTH for _ in range(HEIGHT)]
    step = (WIDTH - 2 * MARGIN) / len(values)
    for place, value in enumerate(values):
        left = MARGIN + round(step * (place + 0.15))
        right = MARGIN + round(step * (place + 0.85))
        end = zero - round(value * scale)
        for row in picture[min(zero, end) : max(zero, end)]:
            row[left:right] = bytearray([_BAR]) * (right - left)
    picture[min(zero, HEIGHT - 1)] = bytearray([_AXIS]) * WIDTH
    return _png(picture)


def _png(picture: Sequence[bytearray]) -> bytes:
    """A picture of palette colours, one byte per pixel, as a file."""
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    unfiltered = b"".join(b"\0" + row for row in picture)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", _PALETTE),
        (b"IDAT", zlib.compress(unfiltered, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
