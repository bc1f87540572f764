"""What the page is told of pictures and files, and the addresses it gets them from."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.runs.timings import Timings
from chat_app.state import media_cache
from chat_app.state.addresses import LASTS, PREFIX, MediaRef, Shown, address_of, opened
from chat_app.state.media_row import all_media, item, parted
from chat_app.state.painter import Painter
from chat_app.state.rows import MediaItem, MediaRow, ToolRow
from chat_app.transcript.message import (
    Media,
    Message,
    Raw,
    Role,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

PNG = "iVBORw0KGgo="
PICTURE = Media("image", "image/png", "a.png", data=PNG)
LINKED = Media("image", "", url="https://pictures.example/a.png")
WHERE = MediaRef("t1", "m1", 0)
VIEWER = "ada\n"
HOUR = 3600
NOON = 1_800_000_000.0


@pytest.fixture(autouse=True)
def empty_gallery() -> Iterator[None]:
    media_cache.clear()
    yield
    media_cache.clear()


def place_in(address: str, *, now: float | None = None) -> MediaRef | None:
    return opened(address.removeprefix(PREFIX), VIEWER, now=now)


def test_an_address_leads_to_its_place_for_some_hours() -> None:
    address = address_of(WHERE, VIEWER, now=NOON)
    assert place_in(address, now=NOON) == WHERE
    assert place_in(address, now=NOON + LASTS * HOUR) == WHERE
    assert place_in(address, now=NOON + (LASTS + 1) * HOUR) is None


def test_within_an_hour_a_place_has_one_address() -> None:
    begun = NOON - NOON % HOUR
    assert address_of(WHERE, VIEWER, now=begun) == address_of(WHERE, VIEWER, now=begun + HOUR - 1)
    assert address_of(WHERE, VIEWER, now=begun) != address_of(WHERE, VIEWER, now=begun + HOUR)


@pytest.mark.parametrize("sealed", ["", ".", "a.b", "é.é", "W10.", "=.=", "a" * 5000])
def test_no_other_address_leads_anywhere(sealed: str) -> None:
    assert opened(sealed, VIEWER) is None


def test_an_address_cannot_be_changed() -> None:
    said, signature = address_of(WHERE, VIEWER).removeprefix(PREFIX).split(".")
    other = address_of(MediaRef("t2", "m1", 0), VIEWER).removeprefix(PREFIX).split(".")[0]
    assert opened(f"{said}.{signature}", VIEWER) == WHERE
    assert opened(f"{other}.{signature}", VIEWER) is None


def test_the_page_is_told_of_a_picture_and_not_sent_it() -> None:
    told = item(PICTURE, WHERE, VIEWER)
    assert told == MediaItem("image", "a.png", "image/png", "8 bytes", told.address)
    assert PNG not in str(told)
    assert place_in(told.address) == WHERE
    assert media_cache.get(WHERE, VIEWER) is PICTURE


def test_a_picture_elsewhere_keeps_its_link_and_gets_no_address() -> None:
    assert item(LINKED, WHERE) == MediaItem("image", link="https://pictures.example/a.png")
    assert media_cache.get(WHERE) is None


@pytest.mark.parametrize("mime_type", ["image/svg+xml", "image/tiff", "image/heic"])
def test_a_picture_that_no_browser_should_draw_is_a_file(mime_type: str) -> None:
    assert item(Media("image", mime_type, data=PNG), WHERE).kind == "file"


def test_the_cache_drops_what_was_used_least_recently() -> None:
    large = Media("image", "image/png", data="A" * (media_cache.MOST // 2))
    for number in range(2):
        media_cache.put(MediaRef("t", "m", number), large)
    assert media_cache.get(MediaRef("t", "m", 0))
    media_cache.put(MediaRef("t", "m", 2), large)
    assert [bool(media_cache.get(MediaRef("t", "m", number))) for number in range(3)] == [
        True,
        False,
        True,
    ]
    media_cache.put(MediaRef("t", "m", 2), PICTURE)
    media_cache.put(MediaRef("t", "m", 3), PICTURE)
    assert media_cache.get(MediaRef("t", "m", 0))


def test_a_results_blocks_are_parted_into_items_and_the_rest() -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "odd"},
        {"type": "image", "mime_type": "image/png", "base64": PNG},
        {"type": "image", "file_id": "x"},
    ]
    items, others = parted(blocks, Shown("t1", VIEWER), "r1")
    assert [(told.kind, place_in(told.address)) for told in items] == [
        ("image", MediaRef("t1", "r1", 1))
    ]
    assert others == [blocks[0], blocks[2]]


def test_the_rows_of_a_thread_lead_to_all_that_it_carries() -> None:
    block = {"type": "image", "mime_type": "image/png", "base64": PNG}
    result = ToolResult("", message_id="r1", blocks=(block,))
    call = ToolCall("c1", "draw", "{}", ToolStatus.DONE, result)
    messages = (
        Message("m1", Role.HUMAN, (Text("look"), PICTURE, Raw({"type": "odd"}), PICTURE)),
        Message("m2", Role.ASSISTANT, (call, Text("There."), PICTURE)),
    )
    painter = Painter(Timings())
    painter.where = Shown("t1", VIEWER)
    rows = painter.paint(Transcript(messages)).rows
    assert [row.kind for row in rows] == ["media", "human", "raw", "tool", "text", "media", "end"]
    carrying = [row for row in rows if isinstance(row, MediaRow | ToolRow)]
    assert [row.sent for row in carrying if isinstance(row, MediaRow)] == [True, False]
    found = [place_in(told.address) for row in carrying for told in row.media]
    assert found == [
        MediaRef("t1", "m1", 1),
        MediaRef("t1", "m1", 3),
        MediaRef("t1", "r1", 0),
        MediaRef("t1", "m2", 2),
    ]
    assert found == [place for place, _ in all_media(messages, painter.where)]


def test_what_was_painted_is_not_painted_again_for_what_follows() -> None:
    painter = Painter(Timings())
    asked = Message("m1", Role.HUMAN, (Text("look"), PICTURE))
    painter.paint(Transcript((asked,), running=True))
    more = painter.paint(
        Transcript((asked, Message("m2", Role.ASSISTANT, (Text("A"),))), running=True)
    )
    assert (more.keep, more.rows, more.tail.text) == (2, [], "A")


def test_a_name_that_no_page_can_show_is_made_one_that_it_can() -> None:
    told = item(
        Media("file", "x/y", "a\ud800" + "b" * 1000, data=b64encode(b"x").decode()), WHERE, VIEWER
    )
    assert 190 < len(told.name) <= 200
    told.name.encode()
