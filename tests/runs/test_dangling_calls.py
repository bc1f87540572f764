"""Calls without a result get one, and the step that they wait for is ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from chat_app.runs.dangling_calls import (
    END,
    StepResult,
    dangling_calls,
    error_result,
    finish,
    save_finished_tasks,
    unfinished_node,
)
from chat_app.transcript.message import Message, Role, ToolCall, ToolStatus
from chat_app.transcript.tools import FUNCTION
from tests.helpers.scripted import Script, reply

if TYPE_CHECKING:
    from chat_app.client.schema import ThreadState

STATE = "/threads/t/state"
CALL = ToolCall("c1", "weather", "{}", ToolStatus.RUNNING)
RESULT = error_result(CALL, "Stopped.", {"stopped": True})


def state(*next: str, **tasks: dict[str, Any]) -> ThreadState:
    named = [{"name": name, **task} for name, task in tasks.items()]
    return cast("ThreadState", {"values": {}, "next": list(next), "tasks": named})


def served(*states: ThreadState) -> Script:
    script = Script()
    script.on("GET", STATE, *(reply(json=each) for each in states))
    script.on("POST", STATE, reply(json={}))
    return script


def written(script: Script) -> list[tuple[Any, str]]:
    bodies = [json.loads(request.content) for request in script.asked("POST", STATE)]
    return [(body["values"], body["as_node"]) for body in bodies]


def asked(call: ToolCall) -> list[ToolCall]:
    return dangling_calls([Message("a1", Role.ASSISTANT, (call,))])


@pytest.mark.parametrize("status", ToolStatus)
def test_calls_that_run_or_wait_for_a_person_are_dangling(status: ToolStatus) -> None:
    call = ToolCall("c1", "weather", "{}", status)
    is_dangling = status in {ToolStatus.RUNNING, ToolStatus.WAITING}
    assert asked(call) == ([call] if is_dangling else [])


@pytest.mark.parametrize(
    "call",
    [
        ToolCall("c1", "web_search", "{}", ToolStatus.RUNNING, by_provider=True),
        ToolCall(f"{FUNCTION}weather", "weather", "{}", ToolStatus.RUNNING),
    ],
)
def test_a_call_that_takes_no_tool_message_is_given_none(call: ToolCall) -> None:
    assert asked(call) == []


def test_a_result_names_its_call_the_tool_and_the_reason() -> None:
    assert RESULT == {
        "type": "tool",
        "tool_call_id": "c1",
        "name": "weather",
        "content": "Stopped.",
        "status": "error",
        "response_metadata": {"stopped": True},
    }


@pytest.mark.parametrize(
    ("having", "node"), [("interrupts", "asks"), ("error", "fails"), ("other", "first")]
)
def test_the_unfinished_node_is_the_one_with_that_in_its_task_or_the_next(
    having: str, node: str
) -> None:
    tasks = {"asks": {"interrupts": [{"value": 1}]}, "fails": {"error": "KeyError"}}
    assert unfinished_node(state("first", "asks", "fails", **tasks), having) == node


@pytest.mark.parametrize(("key", "values"), [("messages", {"messages": [RESULT]}), ("", [RESULT])])
async def test_results_are_written_as_the_node_in_the_shape_of_the_state(
    key: str, values: Any
) -> None:
    script = served(state())
    async with script.client() as client:
        await finish(client, "t", state("tools"), StepResult("tools", [RESULT], key))
    assert written(script) == [(values, "tools")]


@pytest.mark.parametrize("rounds", [1, 3])
async def test_no_more_nodes_than_that_are_ended(rounds: int) -> None:
    script = served(state("model"))
    async with script.client() as client:
        step = StepResult("tools", [RESULT], "messages")
        await finish(client, "t", state("tools"), step, rounds=rounds)
    assert written(script)[1:] == [(None, END)] * rounds


async def test_a_node_that_follows_is_ended_and_a_finished_thread_is_not_written_to() -> None:
    script = served(state("model"), state())
    async with script.client() as client:
        step = StepResult("tools", [RESULT], "messages")
        await finish(client, "t", state("tools"), step, rounds=3)
        assert len(written(script)) == 2
        await finish(client, "t", state(), StepResult("tools", [], "messages"))
    assert len(written(script)) == 2


async def test_results_beside_an_unfinished_step_are_saved_and_none_are_saved_twice() -> None:
    beside, after = state("tools", done={"result": {"messages": []}}), state("tools")
    script = served(after)
    async with script.client() as client:
        assert await save_finished_tasks(client, "t", beside) == after
        assert await save_finished_tasks(client, "t", after) == after
    assert written(script) == [(None, END)]
