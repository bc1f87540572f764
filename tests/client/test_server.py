"""The client against a real `langgraph dev`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from uuid import uuid4

import pytest

from chat_app.client import (
    Cause,
    ConflictError,
    Event,
    InvalidError,
    LangGraphClient,
    Lifecycle,
    MessageDelta,
    MessagesPartial,
    NotFoundError,
    Outcome,
    RetryPolicy,
    RunEnd,
    RunError,
    UnreachableError,
    Values,
    get_client,
)
from chat_app.client.modes import FOR_A_CHAT
from chat_app.client.schema import CancelAction, RunCreated
from tests.helpers.faults import faulty_proxy
from tests.helpers.long_answer import LongAnswer
from tests.helpers.server import GRAPHS, serve


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture
async def thread(client: LangGraphClient) -> str:
    return (await client.threads.create())["thread_id"]


def says(text: str) -> dict[str, list[dict[str, str]]]:
    return {"messages": [{"role": "user", "content": text}]}


async def watch(stream: AsyncIterator[Event]) -> tuple[list[Event], RunEnd]:
    *events, end = [event async for event in stream]
    assert isinstance(end, RunEnd)
    return events, end


async def test_a_run_that_ends_is_finished_and_its_tokens_make_the_answer(
    client: LangGraphClient, thread: str
):
    made: list[RunCreated] = []
    events, end = await watch(
        client.runs.stream(
            thread, "agent", input=says("hi"), on_run_created=made.append, **FOR_A_CHAT
        )
    )
    assert end == RunEnd(event="end", outcome=Outcome.FINISHED, run_id=made[0]["run_id"])
    answer = [e for e in events if isinstance(e, Values)][-1].values["messages"][-1]
    deltas = [e.message for e in events if isinstance(e, MessageDelta)]
    tokens = [d["content"] for d in deltas if d["id"] == answer["id"]]
    assert "".join(tokens) == answer["content"] == "It is sunny."
    assert len(tokens) > 2
    assert (await client.runs.get(thread, end.run_id))["status"] == "success"


async def test_the_old_messages_mode_still_works(langgraph_server: str):
    async with get_client(url=langgraph_server, token_mode="messages") as client:
        stream = client.runs.stream(
            str(uuid4()), "agent", input=says("hi"), if_not_exists="create", **FOR_A_CHAT
        )
        events, _ = await watch(stream)
    partial = [e for e in events if isinstance(e, MessagesPartial)][-1]
    assert partial.messages[0]["content"] == "It is sunny."


async def test_a_run_that_raises_is_failed_with_its_words(client: LangGraphClient, thread: str):
    events, end = await watch(client.runs.stream(thread, "fails", input=says("hi")))
    assert [e.message for e in events if isinstance(e, RunError)] == ["the model broke off"]
    assert (end.outcome, end.error) == (Outcome.FAILED, "the model broke off")


async def test_joining_a_run_that_failed_still_tells_why(client: LangGraphClient, thread: str):
    _, end = await watch(client.runs.stream(thread, "fails", input=says("hi")))
    assert await watch(client.runs.join_stream(thread, end.run_id)) == ([], end)


async def test_a_run_that_asks_a_person_is_interrupted_and_can_be_resumed(
    client: LangGraphClient, thread: str
):
    _, end = await watch(client.runs.stream(thread, "asks", input=says("hi")))
    assert end.outcome is Outcome.INTERRUPTED
    _, end = await watch(client.runs.stream(thread, "asks", command={"resume": "yes"}))
    assert end.outcome is Outcome.FINISHED
    state = await client.threads.get_state(thread)
    assert state["values"]["messages"][-1]["content"] == "You said yes."


@pytest.mark.parametrize("action", ["interrupt", "rollback"])
async def test_a_run_that_is_stopped_is_interrupted(
    client: LangGraphClient, thread: str, action: CancelAction
):
    stream = client.runs.stream(thread, "slow", input=says("2000"))
    run_id = (await anext(stream)).data["run_id"]
    await client.runs.cancel(thread, run_id, action=action)
    _, end = await watch(stream)
    assert end == RunEnd(event="end", outcome=Outcome.INTERRUPTED, run_id=run_id)
    await client.runs.cancel(thread, run_id)


async def test_a_run_left_early_goes_on_and_a_second_watcher_sees_all_of_it(
    client: LangGraphClient, thread: str, long_answer: LongAnswer
):
    made: list[RunCreated] = []
    asked = says(long_answer.question)
    begun = client.runs.stream(
        thread,
        "slow",
        input=asked,
        on_disconnect="continue",
        on_run_created=made.append,
        **FOR_A_CHAT,
    )
    async with aclosing(begun) as stream:
        async for event in stream:
            if isinstance(event, MessageDelta):
                break
    joined = client.runs.join_stream(thread, made[0]["run_id"], last_event_id="-1")
    first = await anext(joined)
    long_answer.end()
    events, end = await watch(joined)
    assert first.event == "metadata"
    assert end.outcome is Outcome.FINISHED
    last = [e for e in events if isinstance(e, Values)][-1]
    seen = [e.message["content"] for e in events if isinstance(e, MessageDelta)]
    assert last.values["messages"][-1]["content"] == "".join(seen)
    assert seen[0] == "word0 "


async def test_joining_a_run_that_never_was_is_lost(client: LangGraphClient, thread: str):
    events, end = await watch(client.runs.join_stream(thread, str(uuid4())))
    assert [type(event) for event in events] == [RunError]
    assert end.outcome is Outcome.LOST


async def test_a_run_that_waits_for_its_turn_can_be_removed(client: LangGraphClient, thread: str):
    going = await client.runs.create(thread, "slow", input=says("2000"))
    waiting = await client.runs.create(thread, "slow", input=says("1"))
    await client.runs.delete(thread, waiting["run_id"])
    await client.runs.delete(thread, waiting["run_id"])
    assert [run["run_id"] for run in await client.runs.list(thread)] == [going["run_id"]]
    await client.runs.cancel(thread, going["run_id"], wait=True)


async def test_the_beginning_and_the_end_of_anyones_run_are_heard(
    client: LangGraphClient, thread: str
):
    async with aclosing(client.threads.lifecycle(thread, silence=15)) as heard:
        assert await anext(heard) == Lifecycle("", is_over=False)
        run_id = (await client.runs.create(thread, "slow", input=says("20")))["run_id"]
        async with asyncio.timeout(60):
            assert await anext(heard) == Lifecycle(run_id, is_over=False)
            assert await anext(heard) == Lifecycle(run_id, is_over=True)
    assert (await client.runs.get(thread, run_id))["status"] in {"running", "success"}


async def test_hearing_of_a_thread_ends_with_what_went_wrong(langgraph_server: str):
    with faulty_proxy(langgraph_server) as proxy:
        async with get_client(url=proxy.url) as client:
            with pytest.raises(InvalidError):
                await anext(client.threads.lifecycle("no-uuid", silence=15))
            thread = (await client.threads.create())["thread_id"]
            heard = client.threads.lifecycle(thread, silence=2)
            await anext(heard)
            with pytest.raises(UnreachableError) as silent:
                await anext(heard)
            assert silent.value.cause is Cause.READ_TIMEOUT
            heard = client.threads.lifecycle(thread, silence=15)
            await anext(heard)
            proxy.refuse()
            with pytest.raises(UnreachableError):
                await anext(heard)
            with pytest.raises(UnreachableError):
                await anext(client.threads.lifecycle(thread, silence=15))


async def test_closing_the_client_ends_an_open_stream_as_lost(langgraph_server: str):
    client = get_client(url=langgraph_server)
    thread = (await client.threads.create())["thread_id"]
    stream = client.runs.stream(thread, "slow", input=says("200"))
    await anext(stream)
    await client.aclose()
    _, end = await watch(stream)
    assert end.outcome is Outcome.LOST


@pytest.mark.slow
async def test_a_run_whose_server_dies_is_lost(tmp_path: Path):
    with serve(tmp_path) as server:
        policy = RetryPolicy(pauses=(0,), jitter=0)
        async with get_client(url=server.url, retry=policy) as client:
            thread = (await client.threads.create())["thread_id"]
            stream = client.runs.stream(thread, "slow", input=says("2000"))
            await anext(stream)
            server.kill()
            _, end = await watch(stream)
    assert end.outcome is Outcome.LOST
    assert isinstance(end.exception, UnreachableError)


async def test_what_the_server_refuses_comes_in_its_own_words(client: LangGraphClient, thread: str):
    with pytest.raises(InvalidError, match="registered graphs: agent") as unknown:
        await anext(client.runs.stream(thread, "nope", input=says("hi")))
    assert "'nope'" in unknown.value.detail
    with pytest.raises(NotFoundError):
        await anext(client.runs.stream(str(uuid4()), "agent", input=says("hi")))
    with pytest.raises(NotFoundError):
        await client.threads.get(str(uuid4()))
    with pytest.raises(InvalidError):
        await client.threads.get("no-uuid")
    with pytest.raises(ConflictError):
        await client.threads.create(thread_id=thread)


async def test_server(client: LangGraphClient):
    assert await client.ok()
    assert (await client.info())["version"].count(".") == 2


async def test_assistants(client: LangGraphClient):
    found = await client.assistants.search(graph_id="agent", limit=5)
    assert [assistant["graph_id"] for assistant in found] == ["agent"]
    assert await client.assistants.count() == sum(map(len, GRAPHS.values()))
    assert await client.assistants.get(found[0]["assistant_id"]) == found[0]
    schemas = await client.assistants.get_schemas(found[0]["assistant_id"])
    assert "messages" in (schemas["input_schema"] or {})["properties"]
    nodes = {
        node["id"] for node in (await client.assistants.get_graph("agent", xray=True))["nodes"]
    }
    assert nodes == {"__start__", "model", "tools", "__end__"}


async def test_threads(client: LangGraphClient):
    owner = uuid4().hex
    thread = await client.threads.create(metadata={"owner": owner}, graph_id="agent")
    thread_id = thread["thread_id"]
    again = await client.threads.create(thread_id=thread_id, if_exists="do_nothing")
    assert again["thread_id"] == thread_id
    await client.threads.update(thread_id, metadata={"title": "LA"})
    metadata = (await client.threads.get(thread_id))["metadata"]
    assert metadata == {"owner": owner, "graph_id": "agent", "title": "LA"}
    await client.threads.update_state(thread_id, values=says("first"), as_node="model")
    await client.threads.update_state(thread_id, values=says("second"), as_node="model")

    (row,) = await client.threads.search(
        metadata={"owner": owner},
        select=["thread_id", "metadata"],
        extract={"first": "values.messages[0].content"},
    )
    assert row.get("extracted") == {"first": "first"}
    assert "values" not in row
    assert await client.threads.count(metadata={"owner": owner}) == 1

    newest, *_ = history = await client.threads.get_history(thread_id)
    assert [len(state["values"]["messages"]) for state in history] == [2, 1]
    checkpoint = newest["checkpoint"]
    assert checkpoint
    for before in checkpoint, checkpoint.get("checkpoint_id"):
        assert await client.threads.get_history(thread_id, before=before) == history[1:]
    earlier = await client.threads.get_state(thread_id, checkpoint=history[1]["checkpoint"])
    assert earlier["values"] == history[1]["values"]
    newest_again = await client.threads.get_state(
        thread_id, checkpoint_id=checkpoint.get("checkpoint_id")
    )
    assert newest_again["values"] == newest["values"]

    copy = await client.threads.copy(thread_id)
    assert (await client.threads.get_state(copy["thread_id"]))["values"] == newest["values"]
    await client.threads.delete(thread_id)
    with pytest.raises(NotFoundError):
        await client.threads.get(thread_id)


async def test_a_run_made_without_watching_can_be_joined(client: LangGraphClient, thread: str):
    run = await client.runs.create(thread, "slow", input=says("5"), stream_mode=["values"])
    _, end = await watch(client.runs.join_stream(thread, run["run_id"]))
    assert end == RunEnd(event="end", outcome=Outcome.FINISHED, run_id=run["run_id"])
    assert [r["run_id"] for r in await client.runs.list(thread)] == [run["run_id"]]


async def test_store(client: LangGraphClient):
    space = ["users", uuid4().hex]
    assert await client.store.get_item(space, "name") is None
    await client.store.put_item(space, "name", value={"first": "Ada"})
    item = await client.store.get_item(space, "name")
    assert item is not None
    assert item["value"] == {"first": "Ada"}
    found = await client.store.search_items(space, filter={"first": "Ada"})
    assert [item["key"] for item in found["items"]] == ["name"]
    await client.store.delete_item(space, "name")
    assert (await client.store.search_items(space))["items"] == []


async def test_many_runs_stream_at_the_same_time(client: LangGraphClient):
    async def ask() -> Outcome:
        thread = (await client.threads.create())["thread_id"]
        _, end = await watch(client.runs.stream(thread, "slow", input=says("30")))
        return end.outcome

    assert await asyncio.gather(*[ask() for _ in range(8)]) == [Outcome.FINISHED] * 8
