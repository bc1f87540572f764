"""Markdown cut into the passages in which spans are looked for, each on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.transcript.markdown.structure import Kind, Leaf, lines, sign_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.transcript.markdown.structure import Structure


def passages(text: str, start: Structure | None = None) -> Iterator[tuple[Kind, str]]:
    """Yield the text in pieces: a paragraph, a row, a whole display of maths, a line of code.

    Joined they are the text, which begins at `start`. A display that is never closed is text.
    """
    prose: list[str] = []
    display: list[str] = []
    for _, raw, line in lines(text, start, is_whole=True):
        if line.kind is Kind.MATHS:
            if prose:
                yield Kind.TEXT, "".join(prose)
                prose.clear()
            display.append(raw)
            if not sign_of(line.after):
                yield Kind.MATHS, "".join(display)
                display.clear()
            continue
        in_paragraph = line.kind is Kind.TEXT and line.after.leaf is not Leaf.TABLE and raw.strip()
        if prose and (line.opens or not in_paragraph):
            yield Kind.TEXT, "".join(prose)
            prose.clear()
        if line.kind is Kind.TEXT:
            prose.append(raw)
        else:
            yield line.kind, raw
    if prose:
        yield Kind.TEXT, "".join(prose)
