"""Names of code, written for people: `my_research_agent` becomes `My research agent`."""

from __future__ import annotations

import re

_IDENTIFIER = re.compile(r"[^\W\d_][\w-]*", re.UNICODE)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_SEPARATORS = re.compile(r"_+|-+(?!\d)")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z][^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][^\W\d_A-Z]{2})")


def readable_name(name: str) -> str:
    """`name` in words where it is an identifier in snake, kebab or camel case; else as it is.

    Acronyms stay in capitals. A name with spaces was written by a person, and a path or an id is
    no name.
    """
    bare = name.strip("_")
    if not _IDENTIFIER.fullmatch(bare) or _UUID.fullmatch(bare):
        return name
    parts = [hump for part in _SEPARATORS.split(bare) for hump in _HUMP.split(part) if hump]
    is_shouted = bare.isupper() and len(parts) > 1
    words = [part if part.isupper() and not is_shouted else _lower(part) for part in parts]
    if words[0].islower():
        words[0] = words[0][:1].upper() + words[0][1:]
    return " ".join(words)


def _lower(part: str) -> str:
    """A part with a capital inside, such as `gRPC`, is a name of its own."""
    return part.lower() if part[1:].islower() or part.isupper() or len(part) == 1 else part
