"""A real app gives nothing of a foreign thread: by no event, no route, and to no kind of login."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chat_app.runs import thread_metadata
from tests.benchmarks.wire import Wire, event, login_at
from tests.helpers.app import running_app
from tests.security.attempts import attempts
from tests.security.raw import hydrate
from tests.security.test_foreign_threads import CANARY, at_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chat_app.client import LangGraphClient
    from tests.helpers.app import RunningApp

pytestmark = pytest.mark.slow

TOO_FAST = 429
AT_ONCE = 40
"""So many events are sent in a row: an app ends a socket that sends too fast."""
PATHS = ("/t/{}", "/_media/{}", "/_media/{}.{}", "/_attachments", "/_attachments/{}", "/_upload/{}")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, langgraph_server: str) -> Iterator[RunningApp]:
    variables = {"LANGGRAPH_API_URL": langgraph_server, "CHAT_ASSISTANT": "slow"}
    with running_app(tmp_path_factory.mktemp("app"), **variables) as running:
        yield running


@pytest.fixture
async def thread_id(client: LangGraphClient) -> str:
    """A thread of a person who is not here."""
    metadata = thread_metadata.made_for(str(uuid4()), f"3 {CANARY}")
    thread_id = (await client.threads.create(metadata=metadata))["thread_id"]
    question = {"messages": [{"type": "human", "content": f"3 {CANARY}"}]}
    await client.runs.wait(thread_id, "slow", input=question)
    return thread_id


async def received(app: RunningApp, login: str, thread_id: str) -> tuple[int, str]:
    """Send every attempt as the page at the thread; returns how many, and all that came back."""
    tried, frames = attempts(thread_id), list[str]()
    path, sent = f"/t/{thread_id}", 0
    while sent < len(tried):
        first = {**hydrate(), "router_data": {"pathname": path, "asPath": path}}
        try:
            wire = await Wire.open(app.url, login, str(uuid4()), first)
        except InvalidStatus as refused:
            if refused.response.status_code != TOO_FAST:
                raise
            await asyncio.sleep(1)  # the app limits how fast one person opens tabs
            continue

        async def read(wire: Wire = wire) -> None:
            async for frame in wire:
                frames.append(frame)

        reading = asyncio.ensure_future(read())
        try:
            for name, payload in tried[sent : sent + AT_ONCE]:
                await wire.send(event(name, payload, path))
                sent += 1
        except ConnectionClosed:
            sent += 1  # that one is not taken at all
        await asyncio.wait([reading], timeout=0.5)
        await wire.close()
        await reading
    return sent, "".join(frames)


async def test_no_event_over_the_socket_gives_or_changes_anything(
    app: RunningApp, client: LangGraphClient, thread_id: str
) -> None:
    before = await at_server(client, thread_id)
    sent, said = await received(app, await login_at(app.url), thread_id)
    assert sent > 1000
    assert "router_" in said  # the page was there
    assert CANARY not in said
    assert await at_server(client, thread_id) == before


@pytest.mark.parametrize("login", ["", "chat_login=x", "chat_login_1=anonymous.x.y"])
async def test_no_socket_is_opened_without_a_login(
    app: RunningApp, thread_id: str, login: str
) -> None:
    with pytest.raises((InvalidStatus, ConnectionClosed)):
        await Wire.open(app.url, login, str(uuid4()), hydrate())


async def test_no_route_gives_anything(
    app: RunningApp, client: LangGraphClient, thread_id: str
) -> None:
    before = await at_server(client, thread_id)
    logins = ("", "chat_login=x", await login_at(app.url))
    for login in logins:
        headers = {"cookie": login, "x-chat-thread": thread_id, "x-chat-tab": str(uuid4())}
        async with httpx.AsyncClient(base_url=app.url, headers=headers, trust_env=False) as web:
            for path in PATHS:
                for method in ("GET", "POST", "PUT", "DELETE"):
                    answer = await web.request(method, path.replace("{}", thread_id), content=b"x")
                    assert CANARY not in answer.text
                    assert answer.status_code < 500
    assert await at_server(client, thread_id) == before


async def test_the_page_of_a_foreign_thread_is_that_of_a_missing_one(
    app: RunningApp, thread_id: str
) -> None:
    login = await login_at(app.url)
    async with httpx.AsyncClient(base_url=app.url, trust_env=False) as web:
        pages = [
            await web.get(f"/t/{one}", headers={"cookie": login}) for one in (thread_id, uuid4())
        ]
    assert pages[0].status_code == pages[1].status_code
    assert pages[0].text == pages[1].text
