"""The demo agent's tools. What they return reaches the model, and the reader, as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TypedDict
from zoneinfo import ZoneInfo, available_timezones

from langchain_core.tools import BaseTool, StructuredTool, ToolException

from chat_app.demo.arithmetic import CalculationError, Number, calculate
from chat_app.demo.cities import known_city
from chat_app.demo.weather import UnknownPlaceError, Weather, current_weather


class Calculation(TypedDict):
    """What was asked and what came out."""

    expression: str
    result: Number


class Clock(TypedDict):
    """Local time of a place: `time` HH:MM, `date` ISO, `utc_offset` as +HH:MM."""

    place: str
    timezone: str
    time: str
    date: str
    weekday: str
    utc_offset: str


async def weather(city: str) -> Weather:
    """Current weather in a city, given by its name or a common nickname."""
    try:
        return await current_weather(city)
    except UnknownPlaceError as unknown:
        raise ToolException(str(unknown)) from None


def calculator(expression: str) -> Calculation:
    """Work out an arithmetic expression: + - * / // % ^, brackets, sqrt, sin, ln, pi and so on."""
    try:
        return Calculation(expression=expression, result=calculate(expression))
    except CalculationError as impossible:
        raise ToolException(str(impossible)) from None


def clock(city_or_timezone: str) -> Clock:
    """Current date and time in a city or an IANA time zone such as Europe/Paris."""
    city = known_city(city_or_timezone)
    zone = city.timezone if city else _zones().get(_key(city_or_timezone))
    if not zone:
        raise ToolException(
            f"I know no time zone for “{city_or_timezone}”. "
            "A large city or a name such as Europe/Paris would work."
        )
    now = datetime.now(UTC).astimezone(ZoneInfo(zone))
    offset = now.strftime("%z")
    return Clock(
        place=city.city if city else zone.rsplit("/", 1)[-1].replace("_", " "),
        timezone=zone,
        time=now.strftime("%H:%M"),
        date=now.date().isoformat(),
        weekday=now.strftime("%A"),
        utc_offset=f"{offset[:3]}:{offset[3:]}",
    )


@cache
def _zones() -> dict[str, str]:
    """Time zones by their whole name and by the city in it."""
    zones = sorted(available_timezones())
    return {_key(zone.rsplit("/", 1)[-1]): zone for zone in zones} | {
        _key(zone): zone for zone in zones
    }


def _key(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


# The functions without await run in LangChain's thread pool, so that reading time zones from disk
# may block.
TOOLS: list[BaseTool] = [
    StructuredTool.from_function(coroutine=weather, handle_tool_error=True),
    StructuredTool.from_function(calculator, handle_tool_error=True),
    StructuredTool.from_function(clock, handle_tool_error=True),
]
