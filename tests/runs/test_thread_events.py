"""Hearing of runs on a thread, by a real server's stream or by asking again and again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from chat_app.client import LangGraphClient, get_client
from chat_app.client.modes import FOR_A_CHAT
from chat_app.runs import tasks, thread_events
from tests.helpers.faults import faulty_proxy
from tests.helpers.scripted import Script, reply
from tests.helpers.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ASKED = {"messages": [{"type": "human", "content": "1"}]}


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture
async def thread_id(client: LangGraphClient) -> str:
    return (await client.threads.create())["thread_id"]


async def rings(changed: asyncio.Event) -> None:
    async with asyncio.timeout(PATIENCE):
        await changed.wait()
    changed.clear()


async def test_a_run_started_by_anybody_rings(client: LangGraphClient, thread_id: str) -> None:
    async with thread_events.listening(client, thread_id) as changed:
        await rings(changed)
        await client.runs.create(thread_id, "slow", input=ASKED, **FOR_A_CHAT)
        await rings(changed)


async def test_all_who_listen_to_a_thread_share_one_stream(
    client: LangGraphClient, thread_id: str
) -> None:
    async with (
        thread_events.listening(client, thread_id) as one,
        thread_events.listening(client, thread_id) as two,
    ):
        assert tasks.alive().count(f"lookout {thread_id}") == 1
        thread_events.notify(thread_id)
        assert one.is_set()
        assert two.is_set()


async def test_nothing_is_left_when_nobody_listens(client: LangGraphClient, thread_id: str) -> None:
    async with thread_events.listening(client, thread_id) as changed:
        await rings(changed)
    assert f"lookout {thread_id}" not in tasks.alive()
    thread_events.notify(thread_id)
    assert not changed.is_set()


async def test_whoever_was_cut_off_rings_when_it_hears_again(
    langgraph_server: str, thread_id: str
) -> None:
    with faulty_proxy(langgraph_server) as proxy:
        async with (
            get_client(url=proxy.url) as client,
            thread_events.listening(client, thread_id) as changed,
        ):
            await rings(changed)
            proxy.refuse()
            await until(lambda: not proxy.open_connections)
            changed.clear()
            proxy.accept()
            await rings(changed)


async def test_a_server_without_such_a_stream_is_asked_again_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(thread_events, "POLL", 0.01)
    script = Script()
    script.on("GET", "/threads/t/stream", reply(404, json={"detail": "Not Found"}))
    async with script.client() as client, thread_events.listening(client, "t") as changed:
        for _ in range(3):
            await rings(changed)
