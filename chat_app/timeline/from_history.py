"""The timeline of a run that is over, from the checkpoints that the server keeps.

A checkpoint is the state after a step of a graph. It lists the tasks of the next step, and once
that is over, what they returned. So the tasks of a run are those of the checkpoints before its own,
and those of its newest ones, which failed, wait for a person, or were cut off.

What the history does not keep: when a task began and ended within its step (`Span.is_exact` is
false), whether its result came from a cache, that it was tried again, and the tasks of a deferred
node, whose step is a bar without a name.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from orjson import OPT_NON_STR_KEYS, dumps

from chat_app.client.events import Outcome, decode
from chat_app.timeline.shapes import is_made, message_id, messages_in, tool_calls
from chat_app.timeline.span import Kind, Span, State
from chat_app.timeline.spans import Timeline
from chat_app.timeline.tasks import START, ended
from chat_app.timeline.written import claim, wrote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from chat_app.client.events import Event, Json

_PUSH = "__pregel_push"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What a server keeps of one run.

    `states` and those of the graphs `inside`, by their ``checkpoint_ns``, are as its history lists
    them, in any order; they may be of other runs too. `started` and `ended` are in milliseconds
    since 1970.
    """

    run_id: str
    outcome: Outcome
    states: Sequence[Mapping[str, Any]]
    inside: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    started: float
    ended: float
    error: str = ""
    is_cut_off: bool = False
    """Whether tasks without a result were running as it ended, and not only to come."""


@dataclass(frozen=True, slots=True)
class _Step:
    """The tasks of `before` ran; `after` is the state then, or None where the run ended."""

    before: Mapping[str, Any]
    after: Mapping[str, Any] | None
    tasks: list[Json]
    start: float
    end: float

    @property
    def is_marked(self) -> bool:
        """Whether a task of it failed, or waited for a person."""
        return any(task.get("error") or task.get("interrupts") for task in self.tasks)


def from_history(stored: Stored) -> Timeline:
    """The same timeline as from the run's events, as far as the server keeps it."""
    timeline = Timeline()
    timeline.start = stored.started
    timeline.run_id = stored.run_id
    timeline.known.has_tasks = True
    _graph(timeline, stored, (), stored.states, stored.ended)
    timeline.finish(stored.outcome, stored.ended, stored.error)
    return timeline


def events(stored: Stored) -> list[tuple[float, Event]]:
    """``updates`` and ``values`` of the run as far as the server keeps them, and when they came."""
    found = list(_events(stored, "", stored.states, stored.ended))
    return sorted(found, key=lambda one: one[0])


def inside(states: Iterable[Mapping[str, Any]], run_id: str, namespace: str = "") -> list[str]:
    """The ``checkpoint_ns`` of graphs within tasks of a run, surest first.

    `states` are those of the graph at `namespace`. They tell which tasks are graphs; beside those,
    each task that answered a call of a tool may have run one.
    """
    sure, possible = [], []
    for step in _steps(states, run_id):
        for task in step.tasks:
            place = task.get("checkpoint")
            if isinstance(place, dict) and isinstance(place.get("checkpoint_ns"), str):
                sure.append(place["checkpoint_ns"])
            elif any(message.get("tool_call_id") for message in messages_in(task.get("result"))):
                own = f"{task.get('name')}:{task['id']}"
                possible.append("|".join(filter(None, (namespace, own))))
    return list(dict.fromkeys([*sure, *possible]))


def missing_parents(states: Iterable[Mapping[str, Any]], run_id: str) -> list[str]:
    """The ids of checkpoints, none of `states`, from which the run went on."""
    kept = list(states)
    known = {_id(state) for state in kept}
    own = [state for state in kept if _run(state) == run_id]
    wanted = [_parent(state) for state in own if _metadata(state).get("source") == "loop"]
    return list(dict.fromkeys(one for one in wanted if one and one not in known))


def waits(states: Iterable[Mapping[str, Any]], run_id: str) -> bool:
    """Whether a run ended before it was done, as for an answer of a person."""
    return any(
        step.after is None and not any(task.get("error") for task in step.tasks)
        for step in _steps(states, run_id)
    )


def moment(created_at: Any) -> float:
    """Milliseconds since 1970 of a time as servers write it; 0 where it is none."""
    try:
        return datetime.fromisoformat(created_at).timestamp() * 1000
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _graph(
    timeline: Timeline,
    stored: Stored,
    namespace: tuple[str, ...],
    states: Iterable[Mapping[str, Any]],
    end: float,
) -> None:
    for step in _steps(states, stored.run_id, stored.started, end):
        for message in messages_in(step.before.get("values")):
            timeline.known.makers.setdefault(message_id(message), "")
            for call in tool_calls(message):
                timeline.known.args.setdefault(call.id, call.args)
        spans = [
            span for task in step.tasks if (span := _task(timeline, stored, namespace, step, task))
        ]
        if step.after is not None:
            new = [
                message
                for message in messages_in(step.after.get("values"))
                if message_id(message) not in timeline.known.makers and is_made(message)
            ]
            if not spans and _metadata(step.after).get("source") == "loop":
                spans = [_unnamed(timeline, namespace, step)]
                wrote(timeline, spans[0], new, step.end, 0)
            claim(timeline, new, spans, step.end)


