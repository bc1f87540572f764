"""Headers of one request: sent with it alone, checked like the client's own, never quoted."""

import json

import pytest

from chat_app.client import AccessError
from tests.helpers.scripted import Script, event, reply, sse

TOKEN = {"Authorization": " Bearer of-ada "}


@pytest.fixture
def script() -> Script:
    script = Script()
    script.on("GET", "/threads/t", reply(json={"thread_id": "t", "status": "idle"}))
    return script


async def test_a_header_of_one_request_is_not_sent_with_the_next(script: Script):
    async with script.client() as client:
        await client.threads.get("t", headers=TOKEN)
        await client.threads.get("t")
    first, second = script.requests
    assert first.headers["authorization"] == "Bearer of-ada"
    assert "authorization" not in second.headers


async def test_it_takes_the_place_of_the_clients_own(script: Script):
    async with script.client(headers={"authorization": "Bearer of-all"}, api_key="k1") as client:
        await client.threads.get("t", headers=TOKEN)
    [request] = script.requests
    assert request.headers.get_list("authorization") == ["Bearer of-ada"]
    assert request.headers["x-api-key"] == "k1"


async def test_it_goes_with_every_request_that_follows_a_run(script: Script):
    script.on("POST", "/threads/t/runs/stream", sse(event("metadata", {"run_id": "r"})))
    script.on("GET", "/threads/t/runs/r/stream", sse(event("end", None)))
    running, over = ({"run_id": "r", "status": status} for status in ("running", "success"))
    script.on("GET", "/threads/t/runs/r", reply(json=running), reply(json=over))
    async with script.client() as client:
        async for _ in client.runs.stream("t", "agent", headers=TOKEN):
            pass
    assert len(script.requests) > 3
    assert {r.headers.get("authorization") for r in script.requests} == {"Bearer of-ada"}
    assert "headers" not in json.loads(script.requests[0].content)


@pytest.mark.parametrize("value", ["line\nbreak", "naïve", "\x00"])
async def test_what_cannot_be_sent_is_refused_without_its_value(script: Script, value: str):
    async with script.client() as client:
        with pytest.raises(ValueError, match="header x-user") as refused:
            await client.threads.get("t", headers={"x-user": f"secret{value}"})
    assert "secret" not in str(refused.value)
    assert script.requests == []


async def test_an_error_does_not_quote_it(script: Script):
    script.on("GET", "/threads/t", reply(401, json={"detail": "no such user: Bearer of-ada"}))
    async with script.client() as client:
        with pytest.raises(AccessError) as refused:
            await client.threads.get("t", headers=TOKEN)
    assert "of-ada" not in str(refused.value)
    assert "[hidden]" in refused.value.detail


async def test_nor_does_a_page_that_is_no_answer():
    script = Script()
    page = "<html><title>Bearer of-ada</title></html>"
    script.on("GET", "/threads/t", reply(404, text=page))
    script.on("POST", "/threads/t/runs/stream", reply(502, text=page))
    async with script.client() as client:
        for asking in (
            client.threads.get("t", headers=TOKEN),
            anext(client.runs.stream("t", "agent", headers=TOKEN)),
        ):
            with pytest.raises(Exception, match="hidden") as refused:
                await asking
            assert "of-ada" not in str(refused.value)
