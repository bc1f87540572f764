"""Link reference definitions: `[label]: destination "title"` serves the whole document.

https://spec.commonmark.org/0.31.2/#link-reference-definitions
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LABEL = r"\[((?:[^\[\]\\]|\\.){1,999})\]"
_GAP = r"[ \t]*(?:\n[ \t]*)?"
_BARE = r"[^\s()\\]|\\\S?+"
_DESTINATION = rf"(?:<(?:[^<>\n\\]|\\.)*>|(?!<)(?:{_BARE}|\((?:{_BARE}|\((?:{_BARE})*\))*\))+)"
_TITLE = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\))"""
_DEFINITION = re.compile(
    rf" *{_LABEL}:{_GAP}{_DESTINATION}(?:(?:[ \t]+|[ \t]*\n[ \t]*){_TITLE})?[ \t]*(?:\n|$)"
)
_USE = re.compile(_LABEL)


def read(paragraph: str) -> Iterator[tuple[str, str]]:
    """Yield (label, source) of the definitions a paragraph begins with, as they come."""
    at = 0
    while (found := _DEFINITION.match(paragraph, at)) and not found[1].startswith("^"):
        if label := _normal(found[1]):
            yield label, found[0].strip()
        at = found.end()


def resolve(block: str, definitions: Mapping[str, str]) -> str:
    """Put the definitions that `block` uses before it, where they show nothing.

    Before and not after, because the block may end in an open code block.
    """
    if not definitions or "[" not in block:
        return block
    used = dict.fromkeys(_normal(use[1]) for use in _USE.finditer(block))
    sources = [definitions[label] for label in used if label in definitions]
    return "\n".join((*sources, "", block)) if sources else block


def _normal(label: str) -> str:
    return " ".join(label.split()).casefold()
