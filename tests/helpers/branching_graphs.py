"""Graphs whose versions are not told by the messages of the newest state alone."""

from __future__ import annotations

import asyncio
from typing import Any, TypedDict
from uuid import uuid4

from langchain_core.messages import AIMessage, BaseMessage, RemoveMessage
from langgraph.func import entrypoint
from langgraph.graph import END, START, MessagesState, StateGraph

KEEPS = 6
"""Messages of ``forgets``; of more it keeps only the last two."""


class _Form(TypedDict, total=False):
    question: str
    answer: str


def _fill(state: _Form) -> dict[str, Any]:
    return {"answer": f"{state.get('question')} {uuid4()}"}


def _count(state: MessagesState) -> dict[str, Any]:
    return {"messages": [AIMessage(f"{len(state['messages'])} known", id=str(uuid4()))]}


def _forget(state: MessagesState) -> dict[str, Any]:
    if len(state["messages"]) <= KEEPS:
        return {}
    return {"messages": [RemoveMessage(str(one.id)) for one in state["messages"][:-2]]}


async def _linger(state: MessagesState) -> dict[str, Any]:
    if state["messages"][-1].additional_kwargs.get("chat_continues"):
        await asyncio.sleep(60)
    return _count(state)


_filling = StateGraph(_Form)
_filling.add_node("fill", _fill)
_filling.add_edge(START, "fill")
_filling.add_edge("fill", END)
fills = _filling.compile()

_lingering = StateGraph(MessagesState)
_lingering.add_node("linger", _linger)
_lingering.add_edge(START, "linger")
lingers = _lingering.compile()

_forgetting = StateGraph(MessagesState)
_forgetting.add_node("count", _count)
_forgetting.add_node("forget", _forget)
_forgetting.add_edge(START, "count")
_forgetting.add_edge("count", "forget")
_forgetting.add_edge("forget", END)
forgets = _forgetting.compile()


@entrypoint()
async def drafts(question: str, *, previous: str | None = None) -> str:
    """Return another value each time."""
    return f"{question}, after {bool(previous)}: {uuid4()}"


@entrypoint()
async def agrees(given: dict[str, Any]) -> str:
    """Return the same value, whatever is asked."""
    return "Yes." if given["messages"] else "What?"


@entrypoint()
async def replies(given: dict[str, Any], *, previous: list[BaseMessage] | None = None) -> Any:
    """Return the answer alone, and keep the whole conversation."""
    known = [*(previous or []), *given["messages"]]
    answer = AIMessage(f"{len(known)} known", id=str(uuid4()))
    return entrypoint.final(value=answer, save=[*known, answer])
