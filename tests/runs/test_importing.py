"""A thread becomes a file and the file a thread, with the same messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio

from chat_app.client import get_client
from chat_app.export.json_file import as_json, json_file
from chat_app.export.read_file import read_file, saved_in
from chat_app.runs import thread_metadata
from chat_app.runs.backend import Backend
from chat_app.runs.exporting import read_saved
from chat_app.runs.importing import NotTakenError, make_thread
from chat_app.transcript.message import Role
from chat_app.transcript.record import SavedThread, ThreadRecord
from tests.helpers import captures

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chat_app.client import LangGraphClient

STATES = ["hitl_state", "interrupt_state", "supervisor_state", "delegates_state", "swarm_state"]
OWNER = "somebody"


@pytest_asyncio.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


def backend(client: LangGraphClient, assistant: str = "agent") -> Backend:
    async def connect() -> LangGraphClient:
        return client

    async def default(_: LangGraphClient) -> str:
        found = await client.assistants.search(graph_id=assistant)
        return found[0]["assistant_id"]

    return Backend(connect, default)


async def again(client: LangGraphClient, saved: SavedThread) -> SavedThread:
    """The thread that a server makes of a file."""
    made = await make_thread(client, backend(client), read_file(json_file(saved)), OWNER)
    return await read_saved(client, backend(client), made)


def messages_of(saved: SavedThread) -> list[dict[str, Any]]:
    """The messages of a file, without fields that say nothing."""
    return [
        {name: value for name, value in message.items() if value not in (None, [], {}, False)}
        for message in as_json(saved)["messages"]
    ]


@pytest.mark.parametrize("name", STATES)
async def test_captured_threads_come_back_with_the_same_messages(
    client: LangGraphClient, name: str
) -> None:
    saved = SavedThread(ThreadRecord(captures.document(name)), "A title")
    back = await again(client, saved)
    assert messages_of(back) == messages_of(saved)
    assert back.title == "A title"
    assert [m.parts for m in back.record.transcript().messages if m.role is Role.HUMAN] == [
        m.parts for m in saved.record.transcript().messages if m.role is Role.HUMAN
    ]


async def test_a_second_file_is_like_the_first(client: LangGraphClient) -> None:
    thread = await client.threads.create(metadata={"chat_title": "Weather"})
    async for _ in client.runs.stream(
        thread["thread_id"], "agent", input={"messages": [{"role": "user", "content": "hi"}]}
    ):
        pass
    first = await read_saved(client, backend(client), thread["thread_id"])
    assert len(messages_of(first)) > 2
    second = await again(client, first)
    third = await again(client, second)
    assert messages_of(first) == messages_of(second) == messages_of(third)
    assert second.record.transcript().messages == first.record.transcript().messages


EVERY_KIND = [
    {"type": "system", "id": "s", "content": "Be kind."},
    {
        "type": "human",
        "id": "h",
        "content": [
            {"type": "text", "text": "Look"},
            {"type": "image", "base64": "AAAA", "mime_type": "image/png"},
        ],
    },
    {
        "type": "ai",
        "id": "a",
        "content": [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "Wait"}],
        "name": "bob",
        "tool_calls": [{"name": "see", "args": {"n": 1}, "id": "c", "type": "tool_call"}],
        "invalid_tool_calls": [
            {"name": "x", "args": "{", "id": "d", "error": "odd", "type": "invalid_tool_call"}
        ],
        "usage_metadata": {"input_tokens": 1, "output_tokens": 2, "total_tokens": 3},
        "response_metadata": {"model_name": "m", "finish_reason": "stop"},
        "additional_kwargs": {"reasoning_content": "hm"},
    },
    {
        "type": "tool",
        "id": "t",
        "tool_call_id": "c",
        "name": "see",
        "content": "42",
        "status": "error",
        "artifact": {"rows": [1, 2]},
    },
    {"type": "ai", "id": "b", "content": "Done", "response_metadata": {"stopped": True}},
    {"type": "human", "id": "h2", "content": "Thanks"},
]


async def test_all_kinds_of_messages_and_fields_come_back(client: LangGraphClient) -> None:
    saved = saved_in({"messages": EVERY_KIND})
    back = await again(client, saved)
    assert back.record.transcript().messages == saved.record.transcript().messages
    usage = next(m["usage_metadata"] for m in messages_of(back) if m["type"] == "ai")
    assert usage["total_tokens"] == 3


async def test_the_thread_belongs_to_who_imports_it_and_keeps_its_notes(
    client: LangGraphClient,
) -> None:
    note = {"after": "a", "below": "a", "said": ["Approved"], "asked": ["Really?"]}
    file = {
        "format": "langgraph-chat",
        "version": 1,
        "messages": [{"type": "human", "id": "h", "content": "A long question " * 9}],
        "notes": {"chat_decision:1": note, "chat_owner": "thief", "other": 1},
    }
    made = await make_thread(client, backend(client), saved_in(file), OWNER)
    metadata = (await client.threads.get(made))["metadata"]
    assert thread_metadata.owner_in(metadata) == OWNER
    assert metadata["chat_decision:1"] == note
    assert "other" not in metadata
    assert thread_metadata.title_of(metadata).startswith("A long question")


async def test_each_turn_has_a_state_to_go_back_to(client: LangGraphClient) -> None:
    turns = [
        {"type": kind, "id": f"{kind}{n}", "content": str(n)}
        for n in range(3)
        for kind in ("human", "ai")
    ]
    made = await make_thread(client, backend(client), saved_in(turns), OWNER)
    history = await client.threads.get_history(made, limit=20)
    counts = [len(state["values"].get("messages", [])) for state in history]
    assert {1, 2, 3, 4, 5, 6} <= set(counts)
    assert (await client.threads.get_state(made))["next"] == []
    async for _ in client.runs.stream(
        made, "agent", input={"messages": [{"role": "user", "content": "more"}]}
    ):
        pass
    assert len((await client.threads.get_state(made))["values"]["messages"]) > 6


async def test_messages_that_the_memory_had_before_are_forgotten_again(
    client: LangGraphClient,
) -> None:
    old = {"type": "human", "id": "old", "content": "Long ago"}
    file = {
        "format": "langgraph-chat",
        "version": 1,
        "messages": [{"type": "human", "id": "h", "content": "Now"}],
        "earlier": [[old]],
    }
    back = await again(client, saved_in(file))
    assert [m["id"] for m in messages_of(back)] == ["h"]
    assert [m.id for m in back.record.transcript().messages if m.forgotten] == ["old"]


async def test_a_thread_of_very_many_turns_comes_back_whole(client: LangGraphClient) -> None:
    turns = [
        {"type": kind, "id": f"{kind}{n}", "content": str(n)}
        for n in range(150)
        for kind in ("human", "ai")
    ]
    assert messages_of(await again(client, saved_in(turns))) == turns


async def test_a_file_that_no_assistant_can_hold_leaves_no_thread(client: LangGraphClient) -> None:
    name = str(uuid4())
    file = {
        "format": "langgraph-chat",
        "version": 1,
        "title": name,
        "values": {"nothing": "that the graph knows"},
        "shape": {"takes": "form", "key": "messages", "known": True},
    }
    with pytest.raises(NotTakenError):
        await make_thread(client, backend(client), saved_in(file), OWNER)
    assert not await client.threads.search(metadata={"chat_title": name})


async def test_odd_messages_are_made_such_that_a_server_takes_them(
    client: LangGraphClient,
) -> None:
    odd = [
        {"type": "human", "id": 7, "content": {"a": 1}},
        {"type": "strange", "id": "s", "content": "who am I", "name": ["x"]},
        {"type": "tool", "content": None},
        {"type": "remove", "id": "s"},
        {"role": "assistant", "content": "by its role"},
    ]
    back = await again(client, saved_in({"messages": odd}))
    assert len(messages_of(back)) == 4


async def test_servers_without_steps_are_written_by_an_update(langgraph_server: str) -> None:
    async with get_client(url=langgraph_server) as client:
        create = client.threads.create

        async def without(**fields: Any) -> Any:
            fields.pop("supersteps", None)
            return await create(**fields)

        client.threads.create = without
        saved = saved_in({"messages": EVERY_KIND})
        back = await again(client, saved)
        assert back.record.transcript().messages == saved.record.transcript().messages
