"""Effects on the queue of a thread, and the note of what is paused, on a scripted server."""

from __future__ import annotations

import asyncio

import pytest

from chat_app.client import RetryPolicy
from chat_app.runs import effects
from chat_app.runs.effects import PausedWriter
from chat_app.runs.machine.conversation import Item
from chat_app.runs.machine.effect_types import Enqueue, ReadRuns, RemoveRuns
from chat_app.runs.machine.events import Enqueued, NotEnqueued, NotRemoved, Removed, RunsRead
from chat_app.runs.pending_runs import Queued
from tests.helpers.scripted import Script, reply
from tests.helpers.waiting import until
from tests.helpers.work import work_on

QUICK = RetryPolicy(tries=5, pauses=(0.01,), jitter=0)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effects, "RETRY", QUICK)


def run(run_id: str) -> str:
    return f"/threads/t/runs/{run_id}"


def asked(script: Script) -> list[tuple[str, str]]:
    return [(request.method, request.url.path) for request in script.requests]


def item(name: str, run_id: str = "") -> Item:
    return Item(Queued(name, f"says {name}", "slow", run_id=run_id))


async def test_a_message_is_queued_or_is_not() -> None:
    script = Script()
    script.on("GET", "/assistants/slow/schemas", reply(404, json={"detail": "none"}))
    taken, refused = reply(json={"run_id": "r1"}), reply(422, json={"detail": "odd"})
    script.on("POST", "/threads/t/runs", taken, refused)
    async with script.client() as client:
        work, reported = work_on(client, "t")
        for name in "ab":
            await effects.enqueue(work, Enqueue(item(name)))
    assert reported == [Enqueued("a", "r1"), NotEnqueued("b")]


async def test_where_messages_wait_in_the_app_none_is_queued_at_the_server() -> None:
    async with Script().client() as client:
        work, reported = work_on(client, "t", is_app_queue=True)
        await effects.enqueue(work, Enqueue(item("a")))
    assert reported == [NotEnqueued("a", has_queue=False)]


async def test_pending_runs_are_removed_last_first_and_those_that_are_over_are_told() -> None:
    script = Script()
    for run_id, status in ("r1", "pending"), ("r2", "success"), ("r3", "pending"):
        script.on("GET", run(run_id), reply(json={"run_id": run_id, "status": status}))
        script.on("DELETE", run(run_id), reply(204))
    async with script.client() as client:
        work, reported = work_on(client, "t")
        messages = tuple(item(n, r).message for n, r in [("a", "r1"), ("b", "r2"), ("c", "r3")])
        await effects.remove_runs(work, RemoveRuns(messages))
    deleted = [path for method, path in asked(script) if method == "DELETE"]
    assert deleted == [run("r3"), run("r1")]
    assert reported == [Removed(("c", "a"), ("a", "b", "c"))]


async def test_a_server_that_does_not_remove_says_nothing_of_what_is_gone() -> None:
    script = Script()
    script.on("GET", run("r1"), reply(json={"run_id": "r1", "status": "pending"}))
    script.on("DELETE", run("r1"), reply(403, json={"detail": "no"}))
    async with script.client() as client:
        work, reported = work_on(client, "t")
        await effects.remove_runs(work, RemoveRuns((item("a", "r1").message,)))
    assert reported == [NotRemoved(("a",))]


async def test_a_list_of_runs_that_cannot_be_read_is_reported_too() -> None:
    script = Script()
    script.on("GET", "/threads/t/runs", reply(403, json={"detail": "no"}))
    async with script.client() as client:
        work, reported = work_on(client, "t")
        await effects.read_runs(work, ReadRuns(4))
    assert reported == [RunsRead(None, 4)]


# The note on what is paused.


async def test_of_several_notes_on_what_is_paused_the_newest_is_written_last() -> None:
    first = asyncio.Event()
    script = Script()
    script.on("PATCH", "/threads/t", first, reply(json={}))
    async with script.client() as client:
        work, _ = work_on(client, "t")
        writer = PausedWriter(work)
        writing = asyncio.ensure_future(writer.write(("r1",)))
        await until(lambda: script.asked("PATCH", "/threads/t"))
        await writer.write(("r1", "r2"))
        await writer.write(("r2",))
        first.set()
        await writing
    written = [request.content for request in script.asked("PATCH", "/threads/t")]
    assert [b"r1" in one for one in written] == [True, False]
    assert b"r2" in written[-1]


async def test_a_note_that_is_refused_does_not_keep_the_next_one() -> None:
    script = Script()
    script.on("PATCH", "/threads/t", reply(403, json={"detail": "no"}), reply(json={}))
    async with script.client() as scripted:
        work, _ = work_on(scripted, "t")
        writer = PausedWriter(work)
        await writer.write(("r1",))
        await writer.write(())
    assert len(script.requests) == 2
