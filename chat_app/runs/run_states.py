"""The states that a run has left in its thread, where its stream has not told the last one.

Who started a run has chosen the modes of its stream. Only ``values`` tell all: without them a
stream does not tell what was removed, which model's words were saved, or what a graph wrote beside
messages, and ``messages`` do not even tell that it asks something. So at the end of such a stream
the states are read, to be folded as the ``values`` that they would have been.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chat_app.client import LangGraphError, Outcome
from chat_app.client.events import RunEnd, Updates, Values
from chat_app.runs.checkpoints import about
from chat_app.runs.reading import read_state
from chat_app.transcript import memory, subgraphs
from chat_app.transcript.load import BREAKPOINT, each, load
from chat_app.transcript.outputs import OUTPUT, messages_in
from chat_app.transcript.read import PROVISIONAL, id_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Event
    from chat_app.transcript.fold_state import Fold
    from chat_app.transcript.message import Interrupt
    from chat_app.transcript.shapes import Shape

_log = logging.getLogger("chat_app.runs")

_ASKS = "__interrupt__"
_MOST_INSIDE = 20
"""Graphs inside the graph whose states are read, of those that spoke first."""
_STATES = 50
"""Checkpoints of one run that are read, the newest ones."""


@dataclass(slots=True)
class Heard:
    """What a stream has told of the root state, since it was last cut."""

    has_state: bool = False
    """The last state that it told may be the last there is."""
    has_asked: bool = False
    """It has said that the graph waits for a person."""
    inside: dict[tuple[str, ...], bool] = field(default_factory=dict)
    """The graphs inside the graph that it has told of, and whether it told their states."""

    def hear(self, event: Event) -> None:
        """Take the next event of the stream."""
        if event.event == "reconnected":
            self.has_state = False
        if event.namespace and len(self.inside) < _MOST_INSIDE:
            told = self.inside.get(event.namespace, False)
            self.inside[event.namespace] = told or isinstance(event, Values)
        if event.namespace or not isinstance(event, Values | Updates):
            return
        data = event.data if isinstance(event.data, dict) else {}
        self.has_asked = self.has_asked or _ASKS in data
        if isinstance(event, Values):
            self.has_state = self.has_state or data.keys() != {_ASKS}

    def lacks(self, end: RunEnd) -> bool:
        """Whether the thread has to be asked what its state is at this end."""
        if end.outcome is Outcome.LOST:
            return False
        return not self.has_state or (end.waits and not self.has_asked)


async def read_end(
    client: LangGraphClient, thread_id: str, shown: Fold, heard: Heard, end: RunEnd
) -> list[Event]:
    """What the stream of a run would have said last: its states as `Values`, then `end`.

    `shown` is the run as it was folded so far. Where the server does not tell it is `end` alone.
    """
    try:
        states, inside = await asyncio.gather(
            _read(client, thread_id, shown, end),
            asyncio.gather(
                *(
                    _inside(client, thread_id, path)
                    for path, told in heard.inside.items()
                    if not told
                )
            ),
        )
    except LangGraphError as refused:
        _log.info("thread %s: its state is not read at the end of a run: %r", thread_id, refused)
        return [end]
    told: list[Event] = [event for event in inside if event]
    for state in states:
        values = state.get("values")
        told.append(Values(event="values", data=values, values=values))
    if not states:
        return [*told, end]
    asked = load(states[-1], shape=shown.transcript.shape).interrupts
    if end.outcome is Outcome.FINISHED:  # that there is a next step may be by another run
        asked = tuple(one for one in asked if one is not BREAKPOINT)
    if not asked or not (end.waits or end.outcome is Outcome.FINISHED):
        return [*told, replace(end, waits=False)]
    question = {_ASKS: [_listed(one) for one in asked if one is not BREAKPOINT]}
    return [*told, Updates(event="updates", data=question, updates=question), end]


async def _read(
    client: LangGraphClient, thread_id: str, shown: Fold, end: RunEnd
) -> Sequence[Mapping[str, Any]]:
    """The last state of the run; before it the others, where one may tell what was removed."""
    run_id, shape = shown.transcript.run_id or end.run_id, shown.transcript.shape
    state = await read_state(client, thread_id)
    made_by = about(state, "run_id")
    is_own = not (made_by and run_id) or made_by == run_id
    if is_own and not _expected(shown, end) - _ids(state, shape):
        return [state]
    found = await client.threads.get_history(thread_id, limit=_STATES, metadata={"run_id": run_id})
    states = [one for one in reversed(found) if about(one, "run_id") == run_id]
    # Another run may have begun by now, or this one has ended before it wrote anything.
    return [*states, state] if is_own else states


async def _inside(client: LangGraphClient, thread_id: str, path: tuple[str, ...]) -> Values | None:
    """The last state of a graph inside the graph; None where the server keeps none."""
    namespace = "|".join(path)
    try:
        found = await client.threads.get_history(
            thread_id, limit=1, checkpoint={"checkpoint_ns": namespace}
        )
    except LangGraphError:
        return None
    values = found[0].get("values") if found else None
    return Values(event=f"values|{namespace}", namespace=path, values=values) if values else None


def _expected(shown: Fold, end: RunEnd) -> set[str]:
    """The ids of what is shown and should be in the state, unless it was removed."""
    if shown.transcript.shape.needs_runs:
        return set()
    made_here = (PROVISIONAL, subgraphs.ALONE)
    ids = {
        message.id
        for message in shown.transcript.messages
        if not (message.forgotten or memory.is_mark(message) or message.id.startswith(made_here))
        and not message.id.endswith(OUTPUT)
    }
    is_whole = end.waits or end.outcome is Outcome.FINISHED
    return ids if is_whole else ids & shown.before


def _ids(state: Mapping[str, Any], shape: Shape) -> set[str]:
    return {id_of(message) for message in each(messages_in(state.get("values"), shape.key))}


def _listed(asked: Interrupt) -> dict[str, Any]:
    return {"id": asked.id, "value": asked.value, "response_schema": asked.schema}
