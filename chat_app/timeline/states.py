"""What updates and states tell where tasks tell nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.timeline.shapes import interrupts_in, message_id, messages_in
from chat_app.timeline.span import Kind, State
from chat_app.timeline.written import claim, named, wrote

_INTERRUPT, _METADATA = "__interrupt__", "__metadata__"

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.timeline.record import Recorded
    from chat_app.timeline.span import Span
    from chat_app.timeline.spans import Timeline


def take_updates(timeline: Timeline, item: Recorded) -> None:
    """A node has ended, but for those of which tasks tell more."""
    data, known = item.data, timeline.known
    if not isinstance(data, dict):
        return
    told = data.get(_METADATA)
    is_cached = isinstance(told, dict) and told.get("cached") is True
    for node, update in data.items():
        if node == _INTERRUPT:
            _interrupted(timeline, item, update)
        elif node != _METADATA and (is_cached or not known.has_tasks):
            span = _of_update(timeline, item, node, update)
            wrote(timeline, span, update, item.at, item.size)
            timeline.end(span, item.at, State.CACHED if is_cached else State.DONE)


def _of_update(timeline: Timeline, item: Recorded, node: str, update: Any) -> Span:
    """The span of a node that has ended: the one that wrote these messages, or else the oldest."""
    candidates = timeline.running(item.namespace, node)
    ids = {message_id(message) for message in messages_in(update)}
    wrote = next((span for span in candidates if ids.intersection(span.messages)), None)
    if wrote is None and candidates:
        wrote = candidates[0]
    return wrote or named(timeline, item.namespace, node, _step_began(timeline, item))


def _step_began(timeline: Timeline, item: Recorded) -> float:
    around = timeline.spans.get(timeline.around(item.namespace, item.at))
    first = around.start if around else timeline.start
    return timeline.known.begun.get(item.namespace, item.at if first is None else first)


def take_values(timeline: Timeline, item: Recorded) -> None:
    """A step of a graph has ended, or this is the state before the first one."""
    data, known, level = item.data, timeline.known, item.namespace
    if isinstance(data, dict) and _INTERRUPT in data:
        _interrupted(timeline, item, data[_INTERRUPT])
        return
    new = [
        message
        for message in messages_in(data)
        if message_id(message) and message_id(message) not in known.makers
    ]
    if level not in known.steps:
        # What a graph was given; a graph within a node may tell nothing of its start.
        timeline.around(level, item.at)
        for message in new:
            known.makers[message_id(message)] = ""
    else:
        _step_ended(timeline, item, new)
    known.steps[level] = known.steps.get(level, 0) + 1
    known.begun[level] = item.at


def _step_ended(timeline: Timeline, item: Recorded, new: list[Json]) -> None:
    """A graph has a new state, with these messages of an unknown author."""
    known, level = timeline.known, item.namespace
    if not known.has_tasks:
        for span in timeline.running(level):
            timeline.end(span, item.at, State.DONE, is_told=False)
    over = [timeline.spans.get(one) for one in dict.fromkeys(known.ended.pop(level, ()))]
    if over or known.has_tasks:
        claim(timeline, new, [span for span in over if span], item.at)
        return
    span = _step(timeline, item, known.steps[level])
    wrote(timeline, span, {"messages": new} if new else None, item.at, item.size)
    timeline.end(span, item.at, State.DONE)


def _step(timeline: Timeline, item: Recorded, number: int) -> Span:
    parent = timeline.around(item.namespace, item.at)
    began = _step_began(timeline, item)
    made = f"{'|'.join(item.namespace)}/{number}"
    span = timeline.begin(made, "", item.namespace, began, kind=Kind.STEP, parent=parent)
    span.step = number
    return span


def _interrupted(timeline: Timeline, item: Recorded, value: Any) -> None:
    """The graph waits for a person; which node does is not said, unless only one runs."""
    known = timeline.known
    new = [one for one in interrupts_in(value) if str(one.get("id")) not in known.interrupts]
    known.interrupts.update(str(one.get("id")) for one in new)
    if known.has_tasks or not new:
        return
    candidates = timeline.running(item.namespace)
    if len(candidates) == 1:
        span = candidates[0]
    elif candidates:
        return
    else:
        span = _step(timeline, item, known.steps.get(item.namespace, 0))
    span.interrupts = new
    timeline.end(span, item.at, State.INTERRUPTED)
