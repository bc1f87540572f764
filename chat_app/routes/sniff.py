"""The type of a file, by its first bytes: names and declared types are not trusted."""

from __future__ import annotations

from chat_app.file_types import TEXT

MARKS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": "application/pdf",
    b"ID3": "audio/mpeg",
    b"OggS": "audio/ogg",
    b"fLaC": "audio/flac",
    b"\x1aE\xdf\xa3": "video/webm",
}
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_MP4 = {
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    **dict.fromkeys((b"heic", b"heix", b"mif1", b"msf1"), "image/heic"),
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
}
_BYTE_ORDER = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_NEVER_IN_TEXT = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"


def type_of(data: bytes) -> str:
    """The MIME type; empty if it is unknown here and no text."""
    for mark, mime_type in MARKS.items():
        if data.startswith(mark):
            return mime_type
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12], "")
    if data[4:8] == b"ftyp":
        return _MP4.get(data[8:12], "video/mp4")
    if _begins_mp3(data):
        return "audio/mpeg"
    return "" if words_in(data) is None else TEXT


def words_in(data: bytes) -> str | None:
    """The bytes as text, in UTF-8 or marked as UTF-16; None where they are none."""
    encoding = next((name for mark, name in _BYTE_ORDER.items() if data.startswith(mark)), "")
    if not encoding and data.translate(None, _NEVER_IN_TEXT) != data:
        return None
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        return None


def _begins_mp3(data: bytes) -> bool:
    """Whether a frame of layer III begins: eleven bits set, then the layer's number."""
    return len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2 and data[2] & 0xF0 != 0xF0
