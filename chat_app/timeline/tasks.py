"""What tasks and checkpoints tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.timeline.shapes import calls_in, error_text, interrupts_in, message_id, messages_in
from chat_app.timeline.span import State
from chat_app.timeline.written import wrote

START, _PUSH = "__start__", "__pregel_push"
"""The node that only takes the input, and what triggers a task that another one made."""

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.timeline.record import Recorded
    from chat_app.timeline.span import Span
    from chat_app.timeline.spans import Timeline


def take_tasks(timeline: Timeline, item: Recorded) -> None:
    """``tasks``: the start or the end of a task."""
    timeline.known.has_tasks = True
    _task(timeline, item, item.data)


def take_debug(timeline: Timeline, item: Recorded) -> None:
    """``debug``: a task or a checkpoint, in an envelope."""
    data = item.data if isinstance(item.data, dict) else {}
    kind, payload = data.get("type"), data.get("payload")
    if kind == "checkpoint":
        _checkpoint(timeline, item, payload)
    elif kind in ("task", "task_result"):
        timeline.known.has_tasks = True
        _task(timeline, item, payload, data.get("step"))


def take_checkpoints(timeline: Timeline, item: Recorded) -> None:
    """``checkpoints``: the state after a step, and the tasks that come next."""
    _checkpoint(timeline, item, item.data)


def _task(timeline: Timeline, item: Recorded, data: Any, step: Any = None) -> None:
    """A start has an input, an end has a result, an error or interrupts."""
    if not isinstance(data, dict) or not isinstance(task := data.get("id"), str) or not task:
        return
    name = str(data.get("name") or "")
    if name == START:
        return
    is_end = "result" in data or "error" in data or "interrupts" in data
    span = timeline.begin(task, name, item.namespace, item.at, is_exact=not is_end)
    if isinstance(step, int):
        span.step = step
    timeline.place(span)
    if is_end:
        _task_ended(timeline, item, span, data)
    else:
        _next_step(timeline, item, span, data.get("triggers"))
        _task_began(timeline, item, span, data.get("input"))


def _task_began(timeline: Timeline, item: Recorded, span: Span, input: Any) -> None:
    if span.state is not State.RUNNING and timeline.attempt > span.attempts:
        timeline.reopen(span, item.at)
    if span.input is None and not span.is_elided:
        span.input = input
        timeline.hold(span, item.size)
    for message in messages_in(input):
        if found := message_id(message):
            timeline.known.makers.setdefault(found, "")
    for call in calls_in(input):
        timeline.tool(span, call, item.at)
    timeline.touch(span)


def _next_step(timeline: Timeline, item: Recorded, begun: Span, triggers: Any) -> None:
    """What is still running as the next step begins had a cached result: such a task has no end.

    All tasks of a step begin before the first of them ends. Among them has to be one that was not
    made by another task, as those that a running task calls begin in the middle of a step.
    """
    known, level = timeline.known, item.namespace
    if level in known.over:
        known.over.discard(level)
        known.suspects[level] = [span for span in timeline.running(level) if span is not begun]
    if isinstance(triggers, list) and _PUSH not in triggers:
        for span in known.suspects.pop(level, ()):
            if span.state is State.RUNNING and not span.messages:
                timeline.end(span, span.start, State.CACHED, is_told=False)


def _task_ended(timeline: Timeline, item: Recorded, span: Span, data: Json) -> None:
    if span.is_told and span.state is not State.CACHED:
        return
    if span.state is State.CACHED and span.is_told:
        _pass_on(timeline, span)
    ended(timeline, span, data, item.at, item.size)


def ended(timeline: Timeline, span: Span, data: Json, at: float, size: int) -> None:
    """A task has ended with a result, an error or interrupts."""
    span.error = error_text(data.get("error"))
    span.interrupts = interrupts_in(data.get("interrupts"))
    timeline.known.interrupts.update(str(one.get("id")) for one in span.interrupts)
    has_failed = bool(span.error or span.interrupts)
    wrote(
        timeline, span, (data.get("result") or None) if has_failed else data.get("result"), at, size
    )
    state = State.DONE
    if span.error:
        state = State.FAILED
    elif span.interrupts:
        state = State.INTERRUPTED
    timeline.end(span, at, state)
    timeline.known.over.add(span.namespace)
    timeline.known.suspects.pop(span.namespace, None)


def _pass_on(timeline: Timeline, span: Span) -> None:
    """Another of the same name was the cached one: updates tell only the names."""
    others = timeline.running(span.namespace, span.name)
    if others:
        timeline.end(others[0], span.end or others[0].start, State.CACHED, is_told=True)
        others[0].update, span.update = span.update, None


def _checkpoint(timeline: Timeline, item: Recorded, data: Any) -> None:
    """A step has ended, and these tasks come next."""
    if not isinstance(data, dict):
        return
    config, metadata = data.get("config"), data.get("metadata")
    place = config.get("configurable") if isinstance(config, dict) else None
    step = metadata.get("step") if isinstance(metadata, dict) else None
    at = {
        name: place[name]
        for name in ("checkpoint_id", "checkpoint_ns")
        if isinstance(place, dict) and isinstance(place.get(name), str)
    }
    tasks = data.get("tasks")
    coming = [
        task
        for task in (tasks if isinstance(tasks, list) else ())
        if isinstance(task, dict) and isinstance(task.get("id"), str) and task.get("name") != START
    ]
    known = timeline.known
    for task in coming:
        known.checkpoints[task["id"]] = (at, step + 1 if isinstance(step, int) else None)
        if span := timeline.spans.get(task["id"]):
            timeline.place(span)
    if known.has_tasks:
        return
    ids = {task["id"] for task in coming}
    for span in timeline.running(item.namespace):
        if span.id not in ids:
            timeline.end(span, item.at, State.DONE, is_told=False)
    for task in coming:
        if task.get("error") or task.get("interrupts") or task.get("result") is not None:
            _task(timeline, item, task)
        else:
            name = str(task.get("name") or "")
            timeline.place(timeline.begin(task["id"], name, item.namespace, item.at))
