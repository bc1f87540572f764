"""Processes of the app know of each other what they have to."""

from __future__ import annotations

import asyncio
import os
import time
from typing import TYPE_CHECKING

import pytest

from chat_app.processes import FRESH, HostProcesses, SharedProcesses
from chat_app.shared_store.redis import SharedStore
from tests.helpers.redis_server import needs_redis

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chat_app.processes import Processes
    from tests.helpers.redis_server import RedisServer


@pytest.fixture
def process(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Callable[..., Processes]:
    """Makes one more process, of that name."""
    if kind == "files":
        return lambda name: HostProcesses(tmp_path / "processes", name)
    new_store = request.getfixturevalue("new_store")
    return lambda name: SharedProcesses(new_store(), name)


async def test_of_many_processes_one_does_a_duty(process: Callable[..., Processes]) -> None:
    claims = await asyncio.gather(*(process(f"{n}").claim("sweep", 3600) for n in range(10)))
    assert sorted(claims) == [False] * 9 + [True]
    assert not await process("late").claim("sweep", 3600)
    assert await process("0").claim("another", 3600)


async def test_a_duty_is_due_again_after_its_time(process: Callable[..., Processes]) -> None:
    assert await process("a").claim("sweep", 0.001)
    await asyncio.sleep(0.002)
    assert await process("b").claim("sweep", 0.001)


async def test_a_process_knows_what_is_open_in_others_and_not_what_is_its_own(
    process: Callable[..., Processes],
) -> None:
    one, two, three = (process(name) for name in "abc")
    await one.tell_open(["x", "y"])
    await two.tell_open(["y", "z"])
    assert await one.are_open_elsewhere() == {"y", "z"}
    assert await two.are_open_elsewhere() == {"x", "y"}
    assert await three.are_open_elsewhere() == {"x", "y", "z"}
    await one.tell_open(["x"])
    await two.tell_open([])
    assert await one.are_open_elsewhere() == set()
    assert await two.are_open_elsewhere() == {"x"}


async def test_what_a_process_has_said_is_over_when_it_has_died(tmp_path: Path) -> None:
    one, two = (HostProcesses(tmp_path, name) for name in "ab")
    await one.tell_open(["x"])
    long_ago = time.time() - FRESH - 1
    os.utime(tmp_path / "open.a", (long_ago, long_ago))
    assert await two.are_open_elsewhere() == set()


async def test_processes_without_a_common_place_do_their_duties_each(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    one = HostProcesses(tmp_path / "file" / "processes", "a")
    assert await one.claim("sweep", 3600)
    await one.tell_open(["x"])
    assert await one.are_open_elsewhere() == set()


@needs_redis
async def test_after_an_outage_it_is_not_known_what_is_open_until_all_have_told_anew(
    redis: RedisServer, new_store: Callable[[], SharedStore]
) -> None:
    clock = [0.0]
    store = SharedStore(redis.url, timeout=60, tried_every=0.0, now=lambda: clock[0])
    one, two = SharedProcesses(new_store(), "a"), SharedProcesses(store, "b")
    await one.tell_open(["x"])
    assert await two.are_open_elsewhere() == {"x"}
    redis.stop()
    try:
        assert await two.are_open_elsewhere() is None
    finally:
        redis.start()
    assert await two.are_open_elsewhere() is None
    clock[0] += FRESH + 1
    assert await two.are_open_elsewhere() == {"x"}
    await store.aclose()
