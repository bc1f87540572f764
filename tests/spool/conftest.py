"""Both kinds of what processes share: files of one host, and a real Redis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from chat_app.shared_store.redis import SharedStore
from tests.helpers.redis_server import needs_redis, redis_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from tests.helpers.redis_server import RedisServer


@pytest.fixture(params=["files", pytest.param("redis", marks=needs_redis)])
def kind(request: pytest.FixtureRequest) -> str:
    """Where it is kept."""
    return request.param


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """One Redis for these tests."""
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest_asyncio.fixture
async def new_store(request: pytest.FixtureRequest) -> AsyncIterator[Callable[[], SharedStore]]:
    """Connects one more process to that Redis, which is empty at first."""
    server: RedisServer = request.getfixturevalue("redis")
    server.client().flushall()
    made: list[SharedStore] = []

    def connected() -> SharedStore:
        made.append(SharedStore(server.url, timeout=60))
        return made[-1]

    yield connected
    for store in made:
        await store.aclose()
