"""What a failed run wrote, saved on a real `langgraph dev`, and run again from there."""

from __future__ import annotations

import asyncio
import json
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx
import pytest

from chat_app import text
from chat_app.client import LangGraphClient, RetryPolicy, get_client
from chat_app.runs.save_partial import MOST, save_failed
from chat_app.transcript.failures import explained
from chat_app.transcript.load import lacks, load
from chat_app.transcript.message import (
    Failure,
    Message,
    Role,
    Text,
    ToolStatus,
    Transcript,
)
from tests.helpers.chat import Chat
from tests.helpers.folding import calls, texts
from tests.helpers.scripted import Script, reply
from tests.helpers.server import serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from chat_app.client.events import Json

    OpenChat = Callable[[str], Chat]

BROKE_OFF = Failure("RuntimeError", "the model broke off")


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture
async def open_chat(client: LangGraphClient) -> OpenChat:
    thread_id = (await client.threads.create())["thread_id"]
    return lambda assistant: Chat(client, thread_id, assistant)


async def history(chat: Chat) -> int:
    """How many checkpoints the thread has, of all branches."""
    return len(await chat.client.threads.get_history(chat.thread_id, limit=100))


def without_checkpoint(failure: Failure | None) -> Failure | None:
    return failure and replace(failure, checkpoint_id="")


# The partial answer


