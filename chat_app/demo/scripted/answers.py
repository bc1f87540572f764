"""Answers made from tool results: a sentence for one, a table for several, errors explained."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from chat_app.demo.tools.toolbox import Calculation, Clock
from chat_app.demo.tools.weather import SAMPLE, Weather

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.messages import ToolMessage

_SHAPES = {"weather": Weather, "clock": Clock, "calculator": Calculation}

SAMPLE_NOTE = (
    "*This is sample data that ships with the demo: the live weather source did not answer.*"
)


def answer(question: str, results: Sequence[ToolMessage]) -> str:
    """Markdown that says what the tools returned, in the order weather, time, sums, errors."""
    found: dict[str, list[dict[str, Any]]] = {tool: [] for tool in _SHAPES}
    unread: list[str] = []
    for result in results:
        tool = result.name or ""
        if row := _row(tool, result):
            found[tool].append(row)
        else:
            unread.append(_explained(result))
    parts = [
        *_weather(question, found["weather"]),
        *_clock(found["clock"]),
        *(f"`{row['expression']}` = **{_number(row['result'])}**" for row in found["calculator"]),
        *unread,
    ]
    return "\n\n".join(parts)


def _row(tool: str, result: ToolMessage) -> dict[str, Any] | None:
    """The result as the JSON object that this tool of the demo returns, None for anything else."""
    if result.status == "error" or tool not in _SHAPES:
        return None
    try:
        row = json.loads(str(result.text))
    except ValueError:
        return None
    complete = isinstance(row, dict) and row.keys() >= _SHAPES[tool].__required_keys__
    return row if complete else None


def _explained(result: ToolMessage) -> str:
    said = str(result.text).strip() or "nothing at all"
    if result.status == "error":
        return f"The `{result.name}` tool could not help: {said}"
    return f"The `{result.name}` tool answered: {said}"


def _weather(question: str, rows: list[dict[str, Any]]) -> list[str]:
    if not rows:
        return []
    parts = [_one_city(rows[0])] if len(rows) == 1 else [_table(rows), _verdict(question, rows)]
    if any(row["source"] == SAMPLE for row in rows):
        parts.append(SAMPLE_NOTE)
    return parts


def _one_city(row: dict[str, Any]) -> str:
    return (
        f"In **{_place(row)}** it is **{row['temperature_c']:g} °C**, {row['sky']}, "
        f"with wind at {row['wind_kmh']:g} km/h and {row['humidity']:g}% humidity."
    )


def _place(row: dict[str, Any]) -> str:
    return ", ".join(dict.fromkeys(name for name in (row["city"], row["country"]) if name))


def _table(rows: list[dict[str, Any]]) -> str:
    head = ["| City | Temperature | Sky | Wind | Humidity |", "| --- | ---: | --- | ---: | ---: |"]
    body = [
        f"| {_place(row)} | {row['temperature_c']:g} °C | {row['sky']} "
        f"| {row['wind_kmh']:g} km/h | {row['humidity']:g}% |"
        for row in rows
    ]
    return "\n".join(head + body)


def _verdict(question: str, rows: list[dict[str, Any]]) -> str:
    coldest, *_, warmest = sorted(rows, key=lambda row: row["temperature_c"])
    gap = warmest["temperature_c"] - coldest["temperature_c"]
    if gap == 0:
        return "They are equally warm."
    first, word = (coldest, "colder") if _asks_cold(question) else (warmest, "warmer")
    other = warmest if first is coldest else coldest
    if len(rows) == 2:
        return f"**{first['city']}** is {word} than {other['city']}, by {gap:.1f} degrees."
    return (
        f"**{warmest['city']}** is the warmest and **{coldest['city']}** the coldest, "
        f"{gap:.1f} degrees apart."
    )


def _asks_cold(question: str) -> bool:
    return "cold" in question.lower() or "cool" in question.lower()


def _clock(rows: list[dict[str, Any]]) -> list[str]:
    return [
        f"In **{row['place']}** it is **{row['time']}** on {row['weekday']}, {row['date']} "
        f"({row['timezone']}, UTC{row['utc_offset']})."
        for row in rows
    ]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
