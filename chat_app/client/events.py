"""Typed events of a run's stream, and the pure decoder that makes them.

Nothing here reads a socket: `decode` takes the three fields of one server-sent event (already
JSON-decoded) and returns one `Event`. Names and shapes are those of LangGraph's v1 stream.

==================== ==========================================================
server's event name  class
==================== ==========================================================
metadata             `Metadata`
values               `Values`
updates              `Updates`
messages             `MessageDelta` (tuple mode: one chunk or one whole message)
messages/metadata    `MessagesMetadata`
messages/partial     `MessagesPartial` (cumulative mode)
messages/complete    `MessagesComplete`
custom               `Custom`
error                `RunError`
anything else        `Event` itself, kept and ignored
==================== ==========================================================

A name may carry a namespace of subgraphs, ``values|child:<uuid>|...``: it ends up in
`Event.namespace`, and a namespaced event never speaks of the root state.

Two are made by the client. `RunEnd`: current servers close the stream without a terminal event, so
the client requests the run's status and reports in a last event how the run ended. `Reconnecting`:
the stream broke and is opened again; once it is open, an `Event` named ``reconnected`` follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client.errors import LangGraphError

Json = dict[str, Any]


class Outcome(Enum):
    """How a run ended, as far as the server can tell."""

    FINISHED = "finished"
    """The run is over and its result is in the thread's state."""
    INTERRUPTED = "interrupted"
    """The graph paused for a person, or the run was cancelled."""
    FAILED = "failed"
    """The run raised or timed out."""
    LOST = "lost"
    """The server no longer knows the run, or cannot be reached to ask."""


@dataclass(slots=True, kw_only=True)
class Event:
    """One event of a run's stream. `event` and `data` are as the server sent them.

    Treat it as immutable. It is not frozen, because that doubles the cost of creating one.
    """

    event: str
    """The whole event name, namespace included."""
    data: Any = None
    """The decoded JSON, or the raw text where it was no JSON."""
    id: str | None = None
    """The server's event id where the stream is resumable. Not unique on the dev server."""
    namespace: tuple[str, ...] = ()
    """The path of subgraphs, outermost first; empty at the root."""
    size: int = field(default=0, compare=False)
    """Bytes of the data as it came; 0 for what the client made itself."""


@dataclass(slots=True, kw_only=True)
class Metadata(Event):
    """Always first. `attempt` above 1: the server restarted the run, and partial text is invalid.

    A server that was restarted sends a 1 again, which the client makes the next higher number.
    """

    run_id: str = ""
    attempt: int = 1


@dataclass(slots=True, kw_only=True)
class Values(Event):
    """The whole state after a step; `__interrupt__` in it is the list of pending interrupts.

    An object, but for an ``@entrypoint``: there it is what the function returned, any JSON.
    """

    values: Any


@dataclass(slots=True, kw_only=True)
class Updates(Event):
    """What each node returned: ``{node: partial state or None}``."""

    updates: Json


@dataclass(slots=True, kw_only=True)
class MessageDelta(Event):
    """Tuple mode. A ``...Chunk`` type is to be appended, any other type is a whole message."""

    message: Json
    metadata: Json


@dataclass(slots=True, kw_only=True)
class MessagesMetadata(Event):
    """Cumulative mode, once per message before its first partial: ``{message id: metadata}``."""

    metadata: Json


@dataclass(slots=True, kw_only=True)
class MessagesPartial(Event):
    """Cumulative mode: each message as far as it is written."""

    messages: tuple[Json, ...]


@dataclass(slots=True, kw_only=True)
class MessagesComplete(Event):
    """Cumulative mode: whole messages (tool results; old servers also send assistant ones)."""

    messages: tuple[Json, ...]


@dataclass(slots=True, kw_only=True)
class Custom(Event):
    """What a graph wrote with its stream writer: any JSON."""


@dataclass(slots=True, kw_only=True)
class RunError(Event):
    """The run failed while streaming. `message` is the server's text: hostile, show it escaped."""

    error: str
    message: str


