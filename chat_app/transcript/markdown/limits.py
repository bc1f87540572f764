r"""How much Markdown one block may hold before it is shown as plain text instead of being parsed.

The parsers of the browser (micromark, mdast, hast, React) recurse into nested constructs, and some
of their steps are quadratic in the number of delimiters of a paragraph. So a block is measured
before it is parsed: its length, how deep containers and inline delimiters nest, and a weight, which
is an estimate of the parser's work. The measure is one linear pass with an early exit and uses no
clock, so that live text, the finished answer and a reload agree. It never shrinks while a text
grows: what is plain stays plain.

`components/prose/limits.js` is the same rule in the browser; a test compares the two.
"""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH = 64_000
"""Characters of a block."""
MAX_CODE_LENGTH = 100_000
"""Characters of a block that begins with a code fence: nothing in that is parsed."""
MAX_CONTAINERS = 32
"""Quotes and list items inside each other."""
MAX_OPEN = 100
"""Emphasis delimiters, or brackets, open at the same place of a paragraph."""
MAX_WEIGHT = 3_000
"""Sum of the weights of all marks; the parser takes about 50 microseconds for each."""
MAX_CELLS = 4_000
"""Cells of a table: a short row is filled up to the width of the widest."""
MAX_UNMATCHED = 100
"""Closing delimiters of a paragraph without an opening one: each is searched for to the start."""
MAX_INTRAWORD = 300
"""Emphasis delimiters of a paragraph between two letters, which may open and close."""
MAX_SCANS = 50
"""Openings of a paragraph (`<!--`, `<?`) whose end is searched for through the rest of it."""
MAX_RUN_LENGTHS = 40
"""Different lengths of runs of backticks in a paragraph: each is searched for once."""
MAX_WORD_WORK = 1_000_000
"""Length of a word times its punctuation: the search for e-mail addresses is quadratic in them."""

_CONTAINER = re.compile(r"[ \t]*(>|[-+*](?=[ \t]|$)|[0-9]{1,9}[.)](?=[ \t]|$))")
_RULE = re.compile(r"[ \t>]*([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_MARK = re.compile(
    r"\\[^A-Za-z0-9 \t]|\*+|_+|~+|`+|\$+|\]:|\]\([^ \t()<>]*[ \t]+\(|[\[\]|&\x00@]|<[!?]|<|https?:"
    r"|www\."
)
_WORD = re.compile(r"[-.+A-Za-z0-9_]+")
_PUNCTUATION = re.compile(r"[-.+_]")
_LONG_WORD = 1_000
_WEIGHTS = {"$": 12, "|": 4, "&": 2, "<": 2, "@": 2, "w": 5, "h": 8}
_LINE, _ITEM, _DEFINITION = 2, 5, 12


def exceeds_limits(text: str) -> bool:
    """Tell whether a block is to be shown as plain text. Takes linear time."""
    return Measure().exceeds(text)


