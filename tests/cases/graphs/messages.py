"""Messages of many shapes: `shapes` from a model, `nodes` from a node; ids that change on the way.

The first word of the prompt is the case.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

from langchain_core.messages import (
    AIMessage,
    ChatMessage,
    FunctionMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
)
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.message import REMOVE_ALL_MESSAGES
from langgraph.types import RetryPolicy

from tests.cases.model import ScriptedModel, asked, case_of, in_a_row, say
from tests.cases.scripts import NOTE, PLAIN, ROUTE, script_of


async def _model(state: MessagesState) -> dict[str, Any]:
    is_after_tool = state["messages"][-1].type == "tool"
    return await say(state, script_of(case_of(state), after_tool=is_after_tool))


async def _tools(state: MessagesState) -> dict[str, Any]:
    results = []
    for call in state["messages"][-1].tool_calls:  # type: ignore[union-attr]
        await asyncio.sleep(0.6)
        fields: dict[str, Any] = {"content": json.dumps({**call["args"], "found": True})}
        if call["name"] == "fetch_rows":
            fields = {"content": "", "artifact": {"rows": [{"fruit": "quince", "kg": 7}]}}
        results.append(ToolMessage(tool_call_id=call["id"], name=call["name"], **fields))
    return {"messages": results}


def _after_model(state: MessagesState) -> str:
    return "tools" if getattr(state["messages"][-1], "tool_calls", None) else END


_shapes = StateGraph(MessagesState)
_shapes.add_node("model", _model)
_shapes.add_node("tools", _tools)
_shapes.add_edge(START, "model")
_shapes.add_edge("tools", "model")
_shapes.add_conditional_edges("model", _after_model, ["tools", END])
shapes = _shapes.compile()


def _call(name: str, city: str, id: str) -> dict[str, Any]:
    return {"name": name, "args": {"city": city}, "id": id}


_SUMMARY = "Summary so far: two greetings were exchanged."
_WRITTEN: dict[str, list[Any]] = {
    "summarise": [
        RemoveMessage(id=REMOVE_ALL_MESSAGES),
        HumanMessage(_SUMMARY, additional_kwargs={"lc_source": "summarization"}),
        AIMessage("Here I go on after the summary."),
    ],
    "named": [
        AIMessage("Three sources are worth reading.", name="researcher"),
        AIMessage("Then I draft the first page.", name="writer"),
        HumanMessage("Please go on with page two.", name="coordinator"),
        AIMessage("Page two is done as well.", name="writer"),
    ],
    "roles": [
        SystemMessage("Keep to the house rules."),
        FunctionMessage(name="lookup", content="lookup gave 42"),
        ChatMessage(role="developer", content="Prefer short sentences."),
        AIMessage("It is forty-two."),
    ],
    "twocalls": [
        AIMessage(
            "",
            tool_calls=[_call("population", "Oslo", "c1"), _call("population", "Bern", "c1")],
        ),
        ToolMessage("many", tool_call_id="c1", name="population"),
        AIMessage("Both have many."),
    ],
    "early": [
        ToolMessage("cloudy", tool_call_id="e1", name="forecast"),
        AIMessage("", tool_calls=[_call("forecast", "Bonn", "e1")]),
        AIMessage("Clouds over Bonn."),
    ],
    "silent": [],
}


async def _write(state: MessagesState) -> dict[str, Any]:
    await asyncio.sleep(0.3)
    case = case_of(state)
    if case == "unseen":
        unseen = [
            kind(text, id=f"do-not-render-{uuid4().hex}")
            for kind, text in ((AIMessage, "NOT FOR THE READER"), (HumanMessage, "NOR THIS"))
        ]
        return {"messages": [*unseen, AIMessage("Only this is to be read.")]}
    written = _WRITTEN.get(case, [AIMessage(f"Node says: {asked(state)}")])
    # Copies: the state gives each message an id of its own.
    return {"messages": [message.model_copy() for message in written]} if written else {}


nodes = in_a_row(("write", _write))


class _Routed(MessagesState):
    route: str


async def _classify(state: _Routed) -> dict[str, Any]:
    await ScriptedModel(pieces=ROUTE, delay=0.08).ainvoke(state["messages"])
    return {"route": "billing"}


async def _answer(state: MessagesState) -> dict[str, Any]:
    return await say(state, PLAIN)


inner = in_a_row(("classify", _classify), ("answer", _answer), state=_Routed)


async def _quiet(state: MessagesState) -> dict[str, Any]:
    model = ScriptedModel(pieces=NOTE, delay=0.1)
    await model.with_config(tags=["langsmith:do-not-render"]).ainvoke(state["messages"])
    return {}


hidden = in_a_row(("quiet", _quiet), ("answer", _answer))


async def _linger(state: MessagesState) -> dict[str, Any]:
    await asyncio.sleep(1)
    return {}


late = in_a_row(("model", _model), ("linger", _linger))
"""The message is saved a second before the run ends."""


async def _renamed(state: MessagesState) -> dict[str, Any]:
    message = await ScriptedModel(pieces=PLAIN).ainvoke(state["messages"])
    message.id = f"kept-{state['messages'][-1].id}"
    return {"messages": [message]}


async def _checked(state: MessagesState) -> dict[str, Any]:
    await asyncio.sleep(0.6)
    last = state["messages"][-1]
    return {"messages": [AIMessage(f"{last.content} (checked)", id=last.id)]}


sameid = in_a_row(("renamed", _renamed), ("checked", _checked), ("linger", _linger))
"""A message saved under another id than it streamed with, then changed by a later node."""

_tries: dict[str | None, int] = {}
_BROKEN = ["Half ", "of ", "a sentence ", "that ", "ends "]


async def _flaky(state: MessagesState) -> dict[str, Any]:
    key = state["messages"][-1].id
    _tries[key] = _tries.get(key, 0) + 1
    if _tries[key] == 1:
        await ScriptedModel(pieces=_BROKEN, fails_at=4, delay=0.1).ainvoke(state["messages"])
    return await say(state, PLAIN, delay=0.2)


_retry = StateGraph(MessagesState)
_retry.add_node("flaky", _flaky, retry_policy=RetryPolicy(initial_interval=0.5, max_attempts=3))
_retry.add_edge(START, "flaky")
retry = _retry.compile()
