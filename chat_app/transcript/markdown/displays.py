r"""Display maths that may be of several lines: `\[ … \]`, `$$ … $$`, `\begin{equation} … \end{…}`.

What begins one is often no maths: `$$` is a class of prices, and `\[` a bracket that is no link. It
is given up, and all of it read as text, as soon as it shows that it is none; see `is_given_up` of
`structure`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST = 8_000
"""Characters after which a display that is still open is given up."""

_ENVIRONMENT = re.compile(
    r"\\begin\{((?:equation|align|alignat|gather|multline|flalign|eqnarray|displaymath|math"
    r"|aligned|gathered|split|cases|array|[bBpvV]?matrix)\*?)\}"
)
_END_OF_BRACKET = re.compile(r"(?<!\\)(?:\\\\)*\\\]")
_END_OF_DOLLARS = re.compile(r"(?<![\\$])\$\$(?!\$)")
_ESCAPED_LINK = re.compile(r"[^\\\]]*\](?:\(|\[|:)")
_PUNCTUATION = re.compile(r"[.,;:]? *$")

_SPAN = re.compile(r"\\\(.*?\\\)|(?<!\$)\$[^$]+\$(?!\$)|`[^`]*`")
_FORMULA = re.compile("[\\\\^_{}=<>+&\u00d7\u00f7\u2248\u2264\u2265]")
_WORD = re.compile(r"[^\W\d_]{3,}")
_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]{2}")


class Display(NamedTuple):
    """The start of a display: `sign` is its kind, `end` finds its end."""

    sign: str
    end: re.Pattern[str]
    width: int


def begins(line: str) -> Display | None:
    """Tell which display the line could begin, None if none."""
    if line.startswith("\\["):
        return Display("\\[", _END_OF_BRACKET, 2)
    if line.startswith("$$"):
        return None if line.startswith("$$$") else Display("$$", _END_OF_DOLLARS, 2)
    if environment := _ENVIRONMENT.match(line):
        return Display("\\begin", _end_of_environment(environment[1]), environment.end())
    return None


@lru_cache
def _end_of_environment(name: str) -> re.Pattern[str]:
    return re.compile(rf"\\end\{{{re.escape(name)}\}}")


def is_alone(line: str, display: Display, end: re.Match[str]) -> bool:
    """Tell whether a display that ends on its first line has that line for itself."""
    has_content = line[display.width : end.start()].strip()
    return bool(has_content and is_over(line[end.end() :]))


def is_over(rest: str) -> bool:
    """Tell whether nothing but a punctuation mark follows a display."""
    return _PUNCTUATION.match(rest) is not None


def is_none(line: str, display: Display) -> bool:
    """Tell from its first line that it is no display, though it may look like one."""
    rest = line[display.width :]
    return is_prose(rest) or (display.sign == "\\[" and _ESCAPED_LINK.match(rest) is not None)


def is_prose(line: str) -> bool:
    """Tell whether a line is words, and no part of a formula."""
    if not _WORD.search(line) and not _EAST_ASIAN.search(line):
        return False
    words = _SPAN.sub(" ", line)
    if _FORMULA.search(words):
        return False
    return len(_WORD.findall(words)) > 1 or _EAST_ASIAN.search(words) is not None
