"""Notes on subgraphs in a thread's metadata."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.client import LangGraphClient, NotFoundError, get_client
from chat_app.runs import tasks
from chat_app.runs.metadata_writer import MetadataWriter
from chat_app.runs.subgraph_state import read_inside
from chat_app.transcript.message import (
    Message,
    Role,
    SubAgent,
    ToolCall,
    ToolStatus,
    Transcript,
)
from tests.helpers.chat import Chat
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chat_app.client.events import Json


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


def ran(call_id: str, namespace: str, inner: Transcript | None = None) -> Message:
    agent = SubAgent(namespace, "reader", inner)
    call = ToolCall(call_id, "task", "{}", ToolStatus.DONE, agent=agent)
    return Message(f"m {call_id}", Role.ASSISTANT, (call,))


async def metadata(client: LangGraphClient, thread_id: str) -> Json:
    return dict((await client.threads.get(thread_id)).get("metadata") or {})


async def test_each_new_subgraph_is_noted_also_within_another_and_nothing_else_is_touched(
    client: LangGraphClient,
) -> None:
    thread_id = (await client.threads.create(metadata={"title": "t"}))["thread_id"]
    before = Transcript((ran("c0", "tools:0"),))
    deep = Transcript((ran("c2", "tools:1|tools:2"),))
    after = Transcript((*before.messages, ran("c1", "tools:1", deep)))
    writer = MetadataWriter(client, thread_id, before)
    writer.see(after)
    moved = Transcript((*before.messages, ran("c1", "tools:9", deep)))
    writer.see(moved)
    writer.see(moved)
    await until(lambda: not tasks.alive())
    assert await metadata(client, thread_id) == {
        "title": "t",
        "chat_agent:c1": {"namespace": "tools:9", "name": "reader"},
        "chat_agent:c2": {"namespace": "tools:1|tools:2", "name": "reader"},
    }


async def test_a_server_that_refuses_is_only_logged(
    client: LangGraphClient, caplog: pytest.LogCaptureFixture
) -> None:
    gone = str(uuid4())
    with caplog.at_level(logging.INFO):
        MetadataWriter(client, gone, Transcript()).see(Transcript((ran("c1", "tools:1"),)))
        await until(lambda: not tasks.alive())
    assert f"thread {gone}: its subgraphs are not noted" in caplog.text


async def test_a_subgraph_is_read_with_those_within_it_and_no_others(
    client: LangGraphClient,
) -> None:
    """Scripted models number their calls alike, and the last note on an id wins."""
    thread_id = (await client.threads.create(graph_id="works"))["thread_id"]
    chat = Chat(client, thread_id, "works")
    await chat.ask("go")
    [helper] = agents_in(chat.seen)
    MetadataWriter(client, thread_id, Transcript()).see(chat.seen)
    await until(lambda: not tasks.alive())
    read = await read_inside(client, thread_id, helper.namespace)
    assert helper.transcript
    assert [m.parts for m in read.messages][-1] == [m.parts for m in helper.transcript.messages][-1]
    [reader] = agents_in(read)
    assert reader.namespace.startswith(f"{helper.namespace}|")
    elsewhere = {"namespace": "tools:other|tools:1", "name": "reader"}
    await client.threads.update(thread_id, metadata={"chat_agent:helper_1": elsewhere})
    assert agents_in(await read_inside(client, thread_id, helper.namespace)) == []
    with pytest.raises(NotFoundError):
        await read_inside(client, thread_id, "tools:gone")


def agents_in(transcript: Transcript) -> list[SubAgent]:
    calls = [p for m in transcript.messages for p in m.parts if isinstance(p, ToolCall)]
    return [call.agent for call in calls if call.agent]
