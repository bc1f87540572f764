"""Cut Markdown into its blocks while it grows, so that what is finished is drawn once.

`Splitter` keeps *closed* blocks, which no later text can change, and one open *tail*. Drawing the
blocks one by one gives what drawing the whole gives. Two things reach across blocks:

- A link may be defined anywhere. Definitions are collected, and `resolve` puts those that a block
  uses before it. A link defined after its block closed shows as plain brackets until then.
- Footnotes are numbered and listed for the whole text, so from the first block that mentions one
  nothing closes any more: that block and all after it are one.
"""

from __future__ import annotations

import re

from chat_app.transcript.markdown import definitions
from chat_app.transcript.markdown.definitions import resolve
from chat_app.transcript.markdown.footnotes import mentions_footnote
from chat_app.transcript.markdown.structure import Kind, Line, Paragraph, Structure, step

__all__ = ["Splitter", "render_ready", "resolve", "split"]

_DECIDED = re.compile(r" {0,3}(?![`~<$\[\\|:=])[-*+_#>.) \d]*+[^\s\-*+_#>.)\d`~<$\[\\|:=]")
"""A line that begins like this opens the same block whatever follows on it."""


class Splitter:
    """The blocks of one text that only grows.

    The blocks of `closed` and then `tail`, joined, are the text exactly; blank lines belong to the
    block before them. `closed` only ever gets longer, unless `update` is given another text.
    """

    def __init__(self) -> None:
        self._restart()

    def _restart(self) -> None:
        self.closed: list[str] = []
        self.tail = ""
        self.definitions: dict[str, str] = {}
        """Sources of the link definitions in complete paragraphs, by normalised label."""
        self._text = ""
        self._structure = Structure()
        self._tail_at = 0
        self._line_at = 0
        self._peeked = False
        self._begun_at: int | None = None
        self._has_footnote = False
        self._defining = ""

    def update(self, text: str) -> None:
        """Take the whole text so far; a text that does not begin with the last one starts anew.

        Costs the new text and the tail, plus one comparison of memory with the last text.
        """
        if not text.startswith(self._text):
            self._restart()
        searched = len(self._text)
        self._text = text
        while end := text.find("\n", max(searched, self._line_at)) + 1:
            self._read(text[self._line_at : end])
            self._line_at = end
            self._peeked = False
        if not self._peeked and _DECIDED.match(text, self._line_at):
            self._peeked = True
            self._close_before(step(self._structure, text[self._line_at :]))
        self.tail = text[self._tail_at :]

    def _read(self, raw: str) -> None:
        line = step(self._structure, raw)
        self._close_before(line)
        self._collect_definitions(raw, line)
        if line.kind is Kind.TEXT and mentions_footnote(raw):
            self._has_footnote = True
        self._structure = line.after

    def _close_before(self, line: Line) -> None:
        if not line.begins or self._has_footnote:
            return
        if self._begun_at not in (None, self._line_at):
            self.closed.append(self._text[self._tail_at : self._line_at])
            self._tail_at = self._line_at
        self._begun_at = self._line_at

    def _collect_definitions(self, raw: str, line: Line) -> None:
        content = raw.expandtabs(4)[line.column :]
        in_paragraph = isinstance(line.after.leaf, Paragraph)
        if self._defining and in_paragraph and not line.opens:
            self._defining += content
            return
        for label, source in definitions.read(self._defining):
            self.definitions.setdefault(label, source)
        may_define = in_paragraph and line.opens and content.startswith("[")
        self._defining = content if may_define else ""


def split(text: str) -> tuple[str, ...]:
    """All blocks of a finished text; joined they are the text."""
    return _finish(text)[0]


def render_ready(text: str) -> tuple[str, ...]:
    """All blocks of a finished text, each with the link definitions it uses."""
    blocks, found = _finish(text)
    return tuple(resolve(block, found) for block in blocks)


def _finish(text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    splitter = Splitter()
    # Two line ends complete the last line and, where it is one, the last paragraph.
    splitter.update(text + "\n\n")
    tail = splitter.tail[:-2]
    return (*splitter.closed, *([tail] if tail else ())), splitter.definitions
