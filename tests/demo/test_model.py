from __future__ import annotations

import asyncio
import json
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage

from chat_app.demo.agent import chat_model
from chat_app.demo.script import next_reply
from chat_app.demo.scripted.chunks import tokens
from chat_app.demo.scripted.model import ScriptedModel


def scripted(speed: float = 1) -> ScriptedModel:
    return ScriptedModel(script=next_reply, speed=speed)


async def streamed(question: str, speed: float = 1000) -> list[AIMessageChunk]:
    return [chunk async for chunk in scripted(speed=speed).astream(question)]


def joined(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole = whole + chunk
    return whole


async def test_tokens_come_at_the_pace_of_a_language_model() -> None:
    started = time.monotonic()
    chunks = await streamed("write 60 tokens", speed=1)
    rate = len(chunks) / (time.monotonic() - started)
    assert 20 <= rate <= 60


async def test_the_pace_is_uneven_but_never_runs_ahead() -> None:
    arrivals = [time.monotonic()]
    async for _ in scripted(speed=4).astream("write 40 tokens"):
        arrivals.append(time.monotonic())  # noqa: PERF401 - each is timed as it arrives
    gaps = [later - earlier for earlier, later in pairwise(arrivals)]
    assert max(gaps[1:-1]) > 1.3 * min(gaps[1:-1])
    assert arrivals[-1] - arrivals[0] > 40 / 50 / 4 * 0.9


async def test_a_stream_can_be_left_in_the_middle() -> None:
    async def endless() -> None:
        async for _ in scripted().astream("write 10000 tokens"):
            pass

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(endless(), 0.2)


async def test_tool_calls_stream_their_json_in_pieces_that_do_not_parse() -> None:
    chunks = await streamed("compare Paris and Tokyo")
    pieces = [piece for chunk in chunks for piece in chunk.tool_call_chunks]
    first, second = ([piece for piece in pieces if piece["index"] == index] for index in (2, 3))
    assert (first[0]["name"], first[0]["args"]) == ("weather", "")
    assert len(first) > 3
    assert all(piece["name"] is None and piece["id"] is None for piece in first[1:])
    assert json.loads("".join(piece["args"] or "" for piece in second)) == {"city": "Tokyo"}
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        json.loads(first[1]["args"] or "")


async def test_a_message_joined_from_its_chunks_is_whole() -> None:
    whole = joined(await streamed("compare Paris and Tokyo"))
    assert [block["type"] for block in whole.content if isinstance(block, dict)] == [
        "reasoning",
        "text",
    ]
    assert [(call["name"], call["args"]) for call in whole.tool_calls] == [
        ("weather", {"city": "Paris"}),
        ("weather", {"city": "Tokyo"}),
    ]
    assert len({call["id"] for call in whole.tool_calls}) == 2
    assert whole.chunk_position == "last"
    assert whole.response_metadata["model_name"] == "scripted"


async def test_usage_counts_what_was_said() -> None:
    chunks = await streamed("write 30 tokens")
    usage = chunks[-1].usage_metadata
    assert usage is not None
    assert usage["output_tokens"] == 30 == sum(1 for chunk in chunks if chunk.content)
    assert usage["total_tokens"] == usage["input_tokens"] + 30
    assert all(chunk.usage_metadata is None for chunk in chunks[:-1])


async def test_a_reply_of_text_alone_has_string_content() -> None:
    assert isinstance(joined(await streamed("hello")).content, str)


async def test_the_longest_answer_has_ten_thousand_tokens() -> None:
    chunks = list(scripted().stream("write 99,999 tokens"))
    assert sum(1 for chunk in chunks if chunk.content) == 10_000


async def test_a_failure_is_raised_after_some_text() -> None:
    said: list[AIMessageChunk] = []

    async def listen() -> None:
        async for chunk in scripted(speed=1000).astream("please fail"):
            said.append(chunk)  # noqa: PERF401 - what came before the error is the point

    with pytest.raises(RuntimeError, match="on purpose"):
        await listen()
    assert len(said) > 5
    assert all(chunk.chunk_position is None for chunk in said)


async def test_an_answer_that_is_not_streamed_is_the_same() -> None:
    model = scripted(speed=1000)
    messages: list[BaseMessage] = [HumanMessage("hello")]
    streamed_text = joined(await streamed("hello")).text
    assert (await model.ainvoke(messages)).text == streamed_text == model.invoke(messages).text


@given(st.text(max_size=200))
def test_tokens_joined_are_the_text(text: str) -> None:
    pieces = tokens(text)
    assert "".join(pieces) == text
    assert all(len(piece.strip()) <= 5 for piece in pieces)


async def test_a_missing_model_package_is_explained_in_the_conversation() -> None:
    said = (await chat_model("nosuchprovider:tiny", speed=1000).ainvoke("hello")).text
    assert "`nosuchprovider:tiny`" in said
    assert "CHAT_DEMO_MODEL" in said


def test_without_a_model_named_the_scripted_one_speaks() -> None:
    assert isinstance(chat_model(""), ScriptedModel)
