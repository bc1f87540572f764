"""Limits on people and addresses count in all processes that share a Redis."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from chat_app.middleware.clients import Clients
from chat_app.middleware.quota import Quota
from chat_app.middleware.rates import Rate
from chat_app.middleware.shared_limits import HEARD_FOR, SharedLimits
from chat_app.middleware.sockets import SocketGate, SocketLimits
from chat_app.shared_store.redis import SharedStore, SharedStoreDownError
from tests.helpers.clock import Clock
from tests.helpers.redis_server import running_redis, shared_redis

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.types import Scope

    from tests.helpers.redis_server import RedisServer

__all__ = ["running_redis", "shared_redis"]

LIMITS = SocketLimits(
    per_address=8, per_person=30, handshakes={"address": Rate(0.1, burst=20), "person": Rate(1, 1)}
)


class Process:
    """What one process counts."""

    def __init__(self, store: SharedStore, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._shared = SharedLimits()
        self._shared.begin()
        self._gate = SocketGate(LIMITS, Clients(), self._shared)

    def opens(self, count: int, client: str = "192.0.2.1") -> int:
        """How many sockets of so many could be opened."""
        return sum(self._gate.enter(_from(client), self._clock()) is not None for _ in range(count))

    def closes(self, count: int) -> None:
        for _ in range(count):
            self._gate.leave(Clients().keys(_from("192.0.2.1")))

    async def exchanges(self) -> None:
        await self._shared.exchange(self._store, self._clock())


def _from(client: str) -> Scope:
    return {"type": "websocket", "client": (client, 50_000), "headers": []}


@pytest_asyncio.fixture
async def processes(shared_redis: RedisServer, clock: Clock) -> AsyncGenerator[list[Process]]:
    store = SharedStore(shared_redis.url, timeout=10, tried_every=0)
    made = [Process(store, clock) for _ in range(3)]
    for one in made:
        await one.exchanges()
    yield made
    await store.aclose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def told(processes: list[Process]) -> None:
    """All have told, and all have heard it."""
    for _ in range(2):
        for one in processes:
            await one.exchanges()


async def test_sockets_of_an_address_are_counted_in_all_processes(
    processes: list[Process],
) -> None:
    one, two, three = processes
    assert one.opens(4) == 4
    assert two.opens(2) == 2
    await told(processes)
    assert three.opens(5) == 2
    assert three.opens(2, "192.0.2.2") == 2
    two.closes(2)
    await told(processes)
    assert one.opens(5) == 2


async def test_what_a_killed_process_held_is_free_again_after_some_seconds(
    processes: list[Process], clock: Clock
) -> None:
    one, two, _ = processes
    assert one.opens(8) == 8
    await told(processes)
    assert two.opens(1) == 0
    clock.now += HEARD_FOR + 1
    await two.exchanges()
    assert two.opens(1) == 1


async def test_how_fast_sockets_come_is_counted_in_all_processes(
    processes: list[Process], clock: Clock
) -> None:
    one, two, three = processes
    for process in (one, two):
        assert process.opens(7) == 7
        process.closes(7)
        await told(processes)
    assert three.opens(8) == 6  # of 20 at once
    three.closes(6)
    await told(processes)
    assert one.opens(1) == 0
    clock.now += 30
    await told(processes)
    assert one.opens(8) == 3


async def test_during_an_outage_each_process_counts_alone_and_afterwards_together_again(
    processes: list[Process], shared_redis: RedisServer
) -> None:
    one, two, _ = processes
    assert one.opens(6) == 6
    await told(processes)
    shared_redis.stop()
    for process in (one, two):
        with pytest.raises(SharedStoreDownError):
            await process.exchanges()
    assert two.opens(3) == 3
    shared_redis.start()
    await told(processes)
    assert one.opens(1) == 0
    assert two.opens(1) == 0


async def test_only_a_noticeable_part_of_a_limit_is_told(shared_redis: RedisServer) -> None:
    store = SharedStore(shared_redis.url, timeout=10)
    shared = SharedLimits()
    shared.begin()
    most = {"address": 100}
    sockets = shared.share("sockets", Quota(most), most)
    rates = shared.buckets("rates", "address", Rate(per_second=50, burst=500))
    for address, amount in (("192.0.2.1", 4), ("192.0.2.2", 40)):
        assert sockets.try_acquire([("address", address)], amount)
        assert rates.allow(address, amount, 0)
    await shared.exchange(store, 0)
    [(_, said)] = shared_redis.client().xrange("chat:limits")
    [words] = said.values()
    told = ["address", "192.0.2.2", 40]
    assert json.loads(words) == {"used": {"rates": [told]}, "held": {"sockets": [told]}}
    await store.aclose()


def test_a_process_that_tells_no_one_keeps_nothing_of_what_was_used() -> None:
    shared = SharedLimits()
    rates = shared.buckets("rates", "address", Rate(per_second=50, burst=500))
    for number in range(1000):
        assert rates.allow(f"192.0.2.{number}", 1, number)
    assert not rates.used


@pytest.mark.parametrize(
    "said",
    [
        "no JSON",
        "[]",
        json.dumps({"used": {}}),
        json.dumps({"used": {}, "held": {"sockets": [["address", "192.0.2.1", "many"]]}}),
        json.dumps({"used": {}, "held": {"sockets": [1]}}),
    ],
)
async def test_words_that_make_no_sense_are_left_out(
    processes: list[Process], shared_redis: RedisServer, said: str
) -> None:
    one, two, _ = processes
    shared_redis.client().xadd("chat:limits", {"another": said})
    assert one.opens(8) == 8
    await told(processes)
    assert two.opens(1) == 0
