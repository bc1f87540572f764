"""Images, sounds, videos and files among content blocks: read in every spelling, sent in one.

Read are the blocks of LangChain, v1 (``mime_type``, ``base64``) and earlier (``source_type``,
``data``), in Python's case and JavaScript's, and those of OpenAI, Anthropic and Google. Sent are
LangChain's of v1, with the name under ``extras.filename``, where its translations for providers
look for it and servers leave it as it is.

A text file is sent as a text block around its words. Every model reads those, while a ``file`` of
plain text is refused by some and ``text-plain`` is unknown to LangChain's own translation.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, Literal, get_args

from chat_app.transcript import sound
from chat_app.transcript.message import Media, Raw, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client.events import Json
    from chat_app.transcript.message import Part

Kind = Literal["image", "audio", "video", "file"]

_KINDS: dict[str, Kind] = {
    "image": "image",
    "image_url": "image",
    "input_image": "image",
    "audio": "audio",
    "audio_url": "audio",
    "input_audio": "audio",
    "output_audio": "audio",
    "image_generation_call": "image",
    "output_image": "image",
    "video": "video",
    "video_url": "video",
    "file": "file",
    "input_file": "file",
    "document": "file",
    "media": "file",
    "file_data": "file",
    "inline_data": "file",
    "inlineData": "file",
    "resource": "file",
    "text-plain": "file",
}
_INNER = (
    "extras",
    "metadata",
    "source",
    "image_url",
    "audio_url",
    "video_url",
    "input_audio",
    "audio",
    "inline_data",
    "inlineData",
    "file_data",
    "fileData",
    "resource",
    "file",
)
"""Where some spellings put fields that others have in the block itself."""
_LINKS = ("url", "image_url", "audio_url", "video_url", "file_url", "file_uri", "fileUri")
_LINKS_OR_BYTES = ("file_data", "data")
_BYTES = ("base64", "data", "file_data", "blob", "result")
_MIME_TYPES = ("mime_type", "mimeType", "media_type", "mediaType")
_NAMES = ("filename", "file_name", "name", "title")

_DATA_URL = re.compile(r"data:([\w/+.-]*)(?:;[\w=.-]+)*;base64,")
_URL_SAFE = str.maketrans("-_", "+/")
_BEGINNING = 4096
"""Characters that are checked to recognise base64: it may have many millions."""
_MISNAMED = {"image/jpg": "image/jpeg", "audio/mp3": "audio/mpeg", "audio/x-wav": "audio/wav"}
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=_-]")
_TEXT_FILE = re.compile(r'<file name="([^"<>\n]*)">\n(.*)\n</file>', re.DOTALL)
_TEXT_TYPE = "text/plain"


def media_of(block: Json) -> Media | None:
    """What a block carries; None where it is of another kind, or holds neither bytes nor a link.

    A block that only names a file at a provider is such a one: it must be sent on as it is.
    """
    kind = _kind_of_block(block)
    if kind is None:
        return None
    fields = _flat(block)
    name = _first(fields, _NAMES)
    mime_type = _mime_type(fields)
    if (words := _words(block)) is not None:
        return text_file(name, words)
    for link in _all(fields, (*_LINKS, *_LINKS_OR_BYTES)):
        if link.startswith(("https://", "http://")):
            return Media(_kind(kind, mime_type), mime_type, name, url=link)
        if head := _DATA_URL.match(link):
            mime_type = _right(head[1].lower()) or mime_type
            return Media(_kind(kind, mime_type), mime_type, name, data=_plain(link[head.end() :]))
    data = _plain(_first(fields, _BYTES) or _bare(fields))
    if not data or ":" in data[:32]:
        return None
    if _kind(kind, mime_type) == "audio" and (wave := sound.as_wave(data, mime_type)):
        data, mime_type = wave, sound.WAVE
    return Media(_kind(kind, mime_type), mime_type, name, data=data)


def is_sound(block: Json) -> bool:
    """Whether a block is sound in bytes, of which more may come for as long as it is sent."""
    return _kind_of_block(block) == "audio"


def _kind_of_block(block: Json) -> Kind | None:
    kind = str(block.get("type"))
    if kind == "None":  # as Google writes it
        kind = next((name for name in ("inline_data", "inlineData") if name in block), "None")
    return _KINDS.get(kind)


def _bare(fields: Json) -> str:
    """Base64 where others have a link, as Google has it in old versions."""
    link = _first(fields, ("image_url", "url"))
    return link if len(link) > _BEGINNING and not _NOT_BASE64.search(link) else ""


def block_of(media: Media) -> Json:
    """The content block to send."""
    if is_text_file(media):
        return {"type": "text", "text": f'<file name="{media.name}">\n{words_of(media)}\n</file>'}
    block: Json = {"type": media.kind, **({"url": media.url} if media.url else {})}
    if media.mime_type:
        block["mime_type"] = media.mime_type
    if media.data:
        block["base64"] = media.data
    if media.name:
        block["extras"] = {"filename": media.name}
    return block


def content_of(parts: Sequence[Part]) -> str | list[Json]:
    """The content of a message to send: its words alone where it has nothing else."""
    words = "\n\n".join(part.text for part in parts if isinstance(part, Text))
    blocks = [
        block_of(part) if isinstance(part, Media) else part.block
        for part in parts
        if isinstance(part, Media | Raw)
    ]
    if not blocks:
        return words
    return [*([{"type": "text", "text": words}] if words else []), *blocks]


def text_file(name: str, words: str) -> Media:
    """A file of plain text."""
    data = b64encode(words.encode(errors="replace")).decode()
    return Media("file", _TEXT_TYPE, re.sub(r'["<>\n]', "_", name), data=data)


def is_text_file(media: Media) -> bool:
    """Whether it is sent as words; bytes that are none go as they are."""
    if media.mime_type != _TEXT_TYPE or not media.data:
        return False
    try:
        b64decode(media.data)
    except ValueError:
        return False
    return True


def words_of(media: Media) -> str:
    """The words of what `is_text_file`."""
    return b64decode(media.data).decode(errors="replace")


def file_in(text: str) -> Media | None:
    """The text file in a block's text; None if it is written text."""
    found = _TEXT_FILE.fullmatch(text)
    return text_file(found[1], found[2]) if found else None


