"""Sound as bare samples, which no browser plays, as a file that every browser does.

OpenAI streams sound as 16-bit samples, 24,000 a second, and Google's speech models send the same as
``audio/L16;rate=24000``. Such bytes need only the head of a WAV file before them.
"""

from __future__ import annotations

import re
import struct
from base64 import b64encode

WAVE = "audio/wav"
RATE = 24_000
"""Samples a second, where it is not said."""

_SAMPLES = re.compile(r"audio/(?:l16|pcm|pcm16|pcm_s16le)(?:;|$)")
_RATE = re.compile(r"rate=(\d{4,6})\b")
_KNOWN = re.compile(r"UklGR|SUQz|T2dn|ZkxhQ|GkXf|//[sMIoEk]|AAAA.GZ0eXB")
"""How base64 of WAV, MP3, Ogg, FLAC, WebM and MP4 begins."""


def as_wave(data: str, mime_type: str) -> str:
    """Bare samples as a WAV file, both in base64; empty where `data` is not of that kind."""
    is_bare = _SAMPLES.match(mime_type) if mime_type else not _KNOWN.match(data)
    if not is_bare:
        return ""
    rate = _RATE.search(mime_type)
    size = len(data) * 3 // 4 - data[-2:].count("=")
    return _head(size, int(rate[1]) if rate else RATE) + data


def _head(size: int, rate: int) -> str:
    """The head before `size` bytes of samples. Its length leaves the base64 after it whole."""
    kind = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    filler = struct.pack("<4sI2x", b"LIST", 2)
    size = min(size, 0xFFFF_FFFF - 64)
    whole = struct.pack("<4sI4s", b"RIFF", 46 + size, b"WAVE")
    return b64encode(whole + kind + filler + struct.pack("<4sI", b"data", size)).decode()
