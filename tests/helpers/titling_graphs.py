"""Graphs that give their thread a title, and one that makes titles for others."""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessage
from langgraph.config import get_stream_writer
from langgraph.graph import START, MessagesState, StateGraph

LABELLED = 'Title: "A **made** title".\nAnd an explanation.'


class TitledState(MessagesState):
    """A conversation with a title."""

    title: str


def _in_state(state: TitledState) -> dict[str, Any]:
    said = state["messages"][-1].text
    return {"messages": [AIMessage("Yes.")], "title": f"State\n {said}"}


def _by_event(state: MessagesState) -> dict[str, Any]:
    write = get_stream_writer()
    write({"type": "progress", "title": "Step 1"})
    write({"type": "title", "value": f"Event {state['messages'][-1].text}"})
    return {"messages": [AIMessage("Yes.")]}


def _make(state: MessagesState) -> dict[str, Any]:
    if "break" in state["messages"][-1].text:
        raise ValueError
    return {"messages": [AIMessage(LABELLED)]}


def _one_node(schema: Any, node: Any) -> Any:
    builder = StateGraph(schema)
    builder.add_node("model", node)
    builder.add_edge(START, "model")
    return builder.compile()


titled = _one_node(TitledState, _in_state)
announces = _one_node(MessagesState, _by_event)
titles = _one_node(MessagesState, _make)