class Measure:
    """The measure of one text that only grows."""

    def __init__(self) -> None:
        self._exceeded = False
        self._at = 0
        self._length = 0
        self._weight = 0
        self._code: re.Pattern[str] | None = None
        """What closes the code block that the text begins with, as long as it is open."""
        self._items: list[int] = []
        """Columns of the list markers that may be open."""
        self._new_paragraph()

    def _new_paragraph(self) -> None:
        self._open = {"*": 0, "_": 0, "~": 0, "[": 0}
        self._unmatched = self._intraword = self._scans = self._rows = self._columns = 0
        self._run_lengths: set[str] = set()

    def exceeds(self, text: str) -> bool:
        """Tell whether `text` is too much; it begins with the text of the last call.

        Complete lines are measured once.
        """
        while not self._exceeded and (end := text.find("\n", self._at) + 1):
            self._take(text[self._at : end])
        if self._exceeded or self._at == len(text):
            return self._exceeded
        probe = copy(self)
        probe._items, probe._open = [*self._items], {**self._open}  # noqa: SLF001 - a copy
        probe._run_lengths = {*self._run_lengths}  # noqa: SLF001
        probe._take(text[self._at :])  # noqa: SLF001
        return probe._exceeded  # noqa: SLF001

    def _take(self, raw: str) -> None:
        is_first = not self._at
        self._at += len(raw)
        if self._at > MAX_CODE_LENGTH:
            self._exceeded = True
            return
        line = raw.rstrip("\r\n")
        if is_first and (fence := _FENCE.match(line)):
            run = fence[1] or fence[2]
            self._code = re.compile(rf" {{0,3}}{run[0]}{{{len(run)},}}[ \t]*$")
        elif self._code:
            if self._code.match(line):
                self._code = None
        else:
            self._length += len(raw)
            self._exceeded = self._length > MAX_LENGTH or any(map(self._line, line.split("\r")))

    def _line(self, line: str) -> bool:
        """Count one line; tell whether that was too much."""
        at = self._containers(line)
        if at < 0:
            return True
        self._weight += _LINE
        if not line[at:].strip(" \t"):
            self._new_paragraph()
        self._rows += 1
        bars = 0
        for found in _MARK.finditer(line, at):
            bars += found[0] == "|"
            self._mark(line, found)
            if self._is_over():
                return True
        self._columns = max(self._columns, bars)
        if len(line) > _LONG_WORD and any(map(_is_slow, _WORD.findall(line))):
            return True
        return self._weight > MAX_WEIGHT or self._rows * self._columns > MAX_CELLS

    def _is_over(self) -> bool:
        return (
            self._weight > MAX_WEIGHT
            or self._unmatched > MAX_UNMATCHED
            or self._intraword > MAX_INTRAWORD
            or self._scans > MAX_SCANS
            or len(self._run_lengths) > MAX_RUN_LENGTHS
            or max(self._open.values()) > MAX_OPEN
        )

    def _containers(self, line: str) -> int:
        """Return where the line's content begins, or -1 if it is nested too deeply."""
        at = quotes = items = 0
        while found := _CONTAINER.match(line, at):
            at = found.end()
            if found[1] == ">":
                quotes += 1
            else:
                items += 1
                while self._items and self._items[-1] >= found.start(1):
                    self._items.pop()
                self._items.append(found.start(1))
            if quotes + len(self._items) > MAX_CONTAINERS:
                if not _RULE.match(line):
                    return -1
                self._items.clear()
                return len(line)
        self._weight += items * _ITEM
        return at

    def _mark(self, line: str, found: re.Match[str]) -> None:
        mark, sign = found[0], found[0][0]
        if sign in "*_~":
            self._delimiters(line, *found.span())
            return
        if sign == "[":
            self._open["["] += 1
        elif sign == "]":
            self._unmatched += not self._open["["]
            self._open["["] = max(0, self._open["["] - 1)
            self._scans += mark[-1] == "("
        elif sign in "`$":
            self._run_lengths.add(mark)
        elif mark in {"<!", "<?"}:
            self._scans += 1
        self._weight += _DEFINITION if mark == "]:" else _WEIGHTS.get(sign, 1)

    def _delimiters(self, line: str, start: int, end: int) -> None:
        run, before, after = line[start:end], line[max(start - 1, 0) : start], line[end : end + 1]
        opens = after not in {"", " ", "\t"}
        closes = before not in {"", " ", "\t"}
        if opens and closes:
            if run[0] == "_" and _is_letter(before) and _is_letter(after):
                return
            self._intraword += 1
        self._weight += 1
        if closes and self._open[run[0]]:
            self._open[run[0]] = max(0, self._open[run[0]] - len(run))
        elif opens:
            self._open[run[0]] += len(run)
        else:
            self._unmatched += closes


def _is_slow(word: str) -> bool:
    is_long = len(word) > _LONG_WORD
    return is_long and len(word) * len(_PUNCTUATION.findall(word)) > MAX_WORD_WORK


def _is_letter(character: str) -> bool:
    return character.isascii() and character.isalnum()


PIECE_LENGTH = 8_000
"""Characters of a piece of plain text: the browser lays it out within a frame."""


def pieces(text: str) -> Iterator[str]:
    """Cut a plain text; each piece ends behind a line or a space, if it has one in its last half.

    All pieces but the last stay the same when the text grows.
    """
    at = 0
    while len(text) - at > PIECE_LENGTH:
        half, end = at + PIECE_LENGTH // 2, at + PIECE_LENGTH
        cut = max(text.rfind("\n", half, end), 0) or max(text.rfind(" ", half, end), 0)
        end = cut + 1 if cut else end
        yield text[at:end]
        at = end
    if at < len(text):
        yield text[at:]
