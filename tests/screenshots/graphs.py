"""Graphs that stand still at a moment worth looking at, for a real server.

``scene`` plays the scene that the message names, ``delegating`` has two researchers at work, one of
whom is done; both stay there until they are cancelled. ``trip_planner`` answers.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence  # noqa: TC003 - the graph reads it
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import InjectedToolCallId, tool
from langgraph.config import get_stream_writer
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.graph.ui import AnyUIMessage, push_ui_message, ui_message_reducer
from langgraph.prebuilt import ToolNode
from langgraph.types import Command, Send

from tests.cases.model import Script, call_chunk, characters, say
from tests.screenshots.content import HALF_AN_ANSWER, REPORT, THOUGHT, WIDGETS

if TYPE_CHECKING:
    from collections.abc import Callable

STAY = 3600.0
"""Seconds of silence: the run is cancelled before."""


class _State(MessagesState):
    todos: list[dict[str, str]]
    files: Annotated[dict[str, str], or_]
    ui: Annotated[Sequence[AnyUIMessage], ui_message_reducer]


def _calls(*calls: tuple[str, dict[str, Any]]) -> Script:
    chunks = [
        call_chunk(name, json.dumps(args), f"call_{place}", place)
        for place, (name, args) in enumerate(calls)
    ]
    return [{"content": "", "tool_call_chunks": chunks}]


def _each_call(state: _State) -> list[Send] | str:
    """A task for each call, as the agents of LangChain have."""
    last = state["messages"][-1]
    calls = last.tool_calls if isinstance(last, AIMessage) else []
    return [Send("tools", [call]) for call in calls] or END


def _agent(name: str, script: Callable[[str, int], Script], *tools: Any) -> Any:
    """A graph whose model plays what `script` has for the question and its number of results."""

    async def model(state: _State) -> dict[str, Any]:
        messages = state["messages"]
        asked = max(n for n, message in enumerate(messages) if isinstance(message, HumanMessage))
        results = sum(isinstance(message, ToolMessage) for message in messages[asked:])
        return await say(state, script(messages[asked].text, results), delay=0.005)

    builder = StateGraph(_State)
    builder.add_node("model", model)
    builder.add_node("tools", ToolNode(list(tools), handle_tool_errors=True))
    builder.add_edge(START, "model")
    builder.add_conditional_edges("model", _each_call, ["tools", END])
    builder.add_edge("tools", "model")
    return builder.compile(name=name)


@tool
async def find_flights(to: str, on: str) -> str:
    """Find flights."""
    return json.dumps([{"flight": "TP 1901", "to": to, "on": on, "price": 189}])


@tool
async def book_hotel(city: str) -> str:
    """Fail to book a hotel."""
    raise ValueError(f"No room is free in {city} on that day.")


@tool
async def compare_prices(of: list[str]) -> str:
    """Take an hour."""
    await asyncio.sleep(STAY)
    return ", ".join(of)


@tool
async def plan_work(tool_call_id: Annotated[str, InjectedToolCallId]) -> Command[Any]:
    """Make a plan and a first file."""
    steps = ("Read the sources", "completed"), ("Compare them", "in_progress")
    steps = (*steps, ("Write the report", "pending"))
    return Command(
        update={
            "todos": [{"content": step, "status": status} for step, status in steps],
            "files": {"notes/sources.md": REPORT},
            "messages": [ToolMessage("Planned.", tool_call_id=tool_call_id)],
        }
    )


@tool
async def report_progress() -> str:
    """Tell what is being done, in each way there is, and do not end."""
    write = get_stream_writer()
    write("Connected to the archive")
    write({"type": "progress", "id": "read", "done": 12, "of": 30, "label": "Reading letters"})
    write({"type": "index", "shard": 7, "state": "warm"})
    await asyncio.sleep(STAY)
    return "done"


@tool
async def show_widgets() -> str:
    """Push components to the page."""
    for name, props in WIDGETS:
        push_ui_message(name, props)
    return "shown"


_SCENES: dict[str, Script] = {
    "waiting": [STAY],
    "reasoning": [
        *([{"type": "reasoning", "reasoning": part, "index": 0}] for part in characters(THOUGHT)),
        STAY,
    ],
    "streaming": [*characters(HALF_AN_ANSWER, 8), STAY],
    "tools": [
        "I look at three things side by side.",
        *_calls(
            ("find_flights", {"to": "Lisbon", "on": "2026-12-04"}),
            ("book_hotel", {"city": "Lisbon"}),
            ("compare_prices", {"of": ["train", "plane", "bus"]}),
        ),
    ],
    "plan": ["I begin with a plan.", *_calls(("plan_work", {}))],
    "events": ["I go through the archive.", *_calls(("report_progress", {}))],
    "widgets": ["Here is what I found.", *_calls(("show_widgets", {}))],
}
_AFTER: dict[str, Script] = {"widgets": ["Fill in the form, and I book it."]}


def _scene(asked: str, results: int) -> Script:
    name = asked.split(maxsplit=1)[0]
    return _AFTER.get(name, [STAY]) if results else _SCENES[name]


scene = _agent(
    "scene",
    _scene,
    *(find_flights, book_hotel, compare_prices, plan_work, report_progress, show_widgets),
)


def _research(asked: str, results: int) -> Script:
    if not results:
        return ["I look for timetables.", *_calls(("find_flights", {"to": asked, "on": "today"}))]
    return [STAY] if "Tokyo" in asked else [f"There is one flight to {asked} today, at 189 euros."]


_researcher = _agent("researcher", _research, find_flights)


@tool
async def task(description: str) -> str:
    """Give a task to a researcher."""
    done = await _researcher.ainvoke({"messages": [HumanMessage(description)]})
    return done["messages"][-1].text


def _delegate(_: str, results: int) -> Script:
    if results:
        return ["Both are done."]
    tasks = (("task", {"description": city}) for city in ("Lisbon", "Tokyo"))
    return ["Two researchers start now.", *_calls(*tasks)]


delegating = _agent("delegating", _delegate, task)
trip_planner = _agent("trip_planner", lambda _asked, _results: ["Where would you like to go?"])
