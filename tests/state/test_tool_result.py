"""What a row has of a tool's result: text or JSON, media, and the artifact."""

from __future__ import annotations

from typing import Any

from chat_app import text
from chat_app.state.addresses import Shown
from chat_app.state.media_row import all_media
from chat_app.state.rows import ToolRow
from chat_app.state.tool_result import RESULT_LIMIT
from chat_app.state.tool_row import tool_row
from chat_app.transcript.message import (
    Message,
    Role,
    ToolCall,
    ToolResult,
    ToolStatus,
)

PNG = {"type": "image", "data": "iVBORw0KGgo=", "mimeType": "image/png"}


def row_of(result: ToolResult, **fields: Any) -> ToolRow:
    row = tool_row("1.0", ToolCall("c1", "f", "{}", ToolStatus.DONE, result, **fields))
    assert isinstance(row, ToolRow)
    return row


def test_an_artifact_is_there_to_be_opened():
    rows = {"rows": [{"fruit": "quince", "kg": 7}]}
    assert row_of(ToolResult("", artifact=rows)).artifact == rows
    assert row_of(ToolResult("", artifact="text")).artifact == "text"
    assert row_of(ToolResult("", artifact=[])).artifact is None


def test_of_a_long_artifact_the_beginning_is_sent_and_no_bytes():
    sent = row_of(ToolResult("", artifact=["words " * 10] * 1000)).artifact
    assert 0 < len(str(sent)) <= RESULT_LIMIT + 5000
    assert row_of(ToolResult("", artifact={"data": "A" * 999})).artifact == {
        "data": "749 bytes of encoded data"
    }


def test_pictures_in_an_artifact_are_seen_and_served():
    result = ToolResult("", message_id="t1", blocks=(PNG,), artifact=[PNG, PNG])
    row = row_of(result)
    assert [item.kind for item in row.media] == ["image"] * 3
    assert row.artifact is None
    call = ToolCall("c1", "f", "{}", ToolStatus.DONE, result)
    message = Message("a1", Role.ASSISTANT, (call,))
    assert [place.number for place, _ in all_media([message], Shown("T"))] == [0, 1, 2]
    assert row_of(ToolResult("", artifact=[PNG, {"a": 1}])).artifact is not None


def test_a_circle_or_an_object_of_an_artifact_breaks_nothing():
    circle: list[Any] = []
    circle.append(circle)
    assert row_of(ToolResult("x", artifact=circle)).artifact is None


def test_colours_in_the_json_of_a_result_are_left_out():
    content = '{"stdout": "\\u001b[32mok\\u001b[0m", "lines": ["1%\\r2%"]}'
    assert row_of(ToolResult(content)).result == {"stdout": "ok", "lines": ["2%"]}


def test_a_provider_that_keeps_a_result_does_not_read_like_a_tool_that_returned_nothing():
    assert row_of(ToolResult(""), by_provider=True).output == text.KEPT
    assert row_of(ToolResult("[1]"), by_provider=True).output == ""
    assert row_of(ToolResult("")).output == ""
