"""Rows of the blocks of one text.

Each block is a row of its own, so that a block that did not change is neither sent nor drawn again.
A text of very many small blocks would be as many components in the browser; from `SINGLE` blocks
on, neighbouring small ones share a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.state.rows import PlainTextRow, TextRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.transcript.blocks import Block

SINGLE = 300
"""Blocks at the start of a text that are never joined with others."""
JOINED_LENGTH = 1_500
"""Characters of Markdown from which on a row takes no further block."""
MOST_JOINED = 60
"""Blocks of one row that are drawn as Markdown; a row of more is plain text."""
PLAIN_LENGTH = 8_000
"""Characters from which on such a row takes no further block."""

BlockRow = TextRow | PlainTextRow


def block_rows(key: str, blocks: Sequence[Block]) -> list[BlockRow]:
    """One row for each block that shows anything, or for several small ones."""
    rows = BlockRows(key)
    rows.update(blocks)
    return rows.rows


class BlockRows:
    """The rows of a growing list of blocks, any of which may be replaced; keys begin with `key`."""

    def __init__(self, key: str) -> None:
        self.rows: list[BlockRow] = []
        self._key = key
        self._blocks: list[Block] = []
        self._spans: list[tuple[int, int]] = []
        """For each row the numbers of its first block and of the one behind its last."""

    def update(self, blocks: Sequence[Block]) -> None:
        """Take all blocks so far; rows before the first that changed stay the same objects."""
        same = same_prefix(self._blocks, blocks)
        if same == len(blocks) == len(self._blocks):
            return
        while self._spans and self._spans[-1][1] > same:
            self._spans.pop()
            self.rows.pop()
        self._blocks = list(blocks)
        start = self._spans[-1][1] if self._spans else 0
        for number in range(start, len(blocks)):
            if blocks[number].drawn:
                self._add(number)

    def _add(self, number: int) -> None:
        first = self._spans[-1][0] if self._joins_last(number) else number
        if first < number:
            self._spans.pop()
            self.rows.pop()
        self._spans.append((first, number + 1))
        self.rows.append(self._row(first, number))

    def _joins_last(self, number: int) -> bool:
        return (
            bool(self._spans)
            and self._spans[-1][0] >= SINGLE
            and _has_room(self.rows[-1])
            and _is_small(self._blocks[self._spans[-1][0]])
            and _is_small(self._blocks[number])
        )

    def _row(self, first: int, last: int) -> BlockRow:
        blocks = self._blocks
        block = blocks[last]
        key = f"{self._key}.{first}"
        if block.is_plain or last - first >= MOST_JOINED:
            follows = bool(self.rows) and isinstance(self.rows[-1], PlainTextRow)
            source = "".join(block.source for block in blocks[first : last + 1])
            return PlainTextRow(key, source, follows)
        if first == last:
            return TextRow(key, block.drawn, _original(block, blocks), block.path)
        drawn = "".join(map(_with_line_ends, blocks[first : last + 1]))
        source = "".join(block.source for block in blocks[first : last + 1])
        return TextRow(key, drawn, "" if source == drawn else source)


def _has_room(row: BlockRow) -> bool:
    """Whether a row is short enough to take one more small block."""
    if isinstance(row, PlainTextRow):
        return len(row.text) < PLAIN_LENGTH
    return len(row.md) < JOINED_LENGTH


def _is_small(block: Block) -> bool:
    is_own = block.is_plain or block.is_note or block.path
    return not is_own and len(block.drawn) < JOINED_LENGTH


def _with_line_ends(block: Block) -> str:
    """What is drawn for a block, with as many line ends behind it as the block itself has."""
    drawn = block.drawn.rstrip("\n")
    return drawn + block.source[len(block.source.rstrip("\n")) :] if drawn else ""


def _original(block: Block, blocks: Sequence[Block]) -> str:
    """What the model wrote, where it is not what is drawn. Footnotes stood in other places."""
    source = block.source or "".join(other.source for other in blocks if not other.drawn)
    return "" if source == block.drawn else source


def same_prefix(before: Sequence[object], now: Sequence[object]) -> int:
    """How many items at the start are equal: the very same objects, in most cases."""
    length = min(len(before), len(now))
    if before[:length] == now[:length]:
        return length  # one fast pass over identical objects
    return next(i for i in range(length) if before[i] != now[i])
