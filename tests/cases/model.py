"""A model that streams a script, and the small parts that the case graphs are made of."""

from __future__ import annotations

import asyncio
import base64
import re
import struct
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, message_chunk_to_message
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langgraph.graph import END, START, MessagesState, StateGraph

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from langchain_core.messages import BaseMessage
    from langchain_core.messages.tool import ToolCallChunk
    from langgraph.graph.state import CompiledStateGraph

Piece = str | list[Any] | dict[str, Any] | float
"""Text or content blocks of a chunk, all fields of an `AIMessageChunk`, or seconds of silence."""
Script = list[Piece]


def words(text: str) -> Script:
    """A word a piece."""
    return [*re.findall(r"\S+\s*|\s+", text)]


def characters(text: str, count: int = 3) -> Script:
    """So many characters a piece."""
    return [text[place : place + count] for place in range(0, len(text), count)]


def call_chunk(
    name: str | None = None, args: str = "", id: str | None = None, index: int = 0
) -> ToolCallChunk:
    """A part of a tool call."""
    return tool_call_chunk(name=name, args=args, id=id, index=index)


def ending(**response_metadata: Any) -> Piece:
    """The last chunk: why the model ended."""
    return {"content": "", "response_metadata": response_metadata}


def png(size: int = 60) -> str:
    """A picture, in base64."""

    def part(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    row = b"\0" + b"".join(bytes((x * 4, 90, 160)) for x in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    parts = part(b"IHDR", head), part(b"IDAT", zlib.compress(row * size)), part(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


class ScriptedModel(BaseChatModel):
    """Streams `pieces`, one each `delay` seconds; fails before piece number `fails_at`."""

    pieces: list[Any] = []  # noqa: RUF012 - a field of a model
    delay: float = 0.04
    fails_at: int | None = None

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **kwargs: Any) -> ScriptedModel:
        return self

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    async def _agenerate(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> ChatResult:
        whole = None
        async for chunk in self._astream(messages):
            whole = chunk.message if whole is None else whole + chunk.message
        message = message_chunk_to_message(whole) if whole else AIMessage("")
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for number, piece in enumerate(self.pieces):
            if number == self.fails_at:
                raise ConnectionError("the model went away")
            if isinstance(piece, int | float):
                await asyncio.sleep(piece)
                continue
            fields = piece if isinstance(piece, dict) else {"content": piece}
            yield ChatGenerationChunk(message=AIMessageChunk(**fields))
            await asyncio.sleep(self.delay)


def text_of(message: BaseMessage) -> str:
    """The words of a message."""
    if isinstance(message.content, str):
        return message.content
    return " ".join(part.get("text", "") for part in message.content if isinstance(part, dict))


def asked(state: MessagesState) -> str:
    """What the person wrote last."""
    return [text_of(message) for message in state["messages"] if message.type == "human"][-1]


def case_of(state: MessagesState) -> str:
    """The first word of what the person wrote last."""
    return (asked(state).split() or [""])[0]


async def say(state: MessagesState, pieces: Script, **fields: Any) -> dict[str, Any]:
    """What a node returns that lets a model write `pieces`."""
    model = ScriptedModel(pieces=pieces, **fields)
    return {"messages": [await model.ainvoke(state["messages"])]}


def in_a_row(*nodes: tuple[str, Any], state: type[Any] = MessagesState) -> CompiledStateGraph[Any]:
    """A graph of these nodes, by name: functions or graphs, one after the other."""
    graph = StateGraph(state)
    for name, node in nodes:
        graph.add_node(name, node)
    for before, after in pairwise([START, *(name for name, _ in nodes), END]):
        graph.add_edge(before, after)
    return graph.compile()
