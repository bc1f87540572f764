"""Messages as providers and servers of several years write them, one oddity per test."""

from __future__ import annotations

from typing import Any

import pytest

from chat_app.transcript.fold import fold, start
from chat_app.transcript.load import conversation
from chat_app.transcript.message import (
    Media,
    Message,
    Raw,
    Reasoning,
    Role,
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
    Usage,
)
from tests.helpers import events as ev

RUNNING = ToolStatus.RUNNING
PNG = {"type": "image", "base64": "iVBORw0KGgo=", "mime_type": "image/png"}
PICTURE = Media("image", "image/png", data="iVBORw0KGgo=")


def one(message: dict[str, Any]) -> Message:
    (shown,) = conversation([message])
    return shown


def streamed(*chunks: Any) -> Message:
    state = start(Transcript())
    for chunk in chunks:
        state = fold(state, chunk)
    (shown,) = state.transcript.messages
    return shown


@pytest.mark.parametrize(
    ("message", "role"),
    [
        ({"type": "human"}, Role.HUMAN),
        ({"type": "HumanMessage"}, Role.HUMAN),
        ({"role": "user"}, Role.HUMAN),
        ({"type": "ai"}, Role.ASSISTANT),
        ({"type": "AIMessage"}, Role.ASSISTANT),
        ({"type": "AIMessageChunk"}, Role.ASSISTANT),
        ({"role": "assistant"}, Role.ASSISTANT),
        ({"type": "chat", "role": "assistant"}, Role.ASSISTANT),
        ({"type": "system"}, Role.SYSTEM),
        ({"role": "developer"}, Role.SYSTEM),
        ({"type": "chat", "role": "critic"}, Role.OTHER),
        ({"type": "function", "name": "f"}, Role.OTHER),
        ({"type": "generic"}, Role.OTHER),
        ({"type": "tool", "tool_call_id": "nowhere"}, Role.OTHER),
        ({"type": 7}, Role.OTHER),
        ({}, Role.OTHER),
    ],
)
def test_a_role_is_known_by_any_of_its_names(message: dict[str, Any], role: Role):
    assert one({"content": "x", **message}).role is role


def test_a_serialised_constructor_is_read_like_the_message_it_makes():
    path = ["langchain", "schema", "messages", "HumanMessage"]
    wrapped = {"lc": 1, "type": "constructor", "id": path, "kwargs": {"content": "hi", "id": "h1"}}
    assert one(wrapped) == Message("h1", Role.HUMAN, (Text("hi"),))


def test_messages_without_ids_get_the_same_ids_each_time():
    listed = [ev.human("a", None), ev.ai("b", None)]
    assert [message.id for message in conversation(listed)] == ["#0", "#1"]


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("", []),
        (None, []),
        ("hi", [Text("hi")]),
        (["a", "b"], [Text("ab")]),
        ([{"type": "text", "text": "a"}, "b", {"type": "output_text", "text": "c"}], [Text("abc")]),
        ({"type": "text", "text": "alone"}, [Text("alone")]),
        ([{"type": "text", "text": ""}, PNG], [PICTURE]),
        ([{"type": "reasoning", "reasoning": "hm"}], [Reasoning("hm")]),
        ([{"type": "thinking", "thinking": "hm", "signature": "s"}], [Reasoning("hm")]),
        ([{"type": "reasoning_content", "reasoning_content": {"text": "hm"}}], [Reasoning("hm")]),
        (
            [
                {
                    "type": "reasoning",
                    "summary": [{"type": "summary_text", "text": "a"}, {"text": "b"}],
                }
            ],
            [Reasoning("a\n\nb")],
        ),
        ([{"type": "reasoning", "summary": [], "encrypted_content": "x"}], []),
        (
            [
                {"type": "reasoning", "reasoning": "a", "index": 0},
                {"type": "reasoning", "reasoning": "b", "index": 1},
            ],
            [Reasoning("a\n\nb")],
        ),
        ([{"type": "redacted_thinking", "data": "x"}], [Reasoning("", redacted=True)]),
        ([{"no": "type"}], [Raw({"no": "type"})]),
        ([{"type": "text", "text": {"odd": 1}}], [Raw({"type": "text", "text": {"odd": 1}})]),
        ([7, None], [Raw({"type": "unknown", "value": 7})]),
    ],
)
def test_content_becomes_parts(content: Any, parts: list[Any]):
    assert list(one(ev.ai(content)).parts) == parts


def test_reasoning_beside_the_content_comes_first():
    message = ev.ai("So: 4.", additional_kwargs={"reasoning_content": "2 + 2"})
    assert one(message).parts == (Reasoning("2 + 2"), Text("So: 4."))


def test_reasoning_that_is_in_the_content_too_is_not_doubled():
    content = [{"type": "reasoning", "reasoning": "2 + 2"}]
    message = ev.ai(content, additional_kwargs={"reasoning_content": "2 + 2"})
    assert one(message).parts == (Reasoning("2 + 2"),)


@pytest.mark.parametrize(
    "block",
    [
        {"type": "tool_use", "id": "c1", "name": "weather", "input": {"city": "Paris"}},
        {
            "type": "tool_use",
            "id": "c1",
            "name": "weather",
            "input": {},
            "partial_json": '{"city":"Paris"}',
        },
        {"type": "tool_call", "id": "c1", "name": "weather", "args": {"city": "Paris"}},
        {
            "type": "function_call",
            "call_id": "c1",
            "id": "fc",
            "name": "weather",
            "arguments": '{"city":"Paris"}',
        },
    ],
)
def test_a_call_in_the_content_is_shown_once_and_where_it_stands(block: dict[str, Any]):
    expected = (Text("a"), ToolCall("c1", "weather", '{"city": "Paris"}', RUNNING), Text("b"))
    content = ["a", block, "b"]
    assert one(ev.ai(content)).parts == expected
    assert one(ev.ai(content, tool_calls=[ev.call(city="Paris")])).parts == expected


