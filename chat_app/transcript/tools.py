"""Tool calls and their results: read from messages, joined to each other, closed at the end."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chat_app.transcript.approvals import edit_in, is_rejection
from chat_app.transcript.message import Role, ToolCall, ToolResult, ToolStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Reversible, Sequence

    from chat_app.client.events import Json
    from chat_app.transcript.message import Message, SubAgent

CALL_BLOCKS = {"tool_use", "tool_call", "function_call", "custom_tool_call"}
"""Content blocks that are tool calls; `tool_calls` of the message says the same once more."""
CALL_FRAGMENTS = {"input_json_delta", "tool_call_chunk", "invalid_tool_call"}
"""Content blocks that repeat what `tool_call_chunks` or `invalid_tool_calls` say."""


FUNCTION = "function:"
"""Begins the id of a call of the older kind, which has none: of a function by its name."""


def calls(message: Json, *, complete: bool) -> list[ToolCall]:
    """The calls beside a message's content, in the order written. Two may have one id."""
    found: list[ToolCall] = []
    parsed = [*_dicts(message.get("tool_calls")), *_dicts(message.get("invalid_tool_calls"))]
    for call in parsed or _dicts(message.get("tool_call_chunks")):
        key = _word(call.get("id")) or f"#{len(found)}"
        read = _call(key, call.get("name"), call.get("args"), complete=complete)
        if read not in found:
            found.append(read)
    return found or _function_call(message, complete=complete)


def _function_call(message: Json, *, complete: bool) -> list[ToolCall]:
    beside = message.get("additional_kwargs")
    call = beside.get("function_call") if isinstance(beside, dict) else None
    name = _word(call.get("name")) if isinstance(call, dict) else ""
    if not isinstance(call, dict) or not name:
        return []
    return [_call(FUNCTION + name, name, call.get("arguments"), complete=complete)]


def call_of_block(block: Json, *, complete: bool) -> ToolCall:
    """A call from one of `CALL_BLOCKS`."""
    args = block.get("partial_json")
    for key in ("input", "args", "arguments"):
        args = args or block.get(key)
    key = _word(block.get("call_id")) or _word(block.get("id"))
    return _call(key, block.get("name"), args, complete=complete)


def _call(id: str, name: Any, args: Any, *, complete: bool) -> ToolCall:
    status = ToolStatus.RUNNING if complete else ToolStatus.WRITING
    return ToolCall(id, _word(name), _args(args, complete=complete), status)


def _args(args: Any, *, complete: bool) -> str:
    """JSON text, in one spelling once complete, however the provider spaced it."""
    if isinstance(args, str):
        if not complete:
            return args
        try:
            args = json.loads(args or "{}")
        except (ValueError, RecursionError):
            return args
    return as_json({} if args is None else args)


def as_json(value: Any) -> str:
    """The one spelling of complete arguments."""
    return json.dumps(value, ensure_ascii=False)


def with_result(message: Message, call_id: str, result: ToolResult) -> Message:
    """`message` with one call answered; a tool that ran shows that all arguments were complete."""
    places = _to_answer(list(calls_of(message)), call_id, result)
    numbers = itertools.count()

    def answered(call: ToolCall) -> ToolCall:
        is_meant = next(numbers) in places
        call = completed(call)
        return _answered(call, result) if is_meant else call

    return _with_calls(message, answered)


def _to_answer(calls: list[ToolCall], call_id: str, result: ToolResult) -> set[int]:
    """Which calls a result is for: where several have its id, each takes one, in their order.

    The last result stands for those that never get one of their own.
    """
    alike = [place for place, call in enumerate(calls) if call.id == call_id]
    given = [found.message_id if (found := calls[place].result) else None for place in alike]
    if result.message_id and result.message_id in given:
        first = given.index(result.message_id)
        return {place for place, known in zip(alike, given, strict=True) if known == given[first]}
    free = next(
        (n for n, known in enumerate(given) if known is None or known in given[:n]), len(alike) - 1
    )
    return set(alike[free:])


def _answered(call: ToolCall, result: ToolResult) -> ToolCall:
    """`call` with its result; of one that a person edited, what ran in its place."""
    if result.error and is_rejection(result.content):
        return replace(call, result=result, status=ToolStatus.REJECTED)
    if edit := edit_in(result.content):
        call = replace(call, name=edit.name, args=as_json(edit.args), edited=True)
        result = replace(result, content=edit.said)
    return replace(
        call, result=result, status=ToolStatus.ERROR if result.error else ToolStatus.DONE
    )


def with_agent(message: Message, call_id: str, agent: SubAgent) -> Message:
    """`message` with the graph that one of its calls runs, and with no other at its place."""

    def running(call: ToolCall) -> ToolCall:
        if call.id == call_id:
            return replace(call, agent=agent)
        is_moved = call.agent and call.agent.namespace == agent.namespace
        return replace(call, agent=None) if is_moved else call

    return _with_calls(message, running)


def given_up(message: Message, call_id: str) -> Message:
    """`message`, stopped by a person before one of its calls was answered."""

    def without(call: ToolCall) -> ToolCall:
        if call.id == call_id:
            return replace(completed(call), status=ToolStatus.UNANSWERED)
        return call

    return replace(_with_calls(message, without), stopped=True)


