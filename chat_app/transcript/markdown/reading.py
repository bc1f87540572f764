"""How far a growing text was read, line by line: enough to say what its last line continues."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chat_app.transcript.markdown.structure import (
    Paragraph,
    Structure,
    Verbatim,
    is_given_up,
    lines,
    sign_of,
    signs_before,
    step,
)

if TYPE_CHECKING:
    from chat_app.transcript.markdown.structure import Line


@dataclass(slots=True)
class Reading:
    """The last line that was read, and where the open leaf and its content begin (offsets).

    `before`: what was read before the display that is open, which may turn out to be none.
    `none_before`: up to which offset a sign begins no display.
    """

    structure: Structure
    leaf_at: int = 0
    content_at: int = 0
    line_at: int = 0
    line: str = ""
    before: Reading | None = None
    none_before: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, start: Structure) -> Reading:
        """Read the complete lines of a text that begins at `start`."""
        reading = cls(start)
        for at, raw, line in lines(text[: text.rfind("\n") + 1], start):
            reading.take(at, raw, line)
        return reading

    def next(self, at: int, raw: str) -> Line:
        """Say what the line at `at` is, without going on to it."""
        return step(self.structure, raw, signs_before(self.none_before, at))

    def gives_up(self, at: int, raw: str, line: Line) -> bool:
        """Tell whether this line shows that the display which is open is none."""
        return is_given_up(self.structure, line, raw, at - self.leaf_at)

    def without_display(self, end: int) -> Reading:
        """Return what was read before the open display; up to `end` its sign begins none."""
        before = self.before or self
        none_before = {**self.none_before, sign_of(self.structure): end}
        return replace(before, none_before=none_before)

    def as_text(self, text: str) -> Reading:
        """Read the complete lines of the open display as text, as if it were none."""
        start, end = self.leaf_at, text.rfind("\n") + 1
        reading = self.without_display(end)
        for at, raw, line in lines(text[start:end], reading.structure, is_whole=True):
            reading.take(start + at, raw, line)
        return reading

    def take(self, at: int, raw: str, line: Line) -> None:
        """Go on with the line at `at`, which `line` describes."""
        if not sign_of(line.after):
            self.before = None
        elif line.opens:
            self.before = replace(self, before=None)
        leaf = self.structure.leaf
        if isinstance(leaf, Verbatim) and isinstance(line.after.leaf, Paragraph):
            # A paragraph begins behind the end of a display.
            end = leaf.end.search(raw)
            self.content_at = at + (end.end() if end else 0)
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
            before=self.before and self.before.counted_from(start),
            none_before={sign: to - start for sign, to in self.none_before.items()},
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
