"""The paths for programs that watch the app, behind all middleware."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from chat_app import draining
from chat_app.config import Settings
from chat_app.draining import Drain
from chat_app.middleware import protected
from chat_app.observability.health import Readiness
from chat_app.routes import health
from chat_app.state import server
from tests.helpers.gateway import Asked, Gateway, Refusal, listening
from tests.helpers.ports import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_readiness", Readiness(health.DEPENDENCIES, fresh=0, within=60))


@pytest_asyncio.fixture
async def outside() -> AsyncIterator[httpx.AsyncClient]:
    """A balancer: it asks by an address, and has no cookie."""
    given = Settings(_env_file=None)  # type: ignore[call-arg]
    app = protected(Starlette(), given, probes=health.PROBES, probe_paths=health.PATHS)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://10.4.0.7:3000") as client:
        yield client


def agent(url: str) -> AbstractAsyncContextManager[None]:
    async def address() -> str:
        return url

    return server.connected(address())


async def test_a_process_is_healthy_as_long_as_it_answers(outside: httpx.AsyncClient) -> None:
    answer = await outside.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer.headers["cache-control"] == "no-store"
    assert (await outside.head("/health")).status_code == 200
    assert (await outside.post("/health")).status_code == 405


async def test_other_paths_stay_behind_the_check_of_names(outside: httpx.AsyncClient) -> None:
    for path in ("/", "/health/", "/healthy", "/ready/x", "/ping"):
        assert (await outside.get(path)).status_code == 403


async def test_a_process_is_not_ready_before_its_agent_server_is_known_nor_after_the_end(
    outside: httpx.AsyncClient,
) -> None:
    up: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def address() -> str:
        return await up

    async with server.connected(address()):
        answer = await outside.get("/ready")
        assert answer.status_code == 503
        assert answer.json()["checks"]["agent_server"] == "starting"
        assert (await outside.get("/health")).status_code == 200
    answer = await outside.get("/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")


async def test_a_process_whose_agent_server_refuses_connections_says_so_and_tells_no_address(
    outside: httpx.AsyncClient,
) -> None:
    async with agent(f"http://127.0.0.1:{free_port()}"):
        answer = await outside.get("/ready")
        assert answer.status_code == 503
        assert answer.json()["checks"]["agent_server"] == "down"
        assert "127.0.0.1" not in answer.text


class Refusing(Gateway):
    """A gateway that has one answer."""

    def __init__(self, status: int) -> None:
        super().__init__("http://127.0.0.1:9")
        self.status = status

    async def request(self, asked: Asked) -> None:
        raise Refusal(self.status, {"detail": "secret words"})


@pytest.mark.parametrize(
    ("status", "state"), [(401, "ok"), (500, "ok"), (502, "down"), (503, "down")]
)
async def test_a_gateway_that_misses_its_server_is_not_ready_and_a_refusal_is_an_answer(
    outside: httpx.AsyncClient, status: int, state: str
) -> None:
    with listening(Refusing(status)) as url:
        async with agent(url):
            answer = await outside.get("/ready")
    assert answer.json()["checks"]["agent_server"] == state
    assert answer.status_code == (200 if state == "ok" else 503)
    assert "secret" not in answer.text


async def test_a_process_with_a_server_of_langgraph_is_ready(
    outside: httpx.AsyncClient, langgraph_server: str
) -> None:
    async with agent(langgraph_server):
        answer = await outside.get("/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "ready")


async def test_a_process_that_drains_is_healthy_and_not_ready(
    outside: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "_drain", Drain())
    assert (await outside.get("/ready")).json()["checks"]["process"] == "ok"
    await draining.drain().drain(1)
    answer = await outside.get("/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["process"] == "draining"
    assert (await outside.get("/health")).status_code == 200
