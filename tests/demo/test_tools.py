from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from langchain_core.messages import ToolMessage

from chat_app.demo.tools.cities import CITIES
from chat_app.demo.tools.toolbox import TOOLS

BY_NAME = {tool.name: tool for tool in TOOLS}


async def used(name: str, **args: Any) -> ToolMessage:
    call = {"type": "tool_call", "id": "call_1", "name": name, "args": args}
    result = await BY_NAME[name].ainvoke(call)
    assert isinstance(result, ToolMessage)
    return result


def test_every_tool_tells_a_model_what_it_is_for_and_what_it_takes() -> None:
    assert {name: list(tool.args) for name, tool in BY_NAME.items()} == {
        "weather": ["city"],
        "calculator": ["expression"],
        "clock": ["city_or_timezone"],
        "count_words": ["text"],
        "timer": ["seconds"],
        "cities": [],
        "time_zones": [],
        "chart": ["values", "title"],
    }
    assert all(len(tool.description) > 20 for tool in TOOLS)


async def test_the_calculator_answers_in_json() -> None:
    result = await used("calculator", expression="6*7")
    assert json.loads(str(result.content)) == {"expression": "6*7", "result": 42}


async def test_an_impossible_sum_is_a_tool_error_and_no_crash() -> None:
    result = await used("calculator", expression="1/0")
    assert (result.status, result.content) == ("error", "Division by zero has no result.")


@pytest.mark.parametrize(
    ("asked", "zone"),
    [
        ("tokyo", "Asia/Tokyo"),
        ("nyc", "America/New_York"),
        ("Europe/Paris", "Europe/Paris"),
        ("adelaide", "Australia/Adelaide"),
        ("utc", "UTC"),
    ],
)
async def test_the_clock_shows_the_time_there(asked: str, zone: str) -> None:
    before = datetime.now(UTC)
    told = json.loads(str((await used("clock", city_or_timezone=asked)).content))
    after = datetime.now(UTC)
    assert told["timezone"] == zone
    local = [moment.astimezone(ZoneInfo(zone)) for moment in (before, after)]
    assert told["time"] in {moment.strftime("%H:%M") for moment in local}
    assert told["date"] in {moment.date().isoformat() for moment in local}
    offset = local[0].strftime("%z")
    assert told["utc_offset"] == f"{offset[:3]}:{offset[3:]}"


async def test_an_unknown_time_zone_is_a_tool_error_that_helps() -> None:
    result = await used("clock", city_or_timezone="Middle Earth")
    assert result.status == "error"
    assert "Europe/Paris" in str(result.content)


async def test_every_known_city_has_a_clock() -> None:
    for city in CITIES:
        assert (await used("clock", city_or_timezone=city.city)).status == "success"


async def test_the_cities_are_a_list_of_flat_objects_with_the_same_keys() -> None:
    rows = json.loads(str((await used("cities")).content))
    assert len(rows) == len(CITIES)
    assert {tuple(row) for row in rows} == {tuple(rows[0])}
    assert not [value for row in rows for value in row.values() if isinstance(value, dict | list)]


async def test_the_list_of_time_zones_is_long_and_names_each_once() -> None:
    content = str((await used("time_zones")).content)
    zones = [row["timezone"] for row in json.loads(content)]
    assert len(content) > 30_000
    assert len(zones) == len(set(zones))
    assert "Europe/Paris" in zones


async def test_a_chart_is_a_sentence_and_an_image() -> None:
    content: Any = (await used("chart", values=[1, 2, 3], title="Steps")).content
    words, image = content
    assert words["text"].startswith("Steps: 3 bars")
    assert (image["type"], image["mime_type"]) == ("image", "image/png")
    assert base64.b64decode(image["base64"]).startswith(b"\x89PNG")


async def test_a_chart_of_nothing_is_a_tool_error() -> None:
    assert (await used("chart", values=[], title="Nothing")).status == "error"


async def test_words_are_counted() -> None:
    result = await used("count_words", text=" to be\nor not ")
    assert json.loads(str(result.content)) == {"words": 4, "characters": 14}


async def test_the_timer_waits_and_never_longer_than_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chat_app.demo.tools.toolbox.MOST_SECONDS", 0.2)
    began = time.monotonic()
    result = await used("timer", seconds=3600)
    assert 0.2 <= time.monotonic() - began < 30
    assert result.content == "0.2 seconds are over."
