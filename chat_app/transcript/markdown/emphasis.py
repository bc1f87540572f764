"""Runs of `*`, `_` and `~~`: which of them open emphasis that is not closed yet.

https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis, with one change that the page
makes too: Chinese, Japanese and Korean are written without spaces, so their punctuation counts as
a letter, and a letter of theirs is as good as a space
(https://github.com/tats-u/markdown-cjk-friendly/blob/main/specification.md).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_PLAIN = r"[^*\n`$<\\\[\]/]"
SPACED = re.compile(
    rf"(?<![*\w\\])\*\*(?=[^\W\d_])({_PLAIN}{{0,100}}(?!\s){_PLAIN})[ \t]+\*\*(?=[ \t]+[^\s*])"
)
"""`**Note: ** text`: bold, for nothing else can be meant; CommonMark wants no space inside."""


@dataclass(slots=True)
class Opener:
    """A run that may open emphasis, with as many signs as are not closed yet."""

    start: int
    end: int
    sign: str
    left: int
    closes_too: bool
    certain: bool

    @property
    def closing(self) -> str:
        return self.sign * self.left


class Emphasis:
    """The open runs of one text, fed in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: dict[str, list[Opener]] = {"*": [], "_": [], "~": []}

    def run(self, start: int, end: int) -> None:
        """Read the run of signs from `start` to `end`."""
        sign = self._text[start]
        if sign == "~" and end - start != 2:
            return
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        left = _leans(after, before)
        right = _leans(before, after)
        inside_word = sign == "_" and left and right
        opens = left and (not inside_word or _is_punctuation(before))
        closes = right and (not inside_word or _is_punctuation(after))
        length = self._close(sign, end - start, both=opens) if closes else end - start
        if opens and length:
            # A lone star between letters is more often a product than emphasis.
            product = sign == "*" and length == 1 and _in_word(before) and _in_word(after)
            variable = before == "$"  # `$_.Length`
            certain = not product and not variable
            opener = Opener(start, end, sign, length, closes, certain)
            self._open[sign].append(opener)

    def _close(self, sign: str, length: int, *, both: bool) -> int:
        """Close what a run of `length` closes; return how much of it is left over."""
        openers = self._open[sign]
        original = length
        while length and openers:
            opener = openers[-1]
            size = opener.end - opener.start
            threes = (size + original) % 3 == 0 and not (size % 3 == 0 and original % 3 == 0)
            if (both or opener.closes_too) and threes:
                break
            self.forget(opener.start + 1)
            used = 2 if min(length, opener.left) >= 2 else 1
            length -= used
            opener.left -= used
            if not opener.left:
                openers.pop()
        return length

    def forget(self, start: int) -> None:
        """Drop what opened at `start` or later: it is enclosed in something that is complete."""
        for openers in self._open.values():
            while openers and openers[-1].start >= start:
                openers.pop()

    def is_completed_by(self, start: int, end: int) -> bool:
        """Tell whether the run closes the innermost open run of its sign, and not just half."""
        openers = self._open[self._text[start]]
        return bool(openers) and end - start >= openers[-1].left

    def innermost(self, sign: str) -> Opener | None:
        """The last run of the sign that is open."""
        openers = self._open[sign]
        return openers[-1] if openers else None

    def open(self) -> list[Opener]:
        """What is open, outermost first."""
        everything = [opener for openers in self._open.values() for opener in openers]
        return sorted(everything, key=lambda opener: opener.start)


def _leans(towards: str, away: str) -> bool:
    """Tell whether a run with these neighbours is flanking `towards` one of them."""
    if not towards or towards.isspace():
        return False
    if not _is_punctuation(towards) or _is_cjk(towards):
        return True
    return not away or away.isspace() or _is_punctuation(away) or _is_cjk(away)


def _is_cjk(character: str) -> bool:
    """Wide by nature, and no emoji."""
    is_wide = bool(character) and unicodedata.east_asian_width(character) in "WFH"
    return is_wide and unicodedata.category(character) != "So"


def _is_punctuation(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "PS"


def _in_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
