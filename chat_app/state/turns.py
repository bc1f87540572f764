"""The turns of a conversation: where each begins, and the line that its steps fold to.

A turn is what happens between two messages of a person. Its steps are what the agent did beside
answering: thoughts, tool calls, handoffs, subgraphs, model calls inside a node. Results made for
people are none: a call whose result has a renderer or carries media.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text
from chat_app.state.rows import StepsRow
from chat_app.state.tool_row import has_visible_result
from chat_app.transcript.memory import is_mark
from chat_app.transcript.message import (
    Decision,
    InnerCall,
    Reasoning,
    Role,
    SubAgent,
    ToolCall,
    ToolStatus,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chat_app.runs.timings import Timings
    from chat_app.state.rows import Row
    from chat_app.transcript.message import Aside, Message, Part, Transcript


def asked_at(messages: Sequence[Message], index: int) -> int:
    """The index of the person's message that begins the turn of the one at `index`; -1 if none."""
    index = min(index, len(messages) - 1)
    while index >= 0 and messages[index].role is not Role.HUMAN:
        index -= 1
    return index


def is_last_of_turn(transcript: Transcript, index: int) -> bool:
    """Whether the turn of the agent's message at `index` is over, and this is its last message."""
    message = transcript.messages[index]
    if message.role is Role.HUMAN or is_mark(message):
        return False
    following = [m for m in transcript.messages[index + 1 : index + 3] if not is_mark(m)]
    if following:
        return following[0].role is Role.HUMAN
    return not (transcript.running or transcript.interrupts)


def steps_row(key: str, transcript: Transcript, index: int, clock: Timings) -> StepsRow | None:
    """The line for the steps of the turn that ends at `index`; None for less than two."""
    first = asked_at(transcript.messages, index)
    turn = transcript.messages[max(first, 0) : index + 1]
    steps = [part for message in turn for part in _parts(message) if _is_step(part)]
    if len(steps) < _LEAST:
        return None
    failed = sum(isinstance(part, ToolCall) and part.status is ToolStatus.ERROR for part in steps)
    took = worked(turn, clock) if first >= 0 else ""
    return StepsRow(key, text.steps(len(steps), failed=failed, took=took))


_LEAST = 2
"""Steps that fold: the row of a single one says more than the line that would stand for it. Events
fold with them and do not count, for a reload does not show them again."""


def page_share(row: Row) -> float:
    """How much of a page a row fills: steps are mostly folded."""
    is_step = row.kind in _STEP_KINDS and not getattr(row, "stays", False)
    return 0.25 if is_step else 1


_STEP_KINDS = {"tool", "handoff", "reasoning", "agent", "inner"}


def worked(turn: Sequence[Message], clock: Timings) -> str:
    """How long the agent worked on a turn, in words; empty where that was not measured.

    The time in which a person decided is not the agent's.
    """
    asked = clock.span(turn[0].id)
    spans = [clock.span(m.id, place) for m in turn[1:] for place in range(len(m.parts))]
    changes = [span.changed for span in spans if span]
    if asked is None or not changes or changes[-1] < asked.begun:
        return ""
    seconds = max(changes) - asked.begun
    for decision in (a for message in turn for a in message.asides if isinstance(a, Decision)):
        decided = clock.span(decision.id)
        if decided is None:
            return ""
        before = (moment for moment in changes if moment <= decided.begun)
        seconds -= decided.begun - max(before, default=asked.begun)
    return text.duration(max(seconds, 0))


def _parts(message: Message) -> Iterator[Part | Aside]:
    if message.role is not Role.HUMAN:
        yield from message.parts
    yield from message.asides


def _is_step(part: Part | Aside) -> bool:
    match part:
        case ToolCall():
            return not has_visible_result(part)
        case SubAgent():
            return not part.is_pass
        case Reasoning() | InnerCall():
            return True
    return False
