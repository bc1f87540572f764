"""What events and states are made of, read with care: any JSON may stand where these look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.client.events import Json

_NOT_MADE = {"human", "system", "remove", "HumanMessageChunk", "SystemMessageChunk"}
"""Types of messages that a graph is given, or that remove others."""
_DEPTH = 4
"""A state's key, ``$writes``, a list of updates, a list of messages."""


_PYTHON = re.compile(r"([A-Za-z_]\w*)\((['\"])((?:(?!\2)[^\\])*)\2,?\)", re.DOTALL)
"""An exception as checkpoints keep it: its name and one text without escapes."""


class Call(NamedTuple):
    """A call of a tool."""

    id: str
    name: str
    args: Any


def messages_in(value: Any, depth: int = _DEPTH) -> Iterator[Json]:
    """The messages in a state, in an update or in the input of a node."""
    if isinstance(value, dict):
        if is_message(value):
            yield value
        elif depth:
            for inner in value.values():
                if isinstance(inner, dict | list):
                    yield from messages_in(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for inner in value:
            if isinstance(inner, dict | list):
                yield from messages_in(inner, depth - 1)


def is_message(value: Json) -> bool:
    """Whether this is a message. Some have no id before they are in a state."""
    return "content" in value and isinstance(value.get("type"), str)


def message_id(message: Json) -> str:
    """The id of a message; empty where it has none yet."""
    found = message.get("id")
    return found if isinstance(found, str) else ""


def is_made(message: Json) -> bool:
    """Whether a node wrote this message, and did not only pass it on."""
    return str(message.get("type")) not in _NOT_MADE


def is_chunk(message: Json) -> bool:
    """Whether it is a part of a message that adds to those before it."""
    return str(message.get("type")).endswith("Chunk")


def calls_in(value: Any) -> Iterator[Call]:
    """The calls that a node of tools was started with, if it is one.

    Such a node gets a list of calls, or one call beside the state. One that gets the whole state
    cannot be told from other nodes.
    """
    if isinstance(value, dict) and isinstance(value.get("tool_call"), dict):
        value = [value["tool_call"]]
    for call in value if isinstance(value, list) else ():
        if isinstance(call, dict) and call.get("type") == "tool_call":
            yield from _call(call)


def tool_calls(message: Json) -> Iterator[Call]:
    """The calls in a whole message."""
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, dict):
            yield from _call(call)


def _call(call: Json) -> Iterator[Call]:
    named = (call.get("id"), call.get("name"))
    if all(isinstance(one, str) and one for one in named):
        yield Call(str(named[0]), str(named[1]), call.get("args"))


def error_text(error: Any) -> str:
    """An error as servers tell it: an object with a name and a message, or Python's own text."""
    if isinstance(error, str) and (found := _PYTHON.fullmatch(error)):
        return f"{found[1]}: {found[3]}"
    if not isinstance(error, dict):
        return "" if error is None else str(error)
    parts = (error.get("error") or error.get("type"), error.get("message") or error.get("detail"))
    return ": ".join(str(part) for part in parts if part) or str(error)


def interrupts_in(value: Any) -> list[Json]:
    """What a graph waits for, as far as it has the usual shape."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def path_of(namespace: Any) -> tuple[str, ...]:
    """The path in a ``checkpoint_ns``, outermost first, without the numbers of repeated calls."""
    parts = namespace.split("|") if isinstance(namespace, str) and namespace else ()
    return tuple(part for part in parts if not part.isdigit())


def task_in(segment: str) -> tuple[str, str]:
    """The name of the node and the id of its task in one segment of a path."""
    name, _, task = segment.rpartition(":")
    return (name, task) if task and name else (segment, segment)


def metadata_path(metadata: Json) -> tuple[str, ...]:
    """Where the message with these metadata was written; the last is the node's own segment."""
    told = metadata.get("langgraph_checkpoint_ns") or metadata.get("checkpoint_ns")
    return path_of(told)
