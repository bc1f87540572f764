"""The rows of a list of events: some of a run's, as they were asked for, a page at a time.

A page is bounded by the rows that it has and by the bytes that had to be searched for them, so that
a search through a long run never keeps the process busy for long: it goes on at `Page.next`.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chat_app.timeline.record import Recorded

PREVIEW = 200
"""Characters of an event's data in its row."""
MOST_SEARCHED = 2**20
"""Bytes of data that are searched for one page; one event more may be."""
MOST_LOOKED_AT = 4_000
"""Events for one page."""
_KEYS = 20
"""Of an object, in a preview."""
_KNOWN = frozenset({"id", "name", "triggers"})
"""What the row of a task says elsewhere, or need not say."""
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "))


class Wanted(NamedTuple):
    """Which events of a run are listed. What is empty leaves none out."""

    mode: str = ""
    node: str = ""
    """A node's name, or that of a subgraph around it."""
    search: str = ""
    """Letters of its name or its data, in either case."""

    def has(self, item: Recorded) -> bool:
        """Whether an event is listed."""
        if self.mode and item.mode != self.mode:
            return False
        if self.node and self.node not in places_of(item):
            return False
        return not self.search or self.search.lower() in searched(item)


class Page(NamedTuple):
    """Rows, oldest first, and the number of the last event that was looked at for them."""

    rows: list[Row]
    next: int


class Row(NamedTuple):
    """One event, without its data."""

    number: int
    at: float
    """Milliseconds since 1970."""
    event: str
    mode: str
    node: str
    size: int
    """Bytes of its data."""
    preview: str
    """The beginning of its data, in one line."""
    is_whole: bool
    """False where its data are too large to be kept."""


def page_of(items: Iterable[Recorded], wanted: Wanted, *, after: int, most: int) -> Page:
    """The first `most` of the wanted ones among `items`, whose numbers are above `after`."""
    rows: list[Row] = []
    searched, looked_at = 0, 0
    for item in items:
        if item.number <= after:
            continue
        if len(rows) >= most or searched > MOST_SEARCHED or looked_at >= MOST_LOOKED_AT:
            break
        after, looked_at = item.number, looked_at + 1
        searched += item.size if wanted.search else 0
        if wanted.has(item):
            rows.append(row_of(item))
    return Page(rows, after)


def row_of(item: Recorded) -> Row:
    """The row of one event."""
    return Row(
        item.number,
        item.at,
        item.event,
        item.mode,
        node_of(item),
        item.size,
        preview(item),
        item.is_whole,
    )


def node_of(item: Recorded) -> str:
    """The node that an event is from, or several between commas; empty if it names none."""
    match item.mode, item.data:
        case "messages", [_, {"langgraph_node": str(node)}, *_]:
            return node
        case "updates", dict(nodes):
            return ", ".join(str(node) for node in nodes)
        case "tasks", {"name": str(node)}:
            return node
        case "events", {"metadata": {"langgraph_node": str(node)}}:
            return node
        case "debug", {"payload": {"name": str(node)}}:
            return node
    return item.namespace[-1].partition(":")[0] if item.namespace else ""


def places_of(item: Recorded) -> set[str]:
    """The nodes that an event is from, and those of the subgraphs around them."""
    around = (segment.partition(":")[0] for segment in item.namespace)
    return {*node_of(item).split(", "), *around} - {""}


def preview(item: Recorded) -> str:
    """The beginning of an event's data, in one line: of a message what it says."""
    match item.mode, item.data:
        case "messages", data:
            text = _said(data) or _beginning(_told(data))
        case "values", dict(state):
            text = _state(state)
        case "updates", dict(updates):
            text = _states(updates)
        case "tasks", dict(task):
            told = {name: value for name, value in task.items() if value and name not in _KNOWN}
            text = _states(told)
        case _, data:
            text = _beginning(data)
    return text[:PREVIEW].replace("\n", "⏎ ")


def searched(item: Recorded) -> str:
    """What a search looks through, in lower case."""
    return f"{item.event}\n{text_of(item.data)}".lower()


def text_of(data: Any) -> str:
    """`data` as JSON in one line; a text that was no JSON as it is."""
    return data if isinstance(data, str) else as_json(data).decode(errors="replace")


def as_json(data: Any) -> bytes:
    """`data` as JSON, whatever its numbers, as UTF-8.

    Raises:
        RecursionError: it is nested thousands of levels deep.
    """
    try:
        return orjson.dumps(data)
    except TypeError:  # numbers of more than 64 bits
        return json.dumps(data, ensure_ascii=False, default=str).encode(errors="replace")


def _states(states: dict[str, Any]) -> str:
    """Several states, or other values, by their names."""
    return ", ".join(
        f"{name}: {_state(value) if isinstance(value, dict) else _value(value)}"
        for name, value in islice(states.items(), _KEYS)
    )


def _state(state: dict[str, Any]) -> str:
    """The keys of a state, with what is short of it: of lists and objects how much is in them."""
    parts = []
    for name, value in islice(state.items(), _KEYS):
        match value:
            case list():
                parts.append(f"{name}[{len(value)}]")
            case dict():
                parts.append(f"{name}{{{len(value)}}}")
            case _:
                parts.append(f"{name}={_value(value)}")
    return ", ".join(parts)


def _value(value: Any) -> str:
    return _beginning(value) or "null"


def _told(data: Any) -> Any:
    """A message without its metadata and its empty fields."""
    message = data[0] if isinstance(data, list) and data else data
    if not isinstance(message, dict):
        return data
    return {name: value for name, value in message.items() if value not in (None, "", [], {})}


def _said(data: Any) -> str:
    message = data[0] if isinstance(data, list) and data else data
    if not isinstance(message, dict):
        return ""
    said = "".join(_texts(message.get("content")))
    for call in message.get("tool_call_chunks") or message.get("tool_calls") or ():
        if isinstance(call, dict):
            args = call.get("args")
            said += str(call.get("name") or "")
            said += args if isinstance(args, str) else _beginning(args) if args else ""
    return said


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for block in content:
            if isinstance(block, str):
                yield block
            elif isinstance(block, dict):
                text = block.get("text") or block.get("reasoning")
                yield text if isinstance(text, str) else ""


def _beginning(data: Any) -> str:
    """The first letters of `data` as JSON, without writing all of it."""
    if data is None:
        return ""
    parts, length = [], 0
    try:
        for part in _ENCODER.iterencode(data):
            parts.append(part[:PREVIEW])
            length += len(part)
            if length > PREVIEW:
                break
    except (RecursionError, TypeError, ValueError):
        parts.append("…")
    return "".join(parts)
