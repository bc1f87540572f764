"""`- > 25: rich` in a list: the sign of a comparison, which Markdown takes for a quote.

It is a comparison where a number follows the sign, unless the next line goes on as a quote does.
"""

from __future__ import annotations

import re

_NUMBER = r"[-+\u2212\u00b1~\u2248]?[ \t]?[$\u20ac\u00a3\u00a5]?\.?\d"
_COMPARISON = re.compile(
    rf"^((?:[ \t]*>)*+[ \t]*(?:(?:[-+*]|\d{{1,9}}[.)])[ \t]+)++)"
    rf">(?=[ \t]*(?:\*\*|__|\$)?{_NUMBER}|=[ \t]*{_NUMBER})(?![ \t]*\d+[.)][ \t])"
)
_MAY_BE = re.compile(r"[-+*.)][ \t]+>[ \t]*[^\s>]")


def may_be_in(text: str) -> bool:
    """Tell quickly whether there may be such a sign."""
    return _MAY_BE.search(text) is not None


def escaped(passage: str, following: str) -> str:
    """Escape the sign if the passage begins with one; `following` is what comes after it."""
    found = _COMPARISON.match(passage)
    if not found:
        return passage
    _, _, second = passage.partition("\n")
    depth = found[1].count(">")
    goes_on = re.match(rf"(?:[ \t]*>){{{depth}}}[ \t]+>", second or following)
    return passage if goes_on else f"{found[1]}\\{passage[found.end(1) :]}"
