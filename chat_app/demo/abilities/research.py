"""Research by sub-agents: a plan, two researchers side by side, notes and a report as files.

The state is kept as LangChain's deep agents keep it: `todos` (of LangChain's own middleware) and
`files`, texts by path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from langchain.agents import create_agent
from langchain.tools import ToolRuntime  # noqa: TC002 - the tool's schema is made from it
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.types import Command

from chat_app.demo.scripted.answers import answer
from chat_app.demo.scripted.questions import places
from chat_app.demo.scripted.turn import Call, Reply, Turn
from chat_app.demo.tools.toolbox import TOOLS as PLAIN_TOOLS

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

RESEARCHER = "researcher"
_RESEARCHERS_TOOLS = {"weather", "clock", "calculator"}
_RESEARCHERS_PROMPT = (
    "You are a researcher. Use your tools to find out what your task asks for, then answer with a "
    "few sentences of findings. Whoever gave you the task reads only your last message."
)


def merged_files(kept: dict[str, str] | None, written: dict[str, str] | None) -> dict[str, str]:
    """The files of the state after some were written: what is written takes the old one's place."""
    return {**(kept or {}), **(written or {})}


Files = Annotated[dict[str, str], merged_files]


def research_tools(model: BaseChatModel) -> list[BaseTool]:
    """The tools `task` and `write_file`; `model` is what the researchers think with."""
    researcher = create_agent(
        model,
        tools=[tool for tool in PLAIN_TOOLS if tool.name in _RESEARCHERS_TOOLS],
        system_prompt=_RESEARCHERS_PROMPT,
        name=RESEARCHER,
    )

    async def task(
        description: Annotated[str, "the whole task; the researcher sees nothing else"],
    ) -> str:
        """Give a task to a researcher of its own, who knows weather, clock and calculator.

        Give independent tasks at once: they are worked on side by side.
        """
        done = await researcher.ainvoke({"messages": [HumanMessage(description)]})
        return str(done["messages"][-1].text)

    return [
        StructuredTool.from_function(coroutine=task),
        StructuredTool.from_function(coroutine=write_file),
    ]


async def write_file(
    path: Annotated[str, "where, as in notes/paris.md"],
    content: Annotated[str, "the whole text, as a rule Markdown"],
    runtime: ToolRuntime,
) -> Command[Any]:
    """Write a text file that the person can read, copy and download."""
    said = f"Wrote {path}: {len(content.split())} words."
    result = ToolMessage(said, name="write_file", tool_call_id=runtime.tool_call_id or "")
    return Command(update={"files": {path: content}, "messages": [result]})


_RESEARCH = re.compile(r"\bresearch\b", re.IGNORECASE)
_DEGREES = re.compile(r"(-?\d+(?:\.\d+)?) °C")
_USUAL = ("Lisbon", "Tokyo")


def reply(turn: Turn) -> Reply | None:
    """What the main agent says: plan, delegate, take notes, report, tell."""
    if not _RESEARCH.search(turn.question):
        return None
    named = places(turn.question)
    cities = [*named, *(city for city in _USUAL if city not in named)][:2]
    if not turn.steps:
        return Reply(
            "I will make a plan, send out two researchers and write down what they find.",
            reasoning=f"{cities[0]} and {cities[1]} do not depend on each other, so they can be "
            "looked into side by side. The report comes last, as it needs both.",
            calls=(_todos(cities, done=0),),
        )
    found = [str(result.text) for result in turn.results_of("task")]
    if turn.steps == 1:
        return Reply(
            "Two researchers start now, one for each city.",
            calls=tuple(Call("task", {"description": _task(city)}) for city in cities),
        )
    if turn.steps == 2:
        notes = (
            _file(_notes(city), f"# {city}\n\n{text}\n") for city, text in _pairs(cities, found)
        )
        return Reply("Both are back. I keep their notes.", calls=(*notes, _todos(cities, done=2)))
    if turn.steps == 3:
        report = _file("report.md", _report(cities, found))
        return Reply("Now the report.", calls=(report, _todos(cities, done=4)))
    return Reply(
        f"{_verdict(cities, found)}\n\n"
        "The report is in `report.md`, what the researchers wrote in `notes/`."
    )


def researchers_reply(turn: Turn) -> Reply:
    """What a researcher says: look up, work out, tell."""
    city = next(iter(places(turn.question)), _USUAL[0])
    weather, sums = turn.results_of("weather"), turn.results_of("calculator")
    if not turn.results:
        calls = Call("weather", {"city": city}), Call("clock", {"city_or_timezone": city})
        return Reply(f"I look at the sky and the clock in {city}.", calls=calls)
    celsius = _DEGREES.search(answer("", weather))
    if celsius and not sums:
        fahrenheit = Call("calculator", {"expression": f"{celsius[1]} * 9 / 5 + 32"})
        return Reply("And now the same in Fahrenheit.", calls=(fahrenheit,))
    return Reply(answer("", turn.results))


def _task(city: str) -> str:
    return f"Find out what it is like in {city} now: weather, time of day, degrees Fahrenheit"


def _todos(cities: list[str], *, done: int) -> Call:
    plan = [*(f"Look into {city}" for city in cities), "Compare the two", "Write the report"]
    # The two researchers work at the same time.
    at_work = {0: (0, 1), 2: (2,)}.get(done, ())
    listed = [
        {"content": item, "status": _status(place, done, at_work)}
        for place, item in enumerate(plan)
    ]
    return Call("write_todos", {"todos": listed})


def _status(place: int, done: int, at_work: tuple[int, ...]) -> str:
    if place < done:
        return "completed"
    return "in_progress" if place in at_work else "pending"


def _file(path: str, content: str) -> Call:
    return Call("write_file", {"path": path, "content": content})


def _notes(city: str) -> str:
    return f"notes/{'-'.join(city.lower().split())}.md"


def _pairs(cities: list[str], found: list[str]) -> list[tuple[str, str]]:
    """Each city and what its researcher found."""
    nothing = ["The researcher found nothing."] * len(cities)
    return list(zip(cities, [*found, *nothing], strict=False))


def _report(cities: list[str], found: list[str]) -> str:
    parts = [f"## {city}\n\n{text}" for city, text in _pairs(cities, found)]
    head = f"# {cities[0]} or {cities[1]}?\n\n{_verdict(cities, found)}"
    return "\n\n".join([head, *parts, "*Written by the demo agent from its researchers' notes.*\n"])


def _verdict(cities: list[str], found: list[str]) -> str:
    degrees = [_DEGREES.search(text) for _, text in _pairs(cities, found)]
    if not all(degrees):
        return "The two cannot be compared: at least one of them has no known temperature."
    here, there = (float(number[1]) for number in degrees if number)
    if here == there:
        return f"{cities[0]} and {cities[1]} are equally warm now."
    warmer, other = cities if here > there else reversed(cities)
    return f"**{warmer}** is the warmer one now, {abs(here - there):.1f} degrees above {other}."
