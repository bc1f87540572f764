"""Runs that no tab watched, on a real server: their agents and answers are found all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.client import LangGraphClient, get_client
from chat_app.runs.subgraph_state import read_inside
from chat_app.runs.unwatched import read_unwatched
from chat_app.transcript.load import load
from chat_app.transcript.message import Decision, SubAgent, Transcript

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chat_app.client.events import Json


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


async def notes_on(client: LangGraphClient, thread_id: str) -> Json:
    known = (await client.threads.get(thread_id)).get("metadata") or {}
    return await read_unwatched(client, thread_id, dict(known))


async def loaded(client: LangGraphClient, thread_id: str) -> Transcript:
    notes = await notes_on(client, thread_id)
    return load(await client.threads.get_state(thread_id), metadata=notes)


def agents_in(transcript: Transcript) -> list[SubAgent]:
    return [p for m in transcript.messages for p in m.parts if isinstance(p, SubAgent)]


async def test_an_agent_that_is_a_node_is_found_with_what_it_said(client: LangGraphClient) -> None:
    thread_id = (await client.threads.create())["thread_id"]
    asked = {"messages": [{"type": "human", "content": "go", "id": "h1"}]}
    await client.runs.wait(thread_id, "hands_over", input=asked)
    [writer] = agents_in(await loaded(client, thread_id))
    assert writer.name == "writer"
    inside = await read_inside(client, thread_id, writer.namespace, handed={"h1"})
    assert len(inside.messages) == 1


async def test_an_answer_that_another_program_gave_is_found_with_its_question(
    client: LangGraphClient,
) -> None:
    thread_id = (await client.threads.create())["thread_id"]
    asked = {"messages": [{"type": "human", "content": "go"}]}
    await client.runs.wait(thread_id, "asks", input=asked)
    assert not await notes_on(client, thread_id)
    await client.runs.wait(thread_id, "asks", command={"resume": "two"})
    transcript = await loaded(client, thread_id)
    [decision] = [a for m in transcript.messages for a in m.asides if isinstance(a, Decision)]
    assert decision.said[0].endswith("two")
    assert decision.asked


async def test_a_thread_that_is_gone_has_nothing_to_tell(client: LangGraphClient) -> None:
    assert await read_unwatched(client, str(uuid4()), {}) == {}
