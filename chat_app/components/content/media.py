"""Media of messages and results: images, players, files. The browser fetches the bytes."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.content import JS
from chat_app.state.rows import MediaItem

_WORDS = {
    "open": text.OPEN_FILE,
    "download": text.DOWNLOAD,
    "close": text.CLOSE,
    "before": text.BEFORE,
    "after": text.AFTER,
    "image": text.AN_IMAGE,
    "audio": text.A_SOUND,
    "video": text.A_VIDEO,
    "file": text.A_FILE,
}


class MediaItems(rx.Component):
    """The `items` of one row, each rendered by its kind."""

    library = JS["media.jsx"]
    tag = "MediaItems"

    items: rx.Var[list[MediaItem]]
    words: rx.Var[dict[str, str]]


def media(items: rx.Var[list[MediaItem]]) -> rx.Component:
    """Return the media of a message or a tool's result."""
    return MediaItems.create(items=items, words=_WORDS)