def _task(
    timeline: Timeline, stored: Stored, namespace: tuple[str, ...], step: _Step, task: Json
) -> Span | None:
    """The span of a task; None for one that never began, as before a breakpoint."""
    error, interrupts, result = (task.get(name) for name in ("error", "interrupts", "result"))
    # One that was cut off has an error, too; and one that failed may have been tried again.
    has_failed = bool(error) and step.after is None and stored.outcome is Outcome.FAILED
    is_pending = step.after is None and not (error or interrupts) and result is None
    # Without a state after it, what is not marked ran in another run, if at all.
    is_ours = step.after is not None or step.is_marked
    if not stored.is_cut_off and (is_pending or not is_ours):
        return None
    name = str(task.get("name") or "")
    span = timeline.begin(str(task["id"]), name, namespace, step.start, is_exact=False)
    if span.state is not State.RUNNING:
        return span
    span.step = _number(step.before) + 1
    span.checkpoint = _place(step.before)
    path = task.get("path")
    if not (isinstance(path, list) and path[:1] == [_PUSH]):
        span.input = step.before.get("values")
    inner = (*namespace, f"{name}:{span.id}")
    if states := stored.inside.get("|".join(inner)):
        _graph(timeline, stored, inner, states, step.end)
    if is_pending or (error and step.after is None and not has_failed):
        return span
    waits = step.after is None and not error
    told = {
        "error": error if has_failed else None,
        "interrupts": interrupts if waits else [],
        "result": result,
    }
    if waits and interrupts:
        # What was answered later was returned in another run.
        told["result"] = None
    ended(timeline, span, told, step.end, 0)
    return span


def _unnamed(timeline: Timeline, namespace: tuple[str, ...], step: _Step) -> Span:
    number = _number(step.before) + 1
    made = f"{'|'.join(namespace)}/{number}"
    span = timeline.begin(made, "", namespace, step.start, kind=Kind.STEP, is_exact=False)
    span.step, span.checkpoint = number, _place(step.before)
    timeline.end(span, step.end, State.DONE)
    return span


def _steps(
    states: Iterable[Mapping[str, Any]], run_id: str, started: float = 0, end: float = 0
) -> list[_Step]:
    """The steps of a run in one graph, oldest first; the run began and ended at these times."""
    kept = sorted(states, key=lambda state: moment(state.get("created_at")))
    by_id = {_id(state): state for state in kept}
    own = [state for state in kept if _run(state) == run_id]
    followed = {_parent(state) for state in own}
    steps: list[_Step] = []
    for state in own:
        before = by_id.get(_parent(state)) if _parent(state) else None
        if before is not None and _metadata(state).get("source") == "loop":
            resumed = _run(before) != run_id
            tasks = _tasks(before)
            if resumed and any(task.get("interrupts") for task in tasks):
                tasks = [task for task in tasks if task.get("interrupts")]
            is_input = any(task.get("name") == START for task in _all_tasks(before))
            if tasks or not is_input:
                start, over = (moment(one.get("created_at")) for one in (before, state))
                steps.append(_Step(before, state, tasks, max(start, started), over))
    last = [state for state in own if _id(state) not in followed]
    steps += [
        _Step(state, None, tasks, moment(state.get("created_at")), end)
        for state in last
        if (tasks := _tasks(state))
    ]
    return steps


def _events(
    stored: Stored, namespace: str, states: Iterable[Mapping[str, Any]], end: float
) -> Iterator[tuple[float, Event]]:
    suffix = f"|{namespace}" if namespace else ""
    for number, step in enumerate(_steps(states, stored.run_id, stored.started, end)):
        if not number:
            yield step.start, _event(f"values{suffix}", step.before.get("values"))
        at = step.end
        for task in step.tasks:
            name = str(task.get("name") or "")
            inner = "|".join(filter(None, (namespace, f"{name}:{task['id']}")))
            if kept := stored.inside.get(inner):
                yield from _events(stored, inner, kept, at)
            if step.after is None and task.get("interrupts"):
                yield at, _event(f"updates{suffix}", {"__interrupt__": task["interrupts"]})
            elif task.get("result") is not None and (step.after is not None or step.is_marked):
                yield at, _event(f"updates{suffix}", {name: task["result"]})
        if step.after is not None:
            yield at, _event(f"values{suffix}", step.after.get("values"))


def _event(name: str, data: Any) -> Event:
    return decode(name, data, size=len(dumps(data, option=OPT_NON_STR_KEYS)))


def _all_tasks(state: Mapping[str, Any]) -> list[Json]:
    tasks = state.get("tasks")
    kept = tasks if isinstance(tasks, list) else []
    return [task for task in kept if isinstance(task, dict) and isinstance(task.get("id"), str)]


def _tasks(state: Mapping[str, Any]) -> list[Json]:
    return [task for task in _all_tasks(state) if task.get("name") != START]


def _metadata(state: Mapping[str, Any]) -> Json:
    metadata = state.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _run(state: Mapping[str, Any]) -> Any:
    return _metadata(state).get("run_id")


def _number(state: Mapping[str, Any]) -> int:
    step = _metadata(state).get("step")
    return step if isinstance(step, int) else 0


def _place(state: Mapping[str, Any]) -> Json:
    place = state.get("checkpoint")
    kept = place if isinstance(place, dict) else {}
    texts = {name: kept.get(name) for name in ("checkpoint_id", "checkpoint_ns")}
    return {name: text if isinstance(text, str) else "" for name, text in texts.items()}


def _id(state: Mapping[str, Any]) -> str:
    return _place(state)["checkpoint_id"]


def _parent(state: Mapping[str, Any]) -> str:
    """The id of the checkpoint before this one; empty before the first."""
    return _place({"checkpoint": state.get("parent_checkpoint")})["checkpoint_id"]
