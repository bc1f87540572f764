"""What earlier events of a run told that later ones refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.timeline.span import Span


@dataclass(slots=True)
class Known:
    """Of one timeline, which alone reads it and adds to it."""

    has_tasks: bool = False
    """Whether tasks tell their own starts and ends."""
    makers: dict[str, str] = field(default_factory=dict)
    """The id of the span by that of a message it wrote; empty if no node did, but a person."""
    whole: set[str] = field(default_factory=set)
    """Ids of messages that came as a whole, after which no chunk adds tokens."""
    args: dict[str, Any] = field(default_factory=dict)
    """What tools were called with, by the id of the call."""
    answering: dict[str, str] = field(default_factory=dict)
    """The id of the span of a tool by that of the call, for answers that had no id."""
    over: set[tuple[str, ...]] = field(default_factory=set)
    """Graphs of which a node has ended since one last began."""
    suspects: dict[tuple[str, ...], list[Span]] = field(default_factory=dict)
    """Those that were running as another node of their graph began, after one had ended."""
    ended: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    """The ids of the spans that have ended since the last state of a graph."""
    interrupts: set[str] = field(default_factory=set)
    runs: dict[str, set[str]] = field(default_factory=dict)
    """What LangChain named the tries of a task, by the id of its span."""
    checkpoints: dict[str, tuple[Json, int | None]] = field(default_factory=dict)
    """From which checkpoint a task starts, and its step, by its id."""
    begun: dict[tuple[str, ...], float] = field(default_factory=dict)
    """When the step of a graph began that is going on."""
    steps: dict[tuple[str, ...], int] = field(default_factory=dict)
    """How many states of a graph have come."""
    named: int = 0
    """How many spans have been given an id here."""
