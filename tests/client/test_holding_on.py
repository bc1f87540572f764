"""Holding on to a run whose stream broke: what is asked for again, how often and how it is told."""

import asyncio

import httpx
import pytest

from chat_app.client import (
    AccessError,
    Cause,
    Metadata,
    Outcome,
    Reconnecting,
    RetryPolicy,
    RunEnd,
    UnreachableError,
)
from chat_app.client.modes import FOR_A_CHAT
from tests.helpers.scripted import event, reply, sse
from tests.helpers.scripted_run import (
    CUT,
    HERE,
    JOIN,
    METADATA,
    RUN,
    collect,
    end_of,
    script,
    status,
)


async def test_a_stream_that_closes_early_is_joined_at_the_last_event():
    served = script(
        sse(METADATA, event("custom", 1, "5-0"), **HERE),
        runs=(status("running"), status("success")),
        joins=(sse(event("custom", 2, "6-0")),),
    )
    events = await collect(served)
    assert [e.event for e in events] == ["metadata", "custom", "reconnected", "custom", "end"]
    assert events[-1] == RunEnd(event="end", outcome=Outcome.FINISHED, run_id="r")
    (join,) = served.asked("GET", JOIN)
    assert join.headers["last-event-id"] == "4-0"
    assert not join.url.query


async def test_a_resumable_stream_that_broke_before_any_event_is_replayed_from_the_start():
    served = script(
        sse(breaks=CUT, **HERE),
        runs=(status("pending"), status("success")),
        joins=(sse(METADATA),),
    )
    names = ["reconnecting", "reconnected", "metadata", "end"]
    assert [e.event for e in await collect(served)] == names
    assert served.asked("GET", JOIN)[0].headers["last-event-id"] == "-1"


async def test_a_stream_that_is_not_resumable_is_joined_without_an_id():
    served = script(
        sse(breaks=CUT, **HERE),
        runs=(status("running"), status("success")),
        joins=(sse(METADATA),),
    )
    await collect(served, stream_resumable=False)
    assert "last-event-id" not in served.asked("GET", JOIN)[0].headers


async def test_a_run_that_is_marked_as_over_late_is_asked_for_the_rest_in_silence():
    served = script(
        sse(METADATA, **HERE), runs=(status("running"), status("success")), joins=(sse(METADATA),)
    )
    assert [e.event for e in await collect(served)] == ["metadata", "end"]
    assert len(served.asked("GET", JOIN)) == 1


async def test_what_a_cut_took_away_is_heard_though_the_run_is_over():
    served = script(
        sse(METADATA, breaks=CUT, **HERE),
        runs=(status("success"),),
        joins=(CUT, sse(METADATA, event("custom", 1, "2-0"))),
    )
    names = [e.event for e in await collect(served)]
    assert names == ["metadata", *["reconnecting"] * 2, "reconnected", "custom", "end"]


async def test_what_cannot_be_heard_again_of_a_run_that_is_over_is_left_to_its_state():
    served = script(
        sse(METADATA, breaks=CUT, **HERE), runs=(status("success"),), joins=(reply(405),)
    )
    events = await collect(served)
    assert [e.event for e in events[-2:]] == ["reconnected", "end"]
    assert len(served.asked("GET", JOIN)) == 1


async def test_the_trouble_and_the_pause_are_told_before_each_try():
    served = script(
        sse(METADATA, breaks=CUT, **HERE),
        runs=(status("running"), status("running"), status("success")),
        joins=(reply(503, text="restarting"), sse()),
    )
    told = [e for e in await collect(served) if isinstance(e, Reconnecting)]
    assert [(e.event, e.exception.detail, e.seconds, e.tries) for e in told] == [
        ("reconnecting", "cut", 0, 1),
        ("reconnecting", "restarting", 0, 2),
    ]


async def test_a_quiet_end_is_told_of_from_the_second_one_on():
    served = script(
        sse(METADATA, **HERE),
        runs=(*[status("running")] * 3, status("success")),
        joins=(sse(),),
    )
    told = [e for e in await collect(served) if isinstance(e, Reconnecting)]
    assert all(isinstance(e.exception, UnreachableError) for e in told)
    assert [(getattr(e.exception, "cause", None), e.tries) for e in told] == [
        (Cause.STREAM_ENDED, 2),
        (Cause.STREAM_ENDED, 3),
    ]


async def test_hurrying_ends_the_pause_at_once():
    hurry = asyncio.Event()
    served = script(
        sse(METADATA, breaks=CUT, **HERE),
        runs=(status("running"), status("success")),
        joins=(sse(),),
    )
    async with served.client(retry=RetryPolicy(pauses=(1000,))) as client, asyncio.timeout(40):
        async for told in client.runs.stream("t", "agent", **FOR_A_CHAT, hurry=hurry):
            if isinstance(told, Reconnecting):
                assert told.seconds >= 1000
                hurry.set()
    assert not hurry.is_set()


