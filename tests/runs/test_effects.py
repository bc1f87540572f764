"""Effects against a real server, and by script for what that server never does."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.client import (
    InvalidError,
    LangGraphClient,
    RetryPolicy,
    ServerError,
    UnreachableError,
    get_client,
)
from chat_app.client.events import Outcome
from chat_app.runs import effects, queue
from chat_app.runs.effects import retried
from chat_app.runs.machine.effect_types import Cancel, CheckOver, EndStream, StartStopTimer
from chat_app.runs.machine.events import Cancelled, NotCancelled, StopTimedOut
from chat_app.runs.pending_runs import Queued
from chat_app.runs.run_stream import RunStream
from chat_app.transcript.message import Message, Role, Text, Transcript
from tests.helpers.scripted import Body, Script, event, opened, reply
from tests.helpers.waiting import PATIENCE, until
from tests.helpers.work import work_on

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from chat_app.runs.thread_view import Work
    from tests.helpers.long_answer import LongAnswer

BULK = "/runs/cancel"
QUICK = RetryPolicy(tries=5, pauses=(0.01,), jitter=0)


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "RETRY", QUICK)


def run(run_id: str) -> str:
    return f"/threads/t/runs/{run_id}"


def cancel_of(run_id: str) -> str:
    return f"{run(run_id)}/cancel"


def asked(script: Script) -> list[tuple[str, str]]:
    return [(request.method, request.url.path) for request in script.requests]


# Retries.


class Server:
    """Fails so often with each of these errors, one after the other."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return "ok"


async def test_what_fails_in_passing_is_asked_again_until_it_is_answered() -> None:
    server = Server(UnreachableError("gone"), ServerError("odd"), UnreachableError("gone"))
    assert await retried(server.ask, within=PATIENCE) == "ok"
    assert server.asked == 4


async def test_a_refusal_is_not_asked_again() -> None:
    server = Server(InvalidError("odd"))
    with pytest.raises(InvalidError):
        await retried(server.ask, within=PATIENCE)
    assert server.asked == 1


async def test_a_server_that_never_answers_is_given_up_in_time() -> None:
    server, begun = Server(*(UnreachableError("gone") for _ in range(1000))), monotonic()
    with pytest.raises(UnreachableError):
        await retried(server.ask, within=0.1)
    assert monotonic() - begun < 1
    assert server.asked > 1


# Cancelling.


async def test_a_run_and_all_that_waits_are_cancelled_with_one_request(
    client: LangGraphClient, long_answer: LongAnswer
) -> None:
    thread_id = (await client.threads.create())["thread_id"]
    messages = [Queued(str(uuid4()), text, "slow") for text in (long_answer.question, "1", "2")]
    sent = [await queue.enqueue(client, thread_id, message) for message in messages]
    run_ids = tuple(one.run_id for one in sent)

    async def is_running() -> bool:
        return (await client.runs.get(thread_id, run_ids[0]))["status"] == "running"

    await until(is_running)
    work, reported = work_on(client, thread_id)
    effect = Cancel(run_ids, turn_id="a")
    await effects.cancel(work, effect)
    assert reported == [Cancelled(effect)]

    async def are_interrupted() -> bool:
        runs = await client.runs.list(thread_id)
        return [one["status"] for one in runs] == ["interrupted"] * 3

    await until(are_interrupted)
    long_answer.end()
    state = await client.threads.get_state(thread_id)
    said = [message["content"] for message in (state["values"] or {}).get("messages", [])]
    assert "1" not in said


async def test_one_cancel_of_several_runs_is_one_request() -> None:
    script = Script()
    script.on("POST", BULK, reply(204))
    async with script.client() as client:
        work, reported = work_on(client, "t")
        await effects.cancel(work, Cancel(("r1", "r2", "r3")))
    assert asked(script) == [("POST", BULK)]
    assert reported == [Cancelled(Cancel(("r1", "r2", "r3")))]


