"""A question back: the agent asks the person which city, and goes on with the answer."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from langchain_core.tools import BaseTool, StructuredTool
from langgraph.types import interrupt

from chat_app.demo.scripted.answers import answer
from chat_app.demo.scripted.questions import places
from chat_app.demo.scripted.turn import Call, Reply, Turn

if TYPE_CHECKING:
    from langchain_core.messages import ToolMessage


async def ask_person(question: str) -> str:
    """Ask the person something that only they can know, and wait for the answer."""
    told: Any = interrupt(question)
    return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)


TOOLS: list[BaseTool] = [StructuredTool.from_function(coroutine=ask_person)]

_WEEKEND = re.compile(r"\b(plan|organi[sz]e|book)\b.*\b(weekend|trip|holiday)\b", re.IGNORECASE)
_QUESTION = "Which city shall it be? Lisbon, Tokyo or Cape Town, for instance."
_PLAN = """\
## A weekend in {city}

{facts}

| | Morning | Afternoon | Evening |
| --- | --- | --- | --- |
| Saturday | {first} | the old town, on foot | dinner where the locals queue |
| Sunday | a late breakfast | {second} | the train home |
"""


def reply(turn: Turn) -> Reply | None:
    """First the question, unless it is answered; then the weather there; then a plan."""
    if not _WEEKEND.search(turn.question):
        return None
    found = turn.results_of("weather") + turn.results_of("clock")
    city = _city(turn)
    if found:
        return Reply(_plan(city or "the city of your choice", found))
    if city:
        calls = Call("weather", {"city": city}), Call("clock", {"city_or_timezone": city})
        return Reply(f"{city} it is. Let me see what it is like there now.", calls=calls)
    return Reply("One thing first.", calls=(Call("ask_person", {"question": _QUESTION}),))


def _city(turn: Turn) -> str:
    """The city named by the question or, once it was asked for, by the answer."""
    if named := places(turn.question):
        return named[0]
    told = " ".join(str(result.text) for result in turn.results_of("ask_person")).strip()
    named = places(told) or places(f"in {told}")
    return named[0] if named else told[:60]


def _plan(city: str, found: list[ToolMessage]) -> str:
    facts = answer("", found)
    is_wet = re.search(r"\b(rain|drizzle|shower|snow|thunderstorm)", facts) is not None
    inside, outside = "the largest museum", "the park and the river"
    first, second = (inside, outside) if is_wet else (outside, inside)
    return _PLAN.format(city=city, facts=facts, first=first, second=second)
