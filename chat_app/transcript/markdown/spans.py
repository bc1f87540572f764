"""Parts of a paragraph in which nothing else is marked up: code, maths, tags, addresses, targets.

A `Spans` is made once for a text and then asked at rising positions; all questions together take
time linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_ADDRESS = re.compile(r"https?://[^\s<>*`)\]]*")
_TARGET = re.compile(
    r"\(\s*(?:<[^<>\n]*>|(?:[^\s()\\]|\\\S|\((?:[^\s()\\]|\\\S)*\))*)"
    r"""(?:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)"""
)
_LABEL = re.compile(r"\[[^\[\]]*\]")
_AMOUNT = re.compile(r"\d[\d.,]*\S*\s+[^\\=^_$]*[A-Za-z]{2}[^\\=^_]*$")
"""What follows the dollar sign of a price, up to the next dollar sign: a number and prose."""


class Spans:
    """Where the spans of one text end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last = {close: text.rfind(close) for close in ("\\)", "\\]", "-->")}

    @cached_property
    def _runs(self) -> dict[int, list[int]]:
        """Where the runs of backticks start, by length."""
        runs: dict[int, list[int]] = {}
        for run in re.finditer(r"`+", self._text):
            runs.setdefault(len(run[0]), []).append(run.start())
        return runs

    def code(self, at: int) -> int | None:
        """End of the code span whose run of backticks begins at `at`, None if it is never closed.

        https://spec.commonmark.org/0.31.2/#code-spans
        """
        length = self.run(at)
        starts = self._runs.get(length, [])
        after = bisect_left(starts, at + length)
        return starts[after] + length if after < len(starts) else None

    def run(self, at: int) -> int:
        """Count how often the character at `at` is repeated from there."""
        end = at + 1
        while self._text.startswith(self._text[at], end):
            end += 1
        return end - at

    def maths(self, at: int) -> int | None:
        r"""End of the inline maths that begins with the `\(`, `\[` or dollar signs at `at`.

        None if it is not closed, or if the dollar signs are not meant as maths: by the rule of
        Pandoc (https://pandoc.org/MANUAL.html#math) there is no space inside, and no digit after.
        """
        if self._text[at] == "\\":
            close = {"(": "\\)", "[": "\\]"}[self._text[at + 1]]
            return self._text.index(close, at + 2) + 2 if self._last[close] > at + 1 else None
        length = self.run(at)
        end = self._next_dollar(at + length)
        if end is None or length > 2 or self.run(end) != length:
            return None
        if length == 1 and not self._is_maths(at, end):
            return None
        return end + length

    def _next_dollar(self, at: int) -> int | None:
        found = self._text.find("$", at)
        while found > 0 and self._text[found - 1] == "\\":
            found = self._text.find("$", found + 1)
        return None if found < 0 else found

    def _is_maths(self, at: int, end: int) -> bool:
        before = self._text[at - 1 : at]
        inside = self._text[at + 1 : end]
        after = self._text[end + 1 : end + 2]
        if not inside or inside != inside.strip() or after.isdigit():
            return False
        glued = before.isascii() and before.isalnum()
        return not glued and not _AMOUNT.match(inside)

    def tag(self, at: int) -> int | None:
        """End of the tag, comment or autolink that begins with the `<` at `at`."""
        if self._text.startswith("<!--", at):
            is_closed = self._last["-->"] >= at + 2
            return self._text.index("-->", at + 2) + 3 if is_closed else None
        found = _TAG.match(self._text, at)
        return found.end() if found else None

    def address(self, at: int) -> int | None:
        """End of the web address written out at `at`."""
        found = _ADDRESS.match(self._text, at)
        return found.end() if found else None

    def target(self, at: int) -> int | None:
        """End of the `(address "title")` of a link that begins at `at`."""
        found = _TARGET.match(self._text, at)
        return found.end() if found else None

    def label(self, at: int) -> int | None:
        """End of the `[label]` of a link that begins at `at`."""
        found = _LABEL.match(self._text, at)
        return found.end() if found else None

    def verbatim(self, at: int) -> int | None:
        """End of whatever span begins at `at`, by its first character."""
        match self._text[at]:
            case "`":
                return self.code(at)
            case "<":
                return self.tag(at)
            case "h":
                return self.address(at)
            case "$":
                return self.maths(at)
            case "\\" if self._text[at + 1 : at + 2] in ("(", "["):
                return self.maths(at)
        return None
