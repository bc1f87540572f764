"""Results and their calls, where these are not one to one, or in another order."""

from __future__ import annotations

from typing import Any

import pytest

from chat_app.transcript.fold import fold, start
from chat_app.transcript.load import conversation
from chat_app.transcript.message import (
    Message,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)
from tests.helpers import events as ev


def streamed(*chunks: Any) -> Message:
    state = start(Transcript())
    for chunk in chunks:
        state = fold(state, chunk)
    (shown,) = state.transcript.messages
    return shown


def test_two_calls_of_one_id_are_two_and_each_gets_an_answer():
    calls = [ev.call("c1", city="Oslo"), ev.call("c1", city="Bern")]
    one, two = ev.tool("many", "c1", "t1"), ev.tool("few", "c1", "t2")

    def answers(*results: dict[str, Any]) -> list[tuple[str, str | None]]:
        (message,) = conversation([ev.ai(tool_calls=calls), *results])
        found = (part for part in message.parts if isinstance(part, ToolCall))
        return [(call.args, call.result and call.result.content) for call in found]

    oslo, bern = '{"city": "Oslo"}', '{"city": "Bern"}'
    assert answers() == [(oslo, None), (bern, None)]
    assert answers(one) == [(oslo, "many"), (bern, "many")]
    assert answers(one, two) == [(oslo, "many"), (bern, "few")]
    assert answers(one, one) == [(oslo, "many"), (bern, "many")]


def test_two_streamed_calls_of_one_id_are_told_apart_by_their_numbers():
    message = streamed(
        ev.chunk(tool_call_chunks=[ev.call_chunk("", id="c1", name="f", index=0)]),
        ev.chunk(tool_call_chunks=[ev.call_chunk('{"n":1}', index=0)]),
        ev.chunk(tool_call_chunks=[ev.call_chunk("", id="c1", name="f", index=1)]),
        ev.chunk(tool_call_chunks=[ev.call_chunk('{"n":2}', index=1)]),
        ev.chunk(last=True),
    )
    assert [p.args for p in message.parts if isinstance(p, ToolCall)] == ['{"n": 1}', '{"n": 2}']


EARLY = [
    ev.tool("cloudy", "e1", "t1", name="forecast"),
    ev.ai(tool_calls=[ev.call("e1", "forecast")]),
    ev.ai("Clouds.", "a2"),
]


def test_a_result_before_its_call_is_joined_to_it_live_and_loaded():
    loaded = conversation(EARLY)
    state = start(Transcript())
    for event in map(ev.message, EARLY):
        state = fold(state, event)
    assert state.transcript.messages == loaded
    (found,) = loaded[0].parts
    assert isinstance(found, ToolCall)
    assert (found.status, found.result) == (ToolStatus.DONE, ToolResult("cloudy", message_id="t1"))
    state = fold(fold(state, ev.values(*EARLY)), ev.end())
    assert state.transcript.messages == loaded


@pytest.mark.parametrize(
    "message",
    [
        {"type": "function", "name": "lookup", "content": "42", "id": "f1"},
        {"type": "FunctionMessage", "name": "lookup", "content": "42", "id": "f1"},
        {"type": "chat", "role": "function", "name": "lookup", "content": "42", "id": "f1"},
        {"type": "tool", "name": "lookup", "content": "42", "id": "f1", "tool_call_id": "gone"},
        {"type": "chat", "role": "tool", "name": "lookup", "content": "42", "id": "f1"},
    ],
)
def test_a_result_without_a_call_reads_like_a_tools_result(message: dict[str, Any]):
    (alone,) = conversation([message])
    (found,) = alone.parts
    assert isinstance(found, ToolCall)
    assert (found.name, found.status) == ("lookup", ToolStatus.DONE)
    assert found.result
    assert found.result.content == "42"


def test_a_functions_result_is_joined_to_the_call_of_that_function():
    asked = ev.ai(additional_kwargs={"function_call": {"name": "lookup", "arguments": '{"a":1}'}})
    (message,) = conversation([asked, {"type": "function", "name": "lookup", "content": "42"}])
    (found,) = message.parts
    assert isinstance(found, ToolCall)
    assert (found.name, found.args, found.status) == ("lookup", '{"a": 1}', ToolStatus.DONE)
