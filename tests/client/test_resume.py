import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from chat_app.client import (
    ConflictError,
    NotFoundError,
    NotLangGraphError,
    Outcome,
    RunEnd,
)
from chat_app.client.modes import FOR_A_CHAT
from tests.helpers.scripted import Body, Script, event, opened, reply, sse
from tests.helpers.scripted_run import HERE, JOIN, METADATA, RUN, collect, end_of, script, status


@pytest.mark.parametrize(
    ("run", "thread", "outcome"),
    [
        ("success", "idle", Outcome.FINISHED),
        ("success", "busy", Outcome.FINISHED),
        ("success", "interrupted", Outcome.INTERRUPTED),
        ("interrupted", "idle", Outcome.INTERRUPTED),
        ("error", "error", Outcome.FAILED),
        ("timeout", "error", Outcome.FAILED),
        ("a word of tomorrow", "idle", Outcome.FINISHED),
    ],
)
async def test_the_run_and_its_thread_say_how_it_ended(run: str, thread: str, outcome: Outcome):
    end = await end_of(script(sse(METADATA, **HERE), runs=(status(run),), status=thread))
    assert (end.event, end.outcome, end.run_id) == ("end", outcome, "r")


async def test_a_failure_is_told_in_the_words_of_the_stream():
    error = event("error", {"error": "ValueError", "message": "no luck"})
    end = await end_of(script(sse(METADATA, error, **HERE), runs=(status("error"),)))
    assert end.error == "no luck"


async def test_a_failure_that_was_not_streamed_is_told_in_the_words_of_the_thread():
    error = {"error": "ValueError", "message": "no luck"}
    end = await end_of(script(sse(METADATA, **HERE), runs=(status("error"),), error=error))
    assert end.error == "no luck"


async def test_an_error_of_an_attempt_that_was_repeated_is_forgotten():
    error = event("error", {"error": "ValueError", "message": "first"})
    again = event("metadata", {"run_id": "r", "attempt": 2})
    end = await end_of(
        script(sse(METADATA, error, again, **HERE), runs=(status("error"),), error="second")
    )
    assert end.error == "second"


async def test_a_location_on_another_origin_never_gets_a_request():
    served = script(
        sse(METADATA, content_location=RUN, location="http://evil.test/threads/t/runs/r/stream"),
        runs=(status("running"), status("success")),
        joins=(sse(),),
    )
    await collect(served)
    assert {request.url.host for request in served.requests} == {"agent.test"}


@pytest.mark.parametrize(
    ("stream", "headers"),
    [("", HERE), ("", {"location": f"{RUN}/stream"}), (METADATA * 2, {}), (METADATA, HERE)],
)
async def test_the_id_of_the_run_is_told_once(stream: str, headers: Any):
    made: list[Any] = []
    served = script(sse(stream, **headers), runs=(status("success"),))
    await collect(served, on_run_created=made.append)
    assert made == [{"run_id": "r", "thread_id": "t"}]


async def test_the_id_of_the_run_is_told_before_the_first_event():
    created = asyncio.Event()
    served = script(opened(Body([], hangs=True), **HERE), runs=(status("success"),))
    async with served.client() as client:
        stream = client.runs.stream(
            "t", "agent", **FOR_A_CHAT, on_run_created=lambda _: created.set()
        )
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.wait_for(created.wait(), 30)
        waiting.cancel()


async def test_a_stream_that_never_names_its_run_is_lost():
    end = await end_of(script(sse(event("values", {})), runs=(status("success"),)))
    assert (end.outcome, end.run_id) == (Outcome.LOST, "")


async def test_closing_the_iterator_closes_the_response_at_once():
    body = Body([METADATA.encode()], hangs=True)
    async with script(opened(body, **HERE), runs=(status("running"),)).client() as client:
        async with aclosing(client.runs.stream("t", "agent", **FOR_A_CHAT)) as stream:
            await anext(stream)
            assert not body.closed
        assert body.closed


async def test_the_end_event_of_an_old_server_is_swallowed_and_the_run_is_asked():
    body = Body([METADATA.encode(), b"event: end\ndata: null\n\n"], hangs=True)
    served = script(opened(body, **HERE), runs=(status("interrupted"),))
    events = await collect(served)
    assert [e.event for e in events] == ["metadata", "end"]
    assert events[-1] == RunEnd(event="end", outcome=Outcome.INTERRUPTED, run_id="r")


