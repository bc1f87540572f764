"""Images among a tool's blocks, as addresses that the page may draw."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from chat_app import text

MOST_BYTES = 3_000_000
"""Of one image that is part of the result; larger ones are named and not sent."""
_TYPES = {"image", "image_url", "input_image"}
_DRAWN = re.compile(r"image/(png|jpeg|gif|webp)")
_DATA = re.compile(r"data:([\w/+.-]+);base64,(.*)", re.DOTALL)
_MISNAMED, _JPEG = "data:image/jpg;", "data:image/jpeg;"
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Sorted(NamedTuple):
    """The blocks of a result: what can be drawn, sentences about what cannot, and the rest."""

    images: list[str]
    refused: list[str]
    others: list[dict[str, Any]]


def sort(blocks: tuple[dict[str, Any], ...]) -> Sorted:
    """Tell images from other blocks, in the spellings of LangChain and of the large providers."""
    found = Sorted([], [], [])
    for block in blocks:
        if block.get("type") not in _TYPES:
            found.others.append(block)
        elif address := _address(block):
            problem = _problem(address)
            (found.refused if problem else found.images).append(problem or address)
        else:
            found.others.append(block)
    return found


def _address(block: dict[str, Any]) -> str:
    """An http(s) or `data:` address; empty where the block has none."""
    source = block.get("source")
    fields = block | source if isinstance(source, dict) else block
    linked = fields.get("image_url")
    linked = linked.get("url") if isinstance(linked, dict) else linked
    for address in (linked, fields.get("url")):
        if isinstance(address, str) and address.startswith(("https://", "http://", "data:")):
            return address.replace(_MISNAMED, _JPEG, 1)
    kind = _first(fields, "mime_type", "mimeType", "media_type")
    data = _first(fields, "base64", "data")
    address = f"data:{kind};base64,{''.join(data.split())}" if kind and data else ""
    return address.replace(_MISNAMED, _JPEG, 1)


def _problem(address: str) -> str:
    """Why an image is not drawn; empty where it is."""
    if not address.startswith("data:"):
        return ""
    parts = _DATA.fullmatch(address)
    if not parts or not _DRAWN.fullmatch(parts[1]):
        return text.IMAGE_OF_ANOTHER_KIND
    octets = len(parts[2]) * 3 // 4
    if octets > MOST_BYTES:
        return text.IMAGE_TOO_LARGE.format(size=text.size(octets))
    return "" if _BASE64.fullmatch(parts[2]) else text.IMAGE_OF_ANOTHER_KIND


def _first(fields: dict[str, Any], *names: str) -> str:
    found = (fields.get(name) for name in names)
    return next((value for value in found if isinstance(value, str) and value), "")
