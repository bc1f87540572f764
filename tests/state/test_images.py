from __future__ import annotations

from typing import Any

import pytest

from chat_app import text
from chat_app.state.images import MOST_BYTES, sort

PNG = "iVBORw0KGgo="
DRAWN = f"data:image/png;base64,{PNG}"


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image_url", "image_url": {"url": DRAWN}},
        {"type": "image_url", "image_url": DRAWN},
        {"type": "input_image", "image_url": DRAWN},
        {"type": "image", "mime_type": "image/png", "data": PNG},
        {"type": "image", "mimeType": "image/png", "data": PNG},
        {"type": "image", "mime_type": "image/png", "base64": PNG},
        {"type": "image", "source_type": "base64", "mime_type": "image/png", "data": PNG},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
        {"type": "image", "mime_type": "image/png", "data": "iVBO\nRw0K\nGgo="},
    ],
)
def test_an_image_is_recognised_in_every_spelling(block: dict[str, Any]) -> None:
    assert sort((block,)) == ([DRAWN], [], [])


def test_a_misnamed_type_is_put_right() -> None:
    block = {"type": "image", "mime_type": "image/jpg", "data": PNG}
    assert sort((block,)).images == [f"data:image/jpeg;base64,{PNG}"]


def test_an_image_elsewhere_keeps_its_address() -> None:
    address = "https://pictures.example/a.png"
    assert sort(({"type": "image", "url": address},)).images == [address]
    assert sort(({"type": "image_url", "image_url": {"url": address}},)).images == [address]


@pytest.mark.parametrize(
    "address",
    [
        "data:image/svg+xml;base64,PHN2Zz4=",
        "data:text/html;base64,PGI+",
        "data:image/png,plain",
        "data:image/png;base64,<script>",
        "data:image/png;base64,",
    ],
)
def test_what_is_no_plain_picture_is_named_and_not_drawn(address: str) -> None:
    found = sort(({"type": "image_url", "image_url": address},))
    assert found == ([], [text.IMAGE_OF_ANOTHER_KIND], [])


def test_a_large_image_is_named_with_its_size_and_not_sent() -> None:
    data = "A" * (MOST_BYTES // 3 * 4 + 8)
    found = sort(({"type": "image", "mime_type": "image/png", "data": data},))
    assert found.images == []
    assert found.refused == [text.IMAGE_TOO_LARGE.format(size="3.0 MB")]


@pytest.mark.parametrize(
    "block",
    [
        {"type": "audio", "data": "AAAA"},
        {"type": "image"},
        {"type": "image", "url": "javascript:alert(1)"},
        {"type": "image", "url": 7, "data": None, "source": "x"},
        {"type": "image_url", "image_url": {"url": ["a"]}},
        {},
    ],
)
def test_everything_else_is_left_as_it_is(block: dict[str, Any]) -> None:
    assert sort((block,)) == ([], [], [block])
