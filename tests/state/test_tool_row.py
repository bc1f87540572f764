from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from reflex.utils.format import json_dumps

from chat_app import text
from chat_app.runs.timings import Span
from chat_app.state import call_words
from chat_app.state.call_words import gist
from chat_app.state.rows import ToolRow
from chat_app.state.tool_row import LIVE_LIMIT, RESULT_LIMIT, tool_row
from chat_app.transcript.message import ToolCall, ToolResult, ToolStatus
from tests.helpers.values import OBJECTS


def row_of(call: ToolCall, span: Span | None = None, *, whole: bool = False) -> ToolRow:
    row = tool_row("1.0", call, span, whole=whole)
    assert isinstance(row, ToolRow)
    return row


def writing(args: str) -> ToolRow:
    return row_of(ToolCall("c1", "weather", args))


def called(args: str, status: ToolStatus = ToolStatus.RUNNING) -> ToolRow:
    return row_of(ToolCall("c1", "weather", args, status))


def answered(
    content: str, *blocks: dict[str, Any], error: bool = False, whole: bool = False
) -> ToolRow:
    result = ToolResult(content, error=error, blocks=blocks)
    status = ToolStatus.ERROR if error else ToolStatus.DONE
    return row_of(ToolCall("c1", "weather", "{}", status, result), whole=whole)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"city": "Los Angeles"}, "Los Angeles"),
        ({"city": "Paris", "days": 3, "warm": True}, "Paris, 3, true"),
        ({"where": {"lat": 1, "name": "Malmö"}}, '{"lat": 1, "name": "Malmö"}'),
        ({"code": "two\n  lines"}, "two lines"),
        ("just text", "just text"),
        ({}, ""),
        ({"q": "x" * 200}, "x" * 79 + "…"),
        ({"content": "# Lisbon", "path": "notes/lisbon.md"}, "notes/lisbon.md"),
        ({"old_string": "a", "new_string": "b", "file_path": "/a.py"}, "/a.py"),
        ({"limit": 5, "query": "cats", "page": None, "tags": []}, "cats, 5"),
        ({"url": "https://a.test/b", "headers": {"x": 1}}, "https://a.test/b"),
        ({"subject": "Hi", "body": "Dear all,\n\nbye", "to": "bo@b.test"}, "Hi, bo@b.test"),
        ({"to": "fr", "text": "Hello"}, "fr, Hello"),
        ({"share": 0.1 + 0.2, "of": 2.5}, "0.3, 2.5"),
        ({"names": ["a", "b", "c", "d", "e"]}, "a, b, c, 2 more"),
        ({"todos": [{"content": "Plan"}, {"content": "Write"}]}, "Plan, Write"),
        ({"nothing": None}, ""),
    ],
)
def test_the_gist_of_a_call_is_its_values(args: Any, words: str) -> None:
    assert gist(args) == words


def test_the_name_and_the_arguments_of_a_call_are_written_for_people() -> None:
    row = row_of(ToolCall("c", "write_file", '{"content": "x", "path": "a.md"}', ToolStatus.DONE))
    assert (row.name, row.title, row.gist) == ("write_file", "", "a.md")


def test_a_renderer_says_what_a_tool_is_called_and_what_its_calls_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(call_words, "_titles", {})
    monkeypatch.setattr(call_words, "_telling", {})
    call_words.describe_calls("fetch_v2", title="Open page", telling=("site", "missing"))
    args = '{"url": "https://a.test", "site": "A"}'
    row = row_of(ToolCall("c", "fetch_v2", args, ToolStatus.DONE))
    assert (row.title, row.gist) == ("Open page", "A")
    row = row_of(ToolCall("c", "fetch_v2", '{"url": "https://a.test"}', ToolStatus.DONE))
    assert row.gist == "https://a.test", "without these the usual ones"
    assert call_words.call_words("fetch_v2", "no object") == "no object"


def test_the_arguments_of_a_call_are_not_said_twice_while_a_person_is_asked() -> None:
    assert called('{"city": "Rome"}', ToolStatus.WAITING).gist == ""
    assert called('{"city": "Rome"}', ToolStatus.RUNNING).gist == "Rome"


def test_a_call_being_written_shows_its_arguments_as_far_as_they_are_known() -> None:
    assert writing('{"city": "Los') == ToolRow("1.0", "weather", "writing", args={"city": "Los"})


@given(OBJECTS)
def test_at_every_moment_of_the_writing_the_arguments_are_an_object(args: dict[str, Any]) -> None:
    source = json.dumps(args)
    for length in range(len(source)):
        row = writing(source[:length])
        assert isinstance(row.args, dict)
        assert row.raw_args == ""


def test_of_a_long_string_being_written_only_the_end_is_sent() -> None:
    source = "".join(f"line {number}\n" for number in range(1000))
    cut = writing(json.dumps({"path": "a.py", "parts": [source]})[:-4]).args
    assert cut["path"] == "a.py"
    assert cut["parts"] == ["…" + source[:-1][-LIVE_LIMIT:]]
    assert called(json.dumps({"parts": [source]})).args == {"parts": [source]}


