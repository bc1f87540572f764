from __future__ import annotations

import pytest

from chat_app import text
from chat_app.state.rows import (
    Row,
    failure_row,
    gist,
    interrupt_row,
    pretty,
    raw_row,
    stopped_row,
    tool_row,
)
from chat_app.transcript.message import Failure, Interrupt, Raw, ToolCall, ToolResult, ToolStatus


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ('{"city": "Los Angeles"}', "Los Angeles"),
        ('{"city": "Paris", "days": 3, "warm": true}', "Paris, 3, true"),
        ('{"where": {"lat": 1}}', '{"lat": 1}'),
        ('["a", 1]', "a, 1"),
        ('"just text"', "just text"),
        ("17", "17"),
        ("{}", ""),
        ("", ""),
        ('{"city": "Los An', ""),
        ('{"q": "' + "x" * 200 + '"}', "x" * 79 + "…"),
    ],
)
def test_the_gist_of_a_call_is_its_values(args: str, words: str) -> None:
    assert gist(args) == words


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ('{"a":1}', '{\n  "a": 1\n}'),
        ("[]", "[]"),
        ('{"é": "ü"}', '{\n  "é": "ü"\n}'),
        ("Sunny, {mild}", "Sunny, {mild}"),
        ('{"cut": "sho', '{"cut": "sho'),
        ("", ""),
    ],
)
def test_json_is_shown_with_indents_and_other_text_as_it_is(source: str, shown: str) -> None:
    assert pretty(source) == shown


def test_a_call_being_written_shows_its_arguments_as_they_come() -> None:
    assert tool_row("1.0", ToolCall("c1", "weather", '{"city": "Los')) == Row(
        "1.0", "tool", name="weather", text='{"city": "Los', status="writing"
    )


def test_an_answered_call_shows_arguments_and_result() -> None:
    result = ToolResult('{"sky":"clear"}')
    call = ToolCall("c1", "weather", '{"city":"Rome"}', ToolStatus.DONE, result)
    assert tool_row("1.0", call) == Row(
        "1.0",
        "tool",
        name="weather",
        gist="Rome",
        text='{\n  "city": "Rome"\n}',
        status="done",
        detail='{\n  "sky": "clear"\n}',
    )


def test_a_block_without_a_picture_is_shown_as_json() -> None:
    assert raw_row("1.0", Raw({"type": "image", "url": "x"})).name == "image"
    assert raw_row("1.0", Raw({"odd": object})).name == "block"


def test_a_failure_says_what_happened_and_keeps_the_servers_words() -> None:
    row = failure_row(Failure("ValueError", "no such city"))
    assert (row.text, row.detail) == (text.RUN_FAILED, "ValueError: no such city")
    assert failure_row(Failure("lost", "")).text == text.RUN_LOST


@pytest.mark.parametrize(
    ("value", "shown"),
    [("Shall I?", "Shall I?"), ({"q": 1}, '{\n  "q": 1\n}'), (None, ""), ([], "[]"), (0, "0")],
)
def test_what_the_graph_asks_is_shown(value: object, shown: str) -> None:
    row = interrupt_row(2, Interrupt("i1", value))
    assert (row.key, row.text, row.detail) == ("ask2", text.AGENT_WAITS, shown)


def test_the_mark_of_a_stop_has_a_key_of_its_own() -> None:
    assert stopped_row().key != stopped_row("3.stopped").key
