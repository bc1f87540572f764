"""Where a conversation stands, and what to say next: the words between the script and the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call to make."""

    tool: str
    args: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """One turn: thoughts, then text, then tool calls; or, after the text, a failure."""

    text: str = ""
    reasoning: str = ""
    calls: tuple[Call, ...] = ()
    failure: str = ""
    tokens: int | None = None
    """Say exactly this many tokens, repeating `text` as needed."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The last question and what was done about it so far."""

    question: str
    blocks: tuple[dict[str, Any], ...] = ()
    """What the question carries beside its text, as content blocks."""
    steps: int = 0
    """How many replies there were to this question; 0 for the first one."""
    results: tuple[ToolMessage, ...] = ()
    """What the tools returned since the question, in the order of their calls."""
    before: tuple[BaseMessage, ...] = ()
    """The conversation before the question."""

    def results_of(self, tool: str) -> list[ToolMessage]:
        """What the tool of this name returned since the question."""
        return [result for result in self.results if result.name == tool]


def turn_of(messages: Sequence[BaseMessage]) -> Turn | None:
    """The turn that is due in a conversation; None where nothing was asked."""
    asked_at = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=-1)
    if asked_at < 0:
        return None
    asked, since = messages[asked_at], messages[asked_at + 1 :]
    content = asked.content if isinstance(asked.content, list) else []
    return Turn(
        question=str(asked.text),
        blocks=tuple(b for b in content if isinstance(b, dict) and b.get("type") != "text"),
        steps=sum(1 for message in since if isinstance(message, AIMessage)),
        results=tuple(message for message in since if isinstance(message, ToolMessage)),
        before=tuple(messages[:asked_at]),
    )
