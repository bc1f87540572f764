"""One run of one thread, on a server that answers by script: what was heard of it."""

from __future__ import annotations

from typing import Any

import httpx

from chat_app.client import Event, RetryPolicy, RunEnd
from chat_app.client.modes import FOR_A_CHAT
from tests.helpers.scripted import AT_ONCE, Script, event, reply

START = "/threads/t/runs/stream"
JOIN = "/threads/t/runs/r/stream"
RUN = "/threads/t/runs/r"
THREAD = "/threads/t"
HERE: Any = {"content_location": RUN}
CUT = httpx.ReadError("cut")
METADATA = event("metadata", {"run_id": "r", "attempt": 1}, "1-0")


def status(name: str) -> Any:
    return reply(json={"run_id": "r", "status": name})


def script(
    *stream: Any, runs: tuple[Any, ...], joins: tuple[Any, ...] = (), **thread: Any
) -> Script:
    script = Script()
    script.on("POST", START, *stream)
    script.on("GET", RUN, *runs)
    script.on("GET", JOIN, *joins)
    script.on("GET", THREAD, reply(json={"thread_id": "t", "status": "idle", **thread}))
    return script


async def collect(script: Script, *, retry: RetryPolicy = AT_ONCE, **options: Any) -> list[Event]:
    asked: Any = {**FOR_A_CHAT, **options}
    async with script.client(retry=retry) as client:
        events = [event async for event in client.runs.stream("t", "agent", **asked)]
    assert [e for e in events if isinstance(e, RunEnd)] == events[-1:]
    return events


async def end_of(script: Script, **options: Any) -> RunEnd:
    end = (await collect(script, **options))[-1]
    assert isinstance(end, RunEnd)
    return end
