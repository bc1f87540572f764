"""Work that reports its progress, and a chart drawn by the page from what the tool pushes."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from langchain.tools import ToolRuntime  # noqa: TC002 - the tool's schema is made from it
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.config import get_stream_writer
from langgraph.graph.ui import push_ui_message

from chat_app.demo.scripted.pace import speed
from chat_app.demo.scripted.turn import Call, Reply, Turn
from chat_app.demo.tools.cities import CITIES, SAMPLE_TIME

if TYPE_CHECKING:
    from chat_app.demo.tools.cities import City

Measure = Literal["temperature", "wind", "humidity"]
_UNITS: dict[Measure, str] = {"temperature": "°C", "wind": "km/h", "humidity": "%"}
_SECONDS_PER_CITY = 0.06
MOST = 20
_END = {True: "highest", False: "lowest"}


class Ranking(TypedDict):
    """The cities with the highest or lowest values of one measure, the first one leading."""

    measure: Measure
    unit: str
    cities: list[dict[str, str | float]]
    source: str


async def rank_cities(
    measure: Measure,
    runtime: ToolRuntime,
    count: Annotated[int, "how many cities to name, at most 20"] = 10,
    *,
    highest: Annotated[bool, "the highest values; false for the lowest"] = True,
) -> Ranking:
    """Rank the cities of the sample data by one measure, and show the person a chart of it."""
    read: list[City] = []
    report = get_stream_writer()
    for city in CITIES:
        await asyncio.sleep(_SECONDS_PER_CITY / speed())
        read.append(city)
        report(
            {
                "type": "progress",
                "id": runtime.tool_call_id,
                "done": len(read),
                "of": len(CITIES),
                "label": "Reading the weather of all cities"
                if len(read) < len(CITIES)
                else "Read the weather of all cities",
            }
        )
    ranked = sorted(read, key=lambda city: _value(city, measure), reverse=highest)
    cities = [
        {"city": city.city, "value": _value(city, measure)}
        for city in ranked[: max(1, min(count, MOST))]
    ]
    report(f"Sorted {len(ranked)} cities by {measure}")
    report(f"Kept {len(cities)} of them for the chart")
    push_ui_message(
        "chart",
        {
            "title": f"{measure.capitalize()}: the {len(cities)} {_END[highest]}",
            "unit": _UNITS[measure],
            "bars": [{"label": row["city"], "value": row["value"]} for row in cities],
            "note": f"Sample data of the demo, {SAMPLE_TIME[:10]}",
        },
        message=runtime.state["messages"][-1],
    )
    return Ranking(measure=measure, unit=_UNITS[measure], cities=cities, source="sample data")


def _value(city: City, measure: Measure) -> float:
    return {
        "temperature": city.temperature_c,
        "wind": city.wind_kmh,
        "humidity": city.humidity,
    }[measure]


TOOLS: list[BaseTool] = [StructuredTool.from_function(coroutine=rank_cities)]

_RANK = re.compile(
    r"\brank\b|\b(warm|hott?|cold|cool|wind|humid|dr[iy]|calm)(i?est)\b.*\bcities\b", re.IGNORECASE
)
_WIND, _HUMIDITY = (
    re.compile(r"wind|calm", re.IGNORECASE),
    re.compile(r"humid|dr[iy]", re.IGNORECASE),
)
_LOWEST = re.compile(r"\b(cold|cool|dr[iy]|calm)(i?est)|lowest\b", re.IGNORECASE)
_COUNT = re.compile(r"\b(\d{1,2}|three|five|ten|twelve|twenty)\b", re.IGNORECASE)
_NUMBERS = {"three": 3, "five": 5, "ten": 10, "twelve": 12, "twenty": 20}


def reply(turn: Turn) -> Reply | None:
    """The ranking, then what it says."""
    if not _RANK.search(turn.question):
        return None
    if not turn.steps:
        return Reply(
            f"I go through all {len(CITIES)} cities that I have samples of.",
            calls=(Call("rank_cities", _args(turn.question)),),
        )
    return Reply(_told(turn))


def _args(question: str) -> dict[str, object]:
    measure: Measure = "temperature"
    if _WIND.search(question):
        measure = "wind"
    elif _HUMIDITY.search(question):
        measure = "humidity"
    counted = _COUNT.search(question)
    number = counted[1].lower() if counted else "ten"
    return {
        "measure": measure,
        "count": _NUMBERS.get(number) or int(number),
        "highest": not _LOWEST.search(question),
    }


def _told(turn: Turn) -> str:
    results = turn.results_of("rank_cities")
    try:
        told = json.loads(str(results[-1].text))
        first, last = told["cities"][0], told["cities"][-1]
    except (IndexError, KeyError, TypeError, ValueError):
        return "The ranking could not be made."
    unit = told["unit"]
    return (
        f"**{first['city']}** leads with {first['value']:g} {unit}; "
        f"{last['city']} is last in the chart with {last['value']:g} {unit}.\n\n"
        "*This is sample data that ships with the demo.*"
    )