async def test_the_answer_of_a_failed_run_stays_with_its_failure_after_a_reload(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("fails")
    await chat.fail("hi")
    assert texts(chat.seen) == ["hi", "It is "]
    saved = await chat.saved()
    assert saved == replace(chat.seen, run_id="")
    assert without_checkpoint(saved.failure) == BROKE_OFF
    assert await chat.status() == "idle"


async def test_another_try_leaves_the_partial_answer_out_and_asks_once(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("falters")
    await chat.fail("1 time")
    await chat.try_again()
    # It answers with all that it was sent.
    assert texts(chat.seen) == ["1 time", "1 time"]
    assert await chat.saved() == replace(chat.seen, run_id="")


async def test_without_another_try_the_next_message_is_answered_below_the_partial_answer(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("falters")
    await chat.fail("1 time")
    await chat.ask("0 times")
    saved = await chat.saved()
    assert texts(saved) == ["1 time", "It is ", "0 times", "1 time | It is  | 0 times"]
    assert saved.failure is None
    assert saved.messages == chat.seen.messages


async def test_tries_that_fail_one_after_the_other_leave_no_trace_of_each_other(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("falters")
    await chat.fail("3 times")
    for _ in range(2):
        await chat.try_again()
        await chat.save_failed()
        saved = await chat.saved()
        assert texts(saved) == ["3 times", "It is "]
        assert saved == replace(chat.seen, run_id="")
    await chat.try_again()
    assert texts(await chat.saved()) == ["3 times", "3 times"]


async def test_each_question_of_several_that_fail_keeps_its_own_partial_answer(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("falters")
    first = await chat.fail("1 time")
    second = await chat.fail("1 more time")
    assert first.checkpoint_id != second.checkpoint_id
    assert texts(await chat.saved()) == ["1 time", "It is ", "1 more time", "It is "]
    await chat.try_again()
    answer = "1 time | It is  | 1 more time"
    assert texts(await chat.saved()) == ["1 time", "It is ", "1 more time", answer]


async def test_a_second_tab_finds_nothing_to_write_and_the_same_to_show(
    open_chat: OpenChat,
) -> None:
    one, other = open_chat("fails"), open_chat("fails")
    await one.ask("hi")
    other.seen = one.seen
    await one.save_failed()
    written = await history(one)
    await other.save_failed()
    assert await history(one) == written
    assert other.seen == one.seen


async def test_two_tabs_that_write_at_once_write_one_answer(open_chat: OpenChat) -> None:
    one, other = open_chat("fails"), open_chat("fails")
    await one.ask("hi")
    other.seen = one.seen
    await asyncio.gather(one.save_failed(), other.save_failed())
    assert texts(await one.saved()) == ["hi", "It is "]
    assert one.seen == other.seen


# The failure itself


async def test_the_thread_tells_what_the_stream_kept_to_itself(open_chat: OpenChat) -> None:
    chat = open_chat("limited")
    await chat.ask("hi")
    assert chat.seen.failure
    assert "20s" not in chat.seen.failure.message
    failure = await chat.save_failed()
    pause = text.ASKED_TOO_OFTEN_FOR.format(pause="20 seconds")
    assert explained(failure)[0] == pause
    assert (await chat.saved()).failure == failure


async def test_a_very_long_error_is_not_saved_whole(client: LangGraphClient) -> None:
    thread_id = (await client.threads.create())["thread_id"]
    chat = Chat(client, thread_id, "fails")
    await chat.ask("hi")
    script = Script()
    state = await client.threads.get_state(thread_id)
    state["tasks"][0]["error"] = "x" * 1_000_000
    script.on("GET", f"/threads/{thread_id}/state", reply(json=state))
    script.on("POST", f"/threads/{thread_id}/state", reply(json={}))
    async with script.client() as scripted:
        await save_failed(scripted, thread_id, chat.seen, BROKE_OFF)
    first, *_ = script.asked("POST", f"/threads/{thread_id}/state")
    assert len(first.content) < 2 * MOST


STATE = "/threads/t/state"
HALF = Transcript((Message("a1", Role.ASSISTANT, (Text("Half an ans"),)),))
WAITING = {"id": "t1", "name": "asks", "interrupts": [{"id": "i1", "value": "Shall I?"}]}
FAILED = {"id": "t2", "name": "model", "error": "KeyError('x')"}


def two_branches(*tasks: Json) -> Script:
    script = Script()
    state = {"values": {}, "next": [task["name"] for task in tasks], "tasks": tasks}
    script.on("GET", STATE, reply(json={**state, "checkpoint": {"checkpoint_id": "c1"}}))
    script.on("POST", STATE, reply(json={}))
    return script


async def test_of_two_branches_the_one_that_failed_gets_the_answer() -> None:
    script = two_branches({"id": "t1", "name": "search", "error": None}, FAILED)
    async with script.client() as client:
        await save_failed(client, "t", HALF, BROKE_OFF)
    first, *_ = script.asked("POST", STATE)
    assert json.loads(first.content)["as_node"] == "model"


async def test_where_another_branch_asks_a_person_the_thread_is_left_as_it_is() -> None:
    script = two_branches(WAITING, FAILED)
    async with script.client() as client:
        assert await save_failed(client, "t", HALF, BROKE_OFF) == Failure("KeyError", "x")
    assert script.asked("POST", STATE) == []


async def test_a_server_that_names_no_checkpoint_keeps_the_one_it_has() -> None:
    script = two_branches(FAILED)
    script.on("GET", STATE, reply(json={"values": {}, "next": ["model"], "tasks": [FAILED]}))
    async with script.client() as client:
        assert await save_failed(client, "t", HALF, BROKE_OFF) == Failure("KeyError", "x")
    assert script.asked("POST", STATE) == []


async def test_a_server_that_does_not_let_itself_be_written_to_is_left_alone() -> None:
    script = two_branches(FAILED)
    script.on("POST", STATE, reply(409, json={"detail": "busy"}))
    async with script.client() as client:
        assert await save_failed(client, "t", HALF, BROKE_OFF) == Failure("KeyError", "x")
    assert len(script.asked("POST", STATE)) == 1


async def test_a_server_that_is_gone_is_left_alone() -> None:
    script = Script()
    script.on("GET", STATE, httpx.ConnectError("gone"))
    async with script.client() as client:
        assert await save_failed(client, "t", HALF, BROKE_OFF) == BROKE_OFF


# Tools


async def test_a_tool_that_was_done_before_the_failure_does_not_run_again(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("stumbles")
    await chat.fail("hi")
    saved = await chat.saved()
    assert saved == replace(chat.seen, run_id="")
    (before,) = calls(saved)
    assert (before.status, texts(saved)[-1]) == (ToolStatus.DONE, "It is ")
    await chat.try_again()
    await chat.save_failed()
    again = await chat.saved()
    assert texts(again) == texts(saved)
    assert calls(again) == [before]


async def test_a_tool_that_raised_has_no_result_and_the_one_beside_it_keeps_its_own(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("breaks")
    failure = await chat.fail("hi")
    assert without_checkpoint(failure) == Failure("ValueError", "no forecast for Rome")
    saved = await chat.saved()
    assert results(saved) == {"weather": ToolStatus.DONE, "forecast": ToolStatus.UNANSWERED}
    assert saved.messages[-1].parts == chat.seen.messages[-1].parts
    assert saved.failure == failure
    assert await chat.status() == "idle"


async def test_after_a_tool_raised_the_model_learns_why_and_takes_the_next_message(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("breaks")
    await chat.fail("hi")
    state = await chat.client.threads.get_state(chat.thread_id)
    said = {m["tool_call_id"]: m for m in state["values"]["messages"] if m["type"] == "tool"}
    assert said.keys() == {"weather", "forecast"}
    assert said["forecast"]["status"] == "error"
    assert "no forecast for Rome" in said["forecast"]["content"]
    await chat.ask("and now")
    assert chat.seen.failure is None
    saved = await chat.saved()
    assert texts(saved)[-1] == "It is sunny."
    assert saved.messages == chat.seen.messages


async def test_another_try_after_a_tool_raised_runs_that_step_again(open_chat: OpenChat) -> None:
    chat = open_chat("breaks")
    await chat.fail("hi")
    await chat.try_again()
    assert without_checkpoint(chat.seen.failure) == Failure("ValueError", "no forecast for Rome")
    await chat.save_failed()
    saved = await chat.saved()
    assert texts(saved) == ["hi", ""]
    assert results(saved) == {"weather": ToolStatus.DONE, "forecast": ToolStatus.UNANSWERED}


def results(transcript: Transcript) -> dict[str, ToolStatus]:
    return {call.name: call.status for call in calls(transcript)}


async def test_while_a_later_run_goes_a_call_that_failed_does_not_run_again(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("breaks")
    await chat.fail("hi")
    await chat.ask("and now")
    state = await chat.client.threads.get_state(chat.thread_id)
    statuses = [call.status for call in calls(load(state, running=True))]
    assert statuses == [ToolStatus.DONE, ToolStatus.UNANSWERED, ToolStatus.DONE]


# Too many steps


async def test_an_agent_stopped_before_a_tool_is_in_order_and_goes_on_from_there(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("loops")
    failure = await chat.fail("hi")
    assert failure.error == "GraphRecursionError"
    saved = await chat.saved()
    assert saved.failure == failure
    done = [call.status for call in calls(saved)]
    assert done == [ToolStatus.DONE, ToolStatus.DONE, ToolStatus.UNANSWERED]
    await chat.try_again()
    await chat.save_failed()
    further = await chat.saved()
    assert calls(further)[:2] == calls(saved)[:2]
    assert calls(further)[2].status is ToolStatus.DONE
    assert [m.role for m in further.messages].count(Role.HUMAN) == 1


async def test_an_agent_stopped_between_two_steps_asks_nothing_and_goes_on_from_there(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("loops")
    failure = await chat.fail("hi", config={"recursion_limit": 4})
    assert (failure.error, failure.checkpoint_id) == ("GraphRecursionError", "")
    saved = await chat.saved()
    assert saved == replace(chat.seen, run_id="")
    assert not saved.interrupts
    await chat.try_again()
    assert calls(chat.seen)[:2] == calls(saved)
    assert len(calls(chat.seen)) > 2


# Before the first checkpoint


async def test_a_question_the_thread_never_took_is_asked_again_and_not_doubled(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("slow")
    await chat.ask("2")
    failure = await chat.fail("3", config={"recursion_limit": 0})
    assert failure.checkpoint_id == ""
    state = await chat.client.threads.get_state(chat.thread_id)
    assert lacks(state, "asks 3")
    assert not lacks(state, "asks 2")
    assert (await chat.saved()).failure == failure
    await chat.ask("3")
    await chat.ask("3")
    assert texts(await chat.saved())[:3] == ["2", "word0 word1 ", "3"]
    assert texts(await chat.saved()).count("3") == 1


async def test_a_run_that_never_began_is_not_mistaken_for_the_failed_one_before_it(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("fails")
    await chat.fail("hi")
    failure = await chat.fail("and now", config={"recursion_limit": 0})
    assert failure.error == "ValueError"
    assert failure.checkpoint_id == ""


# Out of memory


@pytest.mark.slow
async def test_when_the_server_is_killed_the_answer_so_far_stays_on_the_screen(
    tmp_path: Path,
) -> None:
    brief = RetryPolicy(tries=2, pauses=(0.03,))
    with serve(tmp_path) as server:
        async with get_client(url=server.url, retry=brief) as client:
            thread_id = (await client.threads.create())["thread_id"]
            chat = Chat(client, thread_id, "dies")
            await chat.ask("die")
            assert server.process.wait(10) == -signal.SIGKILL
            seen = chat.seen
            await chat.save_failed()
    asked, answer = texts(seen)
    assert asked == "die"
    assert answer in {"It ", "It is "}
    assert seen.failure
    assert explained(seen.failure)[0] == text.RUN_LOST
    assert chat.seen == seen
