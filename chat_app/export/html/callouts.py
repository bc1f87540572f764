"""GitHub's callouts: a quote that begins with `[!NOTE]` has its kind as a title."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.token import Token

if TYPE_CHECKING:
    from markdown_it.rules_core import StateCore

_MARK = re.compile(r"\[!(note|tip|important|warning|caution)\][ \t]*", re.IGNORECASE)


def find(state: StateCore) -> None:
    """Turn the quotes that are callouts into boxes."""
    opened: list[tuple[Token, bool]] = []
    tokens: list[Token] = []
    for place, token in enumerate(state.tokens):
        if token.type == "blockquote_open":
            kind = _kind(state.tokens, place)
            opened.append((token, bool(kind)))
            if kind:
                tokens += _title(token, kind)
                continue
        elif token.type == "blockquote_close" and opened.pop()[1]:
            token.tag = "div"
        tokens.append(token)
    state.tokens = tokens


def _kind(tokens: list[Token], place: int) -> str:
    """The kind of the callout that begins here, whose mark is taken out; empty for a quote."""
    inline = tokens[place + 2] if len(tokens) > place + 2 else None
    if inline is None or inline.type != "inline" or not inline.children:
        return ""
    first = inline.children[0]
    found = _MARK.match(first.content) if first.type == "text" else None
    if not found:
        return ""
    rest = first.content[found.end() :]
    if rest:
        first.content = rest
    else:
        del inline.children[0]
        if inline.children and inline.children[0].type in {"softbreak", "hardbreak"}:
            del inline.children[0]
    return found[1].lower()


def _title(quote: Token, kind: str) -> list[Token]:
    quote.tag = "div"
    quote.attrs = {"class": "callout", "data-kind": kind, "role": "note"}
    begin, end = Token("paragraph_open", "p", 1), Token("paragraph_close", "p", -1)
    begin.attrs = {"class": "callout-title"}
    inner = Token("text", "", 0, content=kind.capitalize())
    inline = Token("inline", "", 0, content=kind.capitalize(), children=[inner])
    return [quote, begin, inline, end]
