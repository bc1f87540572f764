"""Tools that a model's provider runs, in the blocks of every provider."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chat_app.transcript.fold import fold, start
from chat_app.transcript.load import conversation
from chat_app.transcript.message import (
    Text,
    ToolCall,
    ToolResult,
    ToolStatus,
    Transcript,
)
from tests.helpers import events as ev


def parts(content: Any) -> list[Any]:
    (shown,) = conversation([ev.ai(content)])
    return list(shown.parts)


def call(id: str, name: str, result: str | None, *, error: bool = False, **args: Any) -> ToolCall:
    status = ToolStatus.RUNNING
    if result is not None:
        status = ToolStatus.ERROR if error else ToolStatus.DONE
    found = None if result is None else ToolResult(result, error)
    return ToolCall(id, name, json.dumps(args), status, found, by_provider=True)


PAGES = [{"type": "web_search_result", "url": "https://e.com", "title": "E"}]


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (
            [
                {
                    "type": "server_tool_call",
                    "id": "s",
                    "name": "web_search",
                    "args": {"query": "q"},
                },
                {
                    "type": "server_tool_result",
                    "tool_call_id": "s",
                    "status": "success",
                    "output": "o",
                },
            ],
            call("s", "web_search", "o", query="q"),
        ),
        (
            [
                {
                    "type": "server_tool_use",
                    "id": "s",
                    "name": "web_search",
                    "input": {"query": "q"},
                },
                {
                    "type": "web_search_tool_result",
                    "tool_use_id": "s",
                    "content": [{**PAGES[0], "encrypted_content": "x" * 999}],
                },
            ],
            call("s", "web_search", json.dumps(PAGES), query="q"),
        ),
        (
            [
                {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
                {
                    "type": "web_search_tool_result",
                    "tool_use_id": "s",
                    "content": {
                        "type": "web_search_tool_result_error",
                        "error_code": "max_uses_exceeded",
                    },
                },
            ],
            call("s", "web_search", "max_uses_exceeded", error=True),
        ),
        (
            [
                {"type": "server_tool_use", "id": "s", "name": "bash_code_execution", "input": {}},
                {
                    "type": "bash_code_execution_tool_result",
                    "tool_use_id": "s",
                    "content": {
                        "type": "bash_code_execution_result",
                        "stdout": "a",
                        "stderr": "b",
                        "return_code": 1,
                    },
                },
            ],
            call("s", "bash_code_execution", "a\nb", error=True),
        ),
        (
            [
                {"type": "mcp_tool_use", "id": "s", "name": "echo", "input": {"a": 1}},
                {
                    "type": "mcp_tool_result",
                    "tool_use_id": "s",
                    "is_error": False,
                    "content": [{"type": "text", "text": "hi"}],
                },
            ],
            call("s", "echo", "hi", a=1),
        ),
        (
            [
                {
                    "type": "web_search_call",
                    "id": "s",
                    "status": "completed",
                    "action": {"type": "search", "query": "q", "queries": ["q"]},
                }
            ],
            call("s", "web_search", "", query="q"),
        ),
        (
            [{"type": "web_search_call", "id": "s", "status": "in_progress"}],
            call("s", "web_search", None),
        ),
        (
            [
                {
                    "type": "file_search_call",
                    "id": "s",
                    "status": "completed",
                    "queries": ["q"],
                    "results": [{"filename": "a.md", "score": 0.9, "text": "t", "file_id": "f"}],
                }
            ],
            call(
                "s",
                "file_search",
                json.dumps([{"filename": "a.md", "score": 0.9, "text": "t"}]),
                queries=["q"],
            ),
        ),
        (
            [
                {
                    "type": "code_interpreter_call",
                    "id": "s",
                    "status": "completed",
                    "code": "1+1",
                    "outputs": [{"type": "logs", "logs": "2"}],
                }
            ],
            call("s", "code_interpreter", "2", code="1+1"),
        ),
        (
            [
                {
                    "type": "mcp_call",
                    "id": "s",
                    "name": "echo",
                    "arguments": '{"a":1}',
                    "output": "hi",
                }
            ],
            call("s", "echo", "hi", a=1),
        ),
        (
            [{"type": "mcp_call", "id": "s", "name": "echo", "arguments": "{}", "error": "down"}],
            call("s", "echo", "down", error=True),
        ),
        (
            [{"type": "mcp_list_tools", "id": "s", "server_label": "l", "tools": [{"name": "a"}]}],
            call("s", "mcp_list_tools", "a", server="l"),
        ),
        (
            [
                {
                    "type": "executable_code",
                    "executable_code": "1+1",
                    "language": "PYTHON",
                    "id": "s",
                },
                {"type": "code_execution_result", "code_execution_result": "2", "outcome": 1},
            ],
            call("s", "code_interpreter", "2", code="1+1", language="python"),
        ),
        (
            [
                {"executableCode": {"code": "1/0", "language": "PYTHON"}},
                {"codeExecutionResult": {"outcome": "OUTCOME_FAILED", "output": "no"}},
            ],
            call("", "code_interpreter", "no", error=True, code="1/0", language="python"),
        ),
        (
            [{"type": "web_search_tool_result", "tool_use_id": "gone", "content": PAGES}],
            call("gone", "web_search", json.dumps(PAGES)),
        ),
        (
            [{"type": "image_generation_call", "id": "s", "status": "generating"}],
            call("s", "image_generation", None),
        ),
    ],
)
def test_a_providers_tool_reads_like_any_other(blocks: list[dict[str, Any]], expected: ToolCall):
    text = {"type": "text", "text": "So."}
    found = parts([*blocks, text])
    assert found[:1] == [expected]
    assert Text("So.") in found


def test_a_providers_call_waits_for_no_person_and_gets_no_answer_of_the_app():
    block = {"type": "server_tool_call", "id": "s", "name": "web_search", "args": {"query": "q"}}
    state = start(Transcript())
    for event in (
        ev.values(ev.human("?"), ev.ai([block], tool_calls=[ev.call()])),
        ev.interrupt({"id": "i", "value": "?"}),
        ev.end(),
    ):
        state = fold(state, event)
    statuses = [p.status for p in state.transcript.messages[1].parts if isinstance(p, ToolCall)]
    assert statuses == [ToolStatus.UNANSWERED, ToolStatus.WAITING]
