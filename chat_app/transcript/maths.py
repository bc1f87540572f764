r"""Write maths the one way the page reads it: `$…$` in a line, `$$` lines around a display.

Models also write `\(…\)`, `\[…\]` and `$$…$$` on one line, and prices. remark-math
(https://github.com/remarkjs/remark-math) takes any two dollar signs for maths, so those that are
not are escaped here.
"""

from __future__ import annotations

import re

from chat_app.transcript.markdown.spans import Spans
from chat_app.transcript.markdown.structure import Kind, Verbatim, lines

_MAY_BE_MATHS = re.compile(r"\$|\\[(\[]")
_NOTABLE = re.compile(r"\\.|`+|\$+|<|https?://", re.DOTALL)
_DISPLAY = re.compile(r"(?P<open>\\\[|\$\$)(?P<body>.*)(?:\\\]|\$\$)(?P<rest>[^\n]*)", re.DOTALL)
_ITEM_MARKER = re.compile(r"[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])")


def normalise_math(text: str) -> str:
    """Rewrite the maths of one block, or of any complete Markdown; what is code stays as it is."""
    if not _MAY_BE_MATHS.search(text):
        return text
    written: list[str] = []
    prose: list[str] = []
    display: list[str] = []

    def flush() -> None:
        written.append(_inline("".join(prose)))
        prose.clear()

    for _, raw, line in lines(text):
        if line.kind is Kind.MATHS:
            flush()
            display.append(raw)
            if not (isinstance(line.after.leaf, Verbatim) and line.after.leaf.kind is Kind.MATHS):
                written.append(_display("".join(display)))
                display.clear()
            continue
        prose += display
        display.clear()
        if line.opens or line.kind is not Kind.TEXT or not raw.strip():
            flush()
        if line.kind is Kind.TEXT:
            prose.append(raw)
        else:
            written.append(raw)
    prose += display
    flush()
    return "".join(written)


def _display(source: str) -> str:
    """Give the signs around display maths lines of their own, as deep as they stand."""
    found = _DISPLAY.search(source)
    if not found:
        return _inline(source)
    before = source[: found.start()]
    margin = _ITEM_MARKER.sub(lambda marker: " " * len(marker[0]), before)
    body, rest = found["body"], found["rest"].strip()
    if len(rest) == 1 and rest in ".,;:":
        body, rest = body.rstrip() + rest, ""
    first, *others = body.split("\n")
    if others and not others[-1].strip(" \t>"):
        others.pop()
    inner = [margin + first.strip(), *others] if first.strip() else others
    tail = [margin + rest] if rest else []
    end = source[found.end() :]
    sign = "$" * max(2, 1 + max(map(len, re.findall(r"\$+", body)), default=0))
    return "\n".join((before + sign, *inner, margin + sign, *tail)) + end


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
    if sign[0] == "`":
        end = spans.code(at) or after
    elif sign == "<":
        end = spans.tag(at) or after
    elif sign[0] == "h":
        end = spans.address(at) or after
    else:
        end = after
    return end, prose[at:end]


def _in_dollars(sign: str, body: str) -> str:
    signs = "$" if sign == "\\(" else "$$"
    return f"{signs}{body.strip()}{signs}" if body.strip() else f"{sign}{body}{sign}"
