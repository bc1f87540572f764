"""A graph whose steps have every state that a timeline shows: ``ranges``.

It plans, then asks an unreliable source, which fails twice, beside one whose answer is kept from
before; goes over three parts at the same time and through a graph of its own; calls two tools at
the same time; and ends as its message says: "ask" waits for a person, "fail" raises, anything else
is done. A run of a thread that has run before finds the kept answer.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Annotated, Any

from langchain_core.messages import AIMessage, AnyMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.runnables import RunnableConfig  # noqa: TC002 - the graph reads it
from langchain_core.tools import tool
from langgraph.cache.memory import InMemoryCache
from langgraph.graph import END, START, StateGraph, add_messages
from langgraph.prebuilt import ToolNode
from langgraph.types import CachePolicy, RetryPolicy, Send, interrupt
from typing_extensions import TypedDict

_CALLS = [
    {"name": "measure", "args": {"what": what}, "id": f"call-{what}"}
    for what in ("height", "width")
]
_TRIES = 3


def _joined(left: list[str], right: list[str]) -> list[str]:
    return [*left, *right]


class State(TypedDict):
    messages: Annotated[list[AnyMessage], add_messages]
    found: Annotated[list[str], _joined]


_tried: Counter[str] = Counter()


def _wish(state: State) -> str:
    return next(str(m.content) for m in reversed(state["messages"]) if m.type == "human")


async def plan(state: State) -> dict[str, Any]:
    return {"found": ["a plan"]}


async def unsure(state: State, config: RunnableConfig) -> dict[str, Any]:
    run = str(config.get("metadata", {}).get("run_id"))
    _tried[run] += 1
    await asyncio.sleep(0.02)
    if _tried[run] < _TRIES:
        raise ConnectionError("the source is gone")
    return {"found": ["what the source said"]}


async def dear(state: State) -> dict[str, Any]:
    await asyncio.sleep(0.05)
    return {"found": ["what is dear"]}


def parts(state: State) -> list[Send]:
    return [Send("part", {"number": number}) for number in range(3)]


class Part(TypedDict):
    number: int


async def part(state: Part) -> dict[str, Any]:
    await asyncio.sleep(0.03)
    return {"found": [f"part {state['number']}"]}


async def first(state: State) -> dict[str, Any]:
    return {"found": ["first"]}


async def second(state: State) -> dict[str, Any]:
    usage = UsageMetadata(input_tokens=30, output_tokens=12, total_tokens=42)
    message = AIMessage(
        f"I looked at {len(state['found'])} things.",
        usage_metadata=usage,
        response_metadata={"model_name": "counted-1"},
    )
    return {"messages": [message]}


async def call(state: State) -> dict[str, Any]:
    return {"messages": [AIMessage("", tool_calls=_CALLS)]}


@tool
async def measure(what: str) -> str:
    """Measure something."""
    await asyncio.sleep(0.03)
    return f"{what} is 3"


async def close(state: State) -> dict[str, Any]:
    wish = _wish(state)
    if wish == "fail":
        raise ValueError("it does not fit")
    answer = interrupt({"question": "Does it fit?"}) if wish == "ask" else "It fits."
    return {"messages": [AIMessage(str(answer))]}


def _calls(state: State) -> list[Send]:
    return [Send("tools", [{**one, "type": "tool_call"}]) for one in _CALLS]


_inner = (
    StateGraph(State)
    .add_node("first", first)
    .add_node("second", second)
    .add_edge(START, "first")
    .add_edge("first", "second")
    .compile()
)
ranges = (
    StateGraph(State)
    .add_node("plan", plan)
    .add_node(
        "unsure",
        unsure,
        retry_policy=RetryPolicy(max_attempts=_TRIES, initial_interval=0.01, jitter=False),
    )
    .add_node("dear", dear, cache_policy=CachePolicy(key_func=lambda _: "the same"))
    .add_node("part", part)
    .add_node("inner", _inner)
    .add_node("call", call, defer=True)
    .add_node("tools", ToolNode([measure]))
    .add_node("close", close)
    .add_edge(START, "plan")
    .add_edge("plan", "unsure")
    .add_edge("plan", "dear")
    .add_conditional_edges("dear", parts, ["part"])
    .add_edge("unsure", "inner")
    .add_edge(["part", "inner"], "call")
    .add_conditional_edges("call", _calls, ["tools"])
    .add_edge("tools", "close")
    .add_edge("close", END)
    .compile(cache=InMemoryCache(), name="ranges")
)
