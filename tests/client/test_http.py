import asyncio
import json
import time

import httpx
import pytest
import uvloop

from chat_app.client import (
    AccessError,
    Cause,
    NotFoundError,
    NotLangGraphError,
    ServerError,
    UnreachableError,
    get_client,
)
from chat_app.client.modes import FOR_A_CHAT
from tests.helpers.faults import faulty_proxy
from tests.helpers.scripted import Body, Script, opened, reply

KEY = "key-8f3a-very-secret"
BROKEN = httpx.ReadError("Connection reset")


async def test_a_read_that_meets_a_dropped_connection_is_sent_once_more():
    script = Script()
    script.on("GET", "/info", BROKEN, reply(json={"version": "1"}))
    script.on("POST", "/threads/search", httpx.RemoteProtocolError("gone"), reply(json=[]))
    async with script.client() as client:
        assert await client.info() == {"version": "1"}
        assert await client.threads.search() == []


async def test_a_read_is_not_sent_a_third_time():
    script = Script()
    script.on("GET", "/info", BROKEN)
    async with script.client() as client:
        with pytest.raises(UnreachableError):
            await client.info()
    assert len(script.requests) == 2


async def test_a_write_is_never_sent_twice():
    script = Script()
    script.on("POST", "/threads", BROKEN)
    async with script.client() as client:
        with pytest.raises(UnreachableError):
            await client.threads.create()
    assert len(script.requests) == 1


async def test_a_refused_connection_is_told_as_unreachable():
    async with get_client(url="http://127.0.0.1:9") as client:
        assert not await client.ok()
        with pytest.raises(UnreachableError) as caught:
            await client.info()
    assert caught.value.status is None
    assert caught.value.retryable
    assert caught.value.cause is Cause.REFUSED


def test_a_connection_that_is_reset_as_soon_as_it_stands_is_told_as_unreachable():
    # As the app is served: with uvloop, which sees the reset while the loop is busy.
    with faulty_proxy("http://127.0.0.1:9") as proxy:
        proxy.refuse()
        assert set(uvloop.run(failures(proxy.url))) == {UnreachableError}


async def failures(url: str) -> list[type[BaseException]]:
    """What comes of requests in a busy loop."""
    busy = asyncio.create_task(keep_busy())
    async with get_client(url=url) as client:
        requests = [client.info() for _ in range(30)]
        came = await asyncio.gather(*requests, return_exceptions=True)
    busy.cancel()
    return [type(failure) for failure in came if isinstance(failure, BaseException)]


async def keep_busy() -> None:
    while True:
        time.sleep(0.005)  # noqa: ASYNC251 - to be in the way is the point
        await asyncio.sleep(0)


@pytest.mark.parametrize("id", ["../store", "a/b", "a?b#c", "a%2Fb", "ü"])
async def test_an_id_cannot_leave_its_place_in_the_path(id: str):
    script = Script()
    script.on("GET", f"/threads/{id}", reply(404, json={"detail": "no"}))
    async with script.client() as client:
        with pytest.raises(NotFoundError):
            await client.threads.get(id)
    path = script.requests[0].url.raw_path
    assert path.count(b"/") == 2
    assert b"?" not in path


@pytest.mark.parametrize("id", ["", ".", ".."])
async def test_an_id_of_dots_is_not_even_sent(id: str):
    async with Script().client() as client:
        with pytest.raises(NotFoundError):
            await client.threads.get(id)


async def test_the_path_of_the_address_is_kept():
    script = Script()
    script.on("GET", "/proxied/api/ok", reply(json={"ok": True}))
    async with script.client(url="http://agent.test/proxied/api/") as client:
        assert await client.ok()


@pytest.mark.parametrize(
    "answer",
    [
        reply(text="<html><title>Welcome</title></html>", content_type="text/html"),
        reply(text="hello"),
        reply(307, location="http://elsewhere.test/"),
    ],
)
async def test_an_answer_that_is_no_json_is_of_no_langgraph_server(answer: object):
    script = Script()
    script.on("GET", "/info", answer)
    async with script.client() as client:
        with pytest.raises(NotLangGraphError):
            await client.info()
    assert [str(request.url) for request in script.requests] == ["http://agent.test/info"]


async def test_no_secret_gets_into_an_error():
    echo = f"Bad key {KEY} of user:pa55word! at host"
    script = Script()
    script.on("GET", "/info", reply(401, json={"detail": echo}), httpx.ConnectError(echo))
    url = "http://user:pa55word!@agent.test"
    async with script.client(url=url, api_key=KEY, headers={"x-more": "other-secret"}) as client:
        assert KEY not in repr(client)
        for kind in AccessError, UnreachableError:
            with pytest.raises(kind) as caught:
                await client.info()
            told = str(caught.value) + repr(caught.value) + caught.value.detail
            assert "Bad key [hidden] of [hidden] at host" in told
            assert KEY not in told
            assert "pa55word" not in told
    assert script.requests[0].headers["x-api-key"] == KEY
    assert script.requests[0].headers["x-more"] == "other-secret"


@pytest.mark.parametrize("key", ["schlüssel", "two\nlines"])
def test_a_key_that_cannot_be_sent_is_refused_without_being_told(key: str):
    with pytest.raises(ValueError, match="x-api-key") as caught:
        get_client(api_key=key)
    assert key not in str(caught.value)


async def test_blanks_around_a_key_are_taken_off():
    script = Script()
    script.on("GET", "/ok", reply(json={"ok": True}))
    async with script.client(api_key=f"{KEY}\n") as client:
        await client.ok()
    assert script.requests[0].headers["x-api-key"] == KEY


@pytest.mark.parametrize("url", ["localhost:2024", "ftp://x", "http://", "", "http://a:b:c"])
def test_an_address_that_is_none_is_refused(url: str):
    with pytest.raises(ValueError, match="http://host:port"):
        get_client(url=url)


async def test_half_an_emoji_is_sent_as_a_question_mark():
    script = Script()
    script.on("POST", "/threads", reply(json={}))
    async with script.client() as client:
        await client.threads.create(metadata={"title": "שלום \ud83d 🌞"})
    assert json.loads(script.requests[0].content) == {"metadata": {"title": "שלום ? 🌞"}}


async def test_an_error_on_a_stream_carries_the_body():
    script = Script()
    script.on("POST", "/threads/t/runs/stream", reply(503, json={"detail": "Service Unavailable"}))
    async with script.client() as client:
        stream = client.runs.stream("t", "agent", **FOR_A_CHAT)
        with pytest.raises(ServerError, match="Service Unavailable"):
            await anext(stream)


async def test_a_body_without_end_in_place_of_a_stream_is_not_read_to_its_end():
    body = Body([b"noise" * 20_000], hangs=True)
    script = Script()
    script.on("POST", "/threads/t/runs/stream", opened(body, content_type="video/mp4"))
    async with script.client() as client:
        with pytest.raises(NotLangGraphError):
            await anext(client.runs.stream("t", "agent", **FOR_A_CHAT))
    assert body.closed


async def test_a_closed_client_says_so():
    client = Script().client()
    await client.aclose()
    with pytest.raises(UnreachableError) as raised:
        await client.info()
    assert raised.value.cause is Cause.CLIENT_CLOSED
