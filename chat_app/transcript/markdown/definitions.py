"""Link reference definitions: `[label]: destination "title"` serves the whole document.

https://spec.commonmark.org/0.31.2/#link-reference-definitions
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    for found in _found(paragraph):
        if label := normal(found[1]):
            yield label, found[0].strip()


def may_begin(paragraph: str) -> bool:
    """Tell whether a paragraph begins with a label and a colon, or may do so once it is longer."""
    label = _USE.match(paragraph)
    if not label:
        return paragraph.startswith("[") and "]" not in paragraph
    return paragraph.startswith(":", label.end()) or label.end() == len(paragraph)


def end(paragraph: str) -> int:
    """Where the definitions end that a paragraph begins with."""
    return max((found.end() for found in _found(paragraph)), default=0)


def _found(paragraph: str) -> Iterator[re.Match[str]]:
    at = 0
    while (found := _DEFINITION.match(paragraph, at)) and not found[1].startswith("^"):
        yield found
        at = found.end()


def used(text: str) -> tuple[str, ...]:
    """Name the labels that `text` may refer to, each once."""
    if "[" not in text:
        return ()
    labels = dict.fromkeys(normal(use[1]) for use in _USE.finditer(text))
    return tuple(label for label in labels if not label.startswith("^"))


def preceded(block: str, labels: Iterable[str], definitions: Mapping[str, str]) -> str:
    """Put the definitions of `labels` before `block`.

    Before and not after, because the block may end in an open code block.
    """
    sources = [definitions[label] for label in labels if label in definitions]
    return "\n".join((*sources, "", block)) if sources else block


def normal(label: str) -> str:
    """Write a label the one way by which labels are compared."""
    return " ".join(label.split()).casefold()
