"""Real graphs that ask a person, in every dialect there is, for the real server.

``approves`` and ``approves_each`` have LangChain's middleware ask before tools run, all at once or
each call by itself: "one" calls one tool, anything else two. ``entrusts`` leaves that to an agent
inside a tool. ``pauses`` stands still before its node. ``consults`` asks what the message names, a
key of `QUESTIONS`, and tells the answer as JSON; "many" asks two at once, "picky" takes nothing but
"please", and "slow" takes a second for its answer, or a minute if that is "slowly".

The others ask where a model has called tools: ``inquires`` from inside a tool, of which it runs
another one beside it; ``halts`` before its tools; ``employs`` in an agent that is a node of a
graph, ``retains`` in one that keeps its own memory from run to run.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from langchain.agents import create_agent
from langchain.agents.middleware import HumanInTheLoopMiddleware
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.tools import tool
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.types import Send, interrupt
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

EMAIL: dict[str, Any] = {
    "to": "bob@example.com",
    "subject": "Launch",
    "copies": 3,
    "urgent": False,
    "cc": None,
    "headers": {"tags": ["a"]},
}
_LEGACY: dict[str, Any] = {
    "action_request": {"action": "send_email", "args": EMAIL},
    "config": dict.fromkeys(("allow_accept", "allow_edit", "allow_respond", "allow_ignore"), True),
    "description": "Please **check** this.",
}
_PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2},
        "age": {"type": "integer", "minimum": 0},
        "colour": {"enum": ["red", "green"]},
    },
    "required": ["name", "age"],
}
_TRIP: dict[str, Any] = {
    "type": "object",
    "properties": {
        "cities": {"type": "array", "items": {"type": "string", "minLength": 2}, "minItems": 1},
        "days": {"type": "array", "items": {"type": "number"}},
        "meals": {"type": "array", "items": {"enum": ["breakfast", "lunch", "dinner"]}},
        "guest": {
            "type": "object",
            "title": "Main guest",
            "required": ["email"],
            "properties": {
                "email": {"type": "string", "format": "email"},
                "born": {"type": "string", "format": "date"},
            },
        },
        "leaves": {"type": "string", "format": "date-time"},
        "notes": {"type": "string", "format": "textarea"},
    },
    "required": ["cities"],
}
_SCHEMAS = {"schema": _PERSON, "trip": _TRIP}
QUESTIONS: dict[str, Any] = {
    "legacy": [_LEGACY],
    "single": _LEGACY,
    "words": "What is your name?",
    "json": {"question": "Which one?", "options": [1, 2]},
    "malformed": {"action_requests": "none", "review_configs": 7},
    "schema": {"question": "Who are you?"},
    "trip": {"question": "Where to?"},
    "picky": "Say the magic word.",
    "slow": "Shall I?",
}


@tool
def send_email(
    to: str, subject: str, copies: int, urgent: bool, cc: str | None, headers: dict[str, Any]
) -> str:
    """Send an email."""
    return json.dumps([to, subject, copies, urgent, cc, headers])


@tool
def delete_file(path: str) -> str:
    """Delete a file."""
    return f"deleted {path}"


class _Caller(BaseChatModel):
    """Calls tools as it is told, then tells their results."""

    @property
    def _llm_type(self) -> str:
        return "caller"

    def bind_tools(self, tools: Any, **kwargs: Any) -> _Caller:
        return self

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=_reply(messages))])


def _reply(messages: list[BaseMessage]) -> AIMessage:
    asked = max(n for n, m in enumerate(messages) if isinstance(m, HumanMessage))
    results = [m.text for m in messages[asked:] if isinstance(m, ToolMessage)]
    if results:
        return AIMessage("Results: " + " | ".join(results))
    told = messages[asked].text
    if told == "entrust":
        return AIMessage("", tool_calls=[{"name": "entrust", "args": {}, "id": "call_0"}])
    calls = [{"name": "send_email", "args": EMAIL, "id": "call_1"}]
    if told != "one":
        calls.append({"name": "delete_file", "args": {"path": "a.txt"}, "id": "call_2"})
    return AIMessage("", tool_calls=calls)


def _with_approval(mode: Any) -> CompiledStateGraph:
    only = {"allowed_decisions": ["approve", "reject"]}
    asking = HumanInTheLoopMiddleware(
        {"send_email": True, "delete_file": only},  # type: ignore[arg-type]
        interrupt_mode=mode,
    )
    return create_agent(_Caller(), tools=[send_email, delete_file], middleware=[asking])


approves = _with_approval("batched")
approves_each = _with_approval("per_call")


@tool
async def entrust() -> str:
    """Let another agent send the email."""
    done = await approves.ainvoke({"messages": [HumanMessage("one")]})
    return done["messages"][-1].text


entrusts = create_agent(_Caller(), tools=[entrust])


class _Asked(TypedDict):
    about: str


async def _ask(state: _Asked) -> dict[str, Any]:
    about = state["about"]
    answer = interrupt(QUESTIONS.get(about, about), response_schema=_SCHEMAS.get(about))
    if about == "picky" and answer != "please":
        raise ValueError("that was not the magic word")
    if about == "slow":
        await asyncio.sleep(60 if answer == "slowly" else 1)
    return {"messages": [AIMessage(f"{about}: {json.dumps(answer)}")]}


def _questions(state: MessagesState) -> list[Send]:
    told = state["messages"][-1].text
    return [Send("ask", {"about": about}) for about in (("A", "B") if told == "many" else (told,))]


_consulting = StateGraph(MessagesState)
_consulting.add_node("ask", _ask)
_consulting.add_conditional_edges(START, _questions)
consults = _consulting.compile()


def _go_on(state: MessagesState) -> dict[str, Any]:
    return {"messages": [AIMessage("Went on.")]}


_pausing = StateGraph(MessagesState)
_pausing.add_node("act", _go_on)
_pausing.add_edge(START, "act")
_pausing.add_edge("act", END)
pauses = _pausing.compile(interrupt_before=["act"])


@tool
def ask_person(question: str) -> str:
    """Ask the person."""
    return str(interrupt(question))


class _Inquirer(_Caller):
    """Asks the person, and deletes a file beside it."""

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        reply = _reply(messages)
        if reply.tool_calls:
            asks = {"name": "ask_person", "args": {"question": "Which city?"}, "id": "call_1"}
            deletes = {"name": "delete_file", "args": {"path": "a.txt"}, "id": "call_2"}
            reply = AIMessage("", tool_calls=[asks, deletes])
        return ChatResult(generations=[ChatGeneration(message=reply)])


inquires = create_agent(_Inquirer(), tools=[ask_person, delete_file])
halts = create_agent(_Caller(), tools=[send_email, delete_file], interrupt_before=["tools"])


def _employer(agent: Any) -> CompiledStateGraph:
    employing = StateGraph(MessagesState)
    employing.add_node("agent", agent)
    employing.add_edge(START, "agent")
    return employing.compile()


def _agent(**compiled: Any) -> CompiledStateGraph:
    asking = HumanInTheLoopMiddleware({"send_email": True})
    return create_agent(_Caller(), tools=[send_email], middleware=[asking], **compiled)


employs = _employer(_agent())
retains = _employer(_agent(checkpointer=True))
