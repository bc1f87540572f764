"""The updates of a state that make a stored thread again, as ``POST /threads`` takes them.

Each turn is written in two steps, what a person said and what followed, so that the new thread has
checkpoints to edit and to regenerate from. Ids, pairs of calls and results, and all kinds of
messages stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.transcript.forms import as_json
from chat_app.transcript.outputs import messages_in
from chat_app.transcript.read import id_of, kind_of, unwrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chat_app.transcript.record import ThreadRecord

MOST_TURNS = 100
"""That get steps of their own: the first step has all that is older. Each step is a whole state."""
START, END = "__start__", "__end__"
_REMOVE_ALL = {"type": "remove", "id": "__remove_all__", "content": ""}
_KINDS = {
    "human": "human",
    "user": "human",
    "ai": "ai",
    "assistant": "ai",
    "system": "system",
    "developer": "system",
    "tool": "tool",
    "function": "function",
}


def updates_of(record: ThreadRecord) -> list[dict[str, Any]]:
    """The values to write, one after the other, each as if it were an input of the graph."""
    key = record.shape.key or "messages"
    values = record.state.get("values")
    beside = values if isinstance(values, dict) else {}
    beside = {name: value for name, value in beside.items() if name != key}
    updates: list[dict[str, Any]] = []
    for state in record.earlier:
        updates.append({key: [*_cleared(updates), *_messages(state, key)]})
    steps = list(_steps(_messages(record.state, key)))
    for number, step in enumerate(steps):
        first = _cleared(updates) if number == 0 else []
        updates.append({key: [*first, *step]})
    if beside:
        updates[-1:] = [{**(updates[-1] if updates else {}), **beside}]
    return updates


def supersteps_of(updates: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same as supersteps; the last one says that the graph has nothing left to do."""
    steps = [{"updates": [{"values": values, "as_node": START}]} for values in updates]
    return [*steps, {"updates": [{"values": None, "as_node": END}]}]


def joined(updates: Sequence[dict[str, Any]], key: str) -> dict[str, Any]:
    """All of them as one update, for servers that take no steps."""
    whole: dict[str, Any] = {}
    for values in updates:
        listed = values.get(key)
        if isinstance(listed, list) and listed[:1] == [_REMOVE_ALL]:
            whole[key] = listed[1:]
            listed = None
        whole |= {name: value for name, value in values.items() if name != key}
        if listed:
            whole[key] = [*whole.get(key, []), *listed]
    return whole


def _cleared(updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What empties the list of messages, where there are any by then."""
    return [_REMOVE_ALL] if updates else []


def _steps(messages: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """What people said and what followed, in turn; all older turns are the first step."""
    starts = [n for n, message in enumerate(messages) if message["type"] == "human"]
    first = starts[-MOST_TURNS] if len(starts) > MOST_TURNS else 0
    if first:
        yield messages[:first]
    step: list[dict[str, Any]] = []
    for message in messages[first:]:
        if step and (message["type"] == "human") != (step[-1]["type"] == "human"):
            yield step
            step = []
        step.append(message)
    if step:
        yield step


def _messages(state: Any, key: str) -> list[dict[str, Any]]:
    listed = messages_in(state.get("values"), key)
    listed = [listed] if isinstance(listed, dict) else listed
    found = [unwrapped(one) for one in listed or [] if isinstance(one, dict)]
    return [_writable(one) for one in found if kind_of(one) != "remove"]


def _writable(message: dict[str, Any]) -> dict[str, Any]:
    """A message that a server takes: of a kind that LangChain can write to a state."""
    kind = _KINDS.get(kind_of(message), "ai")
    fields = {name: value for name, value in message.items() if name not in {"type", "role"}}
    if kind == "tool" and not isinstance(fields.get("tool_call_id"), str):
        fields["tool_call_id"] = id_of(message)
    for name in ("id", "name"):
        if not isinstance(fields.get(name), str):
            fields.pop(name, None)
    content = fields.get("content")
    if not isinstance(content, str | list):
        fields["content"] = "" if content is None else as_json(content)
    if kind == "ai" and kind_of(message) not in _KINDS and not fields.get("name"):
        fields["name"] = kind_of(message)
    return {"type": kind, **{name: value for name, value in fields.items() if value is not None}}
