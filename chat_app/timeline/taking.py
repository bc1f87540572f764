"""What each kind of event tells a timeline. See `chat_app.timeline.spans`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.client.events import Outcome
from chat_app.timeline.shapes import Call, error_text, metadata_path
from chat_app.timeline.span import Kind, State
from chat_app.timeline.states import take_updates, take_values
from chat_app.timeline.tasks import START, take_checkpoints, take_debug, take_tasks
from chat_app.timeline.written import take_messages, writer

if TYPE_CHECKING:
    from chat_app.timeline.record import Recorded
    from chat_app.timeline.span import Span
    from chat_app.timeline.spans import Timeline

_STATUSES = {
    "success": Outcome.FINISHED,
    "error": Outcome.FAILED,
    "timeout": Outcome.FAILED,
    "interrupted": Outcome.INTERRUPTED,
}


def take(timeline: Timeline, item: Recorded) -> None:
    """Add what one event tells; one of an unknown kind tells nothing."""
    if read := _READERS.get(item.mode):
        read(timeline, item)


def _metadata(timeline: Timeline, item: Recorded) -> None:
    data = item.data
    if not isinstance(data, dict):
        return
    if isinstance(run_id := data.get("run_id"), str):
        timeline.run_id = timeline.run_id or run_id
    attempt = data.get("attempt")
    if isinstance(attempt, int) and attempt > timeline.attempt:
        timeline.attempt = attempt
        for span in list(timeline.open.values()):
            timeline.end(span, item.at, State.INTERRUPTED, is_told=False)
    timeline.version += 1


def _tools(timeline: Timeline, item: Recorded) -> None:
    """The mode that tells of tools alone: exactly when each begins and ends."""
    data = item.data if isinstance(item.data, dict) else {}
    call_id, event = data.get("tool_call_id"), data.get("event")
    if not isinstance(call_id, str) or not call_id:
        return
    tool = next((one for one in timeline.open.values() if one.id.endswith(f"/{call_id}")), None)
    if event == "tool-started":
        call = Call(call_id, str(data.get("tool_name") or ""), data.get("input"))
        if tool is None:
            tool = _tool(timeline, item, call)
        if tool.state is State.RUNNING:
            tool.start, tool.is_exact = max(item.at, tool.start), True
            timeline.touch(tool)
    elif event in ("tool-finished", "tool-error") and tool is not None:
        tool.error = error_text(data.get("message")) if event == "tool-error" else ""
        timeline.end(tool, item.at, State.FAILED if event == "tool-error" else State.DONE)


def _tool(timeline: Timeline, item: Recorded, call: Call) -> Span:
    """A tool of which its node did not tell; it is in the only one that runs, if any does."""
    nodes = timeline.running(item.namespace)
    if len(nodes) == 1:
        return timeline.tool(nodes[0], call, item.at)
    parent = timeline.around(item.namespace, item.at)
    made, level = f"{parent}/{call.id}", item.namespace
    tool = timeline.begin(made, call.name, level, item.at, kind=Kind.TOOL, parent=parent)
    tool.input = call.args
    timeline.hold(tool, item.size)
    return tool


def _events(timeline: Timeline, item: Recorded) -> None:
    """LangChain's own events: each try of a node is a run of its own."""
    data = item.data if isinstance(item.data, dict) else {}
    metadata, tags, run = data.get("metadata"), data.get("tags"), data.get("run_id")
    is_node = isinstance(tags, list) and any(str(tag).startswith("graph:step:") for tag in tags)
    if data.get("event") != "on_chain_start" or not is_node or not isinstance(metadata, dict):
        return
    if not metadata_path(metadata) or data.get("name") == START or not isinstance(run, str):
        return
    span = writer(timeline, item, metadata)
    if span is None:
        return
    runs = timeline.known.runs.setdefault(span.id, set())
    if run not in runs and runs and span.state is State.RUNNING:
        span.starts.append(item.at)
        timeline.touch(span)
    runs.add(run)


def _error(timeline: Timeline, item: Recorded) -> None:
    timeline.error = error_text(item.data)
    timeline.version += 1
    timeline.fail_sole(timeline.error, item.at)


def _end(timeline: Timeline, item: Recorded) -> None:
    """As the client reports it, or as servers do that end a stream with a status."""
    data = item.data if isinstance(item.data, dict) else {}
    error = data.get("error")
    for outcome in Outcome:
        if outcome.value == data.get("outcome"):
            timeline.finish(outcome, item.at, error if isinstance(error, str) else "")
            return
    if (outcome := _STATUSES.get(str(data.get("status")))) is not None:
        timeline.finish(outcome, item.at)


_READERS = {
    "metadata": _metadata,
    "tasks": take_tasks,
    "debug": take_debug,
    "checkpoints": take_checkpoints,
    "messages": take_messages,
    "updates": take_updates,
    "values": take_values,
    "tools": _tools,
    "events": _events,
    "error": _error,
    "end": _end,
}
