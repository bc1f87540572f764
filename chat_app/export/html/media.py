"""What messages carry: bytes stand in the page itself, up to a limit, and links stay links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat_app import text
from chat_app.export import words
from chat_app.export.html.elements import Html, el
from chat_app.export.html.links import linked

if TYPE_CHECKING:
    from chat_app.transcript.message import Media

INLINE_LIMIT = 25_000_000
"""Characters of base64 in one page, of all media together."""
_DRAWN = {"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"}
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_TYPE = re.compile(r"(?:audio|video)/[\w.+-]{1,60}")


class Inlining:
    """How much may still be put into the page."""

    def __init__(self, limit: int = INLINE_LIMIT) -> None:
        self._left = limit

    def takes(self, media: Media) -> bool:
        """Whether the bytes of `media` find a place, which is theirs then."""
        if not media.data or len(media.data) > self._left:
            return False
        self._left -= len(media.data)
        return True


def media_row(items: list[Media], inlining: Inlining) -> Html:
    """Images, players and names of files."""
    return el("div", *(_one(media, inlining) for media in items), class_="media")


def _one(media: Media, inlining: Inlining) -> Html:
    name = words.media_name(media)
    if not media.data:
        address = linked(media.url, {"http", "https"})
        said = el("span", name, class_="name")
        return el("a", said, href=address, title=address, **_OUTSIDE) if address else said
    mime_type = media.mime_type or ("image/png" if media.kind == "image" else "")
    is_image = mime_type in _DRAWN
    is_played = media.kind in {"audio", "video"} and _TYPE.fullmatch(mime_type)
    size = text.size(words.size_of(media))
    if not (is_image or is_played):
        return _chip(name, f"{mime_type} · {size}" if mime_type else size)
    if not (_BASE64.fullmatch(media.data) and inlining.takes(media)):
        return _chip(name, text.NOT_INCLUDED.format(size=size))
    source = f"data:{mime_type};base64,{media.data}"
    if is_image:
        return el("span", el("img", src=source, alt=name), class_="picture")
    player = el(media.kind, controls=True, src=source)
    return el("figure", player, el("figcaption", el("span", name, class_="name")), class_="player")


def _chip(name: str, about: str) -> Html:
    said = el("span", name, class_="name"), el("span", about, class_="about")
    return el("span", el("span", *said, class_="words"), class_="file-chip")


_OUTSIDE = {"target": "_blank", "rel": "noopener noreferrer nofollow", "class_": "file-chip"}
