"""A run whose start was sent, and the answer never came."""

from typing import Any

import httpx
import pytest

from chat_app.client import UnreachableError, recover
from chat_app.client.modes import FOR_A_CHAT
from tests.helpers.scripted import reply, sse
from tests.helpers.scripted_run import CUT, JOIN, METADATA, START, collect, script, status

MINE: Any = {"metadata": {"chat_message": "m1"}}
RUNS = "/threads/t/runs"


async def test_a_run_whose_start_was_never_answered_is_found_by_its_message_and_followed():
    served = script(CUT, runs=(status("running"), status("success")), joins=(sse(METADATA),))
    other = {"run_id": "q", "metadata": {"chat_message": "m0"}}
    listed = [other, {"run_id": "r", "metadata": {"chat_message": "m1", "more": 1}}]
    served.on("GET", RUNS, reply(json=[other]), httpx.ReadError("cut"), reply(json=listed))
    made: list[Any] = []
    events = await collect(served, on_run_created=made.append, stream_resumable=False, **MINE)
    assert [e.event for e in events] == ["reconnecting", "reconnected", "metadata", "end"]
    assert made == [{"run_id": "r", "thread_id": "t"}]
    assert served.asked("GET", JOIN)[0].headers["last-event-id"] == "-1"
    assert len(served.asked("POST", START)) == 1


async def test_a_run_that_is_not_watched_and_was_never_answered_is_found_too():
    served = script(CUT, runs=(status("pending"),))
    served.on("POST", RUNS, httpx.ReadError("cut"))
    served.on("GET", RUNS, reply(json=[{"run_id": "r", "metadata": {"chat_message": "m1"}}]))
    async with served.client() as client:
        run = await client.runs.create("t", "agent", **MINE, **FOR_A_CHAT)
    assert run["status"] == "pending"
    assert len(served.asked("POST", RUNS)) == 1


@pytest.mark.parametrize(
    ("broken", "options"), [(httpx.ConnectError("down"), MINE), (CUT, {"metadata": {"x": "m1"}})]
)
async def test_a_start_that_was_not_sent_or_cannot_be_recognised_is_not_looked_for(
    broken: Exception, options: Any
):
    served = script(broken, runs=(status("running"),))
    with pytest.raises(UnreachableError, match=str(broken)):
        await collect(served, **options)
    assert len(served.requests) == 1


async def test_a_start_that_the_server_will_not_tell_of_failed():
    served = script(CUT, runs=(status("running"),))
    served.on("GET", RUNS, reply(403))
    with pytest.raises(UnreachableError, match="cut"):
        await collect(served, **MINE)


async def test_a_start_that_made_no_run_failed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recover, "_PAUSES", (0, 0, 0))
    served = script(CUT, runs=(status("running"),))
    served.on("GET", RUNS, reply(json=[]))
    with pytest.raises(UnreachableError, match="cut"):
        await collect(served, **MINE)
    assert len(served.asked("GET", RUNS)) == 3