@dataclass(slots=True, kw_only=True)
class Reconnecting(Event):
    """Made by the client, named ``reconnecting``: the stream broke and is retried after a pause."""

    exception: LangGraphError
    """What went wrong."""
    seconds: float
    """How long the pause is."""
    tries: int
    """Counts from 1 and begins again with each new event of the run."""


@dataclass(slots=True, kw_only=True)
class RunEnd(Event):
    """Made by the client, named ``end``: the last event of every stream."""

    outcome: Outcome
    run_id: str = ""
    error: str = ""
    """Where the outcome is `FAILED` or `LOST`: what the server says of it, else empty."""
    exception: LangGraphError | None = None
    """Where the outcome is `LOST` and the server did not say why: what went wrong last."""
    waits: bool = False
    """Where the outcome is `INTERRUPTED`: the graph waits for a person, and was not cancelled."""


def decode(
    event: str,
    data: Any,
    *,
    id: str | None = None,
    requested: Sequence[str] = (),
    size: int = 0,
) -> Event:
    """Turn one server-sent event into a typed one. Never raises: odd shapes become `Event`.

    `size` is that of the data in bytes, for `Event.size`.

    Servers of 2024 name `values` or `updates` events ``data``: with one mode in `requested` that
    is the mode, otherwise a ``messages`` key means values and anything else updates.
    """
    base, _, path = event.partition("|")
    namespace = tuple(path.split("|")) if path else ()
    kept: dict[str, Any] = {
        "event": event,
        "data": data,
        "id": id,
        "namespace": namespace,
        "size": size,
    }
    if base == "data":
        base = _mode_of_unnamed(data, requested)
    decoder = _DECODERS.get(base)
    return (decoder(kept, data) if decoder else None) or Event(**kept)


def _mode_of_unnamed(data: Any, requested: Sequence[str]) -> str:
    if len(requested) == 1:
        return requested[0]
    return "values" if isinstance(data, dict) and "messages" in data else "updates"


def _metadata(kept: Json, data: Any) -> Event | None:
    if not isinstance(data, dict):
        return None
    attempt = data.get("attempt")
    return Metadata(
        **kept,
        run_id=str(data.get("run_id") or ""),
        attempt=attempt if isinstance(attempt, int) else 1,
    )


def _values(kept: Json, data: Any) -> Event | None:
    return Values(**kept, values=data)


def _updates(kept: Json, data: Any) -> Event | None:
    return Updates(**kept, updates=data) if isinstance(data, dict) else None


def _messages(kept: Json, data: Any) -> Event | None:
    """Accepts ``[message, metadata]``, ``[message]`` and a bare message."""
    items = data if isinstance(data, list) else [data]
    if not items or not isinstance(items[0], dict):
        return None
    metadata = items[1] if len(items) > 1 and isinstance(items[1], dict) else {}
    return MessageDelta(**kept, message=items[0], metadata=metadata)


def _message_list(data: Any) -> tuple[Json, ...]:
    items = data if isinstance(data, list) else [data]
    return tuple(item for item in items if isinstance(item, dict))


def _error(kept: Json, data: Any) -> Event:
    """Accepts ``{error, message}``, ``{detail}``, ``{message}`` and a bare string."""
    if not isinstance(data, dict):
        return RunError(**kept, error="", message="" if data is None else str(data))
    message = data.get("message") or data.get("detail") or data.get("error") or ""
    return RunError(**kept, error=str(data.get("error") or ""), message=str(message))


_DECODERS = {
    "metadata": _metadata,
    "values": _values,
    "updates": _updates,
    "messages": _messages,
    "messages-tuple": _messages,
    "messages/metadata": lambda kept, data: (
        MessagesMetadata(**kept, metadata=data) if isinstance(data, dict) else None
    ),
    "messages/partial": lambda kept, data: MessagesPartial(**kept, messages=_message_list(data)),
    "messages/complete": lambda kept, data: MessagesComplete(**kept, messages=_message_list(data)),
    "custom": lambda kept, _: Custom(**kept),
    "error": _error,
}
