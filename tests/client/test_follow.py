import asyncio
from contextlib import aclosing
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_app.client import Event, NotFoundError, Outcome, RunEnd
from chat_app.client.follow import Patience
from tests.helpers import captures
from tests.helpers.scripted import AT_ONCE, Body, Script, event, opened, reply, sse

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


async def collect(script: Script, *, patience: Patience = AT_ONCE, **options: Any) -> list[Event]:
    async with script.client(patience=patience) as client:
        events = [event async for event in client.runs.stream("t", "agent", **options)]
    assert [e for e in events if isinstance(e, RunEnd)] == events[-1:]
    return events


async def end_of(script: Script, **options: Any) -> RunEnd:
    end = (await collect(script, **options))[-1]
    assert isinstance(end, RunEnd)
    return end


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


async def test_a_stream_that_closes_early_is_joined_at_the_last_event():
    served = script(
        sse(METADATA, event("custom", 1, "5-0"), **HERE),
        runs=(status("running"), status("running"), status("success")),
        joins=(sse(event("custom", 2, "6-0")),),
    )
    events = await collect(served)
    assert [e.event for e in events] == ["metadata", "custom", "reconnected", "custom", "end"]
    assert events[-1] == RunEnd(event="end", outcome=Outcome.FINISHED, run_id="r")
    (join,) = served.asked("GET", JOIN)
    assert join.headers["last-event-id"] == "5-0"
    assert not join.url.query


async def test_a_resumable_stream_that_broke_before_any_event_is_replayed_from_the_start():
    served = script(
        sse(breaks=CUT, **HERE),
        runs=(status("pending"), status("running"), status("success")),
        joins=(sse(METADATA),),
    )
    assert [e.event for e in await collect(served)] == ["reconnected", "metadata", "end"]
    assert served.asked("GET", JOIN)[0].headers["last-event-id"] == "-1"


async def test_a_stream_that_is_not_resumable_is_joined_without_an_id():
    served = script(
        sse(breaks=CUT, **HERE),
        runs=(status("running"), status("running"), status("success")),
        joins=(sse(METADATA),),
    )
    await collect(served, stream_resumable=False)
    assert "last-event-id" not in served.asked("GET", JOIN)[0].headers


async def test_a_run_that_is_over_by_the_second_look_is_not_joined():
    served = script(sse(METADATA, **HERE), runs=(status("running"), status("success")))
    assert [e.event for e in await collect(served)] == ["metadata", "end"]
    assert not served.asked("GET", JOIN)


async def test_a_run_is_lost_after_five_reconnections_without_an_event():
    served = script(sse(METADATA, **HERE), runs=(status("running"),), joins=(sse(breaks=CUT),))
    end = await end_of(served)
    assert end.outcome is Outcome.LOST
    assert "cannot be reached" in end.error
    assert len(served.asked("GET", JOIN)) == 5


async def test_an_event_after_a_reconnection_gives_new_patience():
    barren = [sse(breaks=CUT)] * 4
    fertile = sse(event("custom", 1, "2-0"), breaks=CUT)
    served = script(
        sse(METADATA, **HERE),
        runs=(status("running"),),
        joins=(*barren, fertile, *barren, fertile, sse(breaks=CUT)),
    )
    assert (await end_of(served)).outcome is Outcome.LOST
    assert len(served.asked("GET", JOIN)) == 4 + 1 + 4 + 1 + 5


async def test_a_quiet_run_is_waited_for_as_long_as_it_runs():
    silent = sse(breaks=httpx.ReadTimeout("quiet"))
    served = script(
        sse(METADATA, **HERE),
        runs=(*[status("running")] * 40, status("success")),
        joins=(silent,),
    )
    assert (await end_of(served)).outcome is Outcome.FINISHED
    assert len(served.asked("GET", JOIN)) == 20


async def test_a_server_that_cannot_be_asked_loses_the_run():
    served = script(sse(METADATA, **HERE), runs=(httpx.ConnectError("down"),), joins=(CUT,))
    end = await end_of(served)
    assert (end.outcome, end.run_id) == (Outcome.LOST, "r")
    assert "cannot be reached" in end.error


async def test_a_server_that_comes_back_tells_the_end():
    down = httpx.ConnectError("down")
    served = script(
        sse(METADATA, breaks=CUT, **HERE),
        runs=(down, down, reply(503), status("success")),
        joins=(down,),
    )
    assert (await end_of(served)).outcome is Outcome.FINISHED


