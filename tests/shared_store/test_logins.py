"""Logins that several hosts share: what one of them changes, the others know; and outages."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from chat_app.auth.logins import Logins
from chat_app.auth.person import Person
from chat_app.shared_store import logins as shared_logins
from chat_app.shared_store.logins import SharedLogins
from chat_app.shared_store.redis import SharedStore, SharedStoreDownError
from tests.helpers.redis_server import running_redis, shared_redis

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from tests.helpers.redis_server import RedisServer

    Opened = Callable[[], Logins]

__all__ = ["running_redis", "shared_redis"]

ANNA, BEN = Person("password:anna", "Anna"), Person("password:ben", "Ben")


@pytest_asyncio.fixture
async def opened(shared_redis: RedisServer) -> AsyncGenerator[Opened]:
    """The logins as another host has them."""
    stores = []

    def open_them() -> Logins:
        stores.append(SharedStore(shared_redis.url, timeout=10, tried_every=0))
        return Logins(SharedLogins(stores[-1]), secret=b"s" * 32, lasts=9e8, idle=9e6)

    yield open_them
    for store in stores:
        await store.aclose()


async def test_open_sockets_know_of_a_revoked_login_by_the_changes_alone(opened: Opened) -> None:
    here, there = opened(), opened()
    revoked, kept = here.make(ANNA)[1], here.make(BEN)[1]
    for login in (revoked, kept):
        await there.look_up_id(login.id)
    await there.catch_up()
    here.revoke(revoked.id)
    assert there.find(revoked.id) == revoked  # as of then
    await there.catch_up()
    assert there.find(revoked.id) is None
    assert there.find(kept.id) == kept


async def test_a_login_that_is_revoked_while_another_host_reads_it_is_not_valid_there(
    opened: Opened, shared_redis: RedisServer
) -> None:
    here, login = opened(), opened().make(ANNA)[1]
    link = HeldAnswers(shared_redis.port)
    async with await asyncio.start_server(link.connect, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = shared_redis.url.replace(f":{shared_redis.port}/", f":{port}/")
        store = SharedStore(url, timeout=300)
        there = Logins(SharedLogins(store), secret=b"s" * 32, lasts=9e8, idle=9e6)
        await there.catch_up()
        reading = asyncio.create_task(asyncio.to_thread(there.find, login.id))
        await link.is_held.wait()
        here.revoke(login.id)
        await there.catch_up()
        link.released.set()
        await reading
        assert there.find(login.id) is None
        await store.aclose()


class HeldAnswers:
    """A proxy to Redis that holds the first answer with a whole login until it is released."""

    def __init__(self, port: int) -> None:
        self.is_held, self.released = asyncio.Event(), asyncio.Event()
        self._port = port

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", self._port)
        with suppress(OSError):
            await asyncio.gather(self._pass_on(reader, there[1]), self._pass_on(there[0], writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while some := await reader.read(65_536):
                if b"is_admin" in some and not self.is_held.is_set():
                    self.is_held.set()
                    await self.released.wait()
                writer.write(some)
                await writer.drain()
        finally:
            writer.close()


async def test_what_others_write_into_redis_is_no_login_and_ends_no_watch(
    opened: Opened, shared_redis: RedisServer
) -> None:
    here, there = opened(), opened()
    spoilt, revoked = here.make(ANNA)[1], here.make(BEN)[1]
    for login in (spoilt, revoked):
        await there.look_up_id(login.id)
    await there.catch_up()
    client = shared_redis.client()
    client.hset(f"chat:login:{spoilt.id}", "ends", "never")
    client.xadd("chat:logins:changes", {"id": spoilt.id})
    client.xadd("chat:logins:changes", {"of": "another program"})
    here.revoke(revoked.id)
    await there.catch_up()
    assert there.find(spoilt.id) is None
    assert there.find(revoked.id) is None


async def test_a_host_that_has_missed_changes_reads_all_of_its_logins_again(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_logins, "_MOST_CHANGES", 4)
    here, there = opened(), opened()
    logins = [here.make(ANNA)[1] for _ in range(10)]
    for login in logins:
        await there.look_up_id(login.id)
    await there.catch_up()
    for login in logins:
        here.revoke(login.id)
    await there.catch_up()
    assert [there.find(login.id) for login in logins] == [None] * 10


async def test_during_an_outage_known_logins_go_on_and_unknown_ones_are_not_refused(
    opened: Opened, shared_redis: RedisServer
) -> None:
    here, there = opened(), opened()
    known_by_secret, known = here.make(ANNA)
    secret, other = here.make(BEN)
    await there.look_up(known_by_secret)
    await there.catch_up()
    shared_redis.stop()
    await there.look_up(known_by_secret)
    assert there.presented(known_by_secret) == known
    with pytest.raises(SharedStoreDownError):
        await there.catch_up()
    assert there.find(known.id) == known
    with pytest.raises(SharedStoreDownError):
        await there.look_up(secret)
    with pytest.raises(SharedStoreDownError):
        there.find(other.id)
    shared_redis.start()
    await there.look_up(secret)
    assert there.presented(secret) == other


async def test_what_was_revoked_around_an_outage_is_known_after_it(
    opened: Opened, shared_redis: RedisServer
) -> None:
    here, there = opened(), opened()
    login = here.make(ANNA)[1]
    await there.look_up_id(login.id)
    await there.catch_up()
    here.revoke(login.id)
    shared_redis.kill()
    with pytest.raises(SharedStoreDownError):
        await there.catch_up()
    assert there.find(login.id) == login
    shared_redis.start()
    await there.catch_up()
    assert there.find(login.id) is None


async def test_logins_are_gone_with_a_redis_that_was_emptied(
    opened: Opened, shared_redis: RedisServer
) -> None:
    store = opened()
    secret, _ = store.make(ANNA)
    shared_redis.client().flushall()
    await store.look_up(secret)
    assert store.presented(secret) is None


async def test_activity_on_one_host_keeps_the_login_on_another(opened: Opened) -> None:
    here, there = opened(), opened()
    login = here.make(ANNA)[1]
    await there.look_up_id(login.id)
    await there.catch_up()
    here._now = lambda: time.time() + 3600
    here.note_use(login.id)
    there._now = lambda: time.time() + 9e6 + 1800  # too late for what it did before
    assert there.find(login.id) is None
    await there.catch_up()
    assert there.find(login.id) == login


def test_activity_of_a_login_that_was_revoked_does_not_bring_it_back(
    opened: Opened, shared_redis: RedisServer
) -> None:
    here, there = opened(), opened()
    login = here.make(ANNA)[1]
    assert there.find(login.id)
    here.revoke(login.id)
    there._now = lambda: time.time() + 3600
    there.note_use(login.id)
    there.keep_data(login.id, b"token")
    assert there.find(login.id) is None
    assert not shared_redis.client().keys(f"*{login.id}*")


def test_redis_holds_no_secret_and_nothing_for_ever(
    opened: Opened, shared_redis: RedisServer
) -> None:
    secret, _ = opened().make(ANNA, b"a-token-of-a-provider")
    client = shared_redis.client()
    keys = client.keys("*")
    assert all(name.startswith(b"chat:") for name in keys)
    dumped = b"".join(client.dump(name) or b"" for name in keys)
    assert b"Anna" in dumped
    assert secret.encode() not in dumped
    assert b"a-token-of-a-provider" not in dumped
    assert all(client.ttl(name) > 0 for name in keys)
