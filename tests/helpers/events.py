"""Builders for the events of a run, one per kind, and for the JSON messages in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.client.events import Outcome, RunEnd, decode

if TYPE_CHECKING:
    from chat_app.client.events import Event, Json


def human(text: Any, id: str | None = "h1") -> Json:
    return {"type": "human", "content": text, "id": id}


def ai(content: Any = "", id: str | None = "a1", **fields: Any) -> Json:
    return {"type": "ai", "content": content, "id": id, **fields}


def call(id: str = "c1", name: str = "weather", **args: Any) -> Json:
    return {"name": name, "args": args, "id": id, "type": "tool_call"}


def tool(content: Any, call_id: str = "c1", id: str | None = "t1", **fields: Any) -> Json:
    fields = {"name": "weather", "status": "success", **fields}
    return {"type": "tool", "content": content, "id": id, "tool_call_id": call_id, **fields}


def remove(id: str = "__remove_all__") -> Json:
    return {"type": "remove", "id": id, "content": ""}


def metadata(run_id: str = "r1", attempt: int = 1) -> Event:
    return decode("metadata", {"run_id": run_id, "attempt": attempt})


def values(*messages: Json, **state: Any) -> Event:
    return decode("values", {"messages": list(messages), **state})


def updates(*messages: Json, node: str = "model") -> Event:
    return decode("updates", {node: {"messages": list(messages)}})


def interrupt(*interrupts: Json) -> Event:
    return decode("updates", {"__interrupt__": list(interrupts)})


def message(
    message: Json, *, tags: tuple[str, ...] = (), task: str = "", step: int = 1, sent: int = 0
) -> Event:
    """Tuple mode, whole. `task` is ``node:id``; `sent` in milliseconds since 1970."""
    metadata: Json = {"langgraph_node": task.partition(":")[0] or "model", "tags": list(tags)}
    if task:
        metadata |= {"langgraph_checkpoint_ns": task, "langgraph_step": step}
    return decode("messages", [message, metadata], id=f"{sent}-0" if sent else None)


def chunk(
    content: Any = "",
    id: str | None = "a1",
    *,
    tags: tuple[str, ...] = (),
    task: str = "",
    step: int = 1,
    sent: int = 0,
    **fields: Any,
) -> Event:
    """Tuple mode, a piece; `last=True` marks the last one."""
    if fields.pop("last", False):
        fields["chunk_position"] = "last"
    piece = {"type": "AIMessageChunk", "content": content, "id": id, "tool_calls": [], **fields}
    return message(piece, tags=tags, task=task, step=step, sent=sent)


def call_chunk(
    args: str = "", *, id: str | None = None, name: str | None = None, index: int | None = 0
) -> Json:
    return {"name": name, "args": args, "id": id, "index": index, "type": "tool_call_chunk"}


def about(id: str, *, tags: tuple[str, ...] = ()) -> Event:
    """Cumulative mode, before the first partial."""
    return decode("messages/metadata", {id: {"metadata": {"tags": list(tags)}}})


def partial(*messages: Json) -> Event:
    return decode("messages/partial", list(messages))


def complete(*messages: Json) -> Event:
    return decode("messages/complete", list(messages))


def custom(data: Any) -> Event:
    return decode("custom", data)


def error(error: str = "RuntimeError", message: str = "kaboom") -> Event:
    return decode("error", {"error": error, "message": message})


def reconnected() -> Event:
    return decode("reconnected", None)


def end(outcome: Outcome = Outcome.FINISHED, error: str = "") -> Event:
    return RunEnd(event="end", outcome=outcome, error=error)
