"""What a message or a tool's result carries, as small items for the page: never the bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text
from chat_app.state import media_cache
from chat_app.state.addresses import MediaRef, Shown, address_of
from chat_app.state.rows import MediaItem
from chat_app.state.safe_json import sendable
from chat_app.transcript.media import media_of
from chat_app.transcript.message import Media, ToolCall, ToolResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chat_app.client.events import Json
    from chat_app.transcript.message import Message

_DRAWN = {"image/png", "image/jpeg", "image/gif", "image/webp", ""}
_NAME_LENGTH = 200


def item(media: Media, place: MediaRef, viewer: str = "") -> MediaItem:
    """What the page has to know; the bytes wait for `viewer` at the item's address."""
    if media.data:
        media_cache.put(place, media, viewer)
    is_undrawable = media.kind == "image" and media.mime_type not in _DRAWN and not media.url
    return MediaItem(
        kind="file" if is_undrawable else media.kind,
        name=sendable(media.name[:_NAME_LENGTH]),
        type=sendable(media.mime_type[:_NAME_LENGTH]),
        size=text.size(size_of(media)) if media.data else "",
        address=address_of(place, viewer) if media.data else "",
        link=sendable(media.url),
    )


def size_of(media: Media) -> int:
    """Bytes that base64 stands for."""
    return len(media.data) * 3 // 4 - media.data[-2:].count("=")


def artifact_blocks(result: ToolResult) -> tuple[Json, ...]:
    """The blocks in a result's artifact: tools of MCP servers have their pictures there."""
    artifact = result.artifact
    blocks = artifact if isinstance(artifact, list) else [artifact]
    return tuple(blocks) if all(isinstance(block, dict) for block in blocks) else ()


def parted(
    blocks: Iterable[Json], shown: Shown, message_id: str, *, start: int = 0
) -> tuple[list[MediaItem], list[Json]]:
    """The items among a tool's blocks, numbered from `start`, and the blocks that are none."""
    items: list[MediaItem] = []
    others: list[Json] = []
    for number, block in enumerate(blocks, start):
        if media := media_of(block):
            items.append(item(media, shown.at(message_id, number), shown.viewer))
        else:
            others.append(block)
    return items, others


def all_media(messages: Iterable[Message], shown: Shown) -> Iterator[tuple[MediaRef, Media]]:
    """All that the messages of a thread carry, and where."""
    for message in messages:
        for number, part in enumerate(message.parts):
            if isinstance(part, Media):
                yield shown.at(message.id, number), part
            elif isinstance(part, ToolCall) and part.result:
                blocks = (*part.result.blocks, *artifact_blocks(part.result))
                for place, block in enumerate(blocks):
                    if media := media_of(block):
                        yield shown.at(part.result.message_id, place), media