def _flat(block: Json) -> Json:
    fields = dict(block)
    for key in _INNER:
        if isinstance(inner := block.get(key), dict):
            fields |= {name: value for name, value in inner.items() if name not in {"type", "id"}}
    return fields


def _words(block: Json) -> str | None:
    """The text of a document that is sent as text."""
    match block:
        case {"type": "text-plain", "text": str(words)}:
            return words
        case {"source": {"type": "text", "data": str(words)}}:
            return words
    return None


def _mime_type(fields: Json) -> str:
    given = _first(fields, _MIME_TYPES).lower().strip()
    if not given.startswith("audio/l16"):  # what follows is the rate of its samples
        given = given.partition(";")[0].strip()
    if not given and isinstance(audio := fields.get("format"), str):
        given = f"audio/{audio.lower()}"
    if not given and isinstance(image := fields.get("output_format"), str):
        given = f"image/{image.lower()}"
    return _right(given)


def _right(mime_type: str) -> str:
    return _MISNAMED.get(mime_type, mime_type)


def kind_of(mime_type: str) -> Kind:
    """Which of the four kinds bytes of this type are."""
    family = mime_type.partition("/")[0]
    return next((kind for kind in get_args(Kind) if kind == family), "file")


def _kind(block: Kind, mime_type: str) -> Kind:
    """By the type of the bytes; by the type of the block where that is not said."""
    return kind_of(mime_type) if mime_type else block


def _plain(data: str) -> str:
    """Base64 in its usual letters and on one line, as most of it comes."""
    beginning = data[:_BEGINNING]
    if any(letter.isspace() for letter in beginning):
        data = "".join(data.split())
    if "-" in beginning or "_" in beginning:
        data = data.translate(_URL_SAFE)
    if 0 <= data.find("=") < len(data) - 2:
        data = _joined(data)
    return data if len(data) % 4 == 0 else data + "=" * (-len(data) % 4)


def _joined(data: str) -> str:
    """Pieces of base64 that were added up, each with its own padding, as one."""
    try:
        pieces = [b64decode(f"{piece}==") for piece in re.split("=+", data) if piece]
    except ValueError:
        return data
    return b64encode(b"".join(pieces)).decode()


def _all(fields: Json, names: tuple[str, ...]) -> list[str]:
    return [value for name in names if isinstance(value := fields.get(name), str) and value]


def _first(fields: Json, names: tuple[str, ...]) -> Any:
    return next(iter(_all(fields, names)), "")
