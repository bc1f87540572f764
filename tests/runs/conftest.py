"""Every test here ends with no task left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from chat_app.client import LangGraphClient, get_client
from chat_app.runs import tasks
from chat_app.runs.sessions import Sessions
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture(autouse=True)
async def no_task_is_left() -> AsyncIterator[None]:
    yield
    left = tasks.alive()
    await tasks.shutdown()
    assert left == []


@pytest_asyncio.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest_asyncio.fixture
async def sessions(client: LangGraphClient) -> AsyncIterator[Sessions]:
    sessions = Sessions(backend_of(client))
    yield sessions
    await sessions.aclose()
