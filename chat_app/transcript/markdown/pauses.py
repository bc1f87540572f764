"""Where a long paragraph can be cut: between two words, where nothing before is half open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat_app.transcript.markdown.emphasis import Emphasis
from chat_app.transcript.markdown.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Iterator

FARTHEST = 6000
"""Characters after which a paragraph is cut between two words whatever is open."""

_REACH = 600
"""A bracket, a `<` or a dollar sign without a partner this far on is just a character."""

_PAUSE = re.compile(
    r"(?<=[^\s>] )(?=[^\W\d_])|(?<=[\u3001\u3002\uff01\uff0c\uff1b\uff1f])(?=[^\W\d_])"
)
"""Before a letter, so that what follows can begin nothing but a paragraph."""

_ANYWHERE = re.compile(r"(?<=[^\W_])(?=[^\W\d_])")
"""In a text without words, when it must be."""

_NO_RULE = re.compile(r"[^\s>*_=+-]")

_NOTABLE = re.compile(r"\\.|`+|\*+|_+|~+|\[|\]\(?|<(?=[A-Za-z/!?])|\$+", re.DOTALL)
_BACKTICKS = re.compile(r"`+")
_PARTNERS = {"\\(": "\\)", "\\[": "\\]", "<": ">", "](": ")"}


def pause(text: str, start: int, least: int, end: int) -> int | None:
    """Find the first place from `least` on to cut the paragraph that begins at `start`.

    Looks at `text` up to `end` alone. None where there is no such place yet; with more text before
    `end` it may be found, and then stays where it is.
    """
    farthest = least + FARTHEST
    for since, to in _Scan(text, start, min(end, farthest)).closed():
        for found in _PAUSE.finditer(text, max(since, least, start + 1), to):
            at = found.start()
            if not _may_be_header(text, at) and not _may_be_rule(text, start, at):
                return at
    known = min(end, farthest + _REACH)
    found = _PAUSE.search(text, farthest, known)
    if not found and end >= farthest + _REACH:
        found = _ANYWHERE.search(text, farthest, end)
    return found.start() if found else None


def _may_be_header(text: str, at: int) -> bool:
    """Tell whether the line that `at` is in has a bar before it, as the header of a table has."""
    return text.find("|", text.rfind("\n", 0, at) + 1, at) >= 0


def _may_be_rule(text: str, start: int, at: int) -> bool:
    """Tell whether its line up to `at` alone would be a rule, or underline what is above it."""
    return not _NO_RULE.search(text, max(start, text.rfind("\n", 0, at) + 1), at)


class _Scan:
    """Reads a paragraph from `start` to `end` once, sign by sign."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._start, self._end = text, start, end
        self._emphasis = Emphasis(text)
        self._brackets: list[int] = []
        self._blocked = start
        """Up to here something may be open that has no partner yet."""

    def closed(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches in which nothing is open, in order."""
        at = self._start
        while found := _NOTABLE.search(self._text, at, self._end):
            yield from self._stretch(at, found.start())
            after = self._sign(found[0], *found.span())
            if after is None:
                return
            at = after
        yield from self._stretch(at, self._end)

    def _stretch(self, since: int, to: int) -> Iterator[tuple[int, int]]:
        if not self._emphasis.open():
            reach = [opened + _REACH for opened in self._brackets[-1:]]
            yield max(since, self._blocked, *reach), to

    def _sign(self, sign: str, at: int, after: int) -> int | None:
        """Take in a sign; return where to go on, None if nothing can be said of what follows."""
        match sign[0]:
            case "*" | "_" | "~":
                if after == self._end:
                    return None
                self._emphasis.run(at, after)
            case "`":
                return self._after_code(sign, after)
            case "$":
                return self._after_maths(at, after)
            case "[":
                self._brackets.append(at)
            case "]":
                self._brackets = self._brackets[:-1]
        return self._after_partner(sign, at, after)

    def _after_partner(self, sign: str, at: int, after: int) -> int:
        if partner := _PARTNERS.get(sign):
            closed = self._text.find(partner, after, min(self._end, at + _REACH))
            if closed >= 0:
                return closed + len(partner)
            self._blocked = at + _REACH
        return after

    def _after_code(self, run: str, after: int) -> int | None:
        runs = _BACKTICKS.finditer(self._text, after, self._end)
        ends = (found.end() for found in runs if found[0] == run)
        return next((end for end in ends if end < self._end), None)

    def _after_maths(self, at: int, after: int) -> int:
        since = max(at - 1, self._start)
        known = self._text[since : min(self._end, at + _REACH)]
        if end := Spans(known).maths(at - since):
            return since + end
        if "$" not in known[after - since :]:
            self._blocked = at + _REACH
        return after
