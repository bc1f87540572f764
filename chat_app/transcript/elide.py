"""JSON values as a person can read them: encoded bytes give way to their size."""

from __future__ import annotations

import re
from typing import Any

from chat_app import text

SHORTEST = 200
"""Characters of base64 that are shown as they are: a key or a hash may be one."""

_BYTES = re.compile(r"(?:data:[^,\s]{0,100},)?[A-Za-z0-9+/_-]{200,}[A-Za-z0-9+/=_-]*")


def elided(value: Any) -> Any:
    """`value` with each text in it that is nothing but encoded bytes replaced by their size."""
    match value:
        case str():
            is_bytes = len(value) > SHORTEST and _BYTES.fullmatch(value)
            return text.ENCODED.format(size=text.size(len(value) * 3 // 4)) if is_bytes else value
        case dict():
            return {name: elided(item) for name, item in value.items()}
        case list() | tuple():
            return [elided(item) for item in value]
    return value
