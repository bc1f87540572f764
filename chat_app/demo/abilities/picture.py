"""Pictures described from their bytes: kind, size and main colours. No model sees them."""

from __future__ import annotations

import base64
import binascii
import colorsys
import re
import struct
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from PIL import Image

from chat_app.demo.scripted.turn import Call, Reply, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable

    Colour = tuple[int, int, int, int]

_DESCRIBE = re.compile(
    r"\b(describe|look at|what is (in|on))\b.*\b(picture|image|photo)", re.IGNORECASE
)
_DRAWN = {"values": [3, 5, 8, 6, 4, 7, 9, 5], "title": "A picture"}
_LEAST_SHARE = 0.005
_SAMPLE = 200
"""Pixels on the longer side of the small copy in which colours are counted."""
_MOST_PIXELS = 40_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def reply(turn: Turn) -> Reply | None:
    """What the attached files are; with none attached, the agent draws a picture of its own."""
    if turn.blocks:
        return Reply("\n\n".join(_described(block) for block in turn.blocks))
    if not _DESCRIBE.search(turn.question):
        return None
    if not turn.steps:
        said = "No picture is attached, so I draw one myself and look at that."
        return Reply(said, calls=(Call("chart", _DRAWN),))
    blocks = [
        block
        for result in turn.results
        if isinstance(result.content, list)
        for block in result.content
        if isinstance(block, dict) and block.get("type") != "text"
    ]
    described = [_described(block) for block in blocks]
    return Reply("\n\n".join(described) or "There is no picture to describe.")


def _described(block: dict[str, Any]) -> str:
    kind, data = _content(block)
    if data is None:
        return f"There is a file ({kind}) that is not in the message itself, so I cannot read it."
    try:
        return _in_words(data)
    except _UNREADABLE:
        if kind.startswith("image"):
            return (
                f"This is meant to be a picture ({kind}, {len(data):,} bytes), "
                "but it is damaged or of no kind that I can read."
            )
    words = _words(data) if kind.startswith("text") else ""
    return f"This is a file of the kind {kind} with {len(data):,} bytes{words}."


_UNREADABLE = (
    *(OSError, ValueError, SyntaxError, EOFError, struct.error),
    Image.DecompressionBombError,
)
"""What Pillow raises of a file that is no picture, damaged, or far too large."""


def _content(block: dict[str, Any]) -> tuple[str, bytes | None]:
    """The MIME type and the bytes of a content block, in any of the shapes that clients send.

    ``{"type": "image", "mime_type", "base64"}`` is LangChain's own; the others are
    ``{"mimeType", "data"}``, ``{"source_type": "base64", "data"}`` and OpenAI's
    ``{"type": "image_url", "image_url": {"url": "data:..."}}``.
    """
    kind = str(block.get("mime_type") or block.get("mimeType") or block.get("type") or "unknown")
    url = block.get("image_url", block.get("url"))
    url = url.get("url") if isinstance(url, dict) else url
    encoded = block.get("base64") or block.get("data")
    if isinstance(url, str) and url.startswith("data:"):
        head, _, encoded = url.partition(",")
        kind = head.removeprefix("data:").partition(";")[0] or kind
    if not isinstance(encoded, str):
        return kind, None
    try:
        return kind, base64.b64decode(encoded)
    except binascii.Error:
        return kind, b""


def _words(data: bytes) -> str:
    text = data.decode(errors="replace")
    return f": {len(text.splitlines()):,} lines, {len(text.split()):,} words"


def _in_words(data: bytes) -> str:
    """Kind, size and colours of a picture.

    Raises:
        _UNREADABLE: this is none.
    """
    with Image.open(BytesIO(data), formats=_FORMATS) as picture:
        width, height = picture.size
        if width * height > _MOST_PIXELS:
            raise ValueError("too large to unpack")
        is_animated = getattr(picture, "is_animated", False)
        kind = "WebP" if picture.format == "WEBP" else picture.format
        picture.thumbnail((_SAMPLE, _SAMPLE), Image.Resampling.NEAREST)
        counted = _shares(picture.convert("RGBA"))
    shape = "wider than tall" if width > height else "taller than wide"
    shape = "square" if width == height else shape
    moves = "n animated" if is_animated else ""
    rows = "\n".join(f"| {name} | {_percent(share)} |" for name, share in counted)
    return (
        f"This is a{moves} **{kind} picture** of {width:,} by {height:,} pixels ({shape}) "
        f"in {len(data):,} bytes. The main colours:\n\n"
        f"| Colour | Share |\n| --- | ---: |\n{rows}"
    )


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else "under 1%"


def _shares(picture: Image.Image, most: int = 5) -> list[tuple[str, float]]:
    """The names of the most frequent colours, and how much of what is not transparent has them."""
    named: Counter[str] = Counter()
    colours = picture.getcolors(_SAMPLE * _SAMPLE) or ()
    for count, (red, green, blue, alpha) in cast("Iterable[tuple[int, Colour]]", colours):
        if alpha:
            named[_name(red, green, blue)] += count
    shares = [(name, count / named.total()) for name, count in named.most_common(most)]
    return [(name, share) for name, share in shares if share >= _LEAST_SHARE] or shares[:1]


def _name(red: int, green: int, blue: int) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    if lightness > 0.9:
        return "white"
    if lightness < 0.1:
        return "black"
    if saturation < 0.15:
        return "light grey" if lightness > 0.65 else "dark grey" if lightness < 0.35 else "grey"
    name = next(name for most, name in _HUES if hue * 360 < most)
    if name == "orange" and lightness < 0.4:
        return "brown"
    shade = "light " if lightness > 0.7 else "dark " if lightness < 0.3 else ""
    return shade + name


_HUES = (
    (15, "red"),
    (45, "orange"),
    (70, "yellow"),
    (165, "green"),
    (195, "turquoise"),
    (255, "blue"),
    (290, "violet"),
    (340, "pink"),
    (361, "red"),
)
