r"""Make the open tail of an answer fit to be seen: what is half written is closed or hidden.

Closed: emphasis, code spans and code blocks; the header of a table gets the line that makes it one.
Hidden until it is complete: the target of a link (its text shows), images, tags, a bare address, a
line of mere markers; and maths and comments, whose source shows once they get longer than such are.
What is complete stays as it is.
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
)
from chat_app.transcript.markdown.table import cells, delimiter_row, last_cell

_CONTAINERS = r"(?:[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t])))*+[ \t]*+"
_UNDECIDED = re.compile(
    rf"{_CONTAINERS}(?:[-+*_=#~`:| \t]*+|\d{{1,9}}[.)]?|(?:`{{3,}}|~{{3,}})[^`]*"
    r"|\[[ xX]?\]?[ \t]*|\[![A-Za-z]*\]?[ \t]*|\\b?e?g?i?n?(?:\{[A-Za-z]*\*?)?"
    r"|\[\^[^\[\]\s]*\]?|\[[^\[\]]+\]:[ \t]*"
    r"|\[[^\[\]^][^\[\]]*\]:[ \t]*(?:<[^<>]*>?|\S*)(?:[ \t]+(?:[\"'(].*)?)?)\Z"
)
"""A last line that nothing can be said about yet: it is not shown."""

_MATHS_FENCE = re.compile(r"([`~]{3,})[ \t]*math\b[^\n]*", re.IGNORECASE)
_NO_FORMULA = re.compile(r"\n[ \t>]*\n[ \t]*(?:(?:[-+*]|\d+[.)]|#+)[ \t]|[|>`~]|!?\[)")
"""After a blank line, what begins another block of Markdown: an open display is probably none."""

_LONGEST_HIDDEN = 1_000
"""Characters of a display or a comment that is not closed yet, after which its source is shown."""

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
    if reading.before and not _may_hide(tail, reading):
        reading = reading.as_text(tail)
    if last:
        line = reading.next(complete_to, last)
        if reading.gives_up(complete_to, last, line):
            reading = reading.as_text(tail)
            line = reading.next(complete_to, last)
        if _is_undecided(reading.structure, last, line):
            tail = tail[:complete_to]
        else:
            reading.take(complete_to, last, line)
    shown = _with_leaf_closed(tail, reading)
    # What was hidden may have been all of the last line but its markers.
    was_cut = complete_to < len(shown) < len(tail)
    return shown[:complete_to] if was_cut and _UNDECIDED.match(shown, complete_to) else shown


def _may_hide(tail: str, reading: Reading) -> bool:
    """Tell whether what is open may still be a display or a comment that is nearly written."""
    length = len(tail) - reading.content_at
    return length < _LONGEST_HIDDEN and not _NO_FORMULA.search(tail, reading.content_at)


def _is_undecided(before: Structure, last: str, line: Line) -> bool:
    if isinstance(before.leaf, Verbatim) and line.kind is before.leaf.kind and not line.opens:
        half_fence = _HALF_FENCE.match(last)
        still_open = line.after.leaf is not Leaf.NONE
        return bool(half_fence and still_open and before.leaf.fence.startswith(half_fence[1]))
    return line.kind in (Kind.TEXT, Kind.CODE) and bool(_UNDECIDED.match(last))


def _with_leaf_closed(tail: str, reading: Reading) -> str:
    match reading.structure.leaf:
        case Verbatim(kind=Kind.CODE, fence=fence):
            return _with_fence_closed(tail, reading, fence)
        case Verbatim(kind=Kind.MATHS):
            return tail[: reading.content_at]
        case Verbatim():
            return _with_html_closed(tail, reading.content_at)
        case Leaf.TABLE:
            return _with_row_closed(tail, reading)
        case Paragraph():
            return _with_paragraph_closed(tail, reading)
        case leaf:
            in_heading = leaf is Leaf.NONE and reading.line_is_leaf and not tail.endswith("\n")
            at = reading.content_at if in_heading else len(tail)
            return tail[:at] + complete(tail[at:])


def _with_html_closed(tail: str, at: int) -> str:
    is_comment = tail.startswith("<!--", at)
    may_hide = is_comment and len(tail) - at < _LONGEST_HIDDEN
    return tail[:at] if may_hide else _HALF_TAG.sub("", tail)


def _with_fence_closed(tail: str, reading: Reading, fence: str) -> str:
    at = reading.content_at
    if maths := _MATHS_FENCE.match(tail, at):
        if _may_hide(tail, reading):
            return tail[:at]
        # Its source: a formula cannot be set by halves.
        tail = f"{tail[:at]}{maths[1]}latex{tail[maths.end() :]}"
    line_end = "" if tail.endswith("\n") else "\n"
    return tail + line_end + margin(reading.structure) + fence


def _with_paragraph_closed(tail: str, reading: Reading) -> str:
    at = max(reading.content_at, reading.line_at)
    header = tail[at:].lstrip(" \t>")
    if not header.startswith("|"):
        return tail[: reading.content_at] + complete(tail[reading.content_at :])
    text, margin = tail[reading.content_at : at], tail[at : len(tail) - len(header)]
    closed = _with_header_closed(header, reading.structure)
    if not closed:
        return tail[: reading.content_at] + complete(text)
    return tail[: reading.content_at] + complete(text) + margin + closed


def _with_header_closed(header: str, structure: Structure) -> str:
    """A line that begins with a bar is nearly always a header: do not wait for the next line."""
    row = header.rstrip("\n")
    at = last_cell(row)
    row = row[:at] + complete(row[at:])
    if not row.strip("| \t"):
        return ""
    return f"{row}\n{margin(structure)}{delimiter_row(cells(row))}"


def _with_row_closed(tail: str, reading: Reading) -> str:
    if tail.endswith("\n"):
        return tail
    at = reading.line_at + last_cell(reading.line)
    return tail[:at] + complete(tail[at:])
