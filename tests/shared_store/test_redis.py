"""The connection to Redis: quick, also where Redis is gone, and told of once."""

from __future__ import annotations

import asyncio
import time

import pytest

from chat_app.shared_store.redis import PREFIX, SharedStore, SharedStoreDownError, key
from tests.helpers.clock import Clock
from tests.helpers.ports import free_port
from tests.helpers.redis_server import RedisServer, running_redis, shared_redis

__all__ = ["running_redis", "shared_redis"]


@pytest.fixture
def server(shared_redis: RedisServer) -> RedisServer:
    return shared_redis


async def test_a_thread_and_an_event_loop_see_the_same(server: RedisServer) -> None:
    store = SharedStore(server.url)

    def write() -> None:
        with store.client() as client:
            client.set(key("greeting", "1"), "hello")

    await asyncio.to_thread(write)
    async with store.async_client() as client:
        assert await client.get("chat:greeting:1") == b"hello"
    assert key("a").startswith(PREFIX)
    await store.aclose()


async def test_it_goes_on_after_redis_was_started_again(server: RedisServer) -> None:
    store = SharedStore(server.url, tried_every=0)
    async with store.async_client() as client:
        await client.set("kept", 1)
    with store.client() as client:
        client.get("kept")
    server.stop()
    with pytest.raises(SharedStoreDownError), store.client() as client:
        client.get("kept")
    assert not await store.ping()
    assert not store.is_up
    server.start()
    assert await store.ping()
    assert store.is_up
    with store.client() as client:
        assert client.get("kept") == b"1"
    await store.aclose()


async def test_during_an_outage_only_one_call_in_a_while_tries(server: RedisServer) -> None:
    clock = Clock()
    store = SharedStore(server.url, tried_every=5, now=clock)
    server.stop()
    assert not await store.ping()
    server.start()
    assert not await store.ping()
    clock.now += 4.9
    with pytest.raises(SharedStoreDownError), store.client():
        pytest.fail("the block must not begin")
    clock.now += 0.2
    assert await store.ping()
    await store.aclose()


async def test_a_redis_that_answers_nothing_holds_no_call_for_long(server: RedisServer) -> None:
    store = SharedStore(server.url, timeout=2, tried_every=600)
    assert await store.ping()
    server.freeze()
    try:
        begun = time.monotonic()
        assert not await store.ping()
        assert time.monotonic() - begun >= 1  # it was asked
        used = time.process_time()
        for _ in range(100):
            assert not await store.ping()
            with pytest.raises(SharedStoreDownError), store.client() as client:
                client.get("x")
        assert time.process_time() - used < 2  # and these were not
    finally:
        server.thaw()
    await store.aclose()


async def test_an_outage_is_told_of_once_and_without_the_password(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    store = SharedStore(server.url, tried_every=0)
    server.stop()
    for _ in range(5):
        assert not await store.ping()
    server.start()
    assert await store.ping()
    begun, ended = [record.getMessage() for record in caplog.records]
    assert begun.startswith("Redis cannot be used: ConnectionError")
    assert ended.startswith("Redis is back")
    assert server.password not in caplog.text
    await store.aclose()


async def test_a_wrong_password_is_an_outage(server: RedisServer) -> None:
    store = SharedStore(server.url.replace(server.password, "another"))
    with pytest.raises(SharedStoreDownError, match="Authentication"), store.client() as client:
        client.get("x")
    assert not store.is_up


async def test_a_refused_command_is_no_outage(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    store = SharedStore(server.url)
    with store.client() as client:
        client.set("secret-of-a-person", "word")
    with pytest.raises(SharedStoreDownError), store.client() as client:
        client.lpush("secret-of-a-person", "x")
    assert store.is_up
    assert "WRONGTYPE" in caplog.text
    assert "secret-of-a-person" not in caplog.text


async def test_more_calls_than_connections_wait_for_their_turn(server: RedisServer) -> None:
    store = SharedStore(server.url, timeout=30)

    async def count() -> int:
        async with store.async_client() as client:
            return await client.incr("count")

    counted = [asyncio.ensure_future(count()) for _ in range(300)]
    assert sorted([await one for one in counted]) == [*range(1, 301)]
    await store.aclose()


def test_each_event_loop_has_connections_of_its_own(server: RedisServer) -> None:
    store = SharedStore(server.url)

    async def asked() -> bool:
        answers = await store.ping()
        await store.aclose()
        return answers

    assert asyncio.run(asked())
    assert asyncio.run(asked())


async def test_where_there_is_no_redis_it_is_down() -> None:
    store = SharedStore(f"redis://127.0.0.1:{free_port()}/0")
    assert not await store.ping()
