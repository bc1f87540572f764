"""The rows of the text or thought that is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.state.block_rows import BlockRows
from chat_app.state.message_rows import reasoning_text
from chat_app.state.rows import ReasoningRow, Row, Tail, TextRow
from chat_app.transcript.blocks import Drawing
from chat_app.transcript.message import Reasoning

if TYPE_CHECKING:
    from chat_app.transcript.message import Text


class OpenText:
    """The part being written: closed blocks stay, the tail is drawn anew each time."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._text = ""
        self._drawing = Drawing(key)
        self._rows = BlockRows(key)

    def goes_on(self, key: str, part: Text | Reasoning) -> bool:
        """Whether `part` is this text grown longer; a second attempt writes it anew."""
        return self.key == key and part.text.startswith(self._text)

    def read(self, key: str, part: Text) -> int:
        """How many characters of `part` were read already."""
        return len(self._text) if self.goes_on(key, part) else 0

    def grow(self, part: Text | Reasoning) -> tuple[list[Row], Tail]:
        if isinstance(part, Reasoning):
            return [], Tail(ReasoningRow.kind, reasoning_text(part))
        self._text = part.text
        self._drawing.update(part.text)
        # A block may be drawn another way later: a link's target may come long after the link.
        self._rows.update(self._drawing.closed)
        tail = self._drawing.tail
        return [*self._rows.rows], Tail(TextRow.kind, tail.drawn, tail.is_plain, tail.path)

    def rows(self, tail: Tail) -> list[Row]:
        """All rows, also that of the `tail`, as they will be once the text is written."""
        if tail.kind == ReasoningRow.kind:
            return [ReasoningRow(self.key, tail.text)] if tail.text else []
        self._rows.update([*self._drawing.closed, self._drawing.tail])
        return [*self._rows.rows]
