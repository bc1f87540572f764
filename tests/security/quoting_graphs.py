"""Graphs that quote the variable ``QUOTED`` of their server in every way in which one can fail."""

from __future__ import annotations

import os
from typing import Any

from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from langgraph.config import get_stream_writer
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode

QUOTED = os.environ["QUOTED"]


class AuthenticationError(Exception):
    """As the libraries of most providers name it."""


@tool
def look_up(city: str) -> str:
    """Fail, and quote."""
    raise ValueError(f"no {city} with {QUOTED}")


def _graph(node: Any) -> Any:
    builder = StateGraph(MessagesState)
    builder.add_node("model", node)
    builder.add_edge(START, "model")
    return builder.compile()


async def _raise(_: MessagesState) -> dict[str, Any]:
    raise AuthenticationError(f"Error code: 401 - {{'message': 'Incorrect key: {QUOTED}'}}")


async def _tool(state: MessagesState) -> dict[str, Any]:
    call = {"name": "look_up", "args": {"city": "Paris"}, "id": "call-1", "type": "tool_call"}
    asked = AIMessage("", tool_calls=[call])
    tools = ToolNode([look_up], handle_tool_errors=True)
    result = await tools.ainvoke({"messages": [*state["messages"], asked]})
    return {"messages": [asked, *result["messages"], AIMessage("done")]}


async def _say(_: MessagesState) -> dict[str, Any]:
    get_stream_writer()({"type": "progress", "message": QUOTED})
    return {"messages": [AIMessage(f"It is {QUOTED}", additional_kwargs={"kept": QUOTED})]}


raises = _graph(_raise)
raises_inside = _graph(_graph(_raise))
tool_raises = _graph(_tool)
says = _graph(_say)
