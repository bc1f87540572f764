"""A thread's state, read whole: the messages, what it asks a person, why it failed."""

from __future__ import annotations

import re
from ast import literal_eval
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript import asides, memory, notes, tools, workspace
from chat_app.transcript.message import Failure, Interrupt, Role, ToolStatus, Transcript
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
    was_stopped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chat_app.client.events import Json
    from chat_app.transcript.message import Message

BREAKPOINT = Interrupt("", None)
"""What stands for a static breakpoint: the graph paused and asks nothing."""

_ENDED = {"UserInterrupt", "CancelledError"}
_RAISED = re.compile(r"""(\w+)\(('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\)""")
"""An exception with one text, as Python writes it."""


def load(
    state: Mapping[str, Any],
    *,
    running: bool = False,
    error: Any = None,
    metadata: Mapping[str, Any] | None = None,
    earlier: Iterable[Mapping[str, Any]] = (),
) -> Transcript:
    """The transcript of ``GET /threads/T/state``.

    Args:
        state: the answer's JSON; all tasks count, and `next` without interrupts is a breakpoint.
        running: whether a run goes on, so that open calls may still be answered.
        error: what ``GET /threads/T`` says as ``error``: of a run that failed between two steps,
            or before the first, the state says nothing.
        metadata: the thread's, where the app keeps what the state cannot (see `notes`).
        earlier: states that led to this one, oldest first, with messages it has no more.
    """
    tasks = _dicts(state.get("tasks"))
    asked = [state.get("interrupts"), *(task.get("interrupts") for task in tasks)]
    interrupts: tuple[Interrupt, ...] = ()
    for question in asked:
        interrupts = with_interrupts(interrupts, question)
    failure = None if running else _failure(state) or _unless_stopped(_said(error), saved(state))
    if state.get("next") and not (interrupts or failure or running):
        interrupts = (BREAKPOINT,)
    status = ToolStatus.UNANSWERED
    if running or interrupts:
        status = ToolStatus.RUNNING if running else ToolStatus.WAITING
    values = state.get("values")
    values = values if isinstance(values, dict) else {}
    messages = memory.replayed([*map(saved, earlier), saved(state)])
    messages = _closed(messages, status)
    if "ui" in values:
        messages = asides.with_widgets(messages, values["ui"])
    messages = notes.noted(messages, metadata)
    loaded = Transcript(messages, interrupts, failure, running=running)
    return workspace.kept(loaded, values, {})


def with_forgotten(shown: Transcript, newer: Transcript) -> Transcript:
    """`newer`, read from the server, with what of `shown` the agent's memory has no more."""
    return replace(newer, messages=memory.carried_over(shown.messages, newer.messages))


def carried_over(shown: Transcript, newer: Transcript) -> Transcript:
    """`newer`, read from the server, with what only who watched the run knows."""
    messages = tools.all_carried_over(shown.messages, newer.messages)
    return replace(newer, messages=memory.carried_over(shown.messages, messages))


def saved(state: Mapping[str, Any]) -> tuple[Message, ...]:
    """The messages of a thread's state, those calls still open that nobody answered or gave up."""
    return conversation(_listed(state))


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


def lacks(state: Mapping[str, Any], message_id: str) -> bool:
    """Whether the thread never took this message: its run failed before the first checkpoint.

    To run again needs the message as input then. Sent with the same id it cannot be doubled.
    """
    return all(message.id != message_id for message in saved(state))


def _listed(state: Mapping[str, Any]) -> Any:
    values = state.get("values")
    return values.get("messages") if isinstance(values, dict) else None


def _answered(owner: Message, call_id: str, message: Json) -> Message:
    """`owner` with the result of a call, or with none where `message` only stands for one."""
    if was_stopped(message):
        return tools.given_up(owner, call_id)
    if failed_with(message):
        return replace(tools.given_up(owner, call_id), stopped=owner.stopped)
    return tools.with_result(owner, call_id, result(message))


def _closed(messages: tuple[Message, ...], status: ToolStatus) -> tuple[Message, ...]:
    """All messages, each call without a result set to `status`, if it may be answered yet."""
    asked = [place for place, message in enumerate(messages) if message.role is Role.HUMAN]
    last = asked[-1] if asked else 0
    earlier = tools.closed(messages[:last], ToolStatus.UNANSWERED)
    return (*earlier, *tools.closed(messages[last:], status))


def _failure(state: Mapping[str, Any]) -> Failure | None:
    """Why a task failed, or the message that stands last."""
    errors = (_said(task.get("error")) for task in _dicts(state.get("tasks")))
    noted = map(failed_with, each(_listed(state))[-1:])
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
