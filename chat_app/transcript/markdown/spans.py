"""Parts of a paragraph in which nothing else is marked up: code, maths, tags, addresses, targets.

A `Spans` is made once for a text and then asked at rising positions; all questions together take
time linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from chat_app.transcript.markdown.displays import is_prose

STOPS = (
    "\u3000-\u3003\u3008-\u3011\u3014-\u301f\u201c\u201d\u2026"
    "\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
)
"""Chinese and Japanese punctuation, for a class of letters: no address goes beyond it."""

_BACKTICK = re.compile("`")
_CONTENT = re.compile(r"[^\s\\]")
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_NAME_FOLLOWS = re.compile(r"[A-Za-z_{(]")
_BETWEEN_NAMES = "/:-.,=@&|;\"'("
"""What stands between the names of two variables, as in `$HOME/$USER`, but at no formula's end."""

_TAG = re.compile(r"<[A-Za-z/!?][^<>]*>")
_ADDRESS = re.compile(rf"(?:https?://|www\.)[^\s<>*`)\]{STOPS}]*")
_TARGET = re.compile(
    r"\(\s*(?:<[^<>\n]*>|(?:[^\s()\\]|\\\S|\((?:[^\s()\\]|\\\S)*\))*)"
    r"""(?:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?\s*\)"""
)
_LABEL = re.compile(r"\[[^\[\]]*\]")
_AMOUNT = re.compile(r"\d[\d.,]*(?:/[A-Za-z]{2}|\S*\s+[^\\=^_$]*[A-Za-z]{2})[^\\=^_]*$")
"""What follows the dollar sign of a price, up to the next dollar sign: a number and prose."""


class Spans:
    """Where the spans of one text end."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last_comment = text.rfind("-->")
        self._next: dict[re.Pattern[str], int] = {}

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

    @cached_property
    def _closers(self) -> dict[str, list[int]]:
        r"""Where `\)` and `\]` stand; the second backslash of `\\]` begins none."""
        closers: dict[str, list[int]] = {")": [], "]": []}
        for escape in _ESCAPE.finditer(self._text):
            if escape[0][1] in closers:
                closers[escape[0][1]].append(escape.start())
        return closers

    def _first(self, pattern: re.Pattern[str], at: int) -> int:
        """Where `pattern` is next found from `at`, which must not sink; past the end if nowhere."""
        known = self._next.get(pattern, -1)
        if known < at:
            found = pattern.search(self._text, at)
            known = self._next[pattern] = found.start() if found else len(self._text)
        return known

    def maths(self, at: int) -> int | None:
        r"""End of the inline maths that begins with the `\(`, `\[` or dollar signs at `at`.

        None if it is not closed, or if the dollar signs are not meant as maths: by the rule of
        Pandoc (https://pandoc.org/MANUAL.html#math) there is no space inside, and no digit after.
        A backtick is never part of maths.
        """
        if self._text[at] == "\\":
            return self._bracketed_maths(at)
        length = self.run(at)
        end = self._next_dollar(at + length)
        if end is None or length > 2 or self.run(end) != length:
            return None
        if self._first(_BACKTICK, at) < end or (length == 1 and not self._is_maths(at, end)):
            return None
        return end + length

    def _bracketed_maths(self, at: int) -> int | None:
        sign = self._text[at + 1]
        closers = self._closers[")" if sign == "(" else "]"]
        number = bisect_left(closers, at + 2)
        if number == len(closers):
            return None
        end = closers[number]
        has_content = self._first(_CONTENT, at + 2) < end
        return end + 2 if has_content and self._first(_BACKTICK, at) >= end else None

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
        if before.isascii() and before.isalnum():
            return inside[0] in "_^"  # H$_2$O
        is_name = bool(_NAME_FOLLOWS.match(after)) and inside[-1] in _BETWEEN_NAMES
        return not is_name and not _AMOUNT.match(inside) and not is_prose(inside)

    def tag(self, at: int) -> int | None:
        """End of the tag, comment or autolink that begins with the `<` at `at`."""
        if self._text.startswith("<!--", at):
            is_closed = self._last_comment >= at + 2
            return self._text.index("-->", at + 2) + 3 if is_closed else None
        found = _TAG.match(self._text, at)
        return found.end() if found else None

    def address(self, at: int) -> int | None:
        """End of the web address written out at `at`, without the punctuation after it."""
        found = _ADDRESS.match(self._text, at)
        return at + len(found[0].rstrip("?!.,:;_~'\"")) if found else None

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
            case "h" | "w":
                return self.address(at)
            case "$":
                return self.maths(at)
            case "\\" if self._text[at + 1 : at + 2] in ("(", "["):
                return self.maths(at)
        return None
