from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageColor

from chat_app.demo.tools.chart import BAR, HEIGHT, MARGIN, WIDTH, bar_chart


def bars(png: bytes, count: int) -> list[int]:
    """How high each bar is, in pixels."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    step = (WIDTH - 2 * MARGIN) / count
    middles = [MARGIN + round(step * (place + 0.5)) for place in range(count)]
    colour = ImageColor.getrgb(BAR)
    return [sum(picture.getpixel((x, y)) == colour for y in range(HEIGHT)) for x in middles]


def test_bars_are_as_high_as_their_values() -> None:
    low, high, below = bars(bar_chart([2, 4, -4]), 3)
    assert high == pytest.approx(2 * low, abs=2)
    assert below == pytest.approx(high, abs=2)


@pytest.mark.parametrize("values", [[1], [-1], [0], [0, 0], [1e300, 1], [0.001] * 60])
def test_any_values_make_a_picture_of_the_same_size(values: list[float]) -> None:
    assert Image.open(BytesIO(bar_chart(values))).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("values", [[], [1.0] * 61])
def test_none_or_too_many_values_are_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="1 to 60"):
        bar_chart(values)
