"""The benchmark's own server, read by the real client."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from chat_app.client import Outcome, get_client
from chat_app.client.events import RunEnd
from chat_app.client.modes import FOR_A_CHAT
from chat_app.transcript.fold import fold, load, start
from chat_app.transcript.message import Text, Transcript
from tests.benchmarks import answer
from tests.benchmarks.runs import ASSISTANT_ID, history_mark
from tests.benchmarks.server import BenchServer, bench_server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[BenchServer]:
    with bench_server() as running:
        yield running


def question(number: int, rate: int) -> dict[str, list[dict[str, str]]]:
    return {"messages": [{"type": "human", "content": f"{number} tokens at {rate}/s", "id": "1"}]}


async def test_the_client_folds_a_run_into_what_the_thread_holds_afterwards(server: BenchServer):
    thread_id = server.new_thread()
    async with get_client(url=server.url) as client:
        state = start(Transcript())
        events = []
        async for event in client.runs.stream(
            thread_id, ASSISTANT_ID, input=question(60, 400), **FOR_A_CHAT
        ):
            events.append(event)
            state = fold(state, event)
        stored = load(await client.threads.get_state(thread_id))
    assert isinstance(events[-1], RunEnd)
    assert events[-1].outcome is Outcome.FINISHED
    assert state.transcript.messages[-1].parts == (Text("".join(answer.tokens(60))),)
    assert state.transcript.messages == stored.messages


async def test_no_token_leaves_before_its_time(server: BenchServer):
    thread_id = server.new_thread()
    seen: dict[int, float] = {}
    async with get_client(url=server.url) as client:
        async for event in client.runs.stream(
            thread_id, ASSISTANT_ID, input=question(60, 100), **FOR_A_CHAT
        ):
            for found in answer.MARK.findall(str(event.data)) if event.event == "messages" else ():
                seen.setdefault(int(found), time.time())
    run = server.timetable(thread_id)
    early = [index for index, when in seen.items() if when < run["began"] + index / run["rate"]]
    assert len(seen) >= 3
    assert early == []


async def test_a_cancelled_run_ends_as_interrupted(server: BenchServer):
    thread_id = server.new_thread()
    async with get_client(url=server.url) as client:
        events = client.runs.stream(thread_id, ASSISTANT_ID, input=question(500, 50), **FOR_A_CHAT)
        outcome = None
        async for event in events:
            if event.event == "messages" and outcome is None:
                run_id = (await client.runs.list(thread_id, status="running"))[0]["run_id"]
                await client.runs.cancel(thread_id, run_id)
                outcome = Outcome.LOST
            if isinstance(event, RunEnd):
                outcome = event.outcome
    assert outcome is Outcome.INTERRUPTED


async def test_a_thread_with_history_ends_with_the_mark_of_its_newest_message(server: BenchServer):
    thread_id = server.new_thread(history=1000)
    async with get_client(url=server.url) as client:
        thread = load(await client.threads.get_state(thread_id))
    assert len(thread.messages) == 1000
    newest = thread.messages[-1].parts[-1]
    assert isinstance(newest, Text)
    assert newest.text.endswith(answer.mark(history_mark(999)))