@pytest.mark.parametrize("status", [400, 405, 422, 501])
async def test_a_server_without_bulk_cancels_is_asked_for_each_run_the_current_one_first(
    status: int,
) -> None:
    script = Script()
    script.on("POST", BULK, reply(status, json={"detail": "odd"}))
    for run_id in ("r1", "r2"):
        script.on("POST", cancel_of(run_id), reply(202))
    async with script.client() as client:
        work, reported = work_on(client, "t")
        for _ in range(2):
            await effects.cancel(work, Cancel(("r1", "r2")))
    each = [("POST", cancel_of("r1")), ("POST", cancel_of("r2"))]
    assert asked(script) == [("POST", BULK), *each, *each]  # and remembered
    assert [type(one) for one in reported] == [Cancelled, Cancelled]


async def test_a_server_without_that_route_is_asked_for_each_run() -> None:
    script = Script()
    script.on("POST", BULK, reply(404, json={"detail": "Not Found"}))
    for run_id in ("r1", "r2"):
        script.on("POST", cancel_of(run_id), reply(202))
    async with script.client() as client:
        work, reported = work_on(client, "t")
        await effects.cancel(work, Cancel(("r1", "r2")))
    assert asked(script)[1:] == [("POST", cancel_of("r1")), ("POST", cancel_of("r2"))]
    assert [type(one) for one in reported] == [Cancelled]


async def test_a_bulk_cancel_that_finds_no_run_to_cancel_is_confirmed() -> None:
    script = Script()
    script.on("POST", BULK, reply(404, json={"detail": "No runs found to cancel."}))
    for run_id in ("r1", "r2"):
        script.on("GET", run(run_id), reply(json={"run_id": run_id, "status": "success"}))
        script.on("POST", cancel_of(run_id), reply(404, json={"detail": "Run not found"}))
    async with script.client() as client:
        work, reported = work_on(client, "t")
        await effects.cancel(work, Cancel(("r1", "r2")))
    assert [type(one) for one in reported] == [Cancelled]


async def test_a_run_that_is_over_does_not_keep_those_behind_it_from_being_cancelled() -> None:
    script = Script()
    script.on("POST", BULK, reply(405, json={"detail": "Method Not Allowed"}))
    script.on("POST", cancel_of("r1"), reply(404, json={"detail": "Run not found"}))
    script.on("POST", cancel_of("r2"), reply(202))
    for run_id, status in ("r1", "success"), ("r2", "interrupted"):
        script.on("GET", run(run_id), reply(json={"run_id": run_id, "status": status}))
    async with script.client() as client:
        work, reported = work_on(client, "t")
        await effects.cancel(work, Cancel(("r1", "r2")))
    assert script.asked("POST", cancel_of("r2"))
    assert [type(one) for one in reported] == [Cancelled]


@pytest.mark.parametrize(
    ("status", "report"), [("success", Cancelled), ("running", NotCancelled), ("gone", Cancelled)]
)
async def test_a_refusal_counts_only_where_the_run_still_goes(
    monkeypatch: pytest.MonkeyPatch, status: str, report: type[object]
) -> None:
    monkeypatch.setattr(effects, "CANCEL_FOR", 0.3)
    script = Script()
    script.on("POST", cancel_of("r1"), reply(409, json={"detail": "not allowed"}))
    found = reply(json={"run_id": "r1", "status": status})
    gone = reply(404, json={"detail": "Run not found"})
    script.on("GET", run("r1"), gone if status == "gone" else found)
    async with script.client() as client:
        work, reported = work_on(client, "t")
        await effects.cancel(work, Cancel(("r1",), turn_id="a"))
    assert [type(one) for one in reported] == [report]


async def test_a_lost_answer_to_a_cancel_is_asked_for_again() -> None:
    script = Script()
    script.on("POST", cancel_of("r1"), reply(503, text="busy"), reply(500, text="odd"), reply(202))
    async with script.client() as client:
        work, reported = work_on(client, "t")
        await effects.cancel(work, Cancel(("r1",)))
    assert len(script.asked("POST", cancel_of("r1"))) == 3
    assert [type(one) for one in reported] == [Cancelled]


