"""What only a thread's history contains, of runs that no tab was subscribed to.

``POST /threads/T/history`` lists the states of a thread, newest first. A state names the tasks that
followed it: a task with a ``checkpoint`` ran a subgraph, one with ``interrupts`` asked something. A
task that asks several times keeps only its last question. What is found is written as the app
itself would have noted it (see `chat_app.transcript.thread_notes`).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.transcript.asked import answered_elsewhere
from chat_app.transcript.handoffs import handoff_of, plain
from chat_app.transcript.load import saved, with_interrupts
from chat_app.transcript.message import Decision
from chat_app.transcript.thread_notes import RUN, note_of
from chat_app.transcript.tools import calls_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from chat_app.client.events import Json
    from chat_app.transcript.message import Interrupt, Message

_BY_ID = 32
"""Characters of an interrupt's id, in hexadecimal digits."""


_END = "~"
"""Later than any time in ISO 8601."""


class Resume(NamedTuple):
    """A run that went on with an answer, which another program gave."""

    run_id: str
    created_at: str
    """As the server writes it, in ISO 8601."""
    value: Any


class _Step(NamedTuple):
    """A state, and the next one on the same branch."""

    state: Mapping[str, Any]
    following: Mapping[str, Any]


def agents_in(states: Sequence[Mapping[str, Any]], *, known: Collection[str] = ()) -> Json:
    """Notes on the subgraphs that were nodes, by run.

    Only those are told whose words came into the messages: of the others it is not known whether
    there is anything to read. A pass of a supervisor is left out.

    Args:
        states: the history, newest first; of several branches the newest counts.
        known: runs of which there is a note already.
    """
    notes: dict[str, list[Json]] = {}
    steps = _steps(states)
    supervisors = _given_back_to(states[:1])
    for step in steps:
        before = {message.id for message in saved(step.state)}
        new = [message for message in saved(step.following) if message.id not in before]
        run_id = _run_id(step.following)
        if not new or not run_id or run_id in known:
            continue
        tasks = [task for task in _dicts(step.state.get("tasks")) if _namespace(task)]
        hands_on = any(_hands_on(message) for message in new)
        last = saved(step.state)[-1:]
        notes.setdefault(run_id, []).extend(
            {
                "namespace": _namespace(task),
                "name": str(task.get("name") or ""),
                "after": last[0].id if last else "",
            }
            for task in tasks
            if not (hands_on and len(tasks) == 1)
            and plain(str(task.get("name"))) not in supervisors
        )
    return {f"{RUN}{run_id}": {"agents": agents} for run_id, agents in notes.items() if agents}


def decisions_in(
    states: Sequence[Mapping[str, Any]], resumes: Sequence[Resume], *, running: bool = False
) -> Json:
    """Notes on what was asked and answered, of runs that other programs resumed.

    An answer belongs to the state that was the newest as its run was made. Where several were given
    to one state, the questions that the server still has are those of the last ones; what the
    newest state asks is answered only where a run is under way (`running`).
    """
    notes: Json = {}
    newest = [_Step(state, {"created_at": _END}) for state in states[:1]]
    for step in (*_steps(states), *newest):
        if not _interrupts(step.state):
            continue
        begun, ended = _time(step.state), _time(step.following)
        given = [one for one in resumes if begun <= one.created_at < ended]
        open_now = list(_interrupts(step.state)) if ended != _END or running else []
        for resume in sorted(given, key=lambda one: one.created_at, reverse=True):
            for decision in _decisions(resume, open_now):
                notes |= note_of(decision, saved(step.state))
    return notes


def _decisions(resume: Resume, open_now: list[Interrupt]) -> Iterator[Decision]:
    """The decisions that one run brought; what they answer is no longer open."""
    answers = resume.value if isinstance(resume.value, dict) else {}
    if answers and all(len(key) == _BY_ID and _is_hex(key) for key in answers):
        by_id = {asked.id: asked for asked in open_now}
        for number, (key, value) in enumerate(answers.items()):
            if asked := by_id.get(key):
                open_now.remove(asked)
            yield from _decision(f"{resume.run_id}.{number}", asked, value)
        return
    yield from _decision(resume.run_id, open_now.pop() if open_now else None, resume.value)


def _decision(id: str, asked: Interrupt | None, value: Any) -> Iterator[Decision]:
    """The decision, without the question where that is not known or the answer does not fit it."""
    if asked and (decision := answered_elsewhere(id, asked, value)):
        yield decision
    elif decision := answered_elsewhere(id, _UNKNOWN, value):
        yield Decision(id, decision.said)


_UNKNOWN = with_interrupts((), [{"value": "?"}])[0]


def _steps(states: Sequence[Mapping[str, Any]]) -> list[_Step]:
    """The states of the newest branch with those that follow, oldest first."""
    by_id = {_checkpoint_id(state): state for state in states}
    branch = list(states[:1])
    while branch and (parent := by_id.get(_parent_id(branch[-1]))) and len(branch) < len(states):
        branch.append(parent)
    return [_Step(state, following) for state, following in pairwise(reversed(branch))]


def _given_back_to(newest: Sequence[Mapping[str, Any]]) -> set[str]:
    """The agents that control was given back to, in the whole thread."""
    found = (handoff_of(c) for state in newest for m in saved(state) for c in calls_of(m))
    return {plain(handoff.agent) for handoff in found if handoff and handoff.back}


def _hands_on(message: Message) -> bool:
    handoffs = map(handoff_of, calls_of(message))
    return any(handoff and not handoff.back for handoff in handoffs)


def _interrupts(state: Mapping[str, Any]) -> tuple[Interrupt, ...]:
    found: tuple[Interrupt, ...] = ()
    for task in _dicts(state.get("tasks")):
        found = with_interrupts(found, task.get("interrupts"))
    return found


def _namespace(task: Mapping[str, Any]) -> str:
    checkpoint = task.get("checkpoint")
    namespace = checkpoint.get("checkpoint_ns") if isinstance(checkpoint, dict) else None
    return namespace if isinstance(namespace, str) else ""


def _checkpoint_id(state: Mapping[str, Any]) -> str:
    return _id_in(state.get("checkpoint")) or str(state.get("checkpoint_id") or "")


def _parent_id(state: Mapping[str, Any]) -> str:
    parent = _id_in(state.get("parent_checkpoint"))
    return parent or str(state.get("parent_checkpoint_id") or "")


def _id_in(checkpoint: Any) -> str:
    return str(checkpoint.get("checkpoint_id") or "") if isinstance(checkpoint, dict) else ""


def _run_id(state: Mapping[str, Any]) -> str:
    about = state.get("metadata")
    run_id = about.get("run_id") if isinstance(about, dict) else None
    return run_id if isinstance(run_id, str) else ""


def _time(state: Mapping[str, Any]) -> str:
    return str(state.get("created_at") or "")


def _is_hex(text: str) -> bool:
    return all(digit in "0123456789abcdef" for digit in text)


def _dicts(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
