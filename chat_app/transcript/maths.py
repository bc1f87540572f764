r"""Write maths the one way the page reads it: `$…$` in a line, `$$` lines around a display.

Models also write `\(…\)`, `\[…\]` and `$$…$$` on one line, and prices. remark-math
(https://github.com/remarkjs/remark-math) takes any two dollar signs for maths, so those that are
not are escaped here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat_app.transcript.markdown.passages import passages
from chat_app.transcript.markdown.spans import Spans
from chat_app.transcript.markdown.structure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.transcript.markdown.structure import Structure

_MAY_BE_MATHS = re.compile(r"\$|\\[(\[]")
_NOTABLE = re.compile(r"\\.|`+|\$+|<|https?://", re.DOTALL)
_DISPLAY = re.compile(r"(?P<open>\\\[|\$\$)(?P<body>.*)(?:\\\]|\$\$)(?P<rest>[^\n]*)", re.DOTALL)
_ITEM_MARKER = re.compile(r"[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])")


def normalise_math(text: str) -> str:
    """Rewrite the maths of one block, or of any complete Markdown; what is code stays as it is."""
    if not may_be_in(text):
        return text
    return "".join(passage for _, passage in rewritten(text))


def may_be_in(text: str) -> bool:
    """Tell quickly whether there is anything to rewrite."""
    return _MAY_BE_MATHS.search(text) is not None


def rewritten(text: str, start: Structure | None = None) -> Iterator[tuple[Kind, str]]:
    """Yield the passages of a text that begins at `start`, with their maths rewritten."""
    for kind, passage in passages(text, start):
        if kind is Kind.MATHS:
            yield from _display(passage)
        else:
            yield kind, _inline(passage) if kind is Kind.TEXT else passage


def _display(source: str) -> Iterator[tuple[Kind, str]]:
    """Give the signs around display maths lines of their own, as deep as they stand."""
    found = _DISPLAY.search(source)
    if not found:
        yield Kind.TEXT, _inline(source)
        return
    before = source[: found.start()]
    margin = _ITEM_MARKER.sub(lambda marker: " " * len(marker[0]), before)
    body, rest = found["body"], found["rest"].strip()
    if len(rest) == 1 and rest in ".,;:":
        body, rest = body.rstrip() + rest, ""
    first, *others = body.split("\n")
    if others and not others[-1].strip(" \t>"):
        others.pop()
    inner = [margin + first.strip(), *others] if first.strip() else others
    sign = "$" * max(2, 1 + max(map(len, re.findall(r"\$+", body)), default=0))
    yield Kind.MATHS, "\n".join((before + sign, *inner, margin + sign))
    yield Kind.TEXT, (f"\n{margin}{rest}" if rest else "") + source[found.end() :]


def _inline(prose: str) -> str:
    if not _MAY_BE_MATHS.search(prose):
        return prose
    spans = Spans(prose)
    written: list[str] = []
    at = 0
    while found := _NOTABLE.search(prose, at):
        start, sign = found.start(), found[0]
        written.append(prose[at:start])
        end, text = _rewritten(spans, prose, start, sign)
        written.append(text)
        at = end
    return "".join((*written, prose[at:]))


def _rewritten(spans: Spans, prose: str, at: int, sign: str) -> tuple[int, str]:
    """Rewrite the span at `at`: (its end, what to write instead)."""
    after = at + len(sign)
    if sign[0] == "$":
        end = spans.maths(at)
        return (end, prose[at:end]) if end else (after, sign.replace("$", "\\$"))
    if sign in ("\\(", "\\["):
        end = spans.maths(at)
        return (end, _in_dollars(sign, prose[at + 2 : end - 2])) if end else (after, sign)
    end = spans.verbatim(at) or after
    return end, prose[at:end]


def _in_dollars(sign: str, body: str) -> str:
    signs = "$" if sign == "\\(" else "$$"
    return f"{signs}{body.strip()}{signs}" if body.strip() else f"{sign}{body}{sign}"
