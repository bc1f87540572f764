"""What the scripted model does next, decided from the conversation alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langchain_core.messages import ToolMessage

from chat_app.demo.abilities import mail, order, picture, ranking, research, weekend
from chat_app.demo.scripted import texts
from chat_app.demo.scripted.answers import answer
from chat_app.demo.scripted.questions import (
    answer_length,
    arithmetic,
    places,
    text_to_count,
    waiting_time,
    wants_time,
    wants_weather,
)
from chat_app.demo.scripted.turn import Call, Reply, turn_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.messages import BaseMessage


_ABILITIES = (
    picture.reply,
    order.reply,
    mail.reply,
    research.reply,
    weekend.reply,
    ranking.reply,
)


def next_reply(messages: Sequence[BaseMessage]) -> Reply:
    """The next turn: to the last question, or about the tool results that came after it."""
    turn = turn_of(messages)
    if turn is None:
        return Reply(texts.HELP)
    if _TOOLS.search(turn.question):
        return _tour(turn.results)
    for ability in _ABILITIES:
        if reply := ability(turn):
            return reply
    if turn.results:
        return Reply(answer(turn.question, turn.results))
    return _first_turn(turn.question, turn.before)


def researchers_next_reply(messages: Sequence[BaseMessage]) -> Reply:
    """The next turn of a researcher, whom the main agent gave a task."""
    turn = turn_of(messages)
    return research.researchers_reply(turn) if turn else Reply(texts.HELP)


def _first_turn(question: str, before: Sequence[BaseMessage]) -> Reply:
    thinks = bool(_THINK.search(question))
    if _FAIL.search(question):
        return Reply(texts.BEFORE_FAILURE, failure=texts.FAILURE)
    if calls := _calls(question, before):
        return Reply(
            text=_announcement(calls),
            reasoning=_plan(calls) if thinks or len(calls) > 1 else "",
            calls=tuple(calls),
        )
    reasoning = texts.REASONING if thinks else ""
    if (tokens := answer_length(question)) is not None:
        return Reply(texts.LONG, reasoning, tokens=tokens)
    return Reply(texts.sample(question) or _plainly(question, thinks=thinks), reasoning)


def _tour(results: Sequence[ToolMessage]) -> Reply:
    """Every tool once, in two rounds."""
    done = {result.name for result in results}
    if not done:
        return Reply(texts.TOUR_BEGINS, calls=_FIRST_ROUND)
    if not any(call.tool in done for call in _SECOND_ROUND):
        return Reply(texts.TOUR_GOES_ON, calls=_SECOND_ROUND)
    return Reply(texts.TOUR_ENDS)


def _plainly(question: str, *, thinks: bool) -> str:
    if wants_weather(question):
        return texts.WHICH_CITY
    if thinks:
        return texts.AFTER_REASONING
    return texts.GREETING if _GREETING.match(question) else texts.HELP


def _calls(question: str, before: Sequence[BaseMessage]) -> list[Call]:
    if text := text_to_count(question):
        return [Call("count_words", {"text": text})]
    cities = places(question)
    weather, time = wants_weather(question), wants_time(question)
    if not weather and not time and cities and (_compares(question) or _is_follow_up(question)):
        time = _last_tool(before) == "clock"
        weather = not time
    calls = [Call("weather", {"city": city}) for city in cities] if weather else []
    if time:
        calls += [Call("clock", {"city_or_timezone": city}) for city in cities or ["UTC"]]
    if (seconds := waiting_time(question)) is not None:
        calls.append(Call("timer", {"seconds": seconds}))
    if expression := arithmetic(question):
        calls.append(Call("calculator", {"expression": expression}))
    return calls


def _compares(question: str) -> bool:
    return bool(re.search(r"\bcompare\b|\bvs\b|\bversus\b", question, re.IGNORECASE))


def _is_follow_up(question: str) -> bool:
    """True for "and in Tokyo?": too short to be about anything but the city."""
    return len(question.split()) <= 5


def _last_tool(messages: Sequence[BaseMessage]) -> str:
    names = [m.name or "" for m in messages if isinstance(m, ToolMessage)]
    return names[-1] if names else ""


def _announcement(calls: Sequence[Call]) -> str:
    tools = {call.tool for call in calls}
    if len(calls) == 1:
        return texts.ANNOUNCE_ONE[calls[0].tool].format(*calls[0].args.values())
    return texts.ANNOUNCE_SAME if len(tools) == 1 else texts.ANNOUNCE_SEVERAL


def _plan(calls: Sequence[Call]) -> str:
    steps = [f"{call.tool} for {next(iter(call.args.values()))}" for call in calls]
    together = (
        f"These {len(calls)} calls do not depend on one another, so I can make them at once: "
        if len(calls) > 1
        else "One call is enough: "
    )
    return f"{texts.PLAN_OPENING} {together}{', '.join(steps)}. {texts.PLAN_END}"


_FIRST_ROUND = (
    Call("weather", {"city": "Lisbon"}),
    Call("clock", {"city_or_timezone": "Tokyo"}),
    Call("calculator", {"expression": "1 / 0"}),
)
_SECOND_ROUND = (
    Call("cities", {}),
    Call("time_zones", {}),
    Call("chart", {"values": [3, 5, 8, 6, -2, -4, 1, 7, 9, 4], "title": "Ten days"}),
)
_TOOLS = re.compile(r"\b(your|all|the) tools\b", re.IGNORECASE)
_FAIL = re.compile(r"\b(fail|error|crash)\b", re.IGNORECASE)
_THINK = re.compile(r"\b(think|thinking|reason|reasoning|step by step)\b", re.IGNORECASE)
_GREETING = re.compile(r"\s*(hi|hello|hey|hola|good (morning|evening|afternoon))\b", re.IGNORECASE)
