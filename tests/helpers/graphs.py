"""Small real graphs for the real server, with a scripted model that streams.

``agent`` calls a tool and answers; ``slow`` streams what the message says, such as "3" words or "3
every 60" seconds; ``toils`` calls a tool that takes a minute the first time; ``fails`` raises in
the middle of its answer; ``asks`` waits for a person.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, ToolMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.tools import tool
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import interrupt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable


class ScriptedModel(BaseChatModel):
    """Calls the weather tool once, then answers in words; `pause` is in seconds per word."""

    pause: float = 0.0
    words: int = 0
    """Where above 0: no tool, just this many words."""
    breaks_after: int | None = None

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        whole = AIMessageChunk(content="")
        for chunk in self._chunks(messages):
            whole += chunk
        message = AIMessage(content=whole.content, tool_calls=whole.tool_calls)
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in self._chunks(messages):
            if self.pause:
                await asyncio.sleep(self.pause)
            yield ChatGenerationChunk(message=chunk)

    def _chunks(self, messages: list[BaseMessage]) -> Iterable[AIMessageChunk]:
        if self.words or self.breaks_after is not None or isinstance(messages[-1], ToolMessage):
            answer = [f"word{n} " for n in range(self.words)] or ["It ", "is ", "sunny."]
            for n, word in enumerate(answer):
                if n == self.breaks_after:
                    raise RuntimeError("the model broke off")
                yield AIMessageChunk(content=word)
            return
        for name, args in ("weather", '{"city": '), (None, '"Los Angeles"}'):
            call = tool_call_chunk(name=name, args=args, id=name and "call-1", index=0)
            yield AIMessageChunk(content="", tool_call_chunks=[call])


@tool
def weather(city: str) -> str:
    """Tell the weather of a city."""
    return f"Sunny in {city}."


def _calls_a_tool(state: MessagesState) -> str:
    last = state["messages"][-1]
    return "tools" if isinstance(last, AIMessage) and last.tool_calls else END


async def _answer(state: MessagesState) -> dict[str, Any]:
    return {"messages": [await ScriptedModel(pause=0.005).ainvoke(state["messages"])]}


async def _answer_slowly(state: MessagesState) -> dict[str, Any]:
    words, _, pause = state["messages"][-1].text.partition(" every ")
    model = ScriptedModel(pause=float(pause or 0.01), words=int(words))
    return {"messages": [await model.ainvoke(state["messages"])]}


async def _answer_if_all_is_answered(state: MessagesState) -> dict[str, Any]:
    """Refuse a call without a result, as the models of most providers do."""
    results = [m.tool_call_id for m in state["messages"] if isinstance(m, ToolMessage)]
    calls = [c["id"] for m in state["messages"] if isinstance(m, AIMessage) for c in m.tool_calls]
    if len(calls) != len(results):
        raise ValueError("every tool call needs a result")
    return await _answer(state)


async def _toil(state: MessagesState) -> dict[str, Any]:
    if not any(isinstance(message, ToolMessage) for message in state["messages"]):
        await asyncio.sleep(60)
    return await ToolNode([weather]).ainvoke(state)


async def _break_off(state: MessagesState) -> dict[str, Any]:
    return {"messages": [await ScriptedModel(breaks_after=2).ainvoke(state["messages"])]}


def _ask(state: MessagesState) -> dict[str, Any]:
    reply = interrupt({"question": "Shall I?"})
    return {"messages": [AIMessage(content=f"You said {reply}.")]}


def _one_node(name: str, node: Any) -> Any:
    builder = StateGraph(MessagesState)
    builder.add_node(name, node)
    builder.add_edge(START, name)
    return builder.compile()


def _agent(model: Any, tools: Any) -> Any:
    builder = StateGraph(MessagesState)
    builder.add_node("model", model)
    builder.add_node("tools", tools)
    builder.add_edge(START, "model")
    builder.add_conditional_edges("model", _calls_a_tool)
    builder.add_edge("tools", "model")
    return builder.compile()


agent = _agent(_answer, ToolNode([weather]))
toils = _agent(_answer_if_all_is_answered, _toil)
slow = _one_node("model", _answer_slowly)
fails = _one_node("model", _break_off)
asks = _one_node("ask", _ask)