@pytest.mark.parametrize("missing", [404, 405])
async def test_a_server_without_runs_to_ask_is_trusted_when_it_says_end(missing: int):
    end = b"event: end\n\n"
    error = event("error", {"message": "broken"})
    served = script(sse(METADATA, end, **HERE), runs=(reply(missing),))
    assert (await end_of(served)).outcome is Outcome.FINISHED
    served = script(sse(METADATA, error, end, **HERE), runs=(reply(missing),))
    assert (await end_of(served)).outcome is Outcome.FAILED


async def test_a_run_the_server_does_not_know_is_lost():
    served = script(sse(METADATA, **HERE), runs=(reply(404),))
    assert (await end_of(served)).outcome is Outcome.LOST


async def test_a_run_whose_thread_was_deleted_is_lost():
    error = event("error", {"error": "HTTPException", "message": "404: Run not found"})
    end = await end_of(script(sse(METADATA, error, **HERE), runs=(reply(404),)))
    assert (end.outcome, end.error) == (Outcome.LOST, "404: Run not found")


async def test_a_run_rolled_back_through_this_client_is_interrupted_not_lost():
    served = script(sse(METADATA, **HERE), runs=(reply(404),))
    served.on("POST", f"{RUN}/cancel", reply(202))
    async with served.client() as client:
        stream = client.runs.stream("t", "agent", **FOR_A_CHAT)
        await anext(stream)
        await client.runs.cancel("t", "r", action="rollback")
        end = await anext(stream)
    assert isinstance(end, RunEnd)
    assert end.outcome is Outcome.INTERRUPTED


@pytest.mark.parametrize(
    "detail", ["No runs found to cancel.", "No matching runs to cancel. Only pending ones can be."]
)
async def test_stopping_a_run_that_is_over_is_a_success(detail: str):
    served = Script()
    served.on("POST", f"{RUN}/cancel", reply(404, json={"detail": detail}))
    async with served.client() as client:
        await client.runs.cancel("t", "r", wait=True)
    assert served.requests[0].url.query == b"action=interrupt&wait=1"


async def test_a_stop_that_does_not_wait_does_not_say_so():
    served = Script()
    served.on("POST", f"{RUN}/cancel", reply(202))
    async with served.client() as client:
        await client.runs.cancel("t", "r", action="rollback")
    assert served.requests[0].url.query == b"action=rollback"


async def test_stopping_a_run_of_an_unknown_thread_is_an_error():
    served = Script()
    served.on("POST", f"{RUN}/cancel", reply(404, json={"detail": "Thread not found"}))
    async with served.client() as client:
        with pytest.raises(NotFoundError):
            await client.runs.cancel("t", "r")


async def test_joining_replays_after_the_given_event_in_the_given_modes():
    served = script(
        runs=(status("running"), status("success")),
        joins=(sse(event("values", {}, "8-0")), sse(event("values", {}, "9-0"))),
    )
    async with served.client() as client:
        stream = client.runs.join_stream("t", "r", last_event_id="7-0", stream_mode="values")
        events = [event async for event in stream]
    assert [e.event for e in events] == ["values", "reconnected", "values", "end"]
    first, second = served.asked("GET", JOIN)
    assert [r.headers["last-event-id"] for r in (first, second)] == ["7-0", "7-0"]
    assert first.url.query == second.url.query == b"stream_mode=values"


async def test_joining_what_cannot_be_opened_is_an_error_at_the_first_iteration():
    served = script(runs=(status("running"),), joins=(reply(404, json={"detail": "no thread"}),))
    async with served.client() as client:
        with pytest.raises(NotFoundError, match="no thread"):
            await anext(client.runs.join_stream("t", "r"))


async def test_a_server_without_a_stream_of_its_threads_says_so():
    served = Script()
    served.on("GET", "/threads/t/stream", reply(404, json={"detail": "Not Found"}), reply(json={}))
    async with served.client() as client:
        with pytest.raises(NotFoundError):
            await anext(client.threads.lifecycle("t", silence=1))
        with pytest.raises(NotLangGraphError):
            await anext(client.threads.lifecycle("t", silence=1))
    assert served.requests[0].url.query == b"stream_modes=lifecycle"


async def test_removing_a_run_that_is_gone_is_a_success():
    served = Script()
    served.on("DELETE", RUN, reply(404), reply(204), reply(409))
    async with served.client() as client:
        await client.runs.delete("t", "r")
        await client.runs.delete("t", "r")
        with pytest.raises(ConflictError):
            await client.runs.delete("t", "r")
