r"""Normalise the maths that models write to the syntax that the page renders.

Maths is `$…$` in a line, and `$$` lines around a display. Models also write `\(…\)`, `\[…\]`,
`\begin{equation}` and `$$…$$` on one line, and prices. remark-math
(https://github.com/remarkjs/remark-math) takes any two dollar signs for maths, so those that are
not are escaped here. So is `>` before a number in a list; an address ends before Chinese and
Japanese punctuation, and `**Note: ** text` is bold.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat_app.transcript.markdown import comparisons, displays
from chat_app.transcript.markdown.emphasis import SPACED
from chat_app.transcript.markdown.passages import passages
from chat_app.transcript.markdown.spans import STOPS, Spans
from chat_app.transcript.markdown.structure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.transcript.markdown.structure import Structure

_MAY_CHANGE = re.compile(rf"\$|\\[(\[]|\\begin\{{|[ \t]\*\*[ \t]|(?<=[!-~])[{STOPS}]")
_NOTABLE = re.compile(r"\\.|`+|\$+|<|https?://|www\.|\]\(", re.DOTALL)
_STOP = re.compile(f"[{STOPS}]")
_ENVIRONMENT = re.compile(r"\\begin\{([a-zA-Z]+)\*?\}")
_ONLY_AROUND = {"displaymath", "math"}
_SET_AS = {
    "multline": ("gather*", "gather*", ""),
    "flalign": ("align*", "align*", ""),
    "eqnarray": ("array", "array", "{rcl}"),
}
"""Environments that KaTeX lacks: what begins and ends those that look like them."""

_LABEL = re.compile(r"\\label\{[^{}]*\}")
_BEGINNING = re.compile(r"\\\[|\$\$|\\begin\{")
_ITEM_MARKER = re.compile(r"[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])")


def normalise_math(text: str) -> str:
    """Rewrite the maths of one block, or of any complete Markdown; what is code stays as it is."""
    if not may_be_in(text):
        return text
    return "".join(passage for _, passage in rewritten(text))


def may_be_in(text: str) -> bool:
    """Tell quickly whether there is anything to rewrite."""
    return _MAY_CHANGE.search(text) is not None or comparisons.may_be_in(text)


def rewritten(text: str, start: Structure | None = None) -> Iterator[tuple[Kind, str]]:
    """Yield the passages of a text that begins at `start`, with their maths rewritten."""
    read = list(passages(text, start))
    following = [passage for _, passage in read[1:]] + [""]
    for (kind, passage), after in zip(read, following, strict=True):
        if kind is Kind.MATHS:
            yield from _display(passage)
        else:
            yield (
                kind,
                _inline(comparisons.escaped(passage, after)) if kind is Kind.TEXT else passage,
            )


def _display(source: str) -> Iterator[tuple[Kind, str]]:
    """Give the signs around display maths lines of their own, as deep as they stand."""
    beginning = _BEGINNING.search(source)
    start = beginning.start() if beginning else len(source)
    display = displays.begins(source[start:])
    end = display.end.search(source, start + display.width) if display else None
    if not display or not end:
        yield Kind.TEXT, _inline(source)
        return
    before = source[:start]
    if environment := _ENVIRONMENT.match(source, start):
        body = source[start + display.width : end.start()]
        body = _environment(environment[1], body, source[start : end.end()])
    else:  # the match may begin with escaped backslashes of the maths
        body = source[start + display.width : end.end() - display.width]
    margin = _ITEM_MARKER.sub(lambda marker: " " * len(marker[0]), before)
    line_end = source.find("\n", end.end())
    line_end = len(source) if line_end < 0 else line_end
    body, rest = _LABEL.sub("", body), source[end.end() : line_end].strip()
    if len(rest) == 1 and rest in ".,;:":
        body, rest = body.rstrip() + rest, ""
    first, *others = body.split("\n")
    if others and not others[-1].strip(" \t>"):
        others.pop()
    inner = [margin + first.strip(), *others] if first.strip() else others
    sign = "$" * max(2, 1 + max(map(len, re.findall(r"\$+", body)), default=0))
    yield Kind.MATHS, "\n".join((before + sign, *inner, margin + sign))
    yield Kind.TEXT, (f"\n{margin}{rest}" if rest else "") + source[line_end:]


def _environment(name: str, body: str, whole: str) -> str:
    if name in _ONLY_AROUND:
        return body
    if name not in _SET_AS:
        return whole
    begin, end, argument = _SET_AS[name]
    return f"\\begin{{{begin}}}{argument}{body}\\end{{{end}}}"


def _inline(prose: str) -> str:
    if not _MAY_CHANGE.search(prose):
        return prose
    spans = Spans(prose)
    written: list[str] = []
    at = 0
    while found := _NOTABLE.search(prose, at):
        start, sign = found.start(), found[0]
        written.append(_bold(prose, at, start))
        end, text = _rewritten(spans, prose, start, sign)
        written.append(text)
        at = end
    return "".join((*written, _bold(prose, at, len(prose))))


def _bold(prose: str, start: int, end: int) -> str:
    """Write the part of the text with the space inside bold moved out of it."""
    written: list[str] = []
    at = start
    for found in SPACED.finditer(prose, start, end + 8):  # what follows has a say in it
        if found.end() > end:
            break
        written += (prose[at : found.start()], f"**{found[1]}**")
        at = found.end()
    return "".join((*written, prose[at:end]))


def _rewritten(spans: Spans, prose: str, at: int, sign: str) -> tuple[int, str]:
    """Rewrite the span at `at`: (its end, what to write instead)."""
    after = at + len(sign)
    if sign[0] == "$":
        end = spans.maths(at)
        return (end, prose[at:end]) if end else (after, sign.replace("$", "\\$"))
    if sign in ("\\(", "\\["):
        end = spans.maths(at)
        return (end, _in_dollars(sign, prose[at + 2 : end - 2])) if end else (after, sign)
    if sign == "](":
        end = spans.target(at + 1) or after
        return end, prose[at:end]
    end = spans.verbatim(at) or after
    is_address = sign[0] in "hw" and _STOP.match(prose, end)
    # A comment, which is not drawn, ends an address.
    return end, prose[at:end] + "<!---->" * bool(is_address)


def _in_dollars(sign: str, body: str) -> str:
    signs = "$" if sign == "\\(" else "$$"
    return f"{signs}{body.strip()}{signs}" if body.strip() else f"{sign}{body}{sign}"
