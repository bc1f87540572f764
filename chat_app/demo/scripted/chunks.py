"""A reply cut into message chunks, in the shapes that LangChain's providers stream."""

from __future__ import annotations

import json
import re
from itertools import cycle, islice
from typing import TYPE_CHECKING
from uuid import uuid4

from langchain_core.messages import AIMessageChunk
from langchain_core.messages.ai import OutputTokenDetails, UsageMetadata
from langchain_core.messages.tool import tool_call_chunk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.demo.scripted.turn import Call, Reply

MODEL_NAME = "scripted"


def tokens(text: str) -> list[str]:
    """The text in pieces of about a token's size; joined they are the text again."""
    return re.findall(r"\s*\S{1,5}|\s+", text)


def chunks(reply: Reply, *, input_tokens: int) -> Iterator[AIMessageChunk]:
    """One chunk per token, then one without text that carries the usage and the reason to stop.

    A reply of text alone has string content, as OpenAI's chat completions have; one with reasoning
    or tool calls has indexed blocks, as Anthropic's messages have. A reply that is to fail raises
    in the place of its last chunk.

    Raises:
        RuntimeError: the reply's `failure`.
    """
    said = 0
    pieces = _blocks(reply) if reply.reasoning or reply.calls else _strings(reply)
    for chunk in pieces:
        said += 1
        yield chunk
    if reply.failure:
        raise RuntimeError(reply.failure)
    yield AIMessageChunk(
        content="",
        usage_metadata=UsageMetadata(
            input_tokens=input_tokens,
            output_tokens=said,
            total_tokens=input_tokens + said,
            output_token_details=OutputTokenDetails(reasoning=len(tokens(reply.reasoning))),
        ),
        response_metadata={
            "model_name": MODEL_NAME,
            "finish_reason": "tool_calls" if reply.calls else "stop",
        },
        chunk_position="last",
    )


def _strings(reply: Reply) -> Iterator[AIMessageChunk]:
    for token in _spoken(reply):
        yield AIMessageChunk(content=token)


def _blocks(reply: Reply) -> Iterator[AIMessageChunk]:
    index = 0
    if reply.reasoning:
        for token in tokens(reply.reasoning):
            yield AIMessageChunk(
                content=[{"type": "reasoning", "reasoning": token, "index": index}]
            )
        index += 1
    for token in _spoken(reply):
        yield AIMessageChunk(content=[{"type": "text", "text": token, "index": index}])
    for call in reply.calls:
        index += 1
        yield from _call(call, index)


def _spoken(reply: Reply) -> Iterator[str]:
    whole = tokens(reply.text)
    return iter(whole) if reply.tokens is None else islice(cycle(whole), reply.tokens)


def _call(call: Call, index: int) -> Iterator[AIMessageChunk]:
    """The name and id come first, without arguments; then the JSON in pieces that do not parse."""
    parts = ["", *tokens(json.dumps(call.args, ensure_ascii=False))]
    for place, args in enumerate(parts):
        first = place == 0
        yield AIMessageChunk(
            content=[],
            tool_call_chunks=[
                tool_call_chunk(
                    name=call.tool if first else None,
                    id=f"call_{uuid4().hex[:12]}" if first else None,
                    args=args,
                    index=index,
                )
            ],
        )
