"""Bar charts as PNG files."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 480, 200
MARGIN = 12
MOST_BARS = 60
BACKGROUND, BAR, AXIS = "#ffffff", "#8da2fb", "#8a857c"


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
    picture = Image.new("RGB", (WIDTH, HEIGHT), BACKGROUND)
    draw = ImageDraw.Draw(picture)
    step = (WIDTH - 2 * MARGIN) / len(values)
    for place, value in enumerate(values):
        left = MARGIN + round(step * (place + 0.15))
        right = MARGIN + round(step * (place + 0.85))
        end = zero - round(value * scale)
        if end != zero:
            draw.rectangle((left, min(zero, end), right - 1, max(zero, end) - 1), fill=BAR)
    axis = min(zero, HEIGHT - 1)
    draw.line((0, axis, WIDTH, axis), fill=AXIS)
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()
