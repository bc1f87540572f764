"""When a message was written, from the timestamp in its id.

LangGraph and LangChain name runs and messages by UUIDs of version 7, whose first 48 bits are
milliseconds since 1970 (RFC 9562, section 5.7), alone or inside a longer id such as
``lc_run--01a201b3-904e-77f9-8b6a-bf392aa9a1c2-0``.
"""

from __future__ import annotations

import re

_UUID7 = re.compile(
    r"(?<![0-9a-f])([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-f])",
    re.IGNORECASE,
)


def written_at(message_id: str) -> int:
    """Milliseconds since 1970, UTC; 0 where the id does not tell."""
    found = _UUID7.search(message_id)
    return int(found[1] + found[2], 16) if found else 0
