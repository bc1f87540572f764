"""What an inspector needs of the client, against a real `langgraph dev`."""

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any
from uuid import uuid4

import pytest

from chat_app.client import (
    ConflictError,
    Event,
    InvalidError,
    LangGraphClient,
    NotFoundError,
    Outcome,
    RunEnd,
    RunError,
    RunFailedError,
    get_client,
)
from chat_app.client.modes import FOR_A_CHAT
from tests.helpers.scripted import Script, event, reply, sse
from tests.helpers.waiting import until


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture
async def thread(client: LangGraphClient) -> str:
    return (await client.threads.create())["thread_id"]


def says(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


async def watched(stream: AsyncIterator[Event]) -> tuple[list[Event], RunEnd]:
    *events, end = [event async for event in stream]
    assert isinstance(end, RunEnd)
    return events, end


async def test_a_run_that_is_waited_for_gives_its_values(client: LangGraphClient, thread: str):
    values = await client.runs.wait(thread, "agent", input=says("hi"))
    assert values["messages"][-1]["content"] == "It is sunny."


async def test_a_run_that_is_waited_for_and_raises_is_an_error(
    client: LangGraphClient, thread: str
):
    with pytest.raises(RunFailedError, match="RuntimeError: the model broke off"):
        await client.runs.wait(thread, "fails", input=says("hi"))
    values = await client.runs.wait(thread, "fails", input=says("hi"), raise_error=False)
    assert values["__error__"]["error"] == "RuntimeError"


async def test_a_run_that_goes_can_be_waited_for(client: LangGraphClient, thread: str):
    run = await client.runs.create(thread, "slow", input=says("3"))
    values = await client.runs.join(thread, run["run_id"])
    assert values["messages"][-1]["content"] == "word0 word1 word2 "


async def test_runs_need_no_thread(client: LangGraphClient):
    events, end = await watched(client.runs.stream(None, "agent", input=says("hi"), **FOR_A_CHAT))
    assert end.outcome is Outcome.FINISHED
    assert "messages" in {event.event for event in events}
    values = await client.runs.wait(None, "agent", input=says("hi"))
    assert values["messages"][-1]["content"] == "It is sunny."
    run = await client.runs.create(None, "agent", input=says("hi"))
    assert run["status"] == "pending"


async def test_a_run_without_a_thread_that_raises_is_failed(client: LangGraphClient):
    events, end = await watched(client.runs.stream(None, "fails", input=says("hi")))
    assert isinstance(events[-1], RunError)
    assert (end.outcome, end.error) == (Outcome.FAILED, "the model broke off")


async def test_many_runs_are_stopped_at_once(client: LangGraphClient, thread: str):
    asked = says("2000")
    runs = [
        (await client.runs.create(thread, "slow", input=asked, multitask_strategy="enqueue"))
        for _ in range(3)
    ]
    await client.runs.cancel_many(thread_id=thread, run_ids=[run["run_id"] for run in runs])

    async def all_ended() -> bool:
        going = {"pending", "running"}
        return not [run for run in await client.runs.list(thread) if run["status"] in going]

    await until(all_ended)


async def test_addresses_for_feedback_are_asked_for_and_told():
    """The dev server makes none without LangSmith: there the run fails."""
    script = Script()
    address = {"liked": "https://smith.test/feedback/1"}
    stream = sse(event("metadata", {"run_id": "r"}), event("feedback", address), event("end", None))
    script.on("POST", "/threads/t/runs/stream", stream)
    script.on("GET", "/threads/t/runs/r", reply(json={"status": "success"}))
    script.on("GET", "/threads/t", reply(json={"status": "idle"}))
    async with script.client() as client:
        events, _ = await watched(client.runs.stream("t", "agent", feedback_keys=["liked"]))
    assert json.loads(script.requests[0].content)["feedback_keys"] == ["liked"]
    assert (events[1].event, events[1].data) == ("feedback", address)


async def test_the_stream_of_a_thread_has_the_events_of_all_its_runs(
    client: LangGraphClient, thread: str
):
    async with aclosing(client.threads.join_stream(thread)) as stream, asyncio.timeout(60):
        heard = asyncio.ensure_future(anext(stream))
        run = await client.runs.create(thread, "slow", input=says("3"))
        first = await heard
        assert first.data["run_id"] == run["run_id"]
        names = []
        async for event in stream:
            assert event.id
            names.append(event.event)
            if isinstance(event.data, dict) and event.data.get("status") == "run_done":
                break
    assert "values" in names


async def test_a_server_that_does_not_know_how_to_select_gives_the_whole_state(
    client: LangGraphClient, thread: str
):
    """As the dev server does; what is sent is compared with the SDK's requests."""
    await client.runs.wait(thread, "agent", input=says("hi"))
    whole = await client.threads.get_state(thread)
    for state in (
        await client.threads.get_state(thread, select=["next"]),
        await client.threads.get_state(thread, whole["checkpoint"], select=["next"]),
        (await client.threads.get_history(thread, limit=1, select=["next"]))[0],
    ):
        assert state["next"] == []
        assert state["checkpoint"] == whole["checkpoint"]


async def test_a_selection_that_is_refused_is_left_out_from_then_on():
    script = Script()
    state = {"values": {}, "next": []}
    refused = reply(422, json={"detail": [{"loc": ["query", "select"], "msg": "not permitted"}]})
    script.on("GET", "/threads/t/state", refused, reply(json=state))
    script.on("POST", "/threads/t/history", refused, reply(json=[state]))
    script.on("POST", "/threads/search", refused, reply(json=[]))
    script.on("GET", "/threads/t/runs", refused, reply(json=[]))
    async with script.client() as client:
        for _ in range(2):
            assert await client.threads.get_state("t", select=["next"]) == state
            assert await client.threads.get_history("t", select=["next"]) == [state]
            assert await client.threads.search(select=["thread_id"], metadata={"a": 1}) == []
            assert await client.runs.list("t", select=["run_id"]) == []
    asked = [b"select" in (r.content or r.url.query) for r in script.requests]
    assert asked == [True, False] * 4 + [False] * 4
    filters = [json.loads(r.content)["metadata"] for r in script.asked("POST", "/threads/search")]
    assert filters == [{"a": 1}] * 3


async def test_a_refusal_about_something_else_is_told():
    script = Script()
    script.on("POST", "/threads/search", reply(422, json={"detail": "limit: at most 10"}))
    async with script.client() as client:
        with pytest.raises(InvalidError, match="at most 10"):
            await client.threads.search(select=["thread_id"], limit=50)
    assert len(script.requests) == 1


async def test_an_assistant_is_made_changed_and_removed(client: LangGraphClient):
    made = await client.assistants.create("agent", {"tags": ["a"]}, name="First")
    assistant_id = made["assistant_id"]
    with pytest.raises(ConflictError):
        await client.assistants.create("agent", assistant_id=assistant_id)
    again = await client.assistants.create(
        "agent", assistant_id=assistant_id, if_exists="do_nothing"
    )
    assert again["name"] == "First"
    changed = await client.assistants.update(assistant_id, name="Second", metadata={"k": 1})
    assert (changed["name"], changed.get("version")) == ("Second", 2)
    versions = await client.assistants.get_versions(assistant_id)
    assert [version["version"] for version in versions] == [2, 1]
    back = await client.assistants.set_latest(assistant_id, 1)
    assert back["name"] == "First"
    await client.assistants.delete(assistant_id)
    with pytest.raises(NotFoundError):
        await client.assistants.get(assistant_id)


async def test_the_graphs_inside_a_graph_are_told(client: LangGraphClient):
    found = {
        row["graph_id"]: row["assistant_id"] for row in await client.assistants.search(limit=100)
    }
    assert await client.assistants.get_subgraphs(found["agent"]) == {}
    assert isinstance(
        await client.assistants.get_subgraphs(found["hands_over"], recurse=True), dict
    )


async def test_namespaces_of_the_store_are_listed(client: LangGraphClient):
    root = uuid4().hex
    for names in (["a", "x"], ["a", "y"], ["b"]):
        await client.store.put_item([root, *names], "key", {"v": 1})
    found = await client.store.list_namespaces([root])
    assert sorted(found["namespaces"]) == [[root, "a", "x"], [root, "a", "y"], [root, "b"]]
    found = await client.store.list_namespaces([root], max_depth=2)
    assert sorted(found["namespaces"]) == [[root, "a"], [root, "b"]]
    found = await client.store.list_namespaces([root], ["y"])
    assert found["namespaces"] == [[root, "a", "y"]]
    with pytest.raises(ValueError, match="dot"):
        await client.store.put_item([root, "a.b"], "key", {})


async def test_runs_are_scheduled_and_no_more(client: LangGraphClient, thread: str):
    ends = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    made = await client.crons.create_for_thread(
        thread, "agent", schedule="0 4 1 1 *", input=says("hi"), end_time=ends, timezone=dt.UTC
    )
    cron_id = made["cron_id"]
    assert await client.crons.count(thread_id=thread) == 1
    [found] = await client.crons.search(thread_id=thread)
    assert (found["cron_id"], found["schedule"]) == (cron_id, "0 4 1 1 *")
    changed = await client.crons.update(cron_id, schedule="0 5 1 1 *", end_time=None)
    assert (changed["schedule"], changed.get("end_time")) == ("0 5 1 1 *", None)
    await client.crons.delete(cron_id)
    assert await client.crons.search(thread_id=thread) == []
    alone = await client.crons.create("agent", schedule="0 4 1 1 *", input=says("hi"))
    assert alone.get("thread_id") is None
    await client.crons.delete(alone["cron_id"])
