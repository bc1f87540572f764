"""What earlier events of a run told that later ones refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chat_app.client.events import Json


@dataclass(slots=True)
class Known:
    """Of one timeline, which alone reads it and adds to it."""

    has_tasks: bool = False
    """Whether tasks tell their own starts and ends."""
    makers: dict[str, str] = field(default_factory=dict)
    """The id of the span by that of a message it wrote; empty if no node did, but a person."""
    whole: set[str] = field(default_factory=set)
    """Ids of messages that came as a whole, after which no chunk adds tokens."""
    interrupts: set[str] = field(default_factory=set)
    runs: dict[str, set[str]] = field(default_factory=dict)
    """What LangChain named the tries of a task, by the id of its span."""
    checkpoints: dict[str, tuple[Json, int | None]] = field(default_factory=dict)
    """From which checkpoint a task starts, and its step, by its id."""
    begun: dict[tuple[str, ...], float] = field(default_factory=dict)
    """When the step of a graph began that is going on."""
    told: set[tuple[str, ...]] = field(default_factory=set)
    """Graphs whose nodes were named since their step began."""
    steps: dict[tuple[str, ...], int] = field(default_factory=dict)
    """How many states of a graph have come."""
    named: int = 0
    """How many spans have been given an id here."""
