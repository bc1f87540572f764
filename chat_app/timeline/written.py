"""What messages tell: who wrote them, their tokens, and what tools answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.timeline.shapes import (
    Call,
    is_chunk,
    is_made,
    message_id,
    messages_in,
    metadata_path,
    task_in,
    tool_calls,
)
from chat_app.timeline.span import State
from chat_app.timeline.usage import Usage, model_of, usage_of

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.timeline.record import Recorded
    from chat_app.timeline.span import Span
    from chat_app.timeline.spans import Timeline


def take_messages(timeline: Timeline, item: Recorded) -> None:
    """One message with its metadata, or several, or the metadata of several by id."""
    base = item.event.partition("|")[0]
    data = item.data
    if base == "messages/metadata":
        for found, told in data.items() if isinstance(data, dict) else ():
            metadata = told.get("metadata") if isinstance(told, dict) else None
            if isinstance(metadata, dict) and (span := writer(timeline, item, metadata)):
                timeline.known.makers.setdefault(found, span.id)
        return
    items = data if isinstance(data, list) else [data]
    is_pair = base not in ("messages/partial", "messages/complete")
    metadata = items[1] if is_pair and len(items) > 1 and isinstance(items[1], dict) else {}
    for message in items[:1] if is_pair else items:
        if not isinstance(message, dict) or not message_id(message):
            continue
        maker = timeline.known.makers.get(message_id(message))
        if maker is None and is_made(message):
            span = writer(timeline, item, metadata)
        else:
            span = timeline.spans.get(maker or "")
        if span is not None:
            _message(timeline, span, message, metadata, item.at)


def writer(timeline: Timeline, item: Recorded, metadata: Json) -> Span | None:
    """The span of the node that writes a message with these metadata."""
    node, step = str(metadata.get("langgraph_node") or ""), metadata.get("langgraph_step")
    path = metadata_path(metadata)
    known, level = timeline.known, path[:-1] or item.namespace
    if not path:
        if not node:
            return None
        found = timeline.running(level, node)
        return found[0] if found else named(timeline, level, node, item.at)
    task = task_in(path[-1])[1]
    if not known.has_tasks and isinstance(step, int) and task not in timeline.spans:
        # A graph that writes in its next step has ended the one before.
        for span in timeline.running(level):
            if span.step is not None and span.step < step:
                timeline.end(span, item.at, State.DONE, is_told=False)
                known.begun[level] = item.at
        known.begun.setdefault(level, item.at)
    # A node has begun with its step, and waited for the first word since.
    began = item.at if known.has_tasks else known.begun.get(level, item.at)
    span = timeline.begin(task, node or task_in(path[-1])[0], path[:-1], began, is_exact=False)
    if isinstance(step, int) and span.step is None:
        span.step = step
    timeline.place(span)
    return span


def named(timeline: Timeline, namespace: tuple[str, ...], name: str, at: float) -> Span:
    """A span of a node whose task is not known."""
    timeline.known.named += 1
    made = f"{'|'.join(namespace)}/{name}#{timeline.known.named}"
    return timeline.begin(made, name, namespace, at, is_exact=False)


def wrote(timeline: Timeline, span: Span, update: Any, at: float, size: int) -> None:
    """What a node returned: its messages, its tokens, and the results of its tools."""
    if span.update is None and not span.is_elided:
        span.update = update
        timeline.hold(span, size)
    for message in messages_in(update):
        _message(timeline, span, message, {}, at)


def _message(timeline: Timeline, span: Span, message: Json, metadata: Json, at: float) -> None:
    """A message, or a part of one, that a node wrote."""
    found, known = message_id(message), timeline.known
    if not is_made(message):
        return
    if found:
        maker = known.makers.setdefault(found, span.id)
        if not maker or maker not in timeline.spans:
            return
        span = timeline.spans[maker]
        if found not in span.messages:
            span.messages.append(found)
            timeline.touch(span)
        if usage := usage_of(message):
            _used(timeline, span, message, metadata, usage)
    if not is_chunk(message):
        known.whole.add(found)
        for call in tool_calls(message):
            known.args.setdefault(call.id, call.args)
        if message.get("type") == "tool":
            _tool_ended(timeline, span, message, at)


def _used(timeline: Timeline, span: Span, message: Json, metadata: Json, usage: Usage) -> None:
    """Parts of a message add up; the whole one tells the sum."""
    found = message_id(message)
    model, before = span.usage.get(found, ("", Usage()))
    if is_chunk(message):
        if found in timeline.known.whole:
            return
        usage = before + usage
    span.usage[found] = (model_of(message, metadata) or model, usage)
    timeline.touch(span)


def _tool_ended(timeline: Timeline, span: Span, message: Json, at: float) -> None:
    call_id = message.get("tool_call_id")
    if not isinstance(call_id, str) or not call_id:
        return
    call = Call(call_id, str(message.get("name") or ""), None)
    tool = timeline.tool(span, call, span.start, is_exact=False)
    if tool.state is State.RUNNING or not tool.is_told:
        failed = message.get("status") == "error"
        tool.update = None if tool.is_elided else message.get("content")
        timeline.end(tool, at, State.FAILED if failed else State.DONE)
    timeline.known.answering[call_id] = span.id


def claim(timeline: Timeline, messages: list[Json], spans: list[Span], at: float) -> None:
    """Messages of a new state whose author is not known; `spans` ended just before.

    Those that nodes return without ids get them in the state: what answers a call was written by
    the node that answered it, anything else by the only node there was.
    """
    for message in messages:
        maker = timeline.known.answering.get(str(message.get("tool_call_id")), "")
        if maker in timeline.spans:
            _message(timeline, timeline.spans[maker], message, {}, at)
        elif len(spans) == 1:
            _message(timeline, spans[0], message, {}, at)
