"""Which runs of a thread are recorded, and which are forgotten, by a real server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio

from chat_app.runs.inspector.recording import MOST_RUNS, Recorder
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer


@pytest_asyncio.fixture
async def recorder(client: LangGraphClient) -> Recorder:
    """That of a new thread, with an inspector open."""

    async def connect() -> LangGraphClient:
        return client

    made = Recorder((await client.threads.create())["thread_id"], connect)
    made.watch("tab")
    return made


async def run(client: LangGraphClient, recorder: Recorder, question: str) -> str:
    thread_id: Any = recorder._thread_id
    given = {"messages": [{"type": "human", "content": question}]}
    made = await client.runs.create(
        thread_id, "slow", input=given, stream_mode=["values"], stream_resumable=True
    )
    return str(made["run_id"])


async def is_read(recorder: Recorder, run_id: str) -> None:
    await until(lambda: recorder.runs[run_id].is_over)


async def test_an_inspector_that_is_opened_again_at_once_misses_nothing_of_a_run_that_goes(
    client: LangGraphClient, recorder: Recorder, long_answer: LongAnswer
) -> None:
    run_id = await run(client, recorder, long_answer.question)
    recorder.accepted(run_id, None)
    await until(lambda: recorder.runs[run_id].counts["values"] > 0)
    recorder.unwatch("tab")
    recorder.watch("tab")
    long_answer.end()
    await is_read(recorder, run_id)
    record = recorder.runs[run_id]
    assert not record.is_cut
    assert record.counts["end"] == 1


async def test_nothing_is_read_once_the_inspector_is_closed_however_often_it_was_begun(
    client: LangGraphClient, recorder: Recorder, long_answer: LongAnswer
) -> None:
    run_id = await run(client, recorder, long_answer.question)
    recorder.read(run_id)
    recorder.accepted(run_id, recorder.tap())
    recorder.ended(run_id)
    record = recorder.runs[run_id]
    await until(lambda: record.counts["values"] > 0)
    recorder.unwatch("tab")
    assert record.is_cut
    seen = record.ring.last
    long_answer.end()
    await until(lambda: _is_idle(client, recorder))
    await asyncio.sleep(0.2)
    assert record.ring.last == seen


async def _is_idle(client: LangGraphClient, recorder: Recorder) -> bool:
    return (await client.threads.get(recorder._thread_id))["status"] == "idle"


async def test_the_newest_run_is_the_chats_own_also_after_an_older_one_was_looked_at(
    client: LangGraphClient, recorder: Recorder
) -> None:
    older = await run(client, recorder, "1")
    await client.runs.join(recorder._thread_id, older)
    newer = await run(client, recorder, "1")
    recorder.accepted(newer, None)
    await is_read(recorder, newer)
    recorder.read(older)
    await is_read(recorder, older)
    assert recorder.newest
    assert recorder.newest.run_id == newer
    assert [one.run_id for one in recorder.listed] == [newer, older]
    recorder.forget(newer)
    assert recorder.newest is None
    assert [one.run_id for one in recorder.listed] == [older]


async def test_a_run_that_goes_is_kept_however_many_others_are_looked_at(
    client: LangGraphClient, recorder: Recorder, long_answer: LongAnswer
) -> None:
    going = await run(client, recorder, long_answer.question)
    recorder.accepted(going, None)
    for _ in range(MOST_RUNS + 2):
        other = str(uuid4())
        recorder.read(other)
        await is_read(recorder, other)
    assert len(recorder.runs) <= MOST_RUNS
    assert going in recorder.runs
    recorder.unwatch("tab")


@pytest.mark.parametrize("tabs", [["a"], ["a", "b"]])
async def test_a_run_is_recorded_as_long_as_one_tab_has_its_inspector_open(
    recorder: Recorder, tabs: list[str]
) -> None:
    recorder.unwatch("tab")
    for tab in tabs:
        recorder.watch(tab)
    for tab in tabs:
        assert recorder.tap() is not None
        recorder.unwatch(tab)
    assert recorder.tap() is None
