"""One bar of a timeline."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.timeline.usage import Usage


class State(StrEnum):
    """Of a span, and of a whole run."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """It waits for a person, or was cut off as the run ended."""
    CACHED = "cached"
    """It did not run: its result was kept from before."""


class Kind(StrEnum):
    """What a span is of."""

    NODE = "node"
    TOOL = "tool"
    STEP = "step"
    """A step whose nodes are not known; it has no name."""


@dataclass(slots=True, kw_only=True, eq=False)
class Span:
    """One bar. Only its `Timeline` changes it."""

    id: str
    """That of the task, or made from that of the span around it."""
    kind: Kind
    name: str
    parent: str = ""
    """The id of the span around it; empty at the top."""
    namespace: tuple[str, ...] = ()
    """Of the graph that it is a node of."""
    state: State = State.RUNNING
    start: float
    end: float | None = None
    is_exact: bool = True
    """False if it may have begun later, or ended earlier."""
    starts: list[float] = field(default_factory=list)
    """When it was tried again, after the first time."""
    step: int | None = None
    input: Any = None
    update: Any = None
    is_elided: bool = False
    """Whether `input` and `update` were dropped, to save memory."""
    error: str = ""
    interrupts: list[Json] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    """The ids of those that it wrote itself, not a span within it."""
    usage: dict[str, tuple[str, Usage]] = field(default_factory=dict)
    """The model and its tokens, by the id of the message."""
    checkpoint: Json | None = None
    """The one it started from: ``checkpoint_id`` and ``checkpoint_ns``."""
    is_told: bool = False
    """Whether its end was told, not concluded."""
    version: int = 0
    """That of the timeline when it last changed."""

    @property
    def attempts(self) -> int:
        return 1 + len(self.starts)
