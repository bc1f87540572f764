r"""Make the open tail of an answer fit to be seen: what is half written is closed or hidden.

Closed: emphasis, code spans and code blocks. Hidden until it is complete: the target of a link
(its text shows), images, tags, maths, a line of mere markers, the header of a table, a reference
to a footnote that has not come. What is complete stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chat_app.transcript.markdown.footnotes import hide_undefined
from chat_app.transcript.markdown.inline import complete
from chat_app.transcript.markdown.structure import (
    Kind,
    Leaf,
    Line,
    Paragraph,
    Quote,
    Structure,
    Verbatim,
    lines,
    step,
)
from chat_app.transcript.markdown.table import last_cell

_CONTAINERS = r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t])))*+[ \t]*+"
_UNDECIDED = re.compile(
    rf"{_CONTAINERS}(?:[-+*_=#~`:| \t]*+|\d{{1,9}}[.)]?|(?:`{{3,}}|~{{3,}})[^`]*"
    r"|\[[ xX]?\]?[ \t]*|\[[^\[\]]+\]:[ \t]*"
    r"|\[[^\[\]^][^\[\]]*\]:[ \t]*(?:<[^<>]*>?|\S*)(?:[ \t]+(?:[\"'(].*)?)?)\Z"
)
"""A last line that nothing can be said about yet: it is not shown."""

_HALF_FENCE = re.compile(r"[ \t>]*([`~])\1*\Z")
_HALF_TAG = re.compile(r"<[A-Za-z/!?]?[^<>\n]*\Z")


@dataclass(slots=True)
class _Reading:
    """How far a tail was read: the last line that is shown, and where the open leaf begins."""

    structure: Structure
    leaf_at: int = 0
    content_at: int = 0
    line_at: int = 0
    line: str = ""

    def take(self, at: int, raw: str, line: Line) -> None:
        self.structure = line.after
        self.line_at, self.line = at, raw
        if line.opens:
            self.leaf_at = at
            self.content_at = at + _offset(raw, line.column)

    @property
    def line_is_leaf(self) -> bool:
        return self.leaf_at == self.line_at


def repair(tail: str) -> str:
    """Return the tail as it should be drawn while more is to come. Takes linear time.

    `tail` begins where a block begins, as `Splitter.tail` does.
    """
    tail = hide_undefined(tail)
    complete_to = tail.rfind("\n") + 1
    reading = _Reading(Structure())
    for at, raw, line in lines(tail[:complete_to]):
        reading.take(at, raw, line)
    last = tail[complete_to:]
    if last:
        line = step(reading.structure, last)
        if _is_undecided(reading.structure, last, line):
            tail = tail[:complete_to]
        else:
            reading.take(complete_to, last, line)
    return _with_leaf_closed(tail, reading)


def _is_undecided(before: Structure, last: str, line: Line) -> bool:
    if isinstance(before.leaf, Verbatim) and line.kind is before.leaf.kind and not line.opens:
        half_fence = _HALF_FENCE.match(last)
        still_open = line.after.leaf is not Leaf.NONE
        return bool(half_fence and still_open and before.leaf.fence.startswith(half_fence[1]))
    return line.kind in (Kind.TEXT, Kind.CODE) and bool(_UNDECIDED.match(last))


def _with_leaf_closed(tail: str, reading: _Reading) -> str:
    match reading.structure.leaf:
        case Verbatim(kind=Kind.CODE, fence=fence):
            line_end = "" if tail.endswith("\n") else "\n"
            return tail + line_end + _margin(reading.structure) + fence
        case Verbatim(kind=Kind.MATHS):
            return tail[: reading.content_at]
        case Verbatim():
            return _HALF_TAG.sub("", tail)
        case Leaf.TABLE:
            return _with_row_closed(tail, reading)
        case Paragraph():
            return _with_paragraph_closed(tail, reading)
        case leaf:
            in_heading = leaf is Leaf.NONE and reading.line_is_leaf and not tail.endswith("\n")
            at = reading.content_at if in_heading else len(tail)
            return tail[:at] + complete(tail[at:])


def _with_paragraph_closed(tail: str, reading: _Reading) -> str:
    content = tail[reading.content_at :] if reading.line_is_leaf else reading.line
    if content.lstrip(" \t>").startswith("|"):
        tail = tail[: reading.line_at]
        if reading.line_is_leaf:
            return tail
    return tail[: reading.content_at] + complete(tail[reading.content_at :])


def _with_row_closed(tail: str, reading: _Reading) -> str:
    if tail.endswith("\n"):
        return tail
    at = reading.line_at + last_cell(reading.line)
    return tail[:at] + complete(tail[at:])


def _margin(structure: Structure) -> str:
    """What a line needs before it to stand inside the open containers."""
    return "".join("> " if isinstance(c, Quote) else " " * c.width for c in structure.containers)


def _offset(raw: str, column: int) -> int:
    """Turn a column of the line with its tabs expanded into an index of the line as it is."""
    width = 0
    for index, character in enumerate(raw):
        if width >= column:
            return index
        width += 4 - width % 4 if character == "\t" else 1
    return len(raw)
