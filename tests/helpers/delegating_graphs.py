"""Real graphs that run graphs, for the real server.

``delegates`` gives two tasks to a researcher at once, beside a tool that reports its progress,
pushes a `ui` message and asks a model itself; ``hands_over`` runs a graph as one of its nodes,
which writes the answer.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence  # noqa: TC003 - the graph reads it
from typing import TYPE_CHECKING, Annotated, Any

from langchain.agents import AgentState, create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import agenerate_from_stream, generate_from_stream
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    HumanMessage,
    ToolMessage,
)
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.tools import tool
from langgraph.config import get_stream_writer
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.graph.ui import AnyUIMessage, push_ui_message, ui_message_reducer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator


def _delegating(messages: list[BaseMessage]) -> AIMessage:
    if isinstance(messages[-1], ToolMessage):
        return AIMessage("Both are done.")
    calls = [
        ("task", {"description": "read about rivers"}, "task_1"),
        ("task", {"description": "read about lakes"}, "task_2"),
        ("draw", {}, "draw_1"),
    ]
    return AIMessage("I hand it over.", tool_calls=[_call(*call) for call in calls])


def _researching(messages: list[BaseMessage]) -> AIMessage:
    if isinstance(messages[-1], ToolMessage):
        return AIMessage(f"I did: {messages[0].text}")
    return AIMessage("Let me look.", tool_calls=[_call("look", {"at": "water"}, "look_1")])


def _plainly(_: list[BaseMessage]) -> AIMessage:
    return AIMessage("words of a tool's own model")


def _call(name: str, args: dict[str, Any], id: str) -> Any:
    return {"name": name, "args": args, "id": id, "type": "tool_call"}


class _Scripted(BaseChatModel):
    """Streams what `reply` says, word by word, each after a `pause` in seconds."""

    reply: Any
    pause: float = 0.02

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self

    def _chunks(self, messages: list[BaseMessage]) -> Iterator[ChatGenerationChunk]:
        reply: Callable[[list[BaseMessage]], AIMessage] = self.reply
        message = reply(messages)
        for word in message.text.split(" "):
            yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} "))
        calls = [
            tool_call_chunk(
                name=call["name"], args=json.dumps(call["args"]), id=call["id"], index=place
            )
            for place, call in enumerate(message.tool_calls)
        ]
        yield ChatGenerationChunk(
            message=AIMessageChunk(content="", tool_call_chunks=calls, chunk_position="last")
        )

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return generate_from_stream(self._chunks(messages))

    async def _agenerate(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages))

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._chunks(messages):
            await asyncio.sleep(self.pause)
            yield chunk


@tool
def look(at: str) -> str:
    """Look at something."""
    get_stream_writer()({"type": "progress", "done": 1, "of": 2})
    return f"seen {at}"


_researcher = create_agent(
    _Scripted(reply=_researching, pause=0.2), tools=[look], name="researcher"
)


@tool
async def task(description: str) -> str:
    """Give a task to the researcher."""
    done = await _researcher.ainvoke({"messages": [HumanMessage(description)]})
    return done["messages"][-1].text


@tool
async def draw() -> str:
    """Draw a chart."""
    get_stream_writer()({"type": "progress", "done": 1, "of": 2})
    push_ui_message("chart", {"values": [1, 2]})
    get_stream_writer()({"type": "progress", "done": 2, "of": 2})
    await _Scripted(reply=_plainly).ainvoke([HumanMessage("say something")])
    return "drawn"


class _State(AgentState):
    ui: Annotated[Sequence[AnyUIMessage], ui_message_reducer]


delegates = create_agent(
    _Scripted(reply=_delegating), tools=[task, draw], state_schema=_State, name="delegates"
)

_builder = StateGraph(MessagesState)
_builder.add_node("writer", create_agent(_Scripted(reply=_plainly), tools=[], name="writer"))
_builder.add_edge(START, "writer")
hands_over = _builder.compile()
