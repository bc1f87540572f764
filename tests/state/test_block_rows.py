"""Blocks become rows; of very many small ones several share a row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chat_app.state.block_rows import (
    JOINED_LENGTH,
    MOST_JOINED,
    SINGLE,
    BlockRow,
    BlockRows,
    block_rows,
)
from chat_app.state.rows import PlainTextRow
from chat_app.transcript.blocks import Block, draw
from tests.helpers.row_words import words_of


def follows(row: BlockRow) -> bool | None:
    """Whether a row of plain text says that it follows another; None for Markdown."""
    return row.follows if isinstance(row, PlainTextRow) else None


SINGLES = [Block(f"{n}\n\n", f"{n}\n\n") for n in range(SINGLE)]
BLOCKS = st.lists(
    st.sampled_from(
        [
            Block("a\n\n", "a\n\n"),
            Block("[x]: /y\n", ""),
            Block("$$x$$\n", "$$\nx\n$$"),
            Block("b" * JOINED_LENGTH, "b" * JOINED_LENGTH),
            Block("c" * 9, "c" * 9, is_plain=True),
            Block("[^1]: d\n", "1. d", is_note=True),
        ]
    ),
    max_size=90,
)


@given(BLOCKS, st.data())
def test_rows_that_grow_are_the_rows_of_the_whole(more: list[Block], data: st.DataObject) -> None:
    growing, blocks = BlockRows("k"), [*SINGLES, *more]
    for end in sorted(data.draw(st.lists(st.integers(0, len(blocks)), max_size=5))):
        growing.update([*blocks[: max(end - 1, 0)], Block("z", "z")])
    growing.update(blocks)
    assert growing.rows == block_rows("k", blocks)
    assert len({row.key for row in growing.rows}) == len(growing.rows)


def test_small_blocks_share_a_row_once_there_are_many() -> None:
    text = "".join(f"Paragraph {n} of many in this text.\n\n" for n in range(SINGLE + 300))
    blocks = draw(text, "p")
    rows = block_rows("k", blocks)
    assert "".join(map(words_of, rows)) == text
    assert [words_of(row) for row in rows[:SINGLE]] == [block.drawn for block in blocks[:SINGLE]]
    assert len(rows) < SINGLE + 15
    assert not any(isinstance(row, PlainTextRow) for row in rows)


def test_a_row_of_tiny_blocks_is_plain_text() -> None:
    rows = block_rows("k", draw("a\n\n" * 10_000, "p"))
    assert "".join(map(words_of, rows)) == "a\n\n" * 10_000
    assert [follows(row) for row in rows[SINGLE:]] == [False] + [True] * (len(rows) - SINGLE - 1)
    assert len(rows) < SINGLE + 30_000 // (3 * MOST_JOINED)


def test_a_plain_block_says_so_once() -> None:
    rows = block_rows("k", draw("> " * 10_000 + "a\n\nAfter it.", "p"))
    assert [follows(row) for row in rows] == [False, True, True, None]
    assert words_of(rows[-1]) == "After it."
