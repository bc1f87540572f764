"""A thread's state, read whole: the messages, what it asks a person, why it failed."""

from __future__ import annotations

import re
from ast import literal_eval
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript import custom, memory, thread_notes, tools, workspace
from chat_app.transcript.inputs import asked_of, key_in
from chat_app.transcript.message import Failure, Interrupt, ToolStatus, Transcript
from chat_app.transcript.outputs import messages_in, output_of
from chat_app.transcript.read import (
    PROVISIONAL,
    alone,
    call_id_of,
    failed_with,
    id_of,
    is_result,
    is_unseen,
    kind_of,
    read,
    result,
    unwrapped,
    was_dismissed,
    was_stopped,
)
from chat_app.transcript.shapes import MESSAGES, UNKNOWN
from chat_app.transcript.titles import title_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.client.events import Json
    from chat_app.transcript.message import Message
    from chat_app.transcript.order import Messages
    from chat_app.transcript.shapes import Shape

BREAKPOINT = Interrupt("", None)
"""What stands for a static breakpoint: the graph paused and asks nothing."""

_ENDED = {"UserInterrupt", "CancelledError"}
_RAISED = re.compile(r"""(\w+)\(('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\)""")
"""An exception with one text, as Python writes it."""


def load(  # noqa: PLR0913 - all that is known of a thread
    state: Mapping[str, Any],
    *,
    running: bool = False,
    error: Any = None,
    metadata: Mapping[str, Any] | None = None,
    earlier: Iterable[Mapping[str, Any]] = (),
    shape: Shape = UNKNOWN,
    turns: Messages | None = None,
) -> Transcript:
    """The transcript of ``GET /threads/T/state``.

    Args:
        state: the answer's JSON; all tasks count, and `next` without interrupts is a breakpoint.
        running: whether a run goes on, so that open calls may still be answered.
        error: what ``GET /threads/T`` says as ``error``: of a run that failed between two steps,
            or before the first, the state says nothing.
        metadata: the thread's, where the app keeps what the state cannot (see `notes`).
        earlier: states that led to this one, oldest first, with messages it has no more.
        shape: of the graph that works on the thread.
        turns: the messages, where the state alone does not tell them (see `turns`).
    """
    tasks = _dicts(state.get("tasks"))
    asked = [_unanswered(state.get("interrupts"), tasks)]
    asked += [task.get("interrupts") for task in tasks if task.get("result") is None]
    interrupts: tuple[Interrupt, ...] = ()
    for question in asked:
        interrupts = with_interrupts(interrupts, question)
    told = turns
    if told is None:
        before = (saved(one, shape.key) for one in earlier)
        told = memory.replayed([*before, _told(state, shape)])
    failure = None if running else _failure(state, shape.key) or _unless_stopped(_said(error), told)
    if state.get("next") and not (interrupts or failure or running):
        interrupts = (BREAKPOINT,)
    status = ToolStatus.UNANSWERED
    if running or interrupts:
        status = ToolStatus.RUNNING if running else ToolStatus.WAITING
    kept = state.get("values")
    values = kept if isinstance(kept, dict) else {}
    messages = tools.ended(told, status)
    if "ui" in values:
        messages = custom.with_widgets(messages, values["ui"])
    messages = thread_notes.noted(messages, metadata)
    title = title_in(values)
    loaded = Transcript(messages, interrupts, failure, running=running, shape=shape, title=title)
    if kept and shape.has_outputs and (shape.needs_runs or messages_in(kept, shape.key) is None):
        loaded = replace(loaded, values=kept)
    return workspace.kept(loaded, values, {})


def _unanswered(asked: Any, tasks: Iterable[Mapping[str, Any]]) -> Any:
    """The questions of a state without those of tasks that have their result.

    The others of the same step are still asked. A state that is read by its checkpoint tells both.
    """
    done = [
        one
        for task in tasks
        if task.get("result") is not None
        for one in task.get("interrupts") or []
    ]
    return [one for one in asked if one not in done] if isinstance(asked, list) and done else asked


def with_forgotten(shown: Transcript, newer: Transcript) -> Transcript:
    """`newer`, read from the server, with what of `shown` the agent's memory has no more."""
    return replace(newer, messages=memory.carried_over(shown.messages, newer.messages))


def carried_over(shown: Transcript, newer: Transcript) -> Transcript:
    """`newer`, read from the server, with what only who watched the run knows."""
    messages = tools.all_carried_over(shown.messages, newer.messages)
    return replace(newer, messages=memory.carried_over(shown.messages, messages))


