"""A graph that works as deep agents do, for the real server.

``works`` keeps todos and files. It plans, gives a task to an agent that gives it on to another one,
and writes ``report.md`` and ``page.html``; asked once more it changes the report.
"""

from __future__ import annotations

from operator import or_
from typing import Annotated, Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import InjectedToolCallId, tool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition
from langgraph.types import Command

STEPS = ("Read the sources", "Ask for help", "Write the report")
HEAD = "# Rivers\n\n" + "".join(f"Line {number} of the report.\n\n" for number in range(20))
PAGE = (
    "<h1>Rivers</h1><script>document.body.append('scripts run');"
    "fetch('https://elsewhere.example/').catch(() => document.body.append(', alone'))</script>"
)


class _State(MessagesState):
    todos: list[dict[str, str]]
    files: Annotated[dict[str, str], or_]


def _graph(name: str, script: Any, *tools: Any, state: Any = MessagesState) -> Any:
    """A graph that calls `tools` as the script says, one after the other, then says its last words.

    `script` takes the messages of the turn and returns the words and the call, or the words alone.
    """

    def speak(state: Any) -> dict[str, Any]:
        messages: list[BaseMessage] = state["messages"]
        asked = max(n for n, message in enumerate(messages) if isinstance(message, HumanMessage))
        done = sum(isinstance(message, ToolMessage) for message in messages[asked:])
        words, *call = script(done, messages)
        calls = [
            {"name": tool, "args": args, "id": f"{name}_{len(messages)}", "type": "tool_call"}
            for tool, args in call
        ]
        return {"messages": [AIMessage(words, tool_calls=calls)]}

    builder = StateGraph(state)
    builder.add_node("model", speak)
    builder.add_node("tools", ToolNode(list(tools)))
    builder.add_edge(START, "model")
    builder.add_conditional_edges("model", tools_condition)
    builder.add_edge("tools", "model")
    return builder.compile(name=name)


@tool
def look(at: str) -> str:
    """Look at something."""
    return f"seen {at}"


def _looks(done: int, _: Any) -> tuple[Any, ...]:
    return ("I look.", ("look", {"at": "the Nile"})) if not done else ("The Nile is long.",)


_reader = _graph("reader", _looks, look)


@tool
async def ask_reader(question: str) -> str:
    """Give a question to the reader."""
    answer = await _reader.ainvoke({"messages": [HumanMessage(question)]})
    return answer["messages"][-1].text


def _asks(done: int, messages: list[BaseMessage]) -> tuple[Any, ...]:
    if not done:
        return "I ask the reader.", ("ask_reader", {"question": "How long is the Nile?"})
    return (f"It says: {messages[-1].text}",)


_helper = _graph("helper", _asks, ask_reader)


@tool
async def task(description: str) -> str:
    """Give a task to the helper."""
    answer = await _helper.ainvoke({"messages": [HumanMessage(description)]})
    return answer["messages"][-1].text


@tool
def write_todos(done: int, tool_call_id: Annotated[str, InjectedToolCallId]) -> Command:
    """Say how many of the steps are done; the next one is under way."""
    status = ["completed"] * done + ["in_progress"] + ["pending"] * len(STEPS)
    listed = [{"content": step, "status": s} for step, s in zip(STEPS, status, strict=False)]
    return Command(
        update={"todos": listed, "messages": [ToolMessage("ok", tool_call_id=tool_call_id)]}
    )


@tool
def write_files(files: dict[str, str], tool_call_id: Annotated[str, InjectedToolCallId]) -> Command:
    """Write files."""
    return Command(
        update={"files": files, "messages": [ToolMessage("ok", tool_call_id=tool_call_id)]}
    )


def _works(done: int, messages: list[BaseMessage]) -> tuple[Any, ...]:
    if sum(isinstance(message, HumanMessage) for message in messages) > 1:
        changed = HEAD.replace("Line 3 of", "Line three of")
        return (
            ("I change it.", ("write_files", {"files": {"report.md": changed}}))
            if not done
            else ("Changed.",)
        )
    script = (
        ("I plan.", ("write_todos", {"done": 0})),
        ("I ask for help.", ("task", {"description": "Find out about the Nile."})),
        ("I write.", ("write_files", {"files": {"report.md": HEAD, "out/page.html": PAGE}})),
        ("Almost.", ("write_todos", {"done": 2})),
        ("It is all in the report.",),
    )
    return script[done]


works = _graph("works", _works, write_todos, task, write_files, state=_State)
