"""The row of a tool call: name, state, seconds, arguments and result, as the screen needs them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from chat_app import text
from chat_app.runs.timings import Span, wall_time
from chat_app.state import safe_json
from chat_app.state.rows import HANDOFF, TOOL, Row
from chat_app.state.tool_result import RESULT_LIMIT, shown_result
from chat_app.transcript.handoffs import handoff_of
from chat_app.transcript.message import ToolCall, ToolStatus

LIVE_LIMIT = 300
"""Characters at the end of a string that are sent while it is written, 25 times a second."""
_GIST_LENGTH = 80
_MAY_BE_CUT = {ToolStatus.WRITING, ToolStatus.UNANSWERED}


def tool_row(
    key: str,
    call: ToolCall,
    span: Span | None = None,
    *,
    whole: bool = False,
    thread_id: str = "",
) -> Row:
    """One quiet line for a tool call, its arguments and result behind it.

    Fields of the row: `args` is the object of arguments, well-formed at every moment of the
    writing, or else `text` what is no object; a person may have `edited` them. `result` is a JSON
    object or array, `detail` text: the result, `media` are items. Of a long result the beginning is
    sent, and `size` says how long it is, unless it is wanted `whole`. `artifact` is any JSON that
    came with the result and was not for the model. `agent` is the namespace of
    the graph that the call runs, if any, and `agent_name` what that is called.

    A call that hands control to another agent says so, and is nothing to wait for.
    """
    row = _row(key, call, span, whole=whole, thread_id=thread_id)
    if not (handoff := handoff_of(call)):
        return row
    return replace(
        row,
        kind=HANDOFF,
        title=handed_over(call),
        gist=gist(safe_json.sendable(handoff.task)),
        status="back" if handoff.back else "",
        seconds="",
        at=0,
    )


def handed_over(call: ToolCall) -> str:
    """The sentence for a call that hands control to another agent; empty for any other call."""
    if not (handoff := handoff_of(call)):
        return ""
    said = text.HANDED_BACK if handoff.back else text.HANDED_OVER
    return safe_json.sendable(said.format(agent=" ".join(handoff.agent.split())))


def _row(key: str, call: ToolCall, span: Span | None, *, whole: bool, thread_id: str) -> Row:
    is_being_written = call.status is ToolStatus.WRITING
    args = _object(call)
    raw = "" if args is not None else safe_json.sendable(call.args)
    return Row(
        key=key,
        kind=TOOL,
        name=safe_json.sendable(call.name),
        status=call.status.value,
        **_time(call, span),
        gist="" if is_being_written else gist(raw if args is None else args),
        args=_ends(args or {}) if is_being_written else args or {},
        text=_ends(raw) if is_being_written else raw[:RESULT_LIMIT],
        edited=call.edited,
        agent=call.agent.namespace if call.agent else "",
        agent_name=safe_json.sendable(call.agent.name) if call.agent else "",
        **_result(call, thread_id, whole=whole),
    )


def _result(call: ToolCall, thread_id: str, *, whole: bool) -> dict[str, Any]:
    if call.result is None:
        return {}
    fields = shown_result(call.result, thread_id, whole=whole)
    says_nothing = not any(fields[name] for name in ("result", "detail", "media"))
    return {**fields, "detail": text.KEPT} if call.by_provider and says_nothing else fields


def _time(call: ToolCall, span: Span | None) -> dict[str, Any]:
    """How long an answered call took, or when one at work began."""
    if span is None:
        return {}
    if call.result is None:
        return {"at": wall_time(span.begun)} if call.status is ToolStatus.RUNNING else {}
    took = text.duration(span.seconds)
    return {"seconds": "" if took == text.duration(0) else took}


def _object(call: ToolCall) -> dict[str, Any] | None:
    """The arguments, as far as they are written; None where they are no object."""
    if not call.args.strip():
        return {}
    parse = safe_json.parse_beginning if call.status in _MAY_BE_CUT else safe_json.parse
    try:
        args = parse(call.args)
    except ValueError:
        return None
    return args if isinstance(args, dict) else None


def _ends(value: Any) -> Any:
    """`value`, of each long string in it only the end."""
    match value:
        case str():
            return value if len(value) <= LIVE_LIMIT else "…" + value[-LIVE_LIMIT:]
        case dict():
            return {name: _ends(item) for name, item in value.items()}
        case list():
            return [_ends(item) for item in value]
        case _:
            return value


def call_gist(call: ToolCall) -> str:
    """The arguments of a call in a few words, also while they are written."""
    args = _object(call)
    return gist(safe_json.sendable(call.args) if args is None else args)


def gist(args: Any) -> str:
    """The arguments of a call in a few words: its values, in order."""
    values = list(args.values()) if isinstance(args, dict) else [args]
    line = " ".join(", ".join(map(_in_words, values)).split())
    return line if len(line) <= _GIST_LENGTH else line[: _GIST_LENGTH - 1] + "…"


def _in_words(value: Any) -> str:
    """Text as it is; of a list of objects, such as todos, the first thing that each one says."""
    match value:
        case str():
            return value
        case [dict(), *_] if all(isinstance(item, dict) for item in value):
            return ", ".join(_in_words(next(iter(item.values()), "")) for item in value)
    return json.dumps(value, ensure_ascii=False)
