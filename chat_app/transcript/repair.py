r"""Make the open tail of an answer fit to be seen: what is half written is closed or hidden.

Closed: emphasis, code spans and code blocks; the header of a table gets the line that makes it one.
Hidden until it is complete: the target of a link (its text shows), images, tags, maths, a bare
address, a line of mere markers. What is complete stays as it is.
"""

from __future__ import annotations

import re

from chat_app.transcript.markdown.inline import complete
from chat_app.transcript.markdown.reading import Reading
from chat_app.transcript.markdown.structure import (
    Kind,
    Leaf,
    Line,
    Paragraph,
    Structure,
    Verbatim,
    margin,
    step,
)
from chat_app.transcript.markdown.table import cells, delimiter_row, last_cell

_CONTAINERS = r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t])))*+[ \t]*+"
_UNDECIDED = re.compile(
    rf"{_CONTAINERS}(?:[-+*_=#~`:| \t]*+|\d{{1,9}}[.)]?|(?:`{{3,}}|~{{3,}})[^`]*"
    r"|\[[ xX]?\]?[ \t]*|\[\^[^\[\]\s]*\]?|\[[^\[\]]+\]:[ \t]*"
    r"|\[[^\[\]^][^\[\]]*\]:[ \t]*(?:<[^<>]*>?|\S*)(?:[ \t]+(?:[\"'(].*)?)?)\Z"
)
"""A last line that nothing can be said about yet: it is not shown."""

_HALF_FENCE = re.compile(r"[ \t>]*([`~])\1*\Z")
_HALF_TAG = re.compile(r"<[A-Za-z/!?]?[^<>\n]*\Z")


def repair(tail: str, reading: Reading | None = None) -> str:
    """Return the tail as it should be drawn while more is to come. Takes linear time.

    `tail` begins where a block begins, as `Splitter.tail` does. `reading`: what its complete lines
    are, if that is known; then the time depends on the open leaf alone.
    """
    complete_to = tail.rfind("\n") + 1
    reading = reading or Reading.of(tail, Structure())
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


def _with_leaf_closed(tail: str, reading: Reading) -> str:
    match reading.structure.leaf:
        case Verbatim(kind=Kind.CODE, fence=fence):
            line_end = "" if tail.endswith("\n") else "\n"
            return tail + line_end + margin(reading.structure) + fence
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


def _with_paragraph_closed(tail: str, reading: Reading) -> str:
    at = max(reading.content_at, reading.line_at)
    header = tail[at:].lstrip(" \t>")
    if not header.startswith("|"):
        return tail[: reading.content_at] + complete(tail[reading.content_at :])
    text, margin = tail[reading.content_at : at], tail[at : len(tail) - len(header)]
    closed = _with_header_closed(header, reading.structure)
    return tail[: reading.content_at] + complete(text) + margin + closed


def _with_header_closed(header: str, structure: Structure) -> str:
    """A line that begins with a bar is nearly always a header: nobody should wait for the next."""
    row = header.rstrip("\n")
    at = last_cell(row)
    row = row[:at] + complete(row[at:])
    return f"{row}\n{margin(structure)}{delimiter_row(cells(row))}"


def _with_row_closed(tail: str, reading: Reading) -> str:
    if tail.endswith("\n"):
        return tail
    at = reading.line_at + last_cell(reading.line)
    return tail[:at] + complete(tail[at:])
