"""The demo agent's tools. What they return reaches the model, and the reader, as JSON."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypedDict
from zoneinfo import ZoneInfo, available_timezones

from langchain_core.tools import BaseTool, StructuredTool, ToolException

from chat_app.demo.tools.arithmetic import CalculationError, Number, calculate
from chat_app.demo.tools.chart import bar_chart
from chat_app.demo.tools.cities import CITIES, known_city
from chat_app.demo.tools.weather import UnknownPlaceError, Weather, current_weather

MOST_SECONDS = 60


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
    return Clock(
        place=city.city if city else zone.rsplit("/", 1)[-1].replace("_", " "),
        timezone=zone,
        time=now.strftime("%H:%M"),
        date=now.date().isoformat(),
        weekday=now.strftime("%A"),
        utc_offset=_offset(now),
    )


def count_words(text: str) -> dict[str, int]:
    """Count the words and characters of a text."""
    return {"words": len(text.split()), "characters": len(text)}


async def timer(seconds: float) -> str:
    """Wait for so many seconds, at most `MOST_SECONDS`."""
    waited = max(0.0, min(seconds, MOST_SECONDS))
    await asyncio.sleep(waited)
    return f"{waited:g} seconds are over."


def cities() -> list[dict[str, Any]]:
    """The cities with sample weather: country, time zone and what a day in mid-June is like."""
    return [
        {
            "city": city.city,
            "country": city.country,
            "timezone": city.timezone,
            "temperature_c": city.temperature_c,
            "sky": city.sky,
        }
        for city in CITIES
    ]


def time_zones() -> list[dict[str, str]]:
    """All time zones of the world with the time in them now: a long list."""
    now = datetime.now(UTC)
    there = {zone: now.astimezone(ZoneInfo(zone)) for zone in sorted(set(_zones().values()))}
    return [
        {"timezone": zone, "time": local.strftime("%H:%M"), "utc_offset": _offset(local)}
        for zone, local in there.items()
    ]


def chart(values: list[float], title: str) -> list[dict[str, Any]]:
    """Draw a bar chart of up to 60 values, as an image."""
    try:
        picture = bar_chart(values)
    except ValueError as impossible:
        raise ToolException(str(impossible)) from None
    return [
        {"type": "text", "text": f"{title}: {len(values)} bars, from a common zero line."},
        {
            "type": "image",
            "mime_type": "image/png",
            "base64": base64.b64encode(picture).decode(),
        },
    ]


def _offset(local: datetime) -> str:
    offset = local.strftime("%z")
    return f"{offset[:3]}:{offset[3:]}"


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
    StructuredTool.from_function(count_words, handle_tool_error=True),
    StructuredTool.from_function(coroutine=timer, handle_tool_error=True),
    StructuredTool.from_function(cities, handle_tool_error=True),
    StructuredTool.from_function(time_zones, handle_tool_error=True),
    StructuredTool.from_function(chart, handle_tool_error=True),
]