def carried_over(shown: Message, newer: Message) -> Message:
    """`newer` with what only `shown` knows.

    That is results that came first, calls given up earlier, subgraphs, and all asides.
    """
    if shown.asides and not newer.asides:
        newer = replace(newer, asides=shown.asides)
    known: dict[str, list[ToolCall]] = {}
    for call in calls_of(shown):
        known.setdefault(call.id, []).append(call)
    has_run = any(call.result and not call.by_provider for call in calls_of(shown))

    def carried(call: ToolCall) -> ToolCall:
        call = completed(call) if has_run else call  # as in `with_result`
        alike = known.get(call.id)
        before = alike.pop(0) if alike else None
        if not before or call.by_provider:
            return call
        if before.agent and not call.agent:
            call = replace(call, agent=before.agent)
        if call.result:
            return call
        if before.edited:
            call = replace(call, name=before.name, args=before.args, edited=True)
        if before.result or before.status is ToolStatus.UNANSWERED:
            return replace(completed(call), result=before.result, status=before.status)
        return call

    return _with_calls(newer, carried) if known else newer


def all_carried_over(shown: Iterable[Message], newer: Iterable[Message]) -> tuple[Message, ...]:
    """`newer`, each message with what only the one of that id in `shown` knows."""
    known = {message.id: message for message in shown}
    return tuple(carried_over(known[new.id], new) if new.id in known else new for new in newer)


def without_results(message: Message, removed: Collection[str]) -> Message:
    """`message` without the results whose tool messages are `removed`."""

    def retracted(call: ToolCall) -> ToolCall:
        if call.result and call.result.message_id in removed:
            return replace(call, result=None, status=ToolStatus.RUNNING)
        return call

    return _with_calls(message, retracted)


def closed(messages: Iterable[Message], status: ToolStatus) -> tuple[Message, ...]:
    """All messages, each call without a result set to `status`.

    A provider's tool runs without approval, so its calls are never waiting.
    """

    def close(call: ToolCall) -> ToolCall:
        if call.result:
            return call
        waits = status is ToolStatus.WAITING and not call.by_provider
        is_over = status is ToolStatus.WAITING and not waits
        return replace(completed(call), status=ToolStatus.UNANSWERED if is_over else status)

    return tuple(_with_calls(message, close) for message in messages)


def ended(messages: Sequence[Message], status: ToolStatus) -> tuple[Message, ...]:
    """The same at the end of a run: a call of an earlier turn cannot be answered any more."""
    asked = [place for place, message in enumerate(messages) if message.role is Role.HUMAN]
    last = asked[-1] if asked else 0
    earlier = closed(messages[:last], ToolStatus.UNANSWERED)
    return (*earlier, *closed(messages[last:], status))


def resumed(messages: Iterable[Message]) -> tuple[Message, ...]:
    """All messages, each call that waited for a person at work from now on."""

    def resume(call: ToolCall) -> ToolCall:
        waits = call.status is ToolStatus.WAITING
        return replace(call, status=ToolStatus.RUNNING) if waits else call

    return tuple(_with_calls(message, resume) for message in messages)


def calls_of(message: Message) -> Iterator[ToolCall]:
    """The tool calls among a message's parts."""
    return (part for part in message.parts if isinstance(part, ToolCall))


def owner_of(messages: Reversible[Message], call_id: str) -> Message | None:
    """The newest message with this call: some models number the calls of each message alike."""
    if not call_id:
        return None
    for message in reversed(messages):
        if is_alone(message):
            continue
        if any(call.id == call_id and not call.by_provider for call in calls_of(message)):
            return message
    return None


def alone(message: Message, call_id: str, name: str, result: ToolResult) -> Message:
    """`message`, the result of a call that is not there (yet), as that call with its result."""
    call = ToolCall(call_id, name, "{}", ToolStatus.RUNNING)
    return replace(message, parts=(_answered(call, result),))


def is_alone(message: Message) -> bool:
    """Whether it is what `alone` makes."""
    match message.parts:
        case (ToolCall(result=ToolResult()),):
            return message.role is Role.OTHER
    return False


def adopted(messages: Iterable[Message], owner: Message) -> tuple[Message, set[str]]:
    """`owner` with the results that came before their calls; and the ids of their messages."""
    open_ids = {call.id for call in calls_of(owner) if not (call.result or call.by_provider)}
    taken: set[str] = set()
    for message in messages if open_ids else ():
        call = next(calls_of(message), None) if is_alone(message) else None
        if call and call.result and call.id and call.id in open_ids:
            owner = with_result(owner, call.id, call.result)
            taken.add(message.id)
    return owner, taken


def completed(call: ToolCall) -> ToolCall:
    """`call` with its arguments as they are once written to the end."""
    if call.status is not ToolStatus.WRITING:
        return call
    return replace(call, args=_args(call.args, complete=True), status=ToolStatus.RUNNING)


def _with_calls(message: Message, change: Callable[[ToolCall], ToolCall]) -> Message:
    """The same object where `change` changes nothing."""
    if not any(isinstance(part, ToolCall) for part in message.parts):
        return message
    parts = []
    for part in message.parts:
        changed = change(part) if isinstance(part, ToolCall) else part
        parts.append(part if changed == part else changed)
    same = all(new is old for new, old in zip(parts, message.parts, strict=True))
    return message if same else replace(message, parts=tuple(parts))


def _dicts(value: Any) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""
