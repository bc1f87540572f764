from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from chat_app.demo.script import next_reply
from chat_app.demo.scripted import texts
from chat_app.demo.scripted.answers import SAMPLE_NOTE
from chat_app.demo.scripted.turn import Call, Reply


def asked(*messages: BaseMessage | str) -> Reply:
    return next_reply([HumanMessage(m) if isinstance(m, str) else m for m in messages])


def told(tool: str, **result: Any) -> ToolMessage:
    return ToolMessage(json.dumps(result), name=tool, tool_call_id=f"call_{id(result)}")


def sky(city: str, degrees: float, source: str = "api.open-meteo.com") -> ToolMessage:
    return told(
        "weather",
        city=city,
        country="Somewhere",
        temperature_c=degrees,
        feels_like_c=degrees,
        sky="clear sky",
        wind_kmh=10,
        humidity=50,
        observed="2026-07-01T09:15",
        source=source,
    )


def test_weather_in_one_city_is_one_call_without_reasoning() -> None:
    reply = asked("whats the weather in la")
    assert reply.calls == (Call("weather", {"city": "Los Angeles"}),)
    assert reply.reasoning == ""


@pytest.mark.parametrize(
    "question",
    ["compare paris and tokyo", "weather in Paris and Tokyo", "is Paris warmer than Tokyo?"],
)
def test_two_cities_are_two_calls_in_one_message_after_some_reasoning(question: str) -> None:
    reply = asked(question)
    assert [call.args["city"] for call in reply.calls] == ["Paris", "Tokyo"]
    assert "Paris" in reply.reasoning


def test_different_tools_are_called_together() -> None:
    reply = asked("weather in Rome, what time is it in Rome, and what is 3 * 4?")
    assert [call.tool for call in reply.calls] == ["weather", "clock", "calculator"]


def test_a_follow_up_about_another_city_uses_the_tool_of_before() -> None:
    weather = [HumanMessage("weather in Paris"), sky("Paris", 20), AIMessage("20 degrees")]
    clock = [
        HumanMessage("time in Paris"),
        ToolMessage("noon", name="clock", tool_call_id="c"),
        AIMessage("noon"),
    ]
    assert asked(*weather, "and in Tokyo?").calls == (Call("weather", {"city": "Tokyo"}),)
    assert asked(*clock, "and in Tokyo?").calls == (Call("clock", {"city_or_timezone": "Tokyo"}),)


def test_the_answer_is_made_from_the_result() -> None:
    assert "**23.5 °C**, clear sky" in asked("weather in la", sky("Los Angeles", 23.5)).text


def test_several_results_become_a_table_and_a_verdict() -> None:
    text = asked("is Oslo colder than Rome?", sky("Oslo", 12), sky("Rome", 27.5)).text
    assert "| Oslo, Somewhere | 12 °C |" in text
    assert "**Oslo** is colder than Rome, by 15.5 degrees." in text


def test_equally_warm_cities_have_no_winner() -> None:
    assert "equally warm" in asked("Oslo or Rome?", sky("Oslo", 12), sky("Rome", 12)).text


def test_sample_data_is_called_sample_data() -> None:
    assert SAMPLE_NOTE in asked("weather in la", sky("Los Angeles", 23.5, "sample data")).text
    assert SAMPLE_NOTE not in asked("weather in la", sky("Los Angeles", 23.5)).text


def test_a_tool_error_is_explained_beside_what_did_work() -> None:
    failed = ToolMessage("No such place.", name="weather", tool_call_id="c", status="error")
    text = asked("weather in Paris and Xyzzy", sky("Paris", 20), failed).text
    assert "In **Paris" in text
    assert "could not help: No such place." in text


@pytest.mark.parametrize("content", ["", "plain words", "[1, 2]", '{"half":', '{"city": "Rome"}'])
def test_a_result_of_another_shape_is_quoted(content: str) -> None:
    strange = ToolMessage(content, name="weather", tool_call_id="c")
    assert (content or "nothing at all") in asked("weather in Paris", strange).text


def test_only_results_after_the_last_question_count() -> None:
    reply = asked("weather in Paris", sky("Paris", 20), AIMessage("20 degrees"), "what is 6*7")
    assert reply.calls == (Call("calculator", {"expression": "6*7"}),)


def test_large_and_fractional_results_are_readable() -> None:
    text = asked(
        "sums",
        told("calculator", expression="10^9", result=10**9),
        told("calculator", expression="1/3", result=1 / 3),
    ).text
    assert "**1,000,000,000**" in text
    assert "**0.3333333333**" in text


def test_what_can_be_rendered_shows_every_kind_of_block() -> None:
    text = asked("show me what you can render").text
    for sign in ("## ", "| --- |", "- [x]", "```python", "\n> ", "$e^", "\n$$\n"):
        assert sign in text


@pytest.mark.parametrize(
    ("question", "sign", "absent"),
    [
        ("show me a table", "| --- |", "```"),
        ("some python code please", "```python", "| --- |"),
        ("a todo list", "- [ ]", "```"),
        ("maths", "$$", "```"),
    ],
)
def test_one_kind_of_block_can_be_asked_for(question: str, sign: str, absent: str) -> None:
    text = asked(question).text
    assert sign in text
    assert absent not in text


def test_thinking_shows_reasoning_first() -> None:
    assert asked("think about the meaning of life").reasoning
    assert asked("think step by step: what is 6*7").reasoning
    assert not asked("hello").reasoning


def test_anything_else_is_answered_plainly_with_what_to_try() -> None:
    for question in ("hello", "write me a poem about the sea", "", "¿qué tal?", "🙂"):
        text = asked(question).text
        assert "No language model is connected" in text
        assert "weather in la" in text


def test_every_example_that_the_help_names_does_something_else_than_help() -> None:
    examples = [part for part in texts.HELP.split("`")[1::2] if "CHAT_DEMO" not in part]
    assert len(examples) >= 6
    for example in examples:
        assert asked(example).text != texts.HELP


def test_weather_without_a_city_asks_which() -> None:
    assert asked("what's the weather like today?").text == texts.WHICH_CITY


def test_a_question_may_be_a_list_of_blocks() -> None:
    blocks = HumanMessage([{"type": "text", "text": "weather in Rome"}])
    assert asked(blocks).calls == (Call("weather", {"city": "Rome"}),)


def test_a_conversation_without_a_question_gets_the_help() -> None:
    assert next_reply([]).text == texts.HELP


@given(st.text(max_size=300))
def test_there_is_a_reply_to_any_text(question: str) -> None:
    assert asked(question).text


def test_words_are_counted_whatever_they_are_about() -> None:
    words = "the weather in Paris, 3 * 4 and\na list"
    assert asked(f"count the words in: {words}").calls == (Call("count_words", {"text": words}),)


def test_a_wait_is_a_timer() -> None:
    assert asked("wait 5 seconds").calls == (Call("timer", {"seconds": 5.0}),)


def test_all_tools_are_shown_in_two_rounds_of_calls_side_by_side() -> None:
    question = HumanMessage("show me your tools")
    first = asked(question)
    assert len(first.calls) == 3
    results = [told(call.tool) for call in first.calls]
    second = asked(question, *results)
    assert len(second.calls) == 3
    assert not {call.tool for call in second.calls} & {call.tool for call in first.calls}
    last = asked(question, *results, *(told(call.tool) for call in second.calls))
    assert last.text
    assert not last.calls
