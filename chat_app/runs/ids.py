"""Ids with a timestamp: UUIDs of version 7.

Their form is in RFC 9562, section 5.7.
"""

from __future__ import annotations

import secrets
import time
from uuid import UUID

_VERSION, _VARIANT = 7 << 76, 2 << 62


def uuid7() -> UUID:
    """A new id; those made later sort behind those made earlier, to the millisecond."""
    milliseconds = time.time_ns() // 1_000_000
    high, low = secrets.randbits(12), secrets.randbits(62)
    return UUID(int=milliseconds << 80 | _VERSION | high << 64 | _VARIANT | low)
