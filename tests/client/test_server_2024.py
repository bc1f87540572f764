"""The client against a server of 2024."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app.client import LangGraphClient, Outcome, RunEnd, Values, get_client
from chat_app.client.modes import FOR_A_CHAT
from tests.helpers.gateway import listening
from tests.helpers.server import QUICK
from tests.helpers.server_2024 import Server2024

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ASKED: dict[str, Any] = {"messages": [{"role": "human", "content": "whats the weather in la"}]}


@pytest.fixture
def of_2024(langgraph_server: str) -> Iterator[tuple[Server2024, str]]:
    gateway = Server2024(langgraph_server)
    with listening(gateway) as url:
        yield gateway, url


@pytest.fixture
async def client(of_2024: tuple[Server2024, str]) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=of_2024[1], retry=QUICK) as client:
        yield client


async def test_the_how_to_gives_the_events_that_it_shows(client: LangGraphClient):
    assistants = await client.assistants.search(limit=100)
    assistants = [a for a in assistants if not a["config"]]
    assistant = next(a for a in assistants if a["graph_id"] == "agent")
    assert sorted(assistant) == sorted(
        ["assistant_id", "graph_id", "config", "created_at", "updated_at", "metadata"]
    )
    thread = await client.threads.create()
    assert await client.runs.list(thread["thread_id"]) == []
    chunks = [
        chunk
        async for chunk in client.runs.stream(
            thread["thread_id"], assistant["assistant_id"], input=ASKED
        )
    ]
    assert [chunk.event for chunk in chunks] == ["metadata", *["data"] * 4, "end"]
    assert list(chunks[0].data) == ["run_id"]
    assert all(isinstance(chunk, Values) for chunk in chunks[1:-1])
    told = [[message["type"] for message in chunk.data["messages"]] for chunk in chunks[1:-1]]
    assert told == [["human", "ai", "tool", "ai"][:count] for count in (1, 2, 3, 4)]
    end = chunks[-1]
    assert isinstance(end, RunEnd)
    assert (end.outcome, end.run_id) == (Outcome.FINISHED, chunks[0].data["run_id"])


async def test_a_chat_asks_for_less_until_the_server_takes_it_and_remembers_that(
    client: LangGraphClient, of_2024: tuple[Server2024, str]
):
    names: set[str] = set()
    for _ in range(2):
        thread = (await client.threads.create())["thread_id"]
        names = {
            event.event
            async for event in client.runs.stream(thread, "agent", input=ASKED, **FOR_A_CHAT)
        }
    assert {"messages/partial", "values", "updates", "end"} <= names
    asked = [each.body["stream_mode"] for each in of_2024[0].requests if each.starts_run]
    least = ["messages", "values", "updates"]
    assert asked == [["messages-tuple", "values", "updates", "custom"], least, least]


async def test_a_run_that_is_joined_late_ends_as_it_did(client: LangGraphClient):
    thread = (await client.threads.create())["thread_id"]
    run = await client.runs.create(thread, "agent", input=ASKED, **FOR_A_CHAT)
    await client.runs.join(thread, run["run_id"])
    *_, end = [event async for event in client.runs.join_stream(thread, run["run_id"])]
    assert isinstance(end, RunEnd)
    assert end.outcome is Outcome.FINISHED


async def test_lists_come_whole_where_nothing_can_be_selected(client: LangGraphClient):
    made = await client.threads.create(metadata={"chat_owner": "ada-2024"})
    rows = await client.threads.search(
        metadata={"chat_owner": "ada-2024"}, sort_by="updated_at", select=["thread_id"]
    )
    assert [row["thread_id"] for row in rows] == [made["thread_id"]]
    assert "values" in rows[0]
