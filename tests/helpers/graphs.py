"""Small real graphs for the real server, with a scripted model that streams.

``agent`` calls a tool and answers; ``slow`` streams what the message says, such as "3" words or "3
every 60" seconds, or fewer: "3 every 60 until" a file is there; ``toils`` calls a tool that takes a
minute the first time; ``asks`` waits for a person; ``counted`` tells of 42 tokens.

Those that fail: ``fails`` raises in the middle of its answer; ``falters`` does so as often as the
message says, such as "2 times", and then tells what it was sent; ``limited`` is refused by its
model's provider; ``loops`` calls its tool for ever; ``breaks`` first calls a tool that raises
beside one that works; ``stumbles`` raises while it tells what its tool said; ``dies`` kills its
server in the middle of the answer, as the kernel does where memory is used up: each time it is told
"die", and only once in the server's folder when told "die once".
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import Callable  # noqa: TC003 - a field of a model
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ToolMessage,
)
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import RunnableConfig  # noqa: TC002 - the graph reads it
from langchain_core.tools import tool
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import Send, interrupt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable


class RateLimitError(Exception):
    """As the libraries of most providers name it."""


def _break_off() -> None:
    raise RuntimeError("the model broke off")


def _be_refused() -> None:
    raise RateLimitError("Error code: 429 - Rate limit reached. Please try again in 20s.")


def _kill_this_server() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class ScriptedModel(BaseChatModel):
    """Calls the weather tool once, then answers in words; `pause` is in seconds per word."""

    pause: float = 0.0
    words: int = 0
    """Where above 0: no tool, just this many words."""
    until: str = ""
    """The file that, once it is there, ends the words."""
    breaks_after: int | None = None
    """Before which word it `breaks`."""
    breaks: Callable[[], Any] = _break_off

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        whole = AIMessageChunk(content="")
        for chunk in self._chunks(messages):
            whole += chunk
        message = AIMessage(content=whole.content, tool_calls=whole.tool_calls)
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _agenerate(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> ChatResult:
        """At the same pace where nobody asked for tokens."""
        whole = AIMessageChunk(content="")
        async for chunk in self._astream(messages):
            assert isinstance(chunk.message, AIMessageChunk)
            whole += chunk.message
        message = AIMessage(content=whole.content, tool_calls=whole.tool_calls)
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for n, chunk in enumerate(self._chunks(messages)):
            if self.pause:
                await asyncio.sleep(self.pause)
            if n and self.until and await asyncio.to_thread(Path(self.until).exists):
                return
            yield ChatGenerationChunk(message=chunk)

    def _chunks(self, messages: list[BaseMessage]) -> Iterable[AIMessageChunk]:
        if self.words or self.breaks_after is not None or isinstance(messages[-1], ToolMessage):
            answer = [f"word{n} " for n in range(self.words)] or ["It ", "is ", "sunny."]
            for n, word in enumerate(answer):
                if n == self.breaks_after:
                    self.breaks()
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
    words, _, pace = state["messages"][-1].text.partition(" every ")
    pause, _, until = pace.partition(" until ")
    model = ScriptedModel(pause=float(pause or 0.01), words=int(words), until=until)
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


def _breaking(breaks: Callable[[], Any]) -> Any:
    """A node whose model breaks in this way after two words."""

    async def answer(state: MessagesState) -> dict[str, Any]:
        model = ScriptedModel(pause=0.005, breaks_after=2, breaks=breaks)
        return {"messages": [await model.ainvoke(state["messages"])]}

    return answer


_tries: Counter[tuple[str, str]] = Counter()
"""How often ``falters`` got a message, by thread and text."""


async def _falter(state: MessagesState, config: RunnableConfig) -> dict[str, Any]:
    asked = state["messages"][-1].text
    key = (config.get("configurable", {})["thread_id"], asked)
    _tries[key] += 1
    if _tries[key] <= int(asked.partition(" ")[0]):
        return await _breaking(_break_off)(state)
    return {"messages": [AIMessage(" | ".join(message.text for message in state["messages"]))]}


async def _report_tokens(_: MessagesState) -> dict[str, Any]:
    used = UsageMetadata(input_tokens=30, output_tokens=12, total_tokens=42)
    return {"messages": [AIMessage("Counted.", usage_metadata=used)]}


async def _go_on_calling(_: MessagesState) -> dict[str, Any]:
    call = {"name": "weather", "args": {"city": "Rome"}, "id": uuid4().hex}
    return {"messages": [AIMessage("", tool_calls=[call])]}


@tool
async def forecast(city: str) -> str:
    """Fail to tell how the weather of a city will be."""
    await asyncio.sleep(0.1)  # the other tool is done by then
    raise ValueError(f"no forecast for {city}")


async def _call_both_tools(state: MessagesState) -> dict[str, Any]:
    if len(state["messages"]) > 1:
        return await _answer_if_all_is_answered(state)
    calls = [{"name": n, "args": {"city": "Rome"}, "id": n} for n in ("weather", "forecast")]
    return {"messages": [AIMessage("", tool_calls=calls)]}


def _each_tool(state: MessagesState) -> list[Send] | str:
    """A task for each call, as the agents of LangChain have."""
    last = state["messages"][-1]
    calls = last.tool_calls if isinstance(last, AIMessage) else []
    return [Send("tools", [call]) for call in calls] or END


async def _stumble(state: MessagesState) -> dict[str, Any]:
    if isinstance(state["messages"][-1], ToolMessage):
        return await _breaking(_break_off)(state)
    return await _answer(state)


async def _die(state: MessagesState) -> dict[str, Any]:
    told, died = state["messages"][-1].text, Path("died")
    dies = told == "die" or (told == "die once" and not await asyncio.to_thread(died.exists))
    if dies:
        await asyncio.to_thread(died.touch)
    # Slow enough for the first word to be on its way before all is over.
    model = ScriptedModel(pause=0.3, breaks_after=2 if dies else -1, breaks=_kill_this_server)
    return {"messages": [await model.ainvoke(state["messages"])]}


def _ask(state: MessagesState) -> dict[str, Any]:
    reply = interrupt({"question": "Shall I?"})
    return {"messages": [AIMessage(content=f"You said {reply}.")]}


def _one_node(name: str, node: Any) -> Any:
    builder = StateGraph(MessagesState)
    builder.add_node(name, node)
    builder.add_edge(START, name)
    return builder.compile()


def _agent(model: Any, tools: Any, *, calls: Any = _calls_a_tool) -> Any:
    builder = StateGraph(MessagesState)
    builder.add_node("model", model)
    builder.add_node("tools", tools)
    builder.add_edge(START, "model")
    builder.add_conditional_edges("model", calls)
    builder.add_edge("tools", "model")
    return builder.compile()


agent = _agent(_answer, ToolNode([weather]))
toils = _agent(_answer_if_all_is_answered, _toil)
slow = _one_node("model", _answer_slowly)
asks = _one_node("ask", _ask)
fails = _one_node("model", _breaking(_break_off))
falters = _one_node("model", _falter)
counted = _one_node("model", _report_tokens)
limited = _one_node("model", _breaking(_be_refused))
loops = _agent(_go_on_calling, ToolNode([weather])).with_config(recursion_limit=5)
breaks = _agent(_call_both_tools, ToolNode([weather, forecast]), calls=_each_tool)
stumbles = _agent(_stumble, ToolNode([weather]))
dies = _one_node("model", _die)
