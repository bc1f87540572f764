"""Agents that are nodes of a graph: `child` is a subgraph, `desk` a supervisor with one agent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langgraph.graph import END, START, MessagesState, StateGraph

from tests.cases.model import in_a_row, say, text_of
from tests.cases.scripts import PLAIN, SECOND


async def _answer(state: MessagesState) -> dict[str, Any]:
    return await say(state, PLAIN)


async def _other_words(state: MessagesState) -> dict[str, Any]:
    return await say(state, SECOND)


child = in_a_row(("translator", in_a_row(("inside", _other_words))), ("answer", _answer))

_adding = in_a_row(("adder", _other_words))


def _handed_over(to: str, **fields: Any) -> list[BaseMessage]:
    name, call_id = f"transfer_to_{to}", f"{uuid4().hex[:6]}_{to}"
    return [
        AIMessage(
            fields.pop("content", ""),
            tool_calls=[{"name": name, "args": {}, "id": call_id}],
            **fields,
        ),
        ToolMessage(f"Successfully transferred to {to}", name=name, tool_call_id=call_id),
    ]


async def _lead(state: MessagesState) -> dict[str, Any]:
    if state["messages"][-1].type == "human":
        return {"messages": _handed_over("sums")}
    return await say(state, PLAIN)


async def _sums(state: MessagesState) -> dict[str, Any]:
    done = await _adding.ainvoke({"messages": state["messages"][:1]})
    back = _handed_over(
        "lead",
        content="Transferring back to lead",
        response_metadata={"__is_handoff_back": True},
    )
    return {"messages": [AIMessage(text_of(done["messages"][-1]), name="sums"), *back]}


def _after_lead(state: MessagesState) -> str:
    return END if state["messages"][-1].type == "ai" else "sums"


_desk = StateGraph(MessagesState)
_desk.add_node("lead", _lead)
_desk.add_node("sums", _sums)
_desk.add_edge(START, "lead")
_desk.add_edge("sums", "lead")
_desk.add_conditional_edges("lead", _after_lead, ["sums", END])
desk = _desk.compile()
