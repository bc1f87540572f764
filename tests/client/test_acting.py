"""One client for each person on the connections of one: what signs a request stays with it."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from typing import TYPE_CHECKING

import httpx
import pytest

from chat_app.client import (
    AccessError,
    NotLangGraphError,
    PersonRefusedError,
    UnreachableError,
    get_client,
)
from tests.helpers.scripted import Script, event, reply, sse

if TYPE_CHECKING:
    from collections.abc import Generator

    from chat_app.client import LangGraphClient


TOKEN = "token_of_ada"


class Signs(httpx.Auth):
    """Signs with a name, and counts the requests."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.signed = 0

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        self.signed += 1
        request.headers["authorization"] = f"Bearer {self.name}-{self.signed}"
        yield request


@pytest.fixture
def script() -> Script:
    script = Script()
    script.on("GET", "/threads/t", reply(json={"thread_id": "t", "status": "idle"}))
    return script


def named(request: httpx.Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ").partition("-")[0]


async def test_each_request_is_signed_for_the_one_it_is_made_for(script: Script) -> None:
    async with script.client(api_key="of-the-app") as client:
        ada, bob = client.acting("ada", Signs("ada")), client.acting("bob", Signs("bob"))
        for each in (ada, bob, client, ada, client, bob):
            await each.threads.get("t")
    assert [named(request) for request in script.requests] == ["ada", "bob", "", "ada", "", "bob"]
    assert {request.headers["x-api-key"] for request in script.requests} == {"of-the-app"}


async def test_at_the_same_time_too(script: Script) -> None:
    async with script.client() as client:
        people = {name: client.acting(name, Signs(name)) for name in ("ada", "bob", "eve")}
        for name in people:
            script.on("GET", f"/threads/{name}", reply(json={"thread_id": name}))
        asked = [people[name].threads.get(name) for name in people for _ in range(20)]
        await asyncio.gather(*asked)
    assert all(named(request) == request.url.path.split("/")[-1] for request in script.requests)


async def test_a_run_is_followed_with_the_rights_that_it_was_started_with(script: Script) -> None:
    cut = httpx.ReadError("cut")
    script.on("POST", "/threads/t/runs/stream", sse(event("metadata", {"run_id": "r"}), breaks=cut))
    script.on("GET", "/threads/t/runs/r/stream", sse(event("end", None)))
    running, over = ({"run_id": "r", "status": status} for status in ("running", "success"))
    script.on("GET", "/threads/t/runs/r", reply(json=running), reply(json=over))
    signs = Signs("ada")
    async with script.client() as client:
        async for _ in client.acting("ada", signs).runs.stream("t", "agent"):
            pass
    assert len(script.requests) > 3
    assert {named(request) for request in script.requests} == {"ada"}
    signatures = [request.headers["authorization"] for request in script.requests]
    assert len(set(signatures)) == len(signatures)  # a repeated request is signed anew


async def test_a_request_that_is_repeated_is_signed_by_the_same(script: Script) -> None:
    script.on("GET", "/threads/t", httpx.ReadError("reset"), reply(json={"thread_id": "t"}))
    async with script.client() as client:
        await client.acting("ada", Signs("ada")).threads.get("t")
    assert [named(request) for request in script.requests] == ["ada", "ada"]


async def test_a_cookie_for_one_does_not_come_along_with_another(script: Script) -> None:
    answer = reply(json={"thread_id": "t"}, set_cookie="who=ada; Path=/")
    script.on("GET", "/threads/t", answer)
    async with script.client() as client:
        for name in ("ada", "bob", "ada"):
            await client.acting(name, Signs(name)).threads.get("t")
        await client.threads.get("t")
    assert not [request for request in script.requests if "cookie" in request.headers]


async def test_a_redirect_gets_no_signature(script: Script) -> None:
    script.on("GET", "/threads/t", reply(307, location="http://elsewhere.test/threads/t"))
    async with script.client() as client:
        with pytest.raises(NotLangGraphError):
            await client.acting("ada", Signs("ada")).threads.get("t")
    assert [request.url.host for request in script.requests] == ["agent.test"]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refusal_is_the_persons_and_quotes_no_signature(
    script: Script, status: int
) -> None:
    script.on("GET", "/threads/t", reply(status, json={"detail": f"bad: Bearer {TOKEN}-1"}))
    async with script.client() as client:
        with pytest.raises(PersonRefusedError) as refused:
            await client.acting("ada", Signs(TOKEN)).threads.get("t")
        assert refused.value.status == status
        assert TOKEN not in str(refused.value)
        assert "Bearer" in str(refused.value)
        script.on("GET", "/threads/t", reply(status))
        with pytest.raises(AccessError) as of_the_app:
            await client.threads.get("t")
    assert not isinstance(of_the_app.value, PersonRefusedError)


async def test_it_ends_with_the_client_it_was_made_from(script: Script) -> None:
    client = script.client()
    ada = client.acting("ada", Signs("ada"))
    assert (ada.root, ada.rights, client.rights) == (client, "ada", "")
    await client.aclose()
    with pytest.raises(UnreachableError):
        await ada.threads.get("t")


async def test_streams_over_real_sockets_are_signed_too() -> None:
    heads: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nset-cookie: who=ada\r\n"
            b"connection: close\r\n\r\nevent: end\ndata: null\n\n"
        )
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client: LangGraphClient
        async with get_client(url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            for name in ("ada", "bob"):
                acting = client.acting(name, Signs(name))
                async with aclosing(acting.runs.join_stream(name, "r")) as events:
                    async for _ in events:
                        break
    asked = [re.findall(rb"/threads/(\w+)/|Bearer (\w+)", head) for head in heads]
    assert {path for (path, _), _ in asked} == {b"ada", b"bob"}
    assert all(path == signed for (path, _), (_, signed) in asked)
    assert not [head for head in heads if b"\r\ncookie:" in head.lower()]
