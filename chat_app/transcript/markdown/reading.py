"""How far a growing text was read, line by line: enough to say what its last line continues."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chat_app.transcript.markdown.structure import Structure, lines

if TYPE_CHECKING:
    from chat_app.transcript.markdown.structure import Line


@dataclass(slots=True)
class Reading:
    """The last line that was read, and where the open leaf and its content begin (offsets)."""

    structure: Structure
    leaf_at: int = 0
    content_at: int = 0
    line_at: int = 0
    line: str = ""

    @classmethod
    def of(cls, text: str, start: Structure) -> Reading:
        """Read the complete lines of a text that begins at `start`."""
        reading = cls(start)
        for at, raw, line in lines(text[: text.rfind("\n") + 1], start):
            reading.take(at, raw, line)
        return reading

    def take(self, at: int, raw: str, line: Line) -> None:
        """Go on with the line at `at`, which `line` describes."""
        self.structure = line.after
        self.line_at, self.line = at, raw
        if line.opens:
            self.leaf_at = at
            self.content_at = at + offset(raw, line.column)

    def counted_from(self, start: int) -> Reading:
        """Return the same reading for the text without its first `start` characters."""
        return replace(
            self,
            leaf_at=self.leaf_at - start,
            content_at=self.content_at - start,
            line_at=self.line_at - start,
        )

    @property
    def line_is_leaf(self) -> bool:
        return self.leaf_at == self.line_at


def offset(raw: str, column: int) -> int:
    """Turn a column of the line with its tabs expanded into an index of the line as it is."""
    if "\t" not in raw:
        return min(column, len(raw))
    width = 0
    for index, character in enumerate(raw):
        if width >= column:
            return index
        width += 4 - width % 4 if character == "\t" else 1
    return len(raw)