async def test_the_stop_timer_reports_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "CONFIRMED_WITHIN", 0.05)
    async with Script().client() as client:
        work, reported = work_on(client, "t")
        timer = StartStopTimer("a", 3)
        await effects.start_stop_timer(work, timer)
    assert reported == [StopTimedOut(timer)]


# The stream of a run that is over.


def half_an_answer(run_id: str) -> Body:
    chunk = {"type": "AIMessageChunk", "id": "a1", "content": "Half an ans"}
    parts = event("metadata", {"run_id": run_id}), event("messages", [chunk, {}])
    return Body([part.encode() for part in parts], hangs=True)


async def begun(stream: RunStream) -> tuple[AsyncGenerator[Transcript], Transcript]:
    asked = Message("m1", Role.HUMAN, (Text("hello"),))
    views = stream.start("slow", pending=asked, input={"messages": []})
    async for view in views:
        if len(view.messages) == 2:
            return views, view
    raise AssertionError


def half_read(status: str) -> tuple[Script, Body]:
    """A server whose run `r1` has that status, and the stream of it, which goes no further."""
    script, body = Script(), half_an_answer("r1")
    script.on("POST", "/threads/t/runs/stream", opened(body))
    script.on("GET", run("r1"), reply(json={"run_id": "r1", "status": status}))
    return script, body


async def reading(client: LangGraphClient) -> tuple[Work, RunStream, AsyncGenerator[Transcript]]:
    """The work on a thread whose stream has brought half an answer."""
    work, _ = work_on(client, "t")
    work.stream = stream = RunStream(client, "t", Transcript())
    views, _ = await begun(stream)
    return work, stream, views


async def test_a_cancelled_run_whose_stream_does_not_end_is_not_read_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(effects, "STREAM_ENDS_WITHIN", 0.1)
    script, body = half_read("running")
    async with script.client() as client:
        work, stream, views = await reading(client)
        await effects.end_stream(work, EndStream("a"))
        async with asyncio.timeout(PATIENCE):
            last = [view async for view in views][-1]
    assert stream.was_stopped(last)
    assert body.closed


@pytest.mark.parametrize(("status", "ends"), [("interrupted", True), ("running", False)])
async def test_a_run_that_was_stopped_elsewhere_is_left_where_its_stream_goes_on(
    status: str, ends: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "HEARD_WITHIN", 0.1)
    script, body = half_read(status)
    async with script.client() as client:
        work, stream, views = await reading(client)
        last = asyncio.ensure_future(anext(views))
        await effects.check_over(work, CheckOver("a"))
        assert script.asked("GET", run("r1"))
        done, _ = await asyncio.wait({last}, timeout=1)
        assert bool(done) is ends
        if ends:
            assert stream.was_stopped(last.result())
        last.cancel()
        await asyncio.wait({last})
        await views.aclose()
    assert body.closed


async def test_a_run_that_ended_while_its_stream_was_away_ends_with_all_that_it_wrote(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(effects, "HEARD_WITHIN", 0.1)
    script, body = half_read("success")
    messages = [
        {"type": "human", "id": "m1", "content": "hello"},
        {"type": "ai", "id": "a1", "content": "Half an answer, and the rest"},
    ]
    script.on("GET", "/threads/t/state", reply(json={"values": {"messages": messages}}))
    async with script.client() as client:
        work, stream, views = await reading(client)
        await effects.check_over(work, CheckOver("a"))
        async with asyncio.timeout(PATIENCE):
            last = [view async for view in views][-1]
    assert stream.outcome is Outcome.FINISHED
    assert not last.running
    assert not stream.was_stopped(last)
    [text] = last.messages[-1].parts
    assert text == Text("Half an answer, and the rest")
    assert body.closed
