"""A person's answer to a question of the graph, on its way to the server."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chat_app.transcript.custom import with_aside

if TYPE_CHECKING:
    from chat_app.transcript.deciding import Answer
    from chat_app.transcript.message import Decision, Interrupt, Transcript


@dataclass(frozen=True)
class Answered:
    """One answer on its way."""

    asked: Interrupt
    answer: Answer
    decision: Decision
    left: tuple[Interrupt, ...] = ()
    """What is open beside it."""

    def shown(self, before: Transcript) -> Transcript:
        """The transcript with the decision in the place of the question."""
        messages = with_aside(before.messages, "", self.decision)
        return replace(before, messages=messages, interrupts=self.left, failure=None)
