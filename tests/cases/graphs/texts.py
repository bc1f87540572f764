"""`markdown` streams a text: ``NAME [characters a piece] [milliseconds between pieces]``.

Where NAME begins with "open" the run ends 4 s after the text.
"""

from __future__ import annotations

from typing import Any

from langgraph.graph import MessagesState  # noqa: TC002 - the graph reads it

from tests.cases.model import asked, characters, in_a_row, say
from tests.cases.texts import TEXTS

_MOST_PIECES = 400


async def _stream(state: MessagesState) -> dict[str, Any]:
    given = asked(state).split()
    name, size, pause = [*given, *["", "4", "25"][len(given) :]][:3]
    text = TEXTS.get(name, f"There is no text named {name}.")
    pieces = characters(text, max(int(size), len(text) // _MOST_PIECES))
    rest = 4.0 if name.startswith("open") else 0.5
    return await say(state, [*pieces, rest], delay=int(pause) / 1000)


markdown = in_a_row(("stream", _stream))
