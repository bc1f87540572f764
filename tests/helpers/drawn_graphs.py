"""Graphs to be drawn, for the real server.

``nested`` runs a graph as one of its nodes, which searches and then sums up until the file that the
message names as ``until PATH`` is there; then it checks, and answers. ``hundred`` has a hundred
nodes, which is not for running.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage
from langgraph.graph import END, START, MessagesState, StateGraph

TOPICS = ("documents", "answers", "sources", "claims", "sections")
_LEAVES = 2
"""Nodes after each one of ``hundred``."""


def _pass(state: MessagesState) -> dict[str, Any]:
    return {}


async def _sum_up(state: MessagesState) -> dict[str, Any]:
    found = re.search(r"until (\S+)", state["messages"][-1].text)
    while found and not await asyncio.to_thread(Path(found[1]).exists):  # noqa: ASYNC110 - a file
        await asyncio.sleep(0.05)
    return {}


def _answer(state: MessagesState) -> dict[str, Any]:
    return {"messages": [AIMessage("It is checked.")]}


def _is_good(state: MessagesState) -> str:
    return "good"


_inner = StateGraph(MessagesState)
_inner.add_node("search", _pass)
_inner.add_node("sum_up", _sum_up)
_inner.add_edge(START, "search")
_inner.add_edge("search", "sum_up")
_inner.add_edge("sum_up", END)

_outer = StateGraph(MessagesState)
_outer.add_node("prepare", _pass)
_outer.add_node("research", _inner.compile())
_outer.add_node("check_everything_with_a_long_name", _pass)
_outer.add_node("answer", _answer)
_outer.add_edge(START, "prepare")
_outer.add_edge("prepare", "research")
_outer.add_edge("research", "check_everything_with_a_long_name")
_outer.add_conditional_edges(
    "check_everything_with_a_long_name", _is_good, {"good": "answer", "again": "research"}
)
_outer.add_edge("answer", END)
nested = _outer.compile()

_many = StateGraph(MessagesState)
_NAMES = [f"collect_{TOPICS[number % 5]}_{number}" for number in range(98)]
for name in _NAMES:
    _many.add_node(name, _pass)
_many.add_edge(START, _NAMES[0])
for number, name in enumerate(_NAMES[1:], 1):
    _many.add_edge(_NAMES[(number - 1) // _LEAVES], name)
_many.add_edge(_NAMES[-1], END)
hundred = _many.compile()
