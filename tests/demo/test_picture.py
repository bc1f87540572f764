"""Pictures described from their bytes."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chat_app.demo.abilities import picture
from chat_app.demo.scripted.turn import Turn


def file_of(image: Image.Image, format: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def described(data: bytes, kind: str = "image/png") -> str:
    block = {"type": "image", "mime_type": kind, "base64": base64.b64encode(data).decode()}
    reply = picture.reply(Turn("what is this?", blocks=(block,)))
    assert reply
    return reply.text


RED = Image.new("RGB", (300, 200), "red")


@pytest.mark.parametrize("format", ["PNG", "JPEG", "GIF", "WEBP"])
def test_kind_size_and_colour_of_every_format_are_told(format: str) -> None:
    said = described(file_of(RED, format))
    name = "WebP" if format == "WEBP" else format
    assert f"**{name} picture** of 300 by 200 pixels (wider than tall)" in said
    assert "| red | 100% |" in said


def test_an_animation_is_told_as_one() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    data = file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert "This is an animated **GIF picture** of 20 by 20 pixels (square)" in described(data)


def test_shares_count_what_is_not_transparent() -> None:
    half = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    half.paste((0, 0, 255, 255), (0, 0, 50, 100))
    assert "| blue | 100% |" in described(file_of(half, "PNG"))


def test_a_wholly_transparent_picture_has_no_colours() -> None:
    said = described(file_of(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG"))
    assert "9 by 9 pixels" in said


def test_a_picture_far_too_large_to_unpack_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "_MOST_PIXELS", 1000)
    assert "meant to be a picture" in described(file_of(RED, "PNG"))


@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP"]), st.data())
def test_a_damaged_file_is_told_and_nothing_worse(format: str, draw: Any) -> None:
    data = file_of(RED, format)
    damaged = bytearray(data[: draw.draw(st.integers(1, len(data)))])
    for place in draw.draw(st.lists(st.integers(0, len(damaged) - 1), max_size=3)):
        damaged[place] = draw.draw(st.integers(0, 255))
    assert "picture" in described(bytes(damaged))