async def test_a_pause_is_as_long_as_the_server_asks_for_and_not_for_ever():
    refused = [reply(429, retry_after=seconds) for seconds in ("7", "3600")]
    hurry = asyncio.Event()
    served = script(
        sse(METADATA, **HERE),
        runs=(refused[0], status("running"), status("success")),
        joins=(refused[1], sse()),
    )
    pauses = []
    async with served.client() as client, asyncio.timeout(40):
        async for told in client.runs.stream("t", "agent", **FOR_A_CHAT, hurry=hurry):
            if isinstance(told, Reconnecting):
                pauses.append(told.seconds)
                hurry.set()
    assert pauses == [7, 60]


async def test_a_run_that_a_restarted_server_begins_again_is_a_further_attempt():
    again = event("metadata", {"run_id": "r", "attempt": 1}, "9-0")
    served = script(
        sse(METADATA, breaks=CUT, **HERE),
        runs=(status("pending"), status("success")),
        joins=(sse(METADATA, again),),
    )
    heard = [e for e in await collect(served) if isinstance(e, Metadata)]
    assert [(e.id, e.attempt) for e in heard] == [("1-0", 1), ("9-0", 2)]


async def test_a_cut_and_a_resume_are_logged_in_a_line_each(caplog: pytest.LogCaptureFixture):
    secret = "a-secret-key"
    served = script(
        sse(METADATA, breaks=httpx.ReadError(f"cut {secret}"), **HERE),
        runs=(status("running"), status("success")),
        joins=(sse(),),
    )
    caplog.set_level("INFO", "chat_app.client")
    async with served.client(api_key=secret) as client:
        told = [e async for e in client.runs.stream("t", "agent", **FOR_A_CHAT)]
    assert [record.message for record in caplog.records if record.name == "chat_app.client"] == [
        "thread t, run r: cut, again in 0.0 s: UnreachableError: cut [hidden]",
        "thread t, run r: resumed",
    ]
    assert secret not in repr(told)


async def test_a_run_is_lost_after_five_reconnections_without_an_event():
    served = script(sse(METADATA, **HERE), runs=(status("running"),), joins=(sse(breaks=CUT),))
    end = await end_of(served)
    assert end.outcome is Outcome.LOST
    assert isinstance(end.exception, UnreachableError)
    assert len(served.asked("GET", JOIN)) == 5


async def test_an_event_after_a_reconnection_gives_new_patience():
    barren = [sse(breaks=CUT)] * 4
    one, two = (sse(event("custom", 1, place), breaks=CUT) for place in ("2-0", "3-0"))
    served = script(
        sse(METADATA, **HERE),
        runs=(status("running"),),
        joins=(*barren, one, *barren, two, sse(breaks=CUT)),
    )
    assert (await end_of(served)).outcome is Outcome.LOST
    assert len(served.asked("GET", JOIN)) == 4 + 1 + 4 + 1 + 5


async def test_a_quiet_run_is_waited_for_as_long_as_it_runs():
    quiet = sse(breaks=httpx.ReadTimeout("quiet"), lasts=0.05)
    served = script(
        sse(METADATA, **HERE), runs=(*[status("running")] * 9, status("success")), joins=(quiet,)
    )
    policy = RetryPolicy(tries=2, pauses=(0,), silence=0.05)
    async with served.client(retry=policy) as client:
        *_, end = [event async for event in client.runs.stream("t", "agent", **FOR_A_CHAT)]
    assert isinstance(end, RunEnd)
    assert end.outcome is Outcome.FINISHED


async def test_a_server_that_does_not_answer_is_given_up_when_its_time_is_over():
    served = script(sse(METADATA, **HERE), runs=(reply(),), joins=(sse(),))
    served.on("GET", RUN, asyncio.Event())
    end = (await collect(served, retry=RetryPolicy(tries=1, pauses=(0,), silence=0.05)))[-1]
    assert isinstance(end, RunEnd)
    assert end.outcome is Outcome.LOST
    assert isinstance(end.exception, UnreachableError)
    assert end.exception.cause is Cause.READ_TIMEOUT


async def test_a_server_that_cannot_be_asked_loses_the_run():
    served = script(sse(METADATA, **HERE), runs=(httpx.ConnectError("down"),), joins=(CUT,))
    end = await end_of(served)
    assert (end.outcome, end.run_id) == (Outcome.LOST, "r")
    assert isinstance(end.exception, UnreachableError)


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
    assert isinstance(end.exception, AccessError)
    assert end.exception.detail == "expired"
    assert len(served.requests) == 2


def test_pauses_grow_to_the_last_one_and_vary_a_little():
    policy = RetryPolicy()
    for tries, base in enumerate([0.5, 1, 2, 4, 8, 15, 15]):
        assert base <= policy.pause(tries) <= base * 1.25


def test_by_default_a_server_may_be_gone_for_ten_minutes():
    policy = RetryPolicy(jitter=0)
    assert 600 < sum(map(policy.pause, range(policy.tries))) < 720
