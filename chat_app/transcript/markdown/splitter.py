"""Where one block of a growing text ends and the next begins."""

from __future__ import annotations

import re

from chat_app.transcript.markdown import definitions, html_blocks
from chat_app.transcript.markdown.reading import Reading
from chat_app.transcript.markdown.structure import Kind, Line, Paragraph, Structure, step

_DECIDED = re.compile(
    r" {0,3}(?:(?![`~<$\[\\|:=])[-*+_#>.) \d]*+[^\s\-*+_#>.)\d`~<$\[\\|:=]|\[\^[^\]\s\[]+\]:)"
)
"""A line that begins like this opens the same block whatever follows on it."""

_LONGEST_DETAILS = 64_000
"""Characters after which open `<details>` are cut: until then they are drawn whole each time."""


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
        self._read_to = Reading(Structure())
        self._tail_at = 0
        self._line_at = 0
        self._peeked = False
        self._begun_at: int | None = None
        self._defining = ""
        self._details = 0
        """How many `<details>` are open: what they hold is one block."""

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
            self._close_before(step(self._read_to.structure, text[self._line_at :]))
        self.tail = text[self._tail_at :]

    @property
    def reading(self) -> Reading:
        """How far the complete lines of the tail were read."""
        return self._read_to.counted_from(self._tail_at)

    def _read(self, raw: str) -> None:
        line = step(self._read_to.structure, raw)
        self._close_before(line)
        self._collect_definitions(raw, line)
        self._count_details(raw, line)
        self._read_to.take(self._line_at, raw, line)

    def _close_before(self, line: Line) -> None:
        if not line.begins:
            return
        if self._details and self._line_at - self._tail_at < _LONGEST_DETAILS:
            return
        if self._begun_at not in (None, self._line_at):
            self._details = 0
            self.closed.append(self._text[self._tail_at : self._line_at])
            self._tail_at = self._line_at
        self._begun_at = self._line_at

    def _count_details(self, raw: str, line: Line) -> None:
        if self._details or not line.after.containers:
            opened, closed = html_blocks.details(raw, is_html=line.kind is Kind.HTML)
            self._details = max(0, self._details + opened - closed)

    def _collect_definitions(self, raw: str, line: Line) -> None:
        in_paragraph = isinstance(line.after.leaf, Paragraph)
        if not in_paragraph and not self._defining:
            return
        content = raw.expandtabs(4)[line.column :]
        if self._defining and in_paragraph and not line.opens:
            self._defining += content
            return
        for label, source in definitions.read(self._defining):
            self.definitions.setdefault(label, source)
        may_define = in_paragraph and line.opens and content.startswith("[")
        self._defining = content if may_define else ""
