"""Pictures read with nothing but zeros and ones: format and size of four kinds, pixels of a PNG.

PNG: https://www.w3.org/TR/png-3/, JPEG: ITU-T T.81 annex B, GIF: the GIF89a specification, WebP:
RFC 9649.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Colour = tuple[int, int, int]

MOST_PIXEL_BYTES = 2_000_000
"""Of a larger picture only the upper part is looked at: this is Python, and nobody waits long."""

_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples per pixel of each PNG colour type: grey, colour, palette, grey or colour with alpha."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What could be read. `pixels` is empty where only the header is understood."""

    format: str
    width: int
    height: int
    pixels: tuple[Colour, ...] = ()
    rows_read: int = 0
    is_animated: bool = False


class UnreadableError(ValueError):
    """These bytes are no picture of a known kind, or a damaged one."""


def read_picture(data: bytes) -> Picture:
    """The picture in a file.

    Raises:
        UnreadableError: it is none that is known here, or it is cut short.
    """
    try:
        for begins, read in _READERS:
            if data.startswith(begins):
                picture = read(data)
                if picture.width and picture.height:
                    return picture
    except (struct.error, zlib.error, IndexError, ValueError) as damaged:
        raise UnreadableError("the file is damaged") from damaged
    raise UnreadableError("the file is of no kind that I can read")


def _png(data: bytes) -> Picture:
    header, palette, packed = b"", b"", bytearray()
    for kind, body in _png_chunks(data):
        match kind:
            case b"IHDR":
                header = body
            case b"PLTE":
                palette = body
            case b"IDAT":
                packed += body
    width, height, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    picture = Picture("PNG", width, height)
    channels = _CHANNELS.get(colours, 0)
    stride = 1 + width * channels
    most = min(height, MOST_PIXEL_BYTES // stride) * stride
    if depth != 8 or interlaced or not channels or not most:
        return picture
    rows = _unfiltered(zlib.decompressobj().decompress(bytes(packed), most), stride, channels)
    pixels = [pixel for row in rows for pixel in _colours(row, colours, channels, palette)]
    return Picture("PNG", width, height, tuple(pixels), rows_read=most // stride)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def _unfiltered(raw: bytes, stride: int, step: int) -> Iterator[bytearray]:
    """The rows of samples; each was written as its difference from what is left of or above it."""
    above = bytearray(stride - 1)
    for start in range(0, len(raw) - stride + 1, stride):
        method, row = raw[start], bytearray(raw[start + 1 : start + stride])
        for place, value in enumerate(row):
            left = row[place - step] if place >= step else 0
            corner = above[place - step] if place >= step else 0
            row[place] = (value + _predicted(method, left, above[place], corner)) & 255
        yield row
        above = row


def _predicted(method: int, left: int, up: int, corner: int) -> int:
    match method:
        case 0:
            return 0
        case 1:
            return left
        case 2:
            return up
        case 3:
            return (left + up) // 2
        case 4:
            # Paeth: whichever neighbour is nearest to left + up - corner.
            guess = left + up - corner
            return min((left, up, corner), key=lambda near: abs(guess - near))
    raise UnreadableError("the file is damaged")


def _colours(row: bytearray, kind: int, channels: int, palette: bytes) -> Iterator[Colour]:
    """The colours of a row of samples; what is wholly transparent has none."""
    for start in range(0, len(row), channels):
        match kind, tuple(row[start : start + channels]):
            case 3, (index,):
                red, green, blue = palette[3 * index : 3 * index + 3]
                yield red, green, blue
            case (4 | 6, (*_, 0)):
                continue
            case (0 | 4, (grey, *_)):
                yield grey, grey, grey
            case (2 | 6, (red, green, blue, *_)):
                yield red, green, blue


def _jpeg(data: bytes) -> Picture:
    at = 2
    while data[at] == 0xFF:
        marker, length = struct.unpack_from(">xBH", data, at)
        # Frame headers, of all kinds of coding; the rest in this range are tables.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Picture("JPEG", width, height)
        at += 2 + length
    raise UnreadableError("the file is damaged")


def _gif(data: bytes) -> Picture:
    width, height = struct.unpack_from("<HH", data, 6)
    # Each picture of an animation begins with a block of its own for its timing.
    return Picture("GIF", width, height, is_animated=data.count(b"\x21\xf9\x04") > 1)


def _webp(data: bytes) -> Picture:
    if data[8:12] != b"WEBP":
        raise UnreadableError("the file is of no kind that I can read")
    match data[12:16]:
        case b"VP8 ":
            width, height = struct.unpack_from("<HH", data, 26)
            return Picture("WebP", width & 0x3FFF, height & 0x3FFF)
        case b"VP8L":
            (packed,) = struct.unpack_from("<I", data, 21)
            return Picture("WebP", (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
            return Picture("WebP", width, height, is_animated=bool(data[20] & 2))
    raise UnreadableError("the file is damaged")


_READERS = ((_PNG, _png), (b"\xff\xd8", _jpeg), (b"GIF8", _gif), (b"RIFF", _webp))
