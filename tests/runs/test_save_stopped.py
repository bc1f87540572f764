"""What a stopped run wrote, saved on a real `langgraph dev`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx
import pytest

from chat_app.client import LangGraphClient, get_client
from chat_app.runs.save_partial import marked_as_stopped, save_stopped
from chat_app.transcript.message import Message, Role, Text, ToolStatus, Transcript
from tests.helpers.chat import Chat, call_of, has_words, runs_a_tool
from tests.helpers.scripted import Script, reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from chat_app.client.events import Json


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture
async def open_chat(client: LangGraphClient) -> Callable[[str], Chat]:
    thread_id = (await client.threads.create())["thread_id"]
    return lambda assistant: Chat(client, thread_id, assistant)


async def test_an_answer_stopped_halfway_is_saved_as_the_reader_saw_it(
    open_chat: Callable[[str], Chat],
):
    chat = open_chat("slow")
    await chat.ask("2000", until=has_words)
    saved = await chat.saved()
    assert saved.messages == chat.seen.messages
    assert [message.stopped for message in saved.messages] == [False, True]
    assert not saved.interrupts
    assert await chat.status() == "idle"


async def test_after_a_stop_the_next_message_is_answered_below_what_was_kept(
    open_chat: Callable[[str], Chat],
):
    chat = open_chat("slow")
    await chat.ask("2000", until=has_words)
    kept = chat.seen.messages
    await chat.ask("2")
    saved = await chat.saved()
    assert saved.messages[:2] == kept
    assert [message.parts for message in saved.messages[2:]] == [
        (Text("2"),),
        (Text("word0 word1 "),),
    ]
    assert chat.seen.messages == saved.messages


async def test_a_call_stopped_while_its_tool_runs_gets_a_result_that_models_accept(
    open_chat: Callable[[str], Chat],
):
    chat = open_chat("toils")
    await chat.ask("whats the weather in la", until=runs_a_tool)
    state = await chat.client.threads.get_state(chat.thread_id)
    *_, result = state["values"]["messages"]
    assert (result["type"], result["status"]) == ("tool", "error")
    assert "Stopped" in result["content"]
    assert (state["next"], await chat.status()) == ([], "idle")


async def test_after_a_tool_was_stopped_the_model_takes_the_next_message(
    open_chat: Callable[[str], Chat],
):
    chat = open_chat("toils")
    await chat.ask("whats the weather in la", until=runs_a_tool)
    await chat.ask("and now")
    assert chat.seen.failure is None
    assert (await chat.saved()).messages[-1].parts == (Text("It is sunny."),)


async def test_a_run_stopped_before_its_first_word_keeps_the_question_and_nothing_else(
    open_chat: Callable[[str], Chat],
):
    chat = open_chat("slow")
    await chat.ask("1 every 60", until=lambda _: True)
    assert [message.parts for message in (await chat.saved()).messages] == [(Text("1 every 60"),)]
    assert await chat.status() == "idle"
    await chat.ask("2")
    assert (await chat.saved()).messages[-1].parts == (Text("word0 word1 "),)


@pytest.mark.parametrize("answer", [(), (Message("a1", Role.ASSISTANT, (Text("Half"),)),)])
async def test_a_question_stopped_before_the_server_had_saved_it_is_in_the_thread(
    client: LangGraphClient, answer: tuple[Message, ...]
):
    thread_id = (await client.threads.create(graph_id="slow"))["thread_id"]
    chat = Chat(client, thread_id, "slow")
    asked = Message("q1", Role.HUMAN, (Text("3"),))
    await save_stopped(client, thread_id, marked_as_stopped(Transcript((asked, *answer))))
    kept = (await chat.saved()).messages
    assert [(message.id, message.parts, message.stopped) for message in kept] == [
        (message.id, message.parts, message.role is Role.ASSISTANT) for message in (asked, *answer)
    ]
    await chat.ask("2")
    assert (await chat.saved()).messages[-1].parts == (Text("word0 word1 "),)


async def test_a_question_to_a_person_outlasts_a_stop_that_came_too_late(
    open_chat: Callable[[str], Chat],
):
    chat = open_chat("asks")
    await chat.ask("go")
    await save_stopped(chat.client, chat.thread_id, marked_as_stopped(chat.seen))
    (asked,) = (await chat.saved()).interrupts
    assert asked.value == {"question": "Shall I?"}
    assert await chat.status() == "interrupted"


THREAD = "0190a1b2-0000-7000-8000-000000000001"
STATE = f"/threads/{THREAD}/state"
UNSAVED: Json = {"values": {"messages": []}, "next": ["model"], "tasks": []}
HALF = Transcript((Message("a1", Role.ASSISTANT, (Text("Half an ans"),), stopped=True),))


HALF_CALLED = Transcript((Message("a1", Role.ASSISTANT, stopped=True),))


def written(script: Script) -> list[Json]:
    return [json.loads(request.content) for request in script.asked("POST", STATE)]


@pytest.mark.parametrize("refusal", [reply(403, json={"detail": "no"}), httpx.ConnectError("gone")])
async def test_a_server_that_does_not_let_itself_be_written_to_is_left_alone(refusal: object):
    script = Script()
    script.on("GET", STATE, reply(json=UNSAVED))
    script.on("POST", STATE, refusal)
    async with script.client() as client:
        await save_stopped(client, THREAD, HALF)
    assert [request.method for request in script.requests] == ["GET", "POST"]


async def test_a_result_that_the_stop_kept_out_of_the_checkpoint_is_written_by_its_own_node():
    answer = {"messages": [{"type": "ai", "id": "a1", "content": "All of it"}]}
    task = {"id": "t1", "name": "model", "interrupts": [], "result": answer}
    half_saved = {"values": answer, "next": [], "tasks": [task]}
    script = Script()
    script.on("GET", STATE, reply(json=half_saved), reply(json={**half_saved, "tasks": []}))
    script.on("POST", STATE, reply(json={}))
    async with script.client() as client:
        await save_stopped(client, THREAD, HALF)
    (body,) = written(script)
    assert (body["values"], body["as_node"]) == (answer, "model")


async def test_what_was_finished_beside_a_stopped_step_is_saved_before_it():
    result = {"type": "tool", "id": "t1", "tool_call_id": "c1", "content": "Sunny"}
    calls = [{"name": "weather", "args": {}, "id": call_id} for call_id in ("c1", "c2")]
    asked = {"type": "ai", "id": "a1", "content": "", "tool_calls": calls}
    done = {"id": "t1", "name": "tools", "interrupts": [], "result": {"messages": [result]}}
    open_task = {"id": "t2", "name": "tools", "interrupts": [], "result": None}
    script = Script()
    half_done = {"values": {"messages": [asked, result]}, "next": ["tools"]}
    script.on("GET", STATE, reply(json={**half_done, "tasks": [done, open_task]}))
    script.on("POST", STATE, reply(json={}))
    async with script.client() as client:
        await save_stopped(client, THREAD, HALF_CALLED)
    first, second, _ = written(script)
    assert (first["values"], first["as_node"]) == (None, "__end__")
    assert [message["tool_call_id"] for message in second["values"]["messages"]] == ["c2"]


async def test_a_thread_that_never_comes_to_its_end_is_not_written_to_for_ever():
    script = Script()
    script.on("GET", STATE, reply(json=UNSAVED))
    script.on("POST", STATE, reply(json={}))
    async with script.client() as client:
        await save_stopped(client, THREAD, HALF)
    answer, end = written(script)
    assert [message["content"] for message in answer["values"]["messages"]] == ["Half an ans"]
    assert (end["values"], end["as_node"]) == (None, "__end__")


async def test_a_stopped_call_is_no_failed_one_when_the_thread_is_read_again(
    open_chat: Callable[[str], Chat],
) -> None:
    chat = open_chat("toils")
    await chat.ask("weather in rome", until=runs_a_tool)
    saved = await chat.saved()
    call = call_of(saved)
    assert call
    assert (call.status, call.result) == (ToolStatus.UNANSWERED, None)
    assert saved.messages[-1].stopped
    assert not saved.interrupts
