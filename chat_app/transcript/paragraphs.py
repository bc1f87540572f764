"""Whether two text blocks of one message are two paragraphs, or one text cut in two.

Providers use lists of blocks for both. Where the blocks are numbered, different numbers mean
different blocks. Where they are not, the server appends each streamed piece to the list, so that
pieces of a word and whole paragraphs look alike; then only the characters at the border can tell.
The rule looks at nothing but that border and the right block, so that it gives the same answer for
a message that grows piece by piece as for the whole list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chat_app.client.events import Json

PARAGRAPH = "\n\n"

_SENTENCE_ENDS = frozenset(".!?:…。！？：")  # noqa: RUF001 - full-width punctuation is meant
_CONTINUES = frozenset(",.;:!?)]}'\"%…、。，；：！？）」』”’")  # noqa: RUF001
_SHORTEST = 8
"""Characters of the shortest block without a space that may be a paragraph of its own."""


def gap(left: Any, right: Any, written: str) -> str:
    """What stands between two text blocks: an empty line, or nothing.

    Args:
        left: the block before, as sent.
        right: the block after it.
        written: the text so far, which ends with that of `left`.
    """
    text = right.get("text") if isinstance(right, dict) else None
    if not isinstance(left, dict) or not isinstance(text, str) or not text or not written:
        return ""
    last, first = written[-1], text[0]
    if last.isspace() or first.isspace() or first.islower() or first in _CONTINUES:
        return ""
    if cites(left) or cites(right):
        return ""  # a sentence is cut into blocks where its sources change
    if _are_numbered_apart(left, right):
        return PARAGRAPH
    is_long = len(text) >= _SHORTEST or any(map(str.isspace, text))
    if not is_long or (first.isdigit() and (last == "." or last.isdigit())):
        return ""
    return PARAGRAPH if last in _SENTENCE_ENDS or first.isupper() else ""


def cites(block: Json) -> bool:
    """Whether a text block names its sources."""
    return bool(block.get("citations") or block.get("annotations"))


def _are_numbered_apart(left: Json, right: Json) -> bool:
    for key in ("index", "id"):
        if left.get(key) is not None and right.get(key) is not None:
            return bool(left[key] != right[key])
    return False
