"""Names that are used once, and what one process at a time may do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from chat_app.config import settings
from chat_app.shared_store.lease import leased
from chat_app.shared_store.once import Once
from chat_app.shared_store.redis import key, shared_store
from tests.helpers.clock import Clock
from tests.helpers.redis_server import running_redis, shared_redis
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from tests.helpers.redis_server import RedisServer

__all__ = ["running_redis", "shared_redis"]


@pytest_asyncio.fixture(params=["alone", "redis"])
async def place(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[str]:
    """With a Redis, and without one."""
    url = request.getfixturevalue("shared_redis").url if request.param == "redis" else ""
    monkeypatch.setenv("REDIS_URL", url)
    settings.cache_clear()
    shared_store.cache_clear()
    yield request.param
    if store := shared_store():
        await store.aclose()
    settings.cache_clear()
    shared_store.cache_clear()


async def test_a_name_is_used_once_also_by_many_at_once(place: str) -> None:
    here, there = Once("sign-in"), Once("sign-in")
    at = [here] if place == "alone" else [here, there]
    used = await asyncio.gather(*(one.use("a", 600) for _ in range(20) for one in at))
    assert sum(used) == 1
    assert await here.use("b", 600)
    assert await Once("another kind").use("a", 600)


async def test_a_name_may_be_used_again_after_its_time(place: str) -> None:
    clock = Clock()
    names = Once("sign-in", clock)
    assert await names.use("a", 0.2)
    clock.now += 1
    await until(lambda: names.use("a", 600))
    assert not await names.use("a", 600)


async def test_names_in_memory_do_not_pile_up() -> None:
    clock = Clock()
    names = Once("sign-in", clock)
    for number in range(25_000):
        clock.now += 1
        assert await names.use(str(number), 60)
    assert len(names._used) <= 10_000


@pytest.mark.parametrize("place", ["redis"], indirect=True)
async def test_a_lease_is_one_processs_and_ends_by_itself_where_that_was_killed(
    place: str, shared_redis: RedisServer
) -> None:
    inside: list[int] = []

    async def work(number: int) -> None:
        async with leased("work", 60):
            assert not inside
            inside.append(number)
            await asyncio.sleep(0)
            inside.remove(number)

    await asyncio.gather(*(work(number) for number in range(5)))
    client = shared_redis.client()
    assert client.keys("*lease*") == []
    client.set(key("lease", "work"), "of a process that was killed", px=200)
    await work(6)


@pytest.mark.parametrize("place", ["redis"], indirect=True)
async def test_who_was_too_slow_does_not_end_the_lease_of_the_next(
    place: str, shared_redis: RedisServer
) -> None:
    client = shared_redis.client()
    async with leased("work", 60):
        client.set(key("lease", "work"), "of another process")
    assert client.get(key("lease", "work")) == b"of another process"