def test_a_call_the_server_could_not_parse_keeps_its_text():
    broken = {
        "name": "weather",
        "args": '{"city": ',
        "id": "c1",
        "error": "bad",
        "type": "invalid_tool_call",
    }
    assert one(ev.ai(invalid_tool_calls=[broken])).parts == (
        ToolCall("c1", "weather", '{"city": ', RUNNING),
    )


def test_a_call_without_arguments_has_an_empty_object():
    nothing = {"name": "clock", "args": "", "id": "c1"}
    assert one(ev.ai(tool_calls=[nothing])).parts == (ToolCall("c1", "clock", "{}", RUNNING),)


def test_a_result_of_blocks_keeps_what_is_not_text():
    blocks = [{"type": "text", "text": "a map: "}, PNG, "see?"]
    listed = [ev.ai(tool_calls=[ev.call()]), ev.tool(blocks, artifact={"rows": 3})]
    (message,) = conversation(listed)
    assert message.parts == (
        ToolCall(
            "c1",
            "weather",
            "{}",
            ToolStatus.DONE,
            ToolResult("a map: see?", message_id="t1", blocks=(PNG,), artifact={"rows": 3}),
        ),
    )


@pytest.mark.parametrize(
    ("fields", "usage"),
    [
        (
            {
                "usage_metadata": {
                    "input_tokens": 1,
                    "output_tokens": 2,
                    "output_token_details": {"reasoning": 3},
                }
            },
            Usage(1, 2, 3),
        ),
        (
            {"response_metadata": {"token_usage": {"prompt_tokens": 1, "completion_tokens": 2}}},
            Usage(1, 2),
        ),
        ({"response_metadata": {"usage": {"input_tokens": 1, "output_tokens": 2}}}, Usage(1, 2)),
        ({"usage_metadata": None}, None),
        ({"usage_metadata": {"input_tokens": "many"}}, Usage()),
    ],
)
def test_token_usage_of_any_provider_is_read(fields: dict[str, Any], usage: Usage | None):
    assert one(ev.ai("x", **fields)).usage == usage


def test_the_model_and_the_name_are_kept():
    message = one(ev.ai("x", name="critic", response_metadata={"model_name": "m-1"}))
    assert (message.name, message.model) == ("critic", "m-1")


# Chunks


def test_text_blocks_without_an_index_grow_one_text():
    piece = {"type": "text", "text": "a"}
    assert streamed(ev.chunk([piece]), ev.chunk([piece]), ev.chunk("b")).parts == (Text("aab"),)


def test_text_that_comes_after_a_call_still_stands_before_it():
    opened = ev.call_chunk("{}", id="c1", name="clock")
    message = streamed(ev.chunk("a"), ev.chunk(tool_call_chunks=[opened]), ev.chunk("b", last=True))
    assert message.parts == (Text("ab"), ToolCall("c1", "clock", "{}", RUNNING))


def test_a_summary_of_reasoning_streams_piece_by_piece():
    def piece(text: str, at: int) -> Any:
        summary = [{"type": "summary_text", "text": text, "index": at}]
        return ev.chunk([{"type": "reasoning", "summary": summary, "index": 0}])

    assert streamed(piece("fi", 0), piece("rst", 0), piece("second", 1)).parts == (
        Reasoning("first\n\nsecond"),
    )


def test_calls_that_share_an_index_are_told_apart_by_their_ids():
    calls = [
        ev.call_chunk('{"n":1}', id="c1", name="f", index=0),
        ev.call_chunk('{"n":', id="c2", name="f", index=0),
        ev.call_chunk("2}", index=0),
    ]
    message = streamed(*(ev.chunk(tool_call_chunks=[call]) for call in calls), ev.chunk(last=True))
    assert [call.args for call in message.parts if isinstance(call, ToolCall)] == [
        '{"n": 1}',
        '{"n": 2}',
    ]


def test_fragments_without_index_and_id_continue_the_last_call():
    calls = [ev.call_chunk('{"n"', id="c1", name="f", index=None), ev.call_chunk(":1}", index=None)]
    message = streamed(*(ev.chunk(tool_call_chunks=[call]) for call in calls))
    assert message.parts == (ToolCall("c1", "f", '{"n":1}', ToolStatus.WRITING),)


def test_usage_that_comes_in_two_chunks_is_added_up():
    message = streamed(
        ev.chunk("a", usage_metadata={"input_tokens": 7, "output_tokens": 0}),
        ev.chunk("b", usage_metadata={"input_tokens": 0, "output_tokens": 2}),
    )
    assert message.usage == Usage(7, 2)


def test_a_tool_that_streams_its_result_is_joined_to_its_call():
    def piece(content: str) -> Any:
        return ev.message({**ev.tool(content), "type": "ToolMessageChunk"})

    message = streamed(ev.updates(ev.ai(tool_calls=[ev.call()])), piece("21"), piece(" °C"))
    assert message.parts == (
        ToolCall("c1", "weather", "{}", ToolStatus.DONE, ToolResult("21 °C", message_id="t1")),
    )
