from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from itertools import groupby
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from langgraph_sdk import get_client

from chat_app.demo.serving import server as demo_server
from chat_app.demo.serving.environment import ROOT
from chat_app.demo.serving.secret import HEADER
from chat_app.demo.serving.server import DemoServer, DemoServerError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from langgraph_sdk.client import LangGraphClient

pytestmark = pytest.mark.slow

PARENT = """
import asyncio, sys, time
from pathlib import Path
from chat_app.demo.serving.server import DemoServer

async def main():
    server = DemoServer(data_dir=Path(sys.argv[1]))
    await server.start()
    await server.ready(120)
    print(server.url, server.secret, flush=True)
    time.sleep(60)

asyncio.run(main())
"""


def asking(question: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": question}]}


async def last_messages(client: LangGraphClient, question: str) -> list[dict[str, Any]]:
    thread = await client.threads.create()
    state = await client.runs.wait(thread["thread_id"], "agent", input=asking(question))
    assert isinstance(state, dict)
    return state["messages"]


async def streamed(client: LangGraphClient, question: str) -> list[dict[str, Any]]:
    """The message chunks of a run in the order of their arrival."""
    thread = await client.threads.create()
    return [
        part.data[0]
        async for part in client.runs.stream(
            thread["thread_id"], "agent", input=asking(question), stream_mode=["messages-tuple"]
        )
        if part.event == "messages"
    ]


def kind(chunk: dict[str, Any]) -> str:
    if chunk["type"] == "tool":
        return f"result of {chunk['name']}"
    if calls := chunk["tool_call_chunks"]:
        return f"call {calls[0]['index']}"
    blocks = chunk["content"]
    return "string" if isinstance(blocks, str) else blocks[0]["type"]


def parent_and_server(data_dir: Path) -> tuple[subprocess.Popen[str], str, str]:
    """Another process that has a server, once that is ready, and its URL and secret."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(data_dir)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    url, secret = parent.stdout.readline().split()
    return parent, url, secret


async def get(url: str, *, secret: str = "") -> httpx.Response:
    async with httpx.AsyncClient(headers={HEADER: secret}) as http:
        return await http.get(url)


@pytest.fixture
async def client(server: DemoServer) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=server.url, api_key=server.secret) as client:
        yield client


async def test_a_question_about_two_cities_streams_two_calls_then_results_then_an_answer(
    client: LangGraphClient,
) -> None:
    chunks = await streamed(client, "whats the weather in la, and is it warmer than tokyo?")
    kinds = [kind for kind, _ in groupby(map(kind, chunks)) if kind != "string"]
    assert kinds == [
        *("reasoning", "text", "call 2", "call 3", "result of weather"),
    ]
    assert kind(chunks[-1]) == "string"
    assert chunks[-1]["usage_metadata"]["output_tokens"] > 0
    answer = "".join(chunk["content"] for chunk in chunks if kind(chunk) == "string")
    assert "| Los Angeles, United States |" in answer
    assert "warmer than" in answer


async def test_every_tool_runs_without_blocking_the_server(client: LangGraphClient) -> None:
    messages = await last_messages(
        client, "weather in Paris, what time is it in Paris and what is 6*7"
    )
    results = {m["name"]: m for m in messages if m["type"] == "tool"}
    assert {name: m["status"] for name, m in results.items()} == {
        "weather": "success",
        "clock": "success",
        "calculator": "success",
    }
    assert json.loads(results["weather"]["content"])["city"] == "Paris"
    assert "**42**" in messages[-1]["content"]


async def test_a_failure_breaks_the_stream_after_some_text_and_says_why(
    client: LangGraphClient,
) -> None:
    thread = await client.threads.create()
    parts = [
        part
        async for part in client.runs.stream(
            thread["thread_id"], "agent", input=asking("fail"), stream_mode=["messages-tuple"]
        )
    ]
    assert "messages" in {part.event for part in parts}
    assert parts[-1].event == "error"
    assert parts[-1].data["error"] == "RuntimeError"
    assert "on purpose" in parts[-1].data["message"]


async def test_threads_do_not_wait_for_one_another(client: LangGraphClient) -> None:
    async def span() -> tuple[float, float]:
        thread = await client.threads.create()
        tokens = [
            time.monotonic()
            async for part in client.runs.stream(
                thread["thread_id"],
                "agent",
                input=asking("write 1500 tokens"),
                stream_mode=["messages-tuple"],
            )
            if part.event == "messages"
        ]
        return tokens[0], tokens[-1]

    (start, end), (other_start, other_end) = await asyncio.gather(span(), span())
    assert max(start, other_start) < min(end, other_end)


async def test_a_restart_keeps_threads_address_and_the_previous_log(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_DEMO_SPEED", "20")
    server = DemoServer(data_dir=data_dir)
    assert not server.running
    await server.start()
    assert server.running
    await server.ready(120)
    url = server.url
    async with get_client(url=url, api_key=server.secret) as client:
        thread = await client.threads.create()
        await client.runs.wait(thread["thread_id"], "agent", input=asking("what is 6*7"))

    await server.stop()
    assert not server.running
    with pytest.raises(httpx.ConnectError):
        await get(url)
    await server.start()
    await server.ready(120)

    async with get_client(url=url, api_key=server.secret) as client:
        state = await client.threads.get_state(thread["thread_id"])
    assert server.url == url
    assert isinstance(state["values"], dict)
    assert "**42**" in state["values"]["messages"][-1]["content"]
    logs = data_dir / "logs"
    assert "Starting 10 background workers" in (logs / "agent.log").read_text()
    assert "Shutting down background workers" in (logs / "agent.previous.log").read_text()
    assert (data_dir / "agent" / ".langgraph_api").is_dir()
    await server.stop()


async def test_a_second_app_is_told_that_the_data_folder_is_in_use(
    server: DemoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_server, "_LOCK_SECONDS", 0.2)
    second = DemoServer(data_dir=server._home.parent)
    with pytest.raises(DemoServerError, match="CHAT_DATA_DIR"):
        await second.start()
    assert not second.running
    assert (await get(f"{server.url}/ok", secret=server.secret)).is_success


async def test_the_server_ends_within_seconds_of_its_parents_sigkill(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_server, "_LOCK_SECONDS", 30)
    parent, url, secret = parent_and_server(data_dir)
    assert (await get(f"{url}/ok", secret=secret)).is_success
    os.kill(parent.pid, signal.SIGKILL)
    killed = time.monotonic()
    parent.communicate()

    # The lock is the supervisor's: it is free only when the server's process is gone, too.
    successor = DemoServer(data_dir=data_dir)
    (await successor._locked()).close()
    assert time.monotonic() - killed < 10
    with pytest.raises(httpx.ConnectError):
        await get(url)


async def test_a_server_that_cannot_start_is_explained_in_one_sentence(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_DEMO_SPEED", "quick")
    server = DemoServer(data_dir=data_dir)
    await server.start()
    with pytest.raises(DemoServerError, match="could not convert string to float: 'quick'"):
        await server.ready(120)
    assert not server.running
    await server.stop()


async def test_another_program_on_the_port_is_not_taken_for_the_agent(data_dir: Path) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    server = DemoServer(data_dir=data_dir)
    async with await asyncio.start_server(greet, "127.0.0.1", server._port):
        with pytest.raises(DemoServerError, match="taken by another program"):
            await server.ready(30)


async def test_a_port_that_was_taken_meanwhile_is_exchanged_at_start(data_dir: Path) -> None:
    server = DemoServer(data_dir=data_dir)
    taken = server.url
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", server._port):
        await server.start()
        assert server.url != taken
    await server.stop()


async def test_a_server_that_was_not_started_is_not_waited_for(data_dir: Path) -> None:
    started = time.monotonic()
    with pytest.raises(DemoServerError, match="not started"):
        await DemoServer(data_dir=data_dir).ready(120)
    assert time.monotonic() - started < 60


def test_the_agents_process_loads_neither_reflex_nor_the_rest_of_the_app() -> None:
    code = (
        "import sys, chat_app.demo.agent\n"
        "print(*(m for m in sys.modules if m == 'reflex' or m.startswith('chat_app.')))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert "chat_app.demo.agent" in loaded
    assert [name for name in loaded if not name.startswith("chat_app.demo")] == []
