"""What a text refers to that is written elsewhere: footnotes, and links by label.

`read` cuts a passage into pieces, so that it can be drawn again, cheaply, once more is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chat_app.transcript.markdown import definitions
from chat_app.transcript.markdown.definitions import normal
from chat_app.transcript.markdown.spans import Spans

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAY_REFER = re.compile(r"\[\^|\]\[")
_NOTABLE = re.compile(
    r"\\.|`+|\$+|<|https?://|(?P<note>!?\[\^(?P<label>[^\]\s\[]+)\])|(?P<open>!?\[)|\]", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference to a footnote, `[^label]`, and the exclamation mark that may stand before it."""

    label: str
    source: str

    def drawn(self, number: int | None, key: str) -> str:
        """Write a link to the note; without a number what the author wrote, as text."""
        sign = "\\!" if self.source.startswith("!") else ""
        if number is None:
            return sign + "\\" + self.source.lstrip("!")
        return f"{sign}[{number}](#fn-{key})"


@dataclass(frozen=True, slots=True)
class Bracket:
    """What stands around the text of `[text][label]`: `[` before it, or `][label]` after it."""

    label: str
    source: str


Piece = str | Mention | Bracket


def may_be_in(text: str) -> bool:
    """Tell quickly whether it is worth while to read `text`."""
    return _MAY_REFER.search(text) is not None


def read(passage: str) -> Iterator[Piece]:
    """Cut a passage at its references; the sources of all pieces, joined, are the passage."""
    at = 0
    if may_be_in(passage):
        for start, piece in sorted(_References(passage), key=lambda found: found[0]):
            yield passage[at:start]
            yield piece
            at = start + len(piece.source)
    yield passage[at:]


class _References:
    """The references of one passage, with where they start."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = Spans(text)
        self._brackets: list[int] = []

    def __iter__(self) -> Iterator[tuple[int, Mention | Bracket]]:
        at = definitions.end(self._text)
        while found := _NOTABLE.search(self._text, at):
            start, at = found.span()
            if found["note"] and not self._is_link_text(at):
                yield start, Mention(normal(found["label"]), found[0])
            elif found["note"] or found["open"]:
                self._brackets.append(start)
                at = self._text.index("[", start) + 1
            elif found[0] != "]":
                at = self._spans.verbatim(start) or at
            elif self._brackets:
                opened = self._brackets.pop()
                yield from self._link(opened, start)
                at = self._spans.target(at) or self._label(at) or at

    def _is_link_text(self, end: int) -> bool:
        """Tell whether the `[^text]` that ends here is the text of a link, as in `[^1^][1]`."""
        return bool(self._spans.target(end) or self._label(end))

    def _label(self, at: int) -> int | None:
        return None if self._text.startswith("[^", at) else self._spans.label(at)

    def _link(self, opened: int, closed: int) -> Iterator[tuple[int, Bracket]]:
        """Read `[text][label]`, which may be something else: `a[i][j]`, or two citations."""
        end = self._label(closed + 1)
        sign = self._text[opened : self._text.index("[", opened) + 1]
        text = self._text[opened + len(sign) : closed]
        before = self._text[opened - 1 : opened] if opened else ""
        is_subscript = before.isascii() and before.isalnum() and not text.startswith("^")
        if end and not is_subscript and not text.isdigit():
            label = normal(self._text[closed + 2 : end - 1] or text)
            yield opened, Bracket(label, sign)
            yield closed, Bracket(label, self._text[closed:end])
