"""The demo agent's own server answers the app that started it, and neither web pages nor others."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import websockets

from chat_app.client import get_client
from chat_app.demo.serving.secret import HEADER, refusal
from chat_app.demo.serving.server import DemoServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

pytestmark = pytest.mark.slow

EVIL = "http://evil.example"
SOME_ID = "5f4d1f0a-6f0c-4b0e-8f35-0d5f8f6d9f11"
OUTSIDE_THE_SCHEMA = (
    *("/", "/ok", "/info", "/docs", "/openapi.json", "/metrics", "/metrics?format=json"),
    *("/internal/truncate", "/ui/agent", "/ui/agent/entrypoint.js", "/mcp", "/a2a/agent"),
    *("/noauth/threads/search", "//threads", "/THREADS", "/nothing", "/ok/", "/..%2fok", "/%6fk"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    server = DemoServer(data_dir=tmp_path_factory.mktemp("data"))

    async def started() -> None:
        await server.start()
        await server.ready(120)

    asyncio.run(started())
    yield server
    asyncio.run(server.stop())


@pytest.fixture
async def stranger(server: DemoServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as stranger:
        yield stranger


@pytest.fixture
async def routes(stranger: httpx.AsyncClient, server: DemoServer) -> list[tuple[str, str]]:
    """The method and path of every route that the server describes, ids filled in."""
    known = {HEADER: server.secret}
    paths = (await stranger.get("/openapi.json", headers=known)).raise_for_status().json()["paths"]
    return [
        (method.upper(), re.sub(r"\{[^}]*\}", SOME_ID, path))
        for path, methods in paths.items()
        for method in methods
    ]


async def test_every_route_refuses_who_does_not_know_the_secret(
    stranger: httpx.AsyncClient, routes: list[tuple[str, str]]
) -> None:
    assert len(routes) > 30
    tried = [*routes, *(("GET", path) for path in OUTSIDE_THE_SCHEMA)]
    answers = {
        (method, path): (await stranger.request(method, path, json={})).status_code
        for method, path in tried
        if method != "GET"
    } | {
        (method, path): (await stranger.get(path)).status_code
        for method, path in tried
        if method == "GET"
    }
    assert {request: status for request, status in answers.items() if status != 401} == {}


@pytest.mark.parametrize(
    "headers",
    [
        {HEADER: ""},
        {HEADER: "x" * 43},
        {HEADER: "\u00e9".encode()},
        {"authorization": "Bearer x"},
        {"x-auth-scheme": "langsmith"},
        {"x-auth-scheme": "langsmith", HEADER: "lsv2_pt_0", "x-tenant-id": SOME_ID},
        {"x-user-id": "a", "x-service-key": "b"},
        {"host": "localhost", "x-forwarded-for": "127.0.0.1"},
        {"sec-fetch-site": "same-origin"},
    ],
    ids=str,
)
async def test_no_other_header_stands_for_the_secret(
    stranger: httpx.AsyncClient, headers: dict[str, Any]
) -> None:
    for path in ("/threads/search", "/assistants/search", "/runs/stream"):
        assert (await stranger.post(path, json={}, headers=headers)).status_code == 401


async def test_no_page_of_another_origin_may_read_anything_not_even_with_the_secret(
    stranger: httpx.AsyncClient, server: DemoServer
) -> None:
    wanted = {"access-control-request-method": "POST", "access-control-request-headers": HEADER}
    for origin in (EVIL, "null", "https://smith.langchain.com", server.url):
        for known in ({}, {HEADER: server.secret}):
            asking = {"origin": origin, **known}
            for answer in (
                await stranger.get("/ok", headers=asking),
                await stranger.post("/threads/search", json={}, headers=asking),
                await stranger.options("/threads/search", headers=asking | wanted),
            ):
                assert "access-control-allow-origin" not in answer.headers
                assert known or answer.status_code == 401


async def test_a_websocket_is_refused_too(server: DemoServer) -> None:
    address = server.url.replace("http", "ws")
    for path in (f"/threads/{SOME_ID}/stream/events", "/nothing"):
        with pytest.raises(websockets.InvalidStatus) as refused:
            await websockets.connect(address + path, origin=websockets.Origin(EVIL), proxy=None)
        assert refused.value.response.status_code == 401


async def test_a_run_works_with_the_secret_and_holds_nothing_of_it(server: DemoServer) -> None:
    question = {"messages": [{"role": "human", "content": "what is 6*7"}]}
    async with get_client(url=server.url, api_key=server.secret) as client:
        thread = await client.threads.create()
        streamed = [
            chunk
            async for chunk in client.runs.stream(
                thread["thread_id"], "agent", input=question, stream_mode=["values", "debug"]
            )
        ]
        assert "**42**" in str(streamed)
    headers = {HEADER: server.secret}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as http:
        place = f"/threads/{thread['thread_id']}"
        kept = [(await http.get(place + path)).text for path in ("", "/runs", "/state", "/history")]
    assert all(json.loads(part) for part in kept)
    assert server.secret not in "".join([*kept, *map(str, streamed)])
    assert server.secret not in server.log.read_text()


async def test_it_listens_on_the_loopback_address_only(server: DemoServer) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(OSError, match="Connect call failed"):
        await asyncio.open_connection("127.0.0.2", port)


def test_each_app_makes_a_secret_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    made = {DemoServer(data_dir=tmp_path_factory.mktemp("data")).secret for _ in range(5)}
    assert len(made) == 5
    assert all(len(secret) >= 43 for secret in made)


BY_HAND: dict[str, dict[str, str]] = {
    "a program": {"host": "localhost:2024"},
    "a program in another container": {"host": "172.17.0.2:2024"},
    "over IPv6": {"host": "[::1]:2024"},
    "the server's own documentation": {
        "host": "localhost:2024",
        "origin": "http://localhost:2024",
        "sec-fetch-site": "same-origin",
    },
    "the address bar": {"host": "127.0.0.1:2024", "sec-fetch-site": "none"},
}
PAGES: dict[str, dict[str, str]] = {
    "another origin": {"host": "localhost:2024", "origin": EVIL},
    "an opaque origin": {"host": "localhost:2024", "origin": "null"},
    "no origin at all": {"host": "localhost:2024", "origin": ""},
    "an odd origin": {"host": "localhost:2024", "origin": "http://[localhost:2024"},
    "another port": {"host": "localhost:2024", "origin": "http://localhost:3000"},
    "a picture in a page": {"host": "localhost:2024", "sec-fetch-site": "cross-site"},
    "a page of the same site": {"host": "localhost:2024", "sec-fetch-site": "same-site"},
    "a name that leads here now": {"host": "evil.example:2024"},
    "such a name, with its own origin": {
        "host": "evil.example:2024",
        "origin": "http://evil.example:2024",
    },
    "a name that begins like ours": {"host": "localhost.evil.example:2024"},
    "a name that ends like an address": {"host": "evil.127.0.0.1:2024"},
    "user information": {"host": "127.0.0.1@evil.example"},
    "no host": {},
}


@pytest.mark.parametrize("headers", BY_HAND.values(), ids=BY_HAND)
def test_a_server_started_by_hand_answers(headers: dict[str, str]) -> None:
    assert refusal(headers, secret="") == ""


@pytest.mark.parametrize("headers", PAGES.values(), ids=PAGES)
def test_a_server_started_by_hand_answers_no_page_of(headers: dict[str, str]) -> None:
    assert "CHAT_DEMO_SECRET" in refusal(headers, secret="")


@pytest.mark.parametrize("headers", [*BY_HAND.values(), *PAGES.values()])
def test_with_the_secret_only_that_counts(headers: dict[str, str]) -> None:
    assert refusal(headers, secret="s3cret")
    assert refusal(headers | {HEADER: "s3cret"}, secret="s3cret") == ""
