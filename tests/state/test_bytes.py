"""How much goes over the socket while an answer streams."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from reflex.utils.format import json_dumps

from chat_app.state.transcript import show
from chat_app.transcript.fold import fold, start
from chat_app.transcript.message import Message, Role, Text, Transcript
from tests.helpers import events
from tests.helpers.tab import no_tab

if TYPE_CHECKING:
    from tests.helpers.tab import Tab

CORPUS = Path(__file__).resolve().parent.parent / "transcript" / "corpus"
TOKENS = 2000
TOKENS_PER_VIEW = 4
"""At 100 tokens a second and a view every 40 ms."""


def tokens() -> list[str]:
    """A long answer of every kind of Markdown, in pieces of five letters."""
    kinds = sorted(CORPUS.glob("*.md"))
    answer = "\n\n".join(path.read_text() for path in kinds)
    pieces = re.findall(r"\s?\S{1,5}|\s", answer)
    while len(pieces) < TOKENS:
        pieces += pieces
    return pieces[:TOKENS]


async def streamed(earlier: int = 0) -> tuple[int, int]:
    """Bytes of all deltas, and of the answer itself, below `earlier` messages of before."""
    before = tuple(Message(f"b{n}", Role.HUMAN, (Text(f"question {n}"),)) for n in range(earlier))
    asked = Message("h1", Role.HUMAN, (Text("tell me all"),))
    run, root = start(Transcript(before), pending=asked), no_tab()
    pieces, sent = tokens(), 0
    await show(root, run.transcript)
    root._clean()
    for number, piece in enumerate(pieces, 1):
        run = fold(run, events.chunk(piece))
        if number % TOKENS_PER_VIEW == 0:
            await show(root, run.transcript)
            sent += len(json_dumps(await root._get_resolved_delta()).encode())
            root._clean()
    return sent, len("".join(pieces).encode())


async def test_an_answer_of_two_thousand_tokens_costs_less_than_450_kb() -> None:
    sent, written = await streamed()
    print(f"{TOKENS} tokens, {written:,} bytes: {sent:,} bytes of deltas")  # noqa: T201 - a number to report
    assert written > 5_000
    assert sent < 450_000


async def test_a_long_history_makes_an_answer_hardly_dearer() -> None:
    assert (await streamed(500))[0] < (await streamed())[0] * 1.5


async def test_while_a_block_grows_only_its_text_is_sent(tab: Tab) -> None:
    await tab.send("60 every 0.04")
    changed = [
        {name for changes in json.loads(delta).values() for name in changes} for delta in tab.sent
    ]
    growing = [names for names in changes_of_the_tail(changed) if "kind" not in names]
    assert len(growing) > 3
    assert all(names == {"text"} for names in growing)


def changes_of_the_tail(changed: list[set[str]]) -> list[set[str]]:
    plain = [{name.removesuffix("_rx_state_") for name in names} for names in changed]
    return [names for names in plain if "text" in names]
