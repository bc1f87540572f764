"""Where the next runs of a thread stop: before or after some of its nodes, kept in its metadata.

A run that stopped there waits to be told to go on, which the chat shows as a pause of the agent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from chat_app.runs.inspector.chosen import Chosen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chat_app.client.events import Json
    from chat_app.client.schema import RunOptions

BREAKPOINTS = "chat_breakpoints"
"""The key in the metadata of a thread: an object with lists of nodes, ``before`` and ``after``."""
EVERY = "*"
"""Stands for all nodes."""
MOST_NODES = 200
MOST_LETTERS = 200
"""Of the name of a node."""


class Breakpoints(NamedTuple):
    """The nodes before and after which runs stop."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def named(nodes: object) -> tuple[str, ...]:
    """The names of nodes in a value of any kind, each once; `EVERY` stands alone."""
    given = nodes if isinstance(nodes, list | tuple) else ()
    names = [one for one in given if isinstance(one, str) and 0 < len(one) <= MOST_LETTERS]
    return (EVERY,) if EVERY in names else tuple(dict.fromkeys(names))[:MOST_NODES]


def breakpoints_in(metadata: Mapping[str, Any] | None) -> Breakpoints:
    """Those that a thread's metadata name."""
    stored = (metadata or {}).get(BREAKPOINTS)
    if not isinstance(stored, dict):
        return Breakpoints()
    return Breakpoints(named(stored.get("before")), named(stored.get("after")))


def options_of(breakpoints: Breakpoints) -> RunOptions:
    """What a run asks for."""
    asked: RunOptions = {}
    if breakpoints.before:
        asked["interrupt_before"] = _asked(breakpoints.before)
    if breakpoints.after:
        asked["interrupt_after"] = _asked(breakpoints.after)
    return asked


def _asked(nodes: tuple[str, ...]) -> Literal["*"] | Sequence[str]:
    return "*" if EVERY in nodes else list(nodes)


class ThreadBreakpoints(Chosen[Breakpoints]):
    """Those of one thread."""

    key = BREAKPOINTS

    def __init__(self, thread_id: str) -> None:
        super().__init__(thread_id, Breakpoints())

    def options(self) -> RunOptions:
        """What a run asks for."""
        return options_of(self.chosen)

    def _in(self, metadata: Mapping[str, Any]) -> Breakpoints:
        return breakpoints_in(metadata)

    def _as_json(self, chosen: Breakpoints) -> Json:
        return {"before": list(chosen.before), "after": list(chosen.after)}
