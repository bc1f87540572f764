"""The turns of a thread whose state does not say what was asked, from its runs and its history.

A server keeps the input of each run with the run, and the state after each step with the thread:
an input begins with a checkpoint of the source ``input``, which holds the state before it. A run
without an input (an answer to a question, another attempt) goes on with the turn that is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript.load import asked_in, conversation
from chat_app.transcript.message import Message, Role
from chat_app.transcript.outputs import given_in, messages_in, named, output_of
from chat_app.transcript.read import PROVISIONAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chat_app.client.events import Json
    from chat_app.transcript.order import Messages
    from chat_app.transcript.shapes import Shape

_START = "__start__"
_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Turn:
    """One run. `given` is its input, missing where it went on with an earlier one."""

    run_id: str
    given: Any = _MISSING
    message_id: str = ""
    status: str = "success"
    before: Any = None
    after: Any = _MISSING
    """The state at its end, or by now; missing where it left none."""
    written: frozenset[str] = field(default_factory=frozenset)

    @property
    def has_input(self) -> bool:
        return self.given is not _MISSING and self.given is not None


def turn_as_json(turn: Turn) -> Json:
    """A turn as a JSON object; see `turn_in`."""
    fields: Json = {"run_id": turn.run_id, "status": turn.status, "before": turn.before}
    if turn.given is not _MISSING:
        fields["input"] = turn.given
    if turn.after is not _MISSING:
        fields["after"] = turn.after
    if turn.message_id:
        fields["message_id"] = turn.message_id
    return {**fields, "written": sorted(turn.written)}


def turn_in(fields: Json) -> Turn:
    """The turn of such an object; what is odd in it is left out."""
    written = fields.get("written")
    return Turn(
        str(fields.get("run_id") or ""),
        fields.get("input", _MISSING),
        str(fields.get("message_id") or ""),
        str(fields.get("status") or "success"),
        fields.get("before"),
        fields.get("after", _MISSING),
        frozenset(map(str, written)) if isinstance(written, list) else frozenset(),
    )


def turns_of(
    runs: Sequence[Json], history: Sequence[Json], values: Any, *, message_key: str
) -> tuple[Turn, ...]:
    """The turns of a thread, oldest first.

    Args:
        runs: of ``GET /threads/T/runs``, newest first, with their `kwargs`; maybe none.
        history: of ``POST /threads/T/history``, newest first; it may lack checkpoints.
        values: the state as it is.
        message_key: under which a run's metadata names the person's message.
    """
    found = _of_history(history)
    turns: list[Turn] = []
    for run in reversed(runs):
        run_id, status = run.get("run_id"), str(run.get("status"))
        if not isinstance(run_id, str) or status == "pending":
            found.pop(str(run_id), None)
            continue
        turn = found.pop(run_id, None) or Turn(run_id)
        kwargs, metadata = run.get("kwargs"), run.get("metadata")
        given = kwargs.get("input") if isinstance(kwargs, dict) else None
        named = metadata.get(message_key) if isinstance(metadata, dict) else None
        turns.append(
            replace(
                turn,
                given=turn.given if given is None else given,
                message_id=named if isinstance(named, str) else "",
                status=status,
            )
        )
    # The history still has the runs that the server deleted; they are the older ones.
    return _with_ends((*found.values(), *turns), values)


def conversation_of(turns: Sequence[Turn], shape: Shape, *, waits: bool = False) -> Messages:
    """What was asked and answered, turn by turn; where the last one `waits`, it is not over."""
    shown: Messages = ()
    asked: Message | None = None
    for place, turn in enumerate(turns):
        is_last = place == len(turns) - 1
        listed = None if turn.after is _MISSING else messages_in(turn.after, shape.key)
        answered = named(conversation(listed), turn.run_id) if listed is not None else ()
        if turn.has_input:
            asked = _asked(turn, shape)
            shown = _with_asked(shown, asked, answered)
        shown = _joined(shown, answered)
        goes_on = waits if is_last else not turns[place + 1].has_input
        is_over = turn.status == "success" and not goes_on and listed is None
        output = None
        is_output = listed is None or shape.takes != "messages"
        if shape.has_outputs and turn.after is not _MISSING and is_output:
            output = output_of(
                turn.run_id,
                turn.after,
                shape=shape,
                asked=given_in(asked),
                before=turn.before,
                written=turn.written,
                is_over=is_over,
            )
        if turn.status == "interrupted" and not (is_last and waits):
            output = replace(
                output or Message(f"{turn.run_id}:output", Role.ASSISTANT), stopped=True
            )
        shown = (*shown, output) if output else shown
    return shown


def _of_history(history: Sequence[Json]) -> dict[str, Turn]:
    """By run, oldest first, what the checkpoints say of it."""
    found: dict[str, Turn] = {}
    last: Any = None
    for checkpoint in _in_order(history):
        metadata = checkpoint.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        run_id, before = metadata.get("run_id"), last
        last = checkpoint.get("values")
        if not isinstance(run_id, str) or metadata.get("source") in {"update", "fork"}:
            continue
        tasks = [task for task in checkpoint.get("tasks") or [] if isinstance(task, dict)]
        if metadata.get("source") == "input":
            before = last
        turn = found.get(run_id) or Turn(run_id, before=before)
        given = next((task.get("result") for task in tasks if task.get("name") == _START), None)
        found[run_id] = replace(
            turn,
            given=turn.given if given is None else given,
            after=turn.after if metadata.get("source") == "input" else last,
            written=turn.written | _written(tasks),
        )
    return found


def _in_order(history: Sequence[Json]) -> list[Json]:
    """Oldest first, each once."""
    by_id: dict[Any, Json] = {}
    for number, checkpoint in enumerate(history):
        if isinstance(checkpoint, dict):
            by_id.setdefault(_checkpoint_id(checkpoint) or number, checkpoint)
    return sorted(by_id.values(), key=_step)


def _checkpoint_id(checkpoint: Json) -> str:
    at = checkpoint.get("checkpoint")
    found = at.get("checkpoint_id") if isinstance(at, dict) else None
    return str(found or checkpoint.get("checkpoint_id") or "")


def _step(checkpoint: Json) -> tuple[str, int]:
    """Ids of checkpoints are in the order of time."""
    metadata = checkpoint.get("metadata")
    step = metadata.get("step") if isinstance(metadata, dict) else None
    return _checkpoint_id(checkpoint), step if isinstance(step, int) else 0


def _written(tasks: Iterable[Json]) -> frozenset[str]:
    results = [task.get("result") for task in tasks if task.get("name") != _START]
    return frozenset(name for result in results if isinstance(result, dict) for name in result)


def _with_ends(turns: Sequence[Turn], values: Any) -> tuple[Turn, ...]:
    """Each turn with the state at its end: the one before the next one, and at last that of now.

    A history may lack the steps between two inputs.
    """
    ended: list[Turn] = []
    after = values
    for turn in reversed(turns):
        knows_before = turn.before is not None or turn.after is not _MISSING
        is_lost = turn.status in {"error", "timeout"} and turn.after is _MISSING
        if is_lost and not knows_before:
            ended.insert(0, turn)  # it never reached the state
            continue
        ended.insert(0, replace(turn, after=after))
        after = turn.before if knows_before else _MISSING
    return tuple(ended)


def _asked(turn: Turn, shape: Shape) -> Message:
    made = turn.message_id or f"{turn.run_id}:asked"
    return asked_in(turn.given, made=made, key=shape.key)


def _with_asked(shown: Messages, asked: Message, answered: Messages) -> Messages:
    """`shown` and the question, unless it stands among the messages that were answered."""
    listed = {one.id for one in (*shown, *answered)}
    is_listed = asked.id in listed or any(_is_same(one, asked) for one in answered)
    return shown if is_listed else (*shown, asked)


def _joined(shown: Messages, listed: Messages) -> Messages:
    """`shown` and what a state lists beyond it: all of the thread, or its last turn alone."""
    same = 0
    while same < min(len(shown), len(listed)) and _is_same(shown[same], listed[same]):
        same += 1
    if listed and same == len(shown):
        return (*shown, *listed[same:])
    known = {one.id for one in shown}
    return (*shown, *(one for one in listed if one.id not in known))


def _is_same(one: Message, other: Message) -> bool:
    if one.id == other.id:
        return True
    is_named = not (one.id.startswith(PROVISIONAL) or other.id.startswith(PROVISIONAL))
    return not is_named and (one.role, one.parts) == (other.role, other.parts)
