"""Waiting for the server behind the app, and what is said when there is none."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from chat_app import text
from chat_app.config import settings
from chat_app.runs import tasks
from chat_app.state import server
from chat_app.state.server import NotStartedError
from chat_app.state.thread import ThreadState
from tests.helpers.tab import browser, over

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def embedded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LANGGRAPH_API_URL", "")
    settings.cache_clear()
    yield
    settings.cache_clear()


async def test_a_request_before_the_agent_is_up_waits_for_it() -> None:
    up: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def address() -> str:
        return await up

    async with server.connected(address()):
        waiting = asyncio.ensure_future(server.ready())
        await asyncio.sleep(0.01)
        assert server.is_starting()
        assert not waiting.done()
        up.set_result("http://127.0.0.1:9")
        client = await waiting
        assert not server.is_starting()
        assert await server.ready() is client


async def test_who_gives_up_waiting_does_not_end_the_start() -> None:
    up: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def address() -> str:
        return await up

    async with server.connected(address()):
        waiting = asyncio.ensure_future(server.ready())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait({waiting})
        up.set_result("http://127.0.0.1:9")
        assert await server.ready()


async def test_an_agent_that_does_not_come_up_says_why() -> None:
    async def address() -> str:
        raise RuntimeError("no such port")

    async with server.connected(address()):
        with pytest.raises(NotStartedError) as raised:
            await server.ready()
    assert raised.value.detail == "no such port"
    assert tasks.alive() == []


async def test_an_agent_that_is_still_starting_ends_with_the_app() -> None:
    async def address() -> str:
        await asyncio.Event().wait()
        raise AssertionError

    async with server.connected(address()):
        await asyncio.sleep(0)
        assert tasks.alive() == ["connect"]
    assert tasks.alive() == []
    with pytest.raises(NotStartedError):
        await server.ready()


async def test_the_page_says_that_the_agent_is_starting_and_then_that_it_is_not() -> None:
    up: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def address() -> str:
        return await up

    async with server.connected(address()), browser() as new_tab:
        tab = new_tab()
        loading = await tab.begin_load("/")
        await tab.until(lambda: tab.page and tab.var(ThreadState, "starting"))
        up.set_result("http://127.0.0.1:9")
        await over(loading)
        assert not tab.var(ThreadState, "starting")
        assert tab.trouble == text.UNREACHABLE