@pytest.mark.parametrize(
    "args",
    [
        "",
        "  ",
        "null",
        "[1, 2]",
        "17",
        "not JSON",
        "{'a': 1}",
        '{"a": ' * 10_000,
        "[" * 10_000,
        "x" * 100_000,
        '{"a": "' + "x" * 100_000 + '"}',
        '{"a": 1e999}',
        '{"a": "\\ud83d"}',
        "\ud83d",
    ],
    ids=lambda args: args[:12].encode(errors="replace").decode(),
)
@pytest.mark.parametrize("status", ToolStatus)
def test_odd_arguments_can_always_be_sent(args: str, status: ToolStatus) -> None:
    json.loads(json_dumps(called(args, status)).encode(), parse_constant=pytest.fail)


def test_arguments_that_are_no_object_are_shown_as_they_are() -> None:
    row = called("[1, 2]")
    assert (row.args, row.raw_args, row.gist) == ({}, "[1, 2]", "[1, 2]")
    assert called('{"a": 1} and more').raw_args == '{"a": 1} and more'


def test_a_call_cut_off_by_a_stop_keeps_what_was_written() -> None:
    row = called('{"city": "Los', ToolStatus.UNANSWERED)
    assert (row.args, row.gist) == ({"city": "Los"}, "Los")


def test_the_seconds_of_a_call_that_took_none_are_not_worth_a_word() -> None:
    call = ToolCall("c1", "weather", "{}", ToolStatus.DONE, ToolResult("Sunny"))
    assert row_of(call, Span(5.0, 5.01)).took == ""
    assert row_of(call, Span(5.0, 5.1)).took == "0.1 s"


def test_a_call_at_work_says_when_it_began_and_no_other_does() -> None:
    span = Span(time.monotonic() - 3, time.monotonic())
    working = row_of(ToolCall("c", "wait", "{}", ToolStatus.RUNNING), span)
    assert 2900 < time.time() * 1000 - working.at < 60_000
    assert row_of(ToolCall("c", "wait", '{"a', ToolStatus.WRITING), span).at == 0
    assert row_of(ToolCall("c", "wait", "{}", ToolStatus.UNANSWERED), span).at == 0


@pytest.mark.parametrize(("content", "value"), [('{"a": [1]}', {"a": [1]}), ("[1, 2]", [1, 2])])
def test_a_result_in_json_is_sent_as_its_value(content: str, value: Any) -> None:
    row = answered(content)
    assert (row.result, row.output) == (value, "")


@pytest.mark.parametrize("content", ["Sunny, {mild}", "{broken", "[]", "{}", "17", '"a"', "null"])
def test_any_other_result_is_text(content: str) -> None:
    row = answered(content)
    assert (row.result, row.output) == (None, content)


def test_of_a_long_text_the_beginning_is_sent_until_all_of_it_is_wanted() -> None:
    content = "é" * (RESULT_LIMIT + 1000)
    row = answered(content)
    assert (row.output, row.size) == (content[:RESULT_LIMIT], "34 KB")
    row = answered(content, whole=True)
    assert (row.output, row.size) == (content, "")


def test_of_long_json_the_beginning_is_a_value_too() -> None:
    rows = [{"place": number, "name": "x" * 20} for number in range(1000)]
    row = answered(json.dumps(rows))
    assert row.size == text.size(len(json.dumps(rows)))
    assert len(json.dumps(row.result)) < RESULT_LIMIT + 10
    assert row.result[:-1] == rows[: len(row.result) - 1]
    assert answered(json.dumps(rows), whole=True).result == rows


def test_an_image_is_sent_beside_the_words_about_it() -> None:
    row = answered("A chart.", {"type": "image", "mime_type": "image/png", "data": "iVBO"})
    assert (row.output, [item.type for item in row.media]) == ("A chart.", ["image/png"])
    assert "iVBO" not in str(row)


def test_an_image_that_cannot_be_drawn_is_a_file() -> None:
    row = answered("A chart.", {"type": "image", "mime_type": "image/tiff", "data": "iVBO"})
    assert [(item.kind, item.type) for item in row.media] == [("file", "image/tiff")]
    assert row.output == "A chart."


def test_other_blocks_are_sent_as_values() -> None:
    places = {"type": "places", "found": "AAAA"}
    assert answered("", places).result == places
    assert answered("Look.", places).result == ["Look.", places]
    huge = {"type": "places", "found": "A" * 2 * RESULT_LIMIT}
    assert len(json.dumps(answered("", huge).result)) < RESULT_LIMIT + 10


@pytest.mark.parametrize(
    "content", ["[" * 10_000, '{"a": NaN, "b": 1e999}', "\ud83d", '["\\ud83d"]']
)
def test_odd_results_can_always_be_sent(content: str) -> None:
    json.loads(json_dumps(answered(content)).encode(), parse_constant=pytest.fail)


def test_a_failed_call_keeps_what_the_tool_said() -> None:
    row = answered("No such place.", error=True)
    assert (row.status, row.output) == ("error", "No such place.")
