"""``GET /_inspect/{sealed}/graph``: only for who may inspect the thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from chat_app.auth.anonymous import Anonymous
from chat_app.client import get_client
from chat_app.config import settings
from chat_app.runs import tasks
from chat_app.runs.inspector import graphs
from chat_app.runs.thread_metadata import made_for
from chat_app.state import server
from chat_app.state.inspector.addresses import address_of
from tests.routes.conftest import LOGIN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx
    import pytest


@pytest_asyncio.fixture(autouse=True)
async def agent(monkeypatch: pytest.MonkeyPatch, langgraph_server: str) -> AsyncIterator[None]:
    """The app is connected to a server."""
    monkeypatch.setenv("LANGGRAPH_API_URL", langgraph_server)
    settings.cache_clear()
    graphs.forget()

    async def address() -> str:
        return langgraph_server

    async with server.connected(address()):
        yield
    await tasks.shutdown()


async def thread_of(url: str, owner: str, graph_id: str | None) -> str:
    async with get_client(url=url) as client:
        metadata = made_for(owner, "Drawn") | ({"graph_id": graph_id} if graph_id else {})
        return (await client.threads.create(metadata=metadata))["thread_id"]


async def test_the_owner_gets_the_graph_and_no_one_else(
    web: httpx.AsyncClient, langgraph_server: str
) -> None:
    own = await thread_of(langgraph_server, LOGIN.person.id, "nested")
    path = f"{address_of(own, LOGIN.person)}/graph"
    answer = await web.get(path)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["assistant"], body["whole"]) == ("nested", True)
    assert [group["id"] for group in body["graph"]["groups"]] == ["research"]
    assert body["graph"]["left_out"] == 0

    foreign = await thread_of(langgraph_server, "another", "nested")
    assert (await web.get(f"{address_of(foreign, LOGIN.person)}/graph")).status_code == 404
    other = Anonymous().made().person
    assert (await web.get(f"{address_of(own, other)}/graph")).status_code == 404


async def test_nobody_gets_it_where_the_inspector_is_off(
    web: httpx.AsyncClient, langgraph_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = await thread_of(langgraph_server, LOGIN.person.id, "nested")
    monkeypatch.setenv("CHAT_INSPECTOR", "off")
    settings.cache_clear()
    assert (await web.get(f"{address_of(own, LOGIN.person)}/graph")).status_code == 404


async def test_a_thread_without_a_graph_says_so(
    web: httpx.AsyncClient, langgraph_server: str
) -> None:
    for graph_id in (None, "no such graph"):
        own = await thread_of(langgraph_server, LOGIN.person.id, graph_id)
        answer = await web.get(f"{address_of(own, LOGIN.person)}/graph")
        assert (answer.status_code, answer.json()) == (200, {"problem": "none"})
