"""A thread's state, read whole: the messages, what it asks a person, why it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript import tools
from chat_app.transcript.message import Failure, Interrupt, ToolStatus, Transcript
from chat_app.transcript.read import (
    PROVISIONAL,
    call_id_of,
    id_of,
    kind_of,
    read,
    result,
    unwrapped,
    was_stopped,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client.events import Json
    from chat_app.transcript.message import Message

BREAKPOINT = Interrupt("", None)
"""What stands for a static breakpoint: the graph paused and asks nothing."""


def load(state: Mapping[str, Any], *, running: bool = False) -> Transcript:
    """The transcript of ``GET /threads/T/state``.

    Args:
        state: the answer's JSON; all tasks count, and `next` without interrupts is a breakpoint.
        running: whether a run goes on, so that open calls may still be answered.
    """
    values = state.get("values")
    messages = conversation(values.get("messages") if isinstance(values, dict) else None)
    tasks = _dicts(state.get("tasks"))
    asked = [state.get("interrupts"), *(task.get("interrupts") for task in tasks)]
    interrupts: tuple[Interrupt, ...] = ()
    for listed in asked:
        interrupts = with_interrupts(interrupts, listed)
    failure = None if running else _failure(tasks)
    if state.get("next") and not (interrupts or failure or running):
        interrupts = (BREAKPOINT,)
    status = ToolStatus.RUNNING if running or interrupts else ToolStatus.UNANSWERED
    return Transcript(
        messages=tools.closed(messages, status),
        interrupts=interrupts,
        failure=failure,
        running=running,
    )


def conversation(messages: Any) -> tuple[Message, ...]:
    """A state's list of messages; each result is joined to the nearest call before it."""
    shown: dict[str, Message] = {}
    for message in each(messages):
        kind = kind_of(message)
        if kind == "remove":
            continue
        call_id = call_id_of(message) if kind == "tool" else ""
        if owner := tools.owner_of(shown.values(), call_id):
            shown[owner.id] = (
                tools.given_up(owner, call_id)
                if was_stopped(message)
                else tools.with_result(owner, call_id, result(message))
            )
        else:
            key = id_of(message) or f"{PROVISIONAL}{len(shown)}"
            shown[key] = read(message, id=key)
    return tuple(shown.values())


def each(messages: Any) -> list[Json]:
    """The messages of a list, or of one alone; anything that is no message is passed over."""
    listed = messages if isinstance(messages, list) else [messages]
    return [unwrapped(message) for message in _dicts(listed)]


def with_interrupts(known: tuple[Interrupt, ...], listed: Any) -> tuple[Interrupt, ...]:
    """`known` and those of a server's list that are new: by id, or by value where there is none."""
    for item in _dicts(listed):
        key = item.get("id") or item.get("interrupt_id")
        found = Interrupt(key if isinstance(key, str) else "", item.get("value"))
        if not any(same.id == found.id and (found.id or same == found) for same in known):
            known = (*known, found)
    return known


def _failure(tasks: list[Json]) -> Failure | None:
    """A failed task says so in one text, such as ``RuntimeError('...')``."""
    errors = [task["error"] for task in tasks if task.get("error")]
    if not errors:
        return None
    if isinstance(errors[0], dict):
        return Failure(str(errors[0].get("error") or ""), str(errors[0].get("message") or ""))
    return Failure("", str(errors[0]))


def _dicts(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