def _told(state: Mapping[str, Any], shape: Shape) -> Messages:
    """The messages of a state; of one that holds none, what else there is in it."""
    kept, metadata = state.get("values"), state.get("metadata")
    is_odd = shape.has_outputs and bool(kept) and messages_in(kept, shape.key) is None
    if not is_odd:
        return saved(state, shape.key)
    run_id = metadata.get("run_id") if isinstance(metadata, dict) else None
    found = output_of(str(run_id or ""), kept, shape=shape)
    return (found,) if found else ()


def saved(state: Mapping[str, Any], key: str = MESSAGES) -> Messages:
    """The messages of a thread's state; calls without an answer or a cancellation are open."""
    return conversation(messages_in(state.get("values"), key))


def conversation(messages: Any) -> tuple[Message, ...]:
    """A state's list of messages; each result is joined to the nearest call before it.

    One that came before its call waits for it as a message of its own.
    """
    shown: dict[str, Message] = {}
    for message in each(messages):
        if kind_of(message) == "remove":
            continue
        key = id_of(message) or f"{PROVISIONAL}{len(shown)}"
        if not is_result(message):
            shown[key], early = tools.adopted(shown.values(), read(message, id=key))
            for taken in early:
                del shown[taken]
        elif owner := tools.owner_of(shown.values(), call_id_of(message)):
            shown[owner.id] = _answered(owner, call_id_of(message), message)
        else:
            shown[key] = alone(message, id=key)
    return tuple(shown.values())


def asked_in(given: Any, *, made: str, key: str = MESSAGES) -> Message:
    """A run's input as the person's turn; `made` is its id where no message has one."""
    key_there = key_in(given, key)
    listed = given if key_there == "" else given[key_there] if key_there is not None else []
    messages = conversation(listed)
    own = next((one.id for one in reversed(messages) if one.is_request), PROVISIONAL)
    return asked_of(given, messages, key_there, id=made if own.startswith(PROVISIONAL) else own)


def each(messages: Any) -> list[Json]:
    """The messages of a list, or of one alone; anything that is no message is passed over."""
    listed = messages if isinstance(messages, list) else [messages]
    return [found for found in map(unwrapped, _dicts(listed)) if not is_unseen(found)]


def with_interrupts(known: tuple[Interrupt, ...], listed: Any) -> tuple[Interrupt, ...]:
    """`known` and those of a server's list that are new: by id, or by value where there is none."""
    for item in _dicts(listed):
        key = item.get("id") or item.get("interrupt_id")
        schema = item.get("response_schema")
        found = Interrupt(
            key if isinstance(key, str) else "",
            item.get("value"),
            schema if isinstance(schema, dict) else None,
        )
        if not any(same.id == found.id and (found.id or same == found) for same in known):
            known = (*known, found)
    return known


def lacks(state: Mapping[str, Any], message_id: str, key: str = MESSAGES) -> bool:
    """Whether the thread never took this message: its run failed before the first checkpoint.

    To run again needs the message as input then. Sent with the same id it cannot be doubled.
    """
    return all(message.id != message_id for message in saved(state, key))


def _answered(owner: Message, call_id: str, message: Json) -> Message:
    """`owner` with the result of a call, or with none where `message` only stands for one."""
    if was_stopped(message):
        return tools.given_up(owner, call_id)
    if failed_with(message) or was_dismissed(message):
        return replace(tools.given_up(owner, call_id), stopped=owner.stopped)
    return tools.with_result(owner, call_id, result(message))


def _failure(state: Mapping[str, Any], key: str) -> Failure | None:
    """Why a task failed, or the message that stands last."""
    errors = (_said(task.get("error")) for task in _dicts(state.get("tasks")))
    noted = map(failed_with, each(messages_in(state.get("values"), key))[-1:])
    return next(filter(None, (*errors, *noted)), None)


def _unless_stopped(failure: Failure | None, messages: tuple[Message, ...]) -> Failure | None:
    """A thread may call it an error that its run was ended, below the answer marked as stopped.

    So says a dev server (0.16) that ends the run only after the answer was saved.
    """
    is_stopped = bool(messages) and messages[-1].stopped
    return None if failure and is_stopped and failure.error in _ENDED else failure


def _said(error: Any) -> Failure | None:
    """A server's error: ``{error, message}`` or one text, such as ``RuntimeError('...')``."""
    if not error:
        return None
    if isinstance(error, dict):
        return Failure(str(error.get("error") or ""), str(error.get("message") or ""))
    if raised := _RAISED.fullmatch(str(error)):
        with suppress(ValueError, SyntaxError):
            return Failure(raised[1], str(literal_eval(raised[2])))
    return Failure("", str(error))


def _dicts(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
