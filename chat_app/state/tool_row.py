"""The row of a tool call: name, state, seconds, arguments and result, as the screen needs them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.runs.timings import Span, wall_time
from chat_app.state import safe_json
from chat_app.state.addresses import NOWHERE, Shown
from chat_app.state.call_words import call_words, gist, title_of
from chat_app.state.rows import HandoffRow, ToolRow
from chat_app.state.tool_result import RESULT_LIMIT, ShownResult, shown_result
from chat_app.transcript.handoffs import handoff_of
from chat_app.transcript.message import ToolCall, ToolStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

LIVE_LIMIT = 300
"""Characters at the end of a string that are sent while it is written, 25 times a second."""
_UNTOLD = {ToolStatus.WRITING, ToolStatus.WAITING}
"""The row has no arguments: they are not complete, or the card of the question has them."""
_drawn: dict[str, tuple[str, ...]] = {}
_MAY_BE_CUT = {ToolStatus.WRITING, ToolStatus.UNANSWERED}


def tool_row(
    key: str,
    call: ToolCall,
    span: Span | None = None,
    *,
    whole: bool = False,
    where: Shown = NOWHERE,
) -> ToolRow | HandoffRow:
    """One quiet line for a tool call, its arguments and result behind it.

    Of a long result the beginning is sent, unless it is wanted `whole`. A call that hands control
    to another agent says so, and is nothing to wait for.
    """
    is_being_written = call.status is ToolStatus.WRITING
    name, args = safe_json.sendable(call.name), _object(call)
    raw_args = "" if args is not None else safe_json.sendable(call.args)
    gist_of_args = "" if call.status in _UNTOLD else _gist(call, args)
    args = _ends(args or {}) if is_being_written else args or {}
    raw_args = _ends(raw_args) if is_being_written else raw_args[:RESULT_LIMIT]
    if handoff := handoff_of(call):
        return HandoffRow(
            key,
            name,
            handed_over(call),
            task=gist(safe_json.sendable(handoff.task)),
            back=handoff.back,
            args=args,
            raw_args=raw_args,
            edited=call.edited,
        )
    shown = _result(call, where, whole=whole)
    return ToolRow(
        key,
        name,
        call.status.value,
        gist=gist_of_args,
        args=args,
        raw_args=raw_args,
        edited=call.edited,
        result=shown.result,
        output=shown.output,
        size=shown.size,
        media=shown.media,
        artifact=shown.artifact,
        title=title_of(name),
        stays=_is_visible(call, shown),
        namespace=call.agent.namespace if call.agent else "",
        agent=safe_json.sendable(call.agent.name) if call.agent else "",
        took=_took(call, span),
        at=_began(call, span),
    )


def call_gist(call: ToolCall) -> str:
    """The arguments of a call in a few words, also while they are written."""
    return _gist(call, _object(call))


def _gist(call: ToolCall, args: dict[str, Any] | None) -> str:
    return call_words(call.name, safe_json.sendable(call.args) if args is None else args)


def draw_results(tool: str, *, requires: Iterable[str] = ()) -> None:
    """From now on a renderer draws the results of that tool that have all the required fields."""
    _drawn[tool] = tuple(requires)


def has_visible_result(call: ToolCall) -> bool:
    """Whether the result is seen without opening the row: a renderer draws it, or it has media."""
    result = call.result
    if result is None or handoff_of(call):
        return False
    may_be = call.name in _drawn or result.blocks or result.artifact
    return bool(may_be) and _is_visible(call, shown_result(result, NOWHERE, whole=False))


def _is_visible(call: ToolCall, shown: ShownResult) -> bool:
    if shown.media:
        return True
    if call.name not in _drawn or call.status is not ToolStatus.DONE or shown.size:
        return False
    fields = shown.result if isinstance(shown.result, dict) else {}
    return all(fields.get(name) is not None for name in _drawn[call.name])


def handed_over(call: ToolCall) -> str:
    """The sentence for a call that hands control to another agent; empty for any other call."""
    if not (handoff := handoff_of(call)):
        return ""
    said = text.HANDED_BACK if handoff.back else text.HANDED_OVER
    return safe_json.sendable(said.format(agent=" ".join(handoff.agent.split())))


def _result(call: ToolCall, where: Shown, *, whole: bool) -> ShownResult:
    if call.result is None:
        return ShownResult()
    shown = shown_result(call.result, where, whole=whole)
    says_nothing = not (shown.result or shown.output or shown.media)
    return replace(shown, output=text.KEPT) if call.by_provider and says_nothing else shown


def _took(call: ToolCall, span: Span | None) -> str:
    """How long an answered call took; empty where that is next to nothing."""
    if span is None or call.result is None:
        return ""
    took = text.duration(span.seconds)
    return "" if took == text.duration(0) else took


def _began(call: ToolCall, span: Span | None) -> int:
    """When a call at work began; 0 of any other."""
    is_at_work = call.result is None and call.status is ToolStatus.RUNNING
    return wall_time(span.begun) if span and is_at_work else 0


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