async def test_a_key_that_is_refused_meanwhile_loses_the_run_at_once():
    served = script(sse(METADATA, **HERE), runs=(reply(403, json={"detail": "expired"}),))
    end = await end_of(served)
    assert end.outcome is Outcome.LOST
    assert "expired" in end.error
    assert len(served.requests) == 2


async def test_a_location_on_another_origin_never_gets_a_request():
    served = script(
        sse(METADATA, content_location=RUN, location="http://evil.test/threads/t/runs/r/stream"),
        runs=(status("running"), status("running"), status("success")),
        joins=(sse(),),
    )
    await collect(served)
    assert {request.url.host for request in served.requests} == {"agent.test"}


@pytest.mark.parametrize(
    ("stream", "headers"),
    [("", HERE), ("", {"location": f"{RUN}/stream"}), (METADATA * 2, {}), (METADATA, HERE)],
)
async def test_the_id_of_the_run_is_told_once(stream: str, headers: Any):
    ids: list[str] = []
    served = script(sse(stream, **headers), runs=(status("success"),))
    await collect(served, on_run_created=ids.append)
    assert ids == ["r"]


async def test_the_id_of_the_run_is_told_before_the_first_event():
    created = asyncio.Event()
    served = script(opened(Body([], hangs=True), **HERE), runs=(status("success"),))
    async with served.client() as client:
        stream = client.runs.stream("t", "agent", on_run_created=lambda _: created.set())
        waiting = asyncio.ensure_future(anext(stream))
        await asyncio.wait_for(created.wait(), 1)
        waiting.cancel()


async def test_a_stream_that_never_names_its_run_is_lost():
    end = await end_of(script(sse(event("values", {})), runs=(status("success"),)))
    assert (end.outcome, end.run_id) == (Outcome.LOST, "")


async def test_closing_the_iterator_closes_the_response_at_once():
    body = Body([METADATA.encode()], hangs=True)
    async with script(opened(body, **HERE), runs=(status("running"),)).client() as client:
        async with aclosing(client.runs.stream("t", "agent")) as stream:
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
        stream = client.runs.stream("t", "agent")
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
    assert served.requests[0].url.query == b"wait=true&action=interrupt"


async def test_stopping_a_run_of_an_unknown_thread_is_an_error():
    served = Script()
    served.on("POST", f"{RUN}/cancel", reply(404, json={"detail": "Thread not found"}))
    async with served.client() as client:
        with pytest.raises(NotFoundError):
            await client.runs.cancel("t", "r")


async def test_joining_replays_after_the_given_event_in_the_given_modes():
    served = script(
        runs=(status("running"), status("running"), status("success")),
        joins=(sse(event("values", {}, "8-0")), sse(event("values", {}, "9-0"))),
    )
    async with served.client() as client:
        stream = client.runs.join_stream("t", "r", last_event_id="7-0", stream_mode="values")
        events = [event async for event in stream]
    assert [e.event for e in events] == ["values", "reconnected", "values", "end"]
    first, second = served.asked("GET", JOIN)
    assert [r.headers["last-event-id"] for r in (first, second)] == ["7-0", "8-0"]
    assert first.url.query == second.url.query == b"stream_mode=values"


async def test_joining_what_cannot_be_opened_is_an_error_at_the_first_iteration():
    served = script(runs=(status("running"),), joins=(reply(404, json={"detail": "no thread"}),))
    async with served.client() as client:
        with pytest.raises(NotFoundError, match="no thread"):
            await anext(client.runs.join_stream("t", "r"))


@settings(deadline=None, max_examples=60)
@given(data=st.data(), name=st.sampled_from(["agent_multi", "hitl_1", "resumable_full"]))
def test_a_capture_cut_at_any_byte_and_joined_ends_once(name: str, data: st.DataObject):
    body = captures.body(name)
    cut = data.draw(st.integers(0, len(body) - 1))
    served = script(
        sse(body[:cut], breaks=CUT, **HERE),
        runs=(status("running"), status("running"), status("success")),
        joins=(sse(body),),
    )
    events = asyncio.run(collect(served))
    assert [e.event for e in events].count("reconnected") == 1
    again = events[[e.event for e in events].index("reconnected") + 1 : -1]
    assert again == captures.events(name)


def test_pauses_grow_to_the_last_one_and_vary_a_little():
    patience = Patience()
    for tries, base in enumerate([0.5, 1, 2, 4, 4]):
        assert base <= patience.pause(tries) <= base * 1.25
