"""Notifications of runs on a thread: by a real server's stream, or now and then without one."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from chat_app.client import LangGraphClient, RetryPolicy, get_client
from chat_app.client.modes import FOR_A_CHAT
from chat_app.runs import tasks, thread_events
from chat_app.runs.thread_events import listen
from tests.helpers.faults import faulty_proxy
from tests.helpers.scripted import Script, event, reply, sse
from tests.helpers.waiting import PATIENCE, until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    import httpx

    from chat_app.client.lifecycle import Lifecycle

ASKED = {"messages": [{"type": "human", "content": "1"}]}
STREAM = "/threads/t/stream"
AT_ONCE = RetryPolicy(tries=5, pauses=(0.01,), jitter=0)


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture
async def thread_id(client: LangGraphClient) -> str:
    return (await client.threads.create())["thread_id"]


@asynccontextmanager
async def listening(
    client: LangGraphClient, thread_id: str
) -> AsyncGenerator[asyncio.Queue[Lifecycle | None]]:
    heard: asyncio.Queue[Lifecycle | None] = asyncio.Queue()
    task = tasks.spawn(listen(client, thread_id, heard.put_nowait), name="listen")
    try:
        yield heard
    finally:
        await tasks.end(task)


async def next_of(heard: asyncio.Queue[Lifecycle | None]) -> Lifecycle | None:
    async with asyncio.timeout(PATIENCE):
        return await heard.get()


def retry_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thread_events, "RETRY", AT_ONCE)
    monkeypatch.setattr(thread_events, "POLL", 60.0)


async def test_a_run_of_any_program_is_told_when_it_begins_and_when_it_ends(
    client: LangGraphClient, thread_id: str
) -> None:
    async with listening(client, thread_id) as heard:
        assert await next_of(heard) is None  # the stream stands
        run = await client.runs.create(thread_id, "slow", input=ASKED, **FOR_A_CHAT)
        told = [await next_of(heard), await next_of(heard)]
    assert [(one.run_id, one.is_over) for one in told if one] == [
        (run["run_id"], False),
        (run["run_id"], True),
    ]


async def test_a_stream_that_was_cut_tells_that_anything_may_have_happened_when_it_stands_again(
    langgraph_server: str, thread_id: str
) -> None:
    with faulty_proxy(langgraph_server) as proxy:
        async with get_client(url=proxy.url) as client, listening(client, thread_id) as heard:
            assert await next_of(heard) is None
            proxy.refuse()
            await until(lambda: not proxy.open_connections)
            assert heard.empty()
            proxy.accept()
            assert await next_of(heard) is None


@pytest.mark.parametrize(
    "answer",
    [
        reply(503, text="Service Unavailable"),
        reply(429, json={"detail": "Too many"}),
        reply(502, text="<html><h1>Bad Gateway</h1></html>", content_type="text/html"),
        reply(500, json={"detail": "odd"}),
        reply(200, text="<html>Back soon</html>", content_type="text/html"),
    ],
    ids=["503", "429", "502 page", "500", "200 page"],
)
async def test_a_refusal_that_passes_is_retried_and_the_stream_is_read_then(
    answer: Callable[[], httpx.Response], monkeypatch: pytest.MonkeyPatch
) -> None:
    retry_at_once(monkeypatch)
    began = event("metadata", {"run_id": "r1", "attempt": 1})
    script = Script()
    script.on("GET", STREAM, answer, answer, answer, sse(began, lasts=60))
    async with script.client() as client, listening(client, "t") as heard:
        assert await next_of(heard) is None
        told = await next_of(heard)
        assert told
        assert (told.run_id, told.is_over) == ("r1", False)
        assert len(script.asked("GET", STREAM)) == 4


async def test_a_stream_that_the_server_closes_is_opened_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    retry_at_once(monkeypatch)
    script = Script()
    script.on("GET", STREAM, sse(), sse(), sse(lasts=60))
    async with script.client() as client, listening(client, "t") as heard:
        for _ in range(3):
            assert await next_of(heard) is None
        assert len(script.asked("GET", STREAM)) == 3


async def test_a_server_without_such_a_stream_is_polled_and_now_and_then_asked_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(thread_events, "POLL", 0.01)
    monkeypatch.setattr(thread_events, "POLL_FOR", 0.05)
    script = Script()
    missing = reply(404, json={"detail": "Not Found"})
    script.on("GET", STREAM, missing, missing, sse(lasts=60))
    async with script.client() as client, listening(client, "t") as heard:
        for _ in range(2 * 5 + 1):
            assert await next_of(heard) is None
        assert len(script.asked("GET", STREAM)) == 3


async def test_nothing_is_left_when_it_is_cancelled(
    client: LangGraphClient, thread_id: str
) -> None:
    async with listening(client, thread_id) as heard:
        await next_of(heard)
    assert tasks.alive() == []
