from __future__ import annotations

import pytest

from chat_app.routes.sniff import type_of, words_in
from tests.helpers.files import PAGE, PDF, png, wav


@pytest.mark.parametrize(
    ("data", "mime_type"),
    [
        (png(), "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"GIF89a\x01\x00", "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic\x00", "image/heic"),
        (PDF, "application/pdf"),
        (wav(), "audio/wav"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x00\x00", "audio/mpeg"),
        (b"OggS\x00\x02", "audio/ogg"),
        (b"\x00\x00\x00\x20ftypM4A \x00", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypisom\x00", "video/mp4"),
        (b"\x1aE\xdf\xa3\x01", "video/webm"),
        (b"plain words", "text/plain"),
        (PAGE, "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "text/plain"),
        ("\ufeffné\n".encode("utf-16-le"), "text/plain"),
        (b"PK\x03\x04\x14\x00", ""),
        (b"MZ\x90\x00", ""),
        (b"caf\xe9", ""),
        (b"\xff\xff\xff\xff", ""),
        (b"RIFF\x10\x00\x00\x00AVI ", ""),
    ],
)
def test_a_file_is_what_its_first_bytes_say(data: bytes, mime_type: str) -> None:
    assert type_of(data) == mime_type


def test_words_are_read_in_their_own_encoding_without_its_mark() -> None:
    assert words_in("é\tü\r\n".encode()) == "é\tü\r\n"
    assert words_in("\ufeffé".encode()) == "é"
    assert words_in("\ufeffé".encode("utf-16-be")) == "é"
    assert words_in(b"a\x00b") is None
