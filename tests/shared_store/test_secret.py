"""The signing secret: one for all hosts, and known also while Redis is not there."""

from __future__ import annotations

import asyncio
import stat
from typing import TYPE_CHECKING

import pytest

from chat_app.auth.secret import keep_shared, signing_secret
from chat_app.config import settings
from chat_app.shared_store.redis import SharedStore, SharedStoreDownError, shared_store
from tests.helpers.redis_server import running_redis, shared_redis
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from tests.helpers.redis_server import RedisServer

    OfHost = Callable[[str], bytes]

__all__ = ["running_redis", "shared_redis"]

CACHES = (settings, shared_store, signing_secret)


@pytest.fixture
def of_host(
    shared_redis: RedisServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Generator[OfHost]:
    """The secret that a process finds which starts on a host of this name."""
    monkeypatch.setenv("CHAT_SECRET", "")
    monkeypatch.setenv("REDIS_URL", shared_redis.url)

    def started(name: str) -> bytes:
        monkeypatch.setenv("CHAT_DATA_DIR", str(tmp_path / name))
        for cached in CACHES:
            cached.cache_clear()
        return signing_secret()

    yield started
    for cached in CACHES:
        cached.cache_clear()


def test_all_hosts_find_the_same_secret(of_host: OfHost, tmp_path: Path) -> None:
    secret = of_host("one")
    assert len(secret) >= 32
    assert of_host("two") == secret
    assert of_host("one") == secret
    copies = list(tmp_path.glob("*/secret*"))
    assert {stat.S_IMODE(copy.stat().st_mode) for copy in copies} == {0o600}


def test_the_secret_of_a_host_that_was_alone_becomes_that_of_all(
    of_host: OfHost, tmp_path: Path
) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "secret").write_text("of a host that was alone before " * 2)
    assert of_host("one") == ("of a host that was alone before " * 2).strip().encode()
    assert of_host("two") == of_host("one")


def test_a_host_that_knows_the_secret_starts_without_redis_and_another_one_does_not(
    of_host: OfHost, shared_redis: RedisServer
) -> None:
    secret = of_host("one")
    shared_redis.stop()
    assert of_host("one") == secret
    with pytest.raises(SharedStoreDownError):
        of_host("two")
    shared_redis.start()
    assert of_host("two") == secret


def test_a_redis_that_was_emptied_gets_the_same_secret_again(
    of_host: OfHost, shared_redis: RedisServer
) -> None:
    secret = of_host("one")
    shared_redis.client().flushall()
    assert of_host("one") == secret
    assert of_host("two") == secret


async def test_a_redis_that_was_emptied_gets_the_secret_of_the_hosts_that_run(
    of_host: OfHost, shared_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    secret = of_host("one")
    store, client = SharedStore(shared_redis.url, timeout=60, tried_every=0), shared_redis.client()
    keeping = asyncio.create_task(keep_shared(store, every=0.01))
    try:
        await until(lambda: client.get("chat:secret") == secret)
        client.flushall()
        await until(lambda: client.get("chat:secret") == secret)
        assert not caplog.records
        client.set("chat:secret", "of another host" * 4)
        await until(lambda: bool(caplog.records))
        assert "CHAT_SECRET" in caplog.text
        assert secret.decode() not in caplog.text
    finally:
        keeping.cancel()
        await asyncio.wait({keeping})
        await store.aclose()
    assert of_host("a new one") == b"of another host" * 4


def test_a_secret_of_the_settings_goes_to_no_redis(
    of_host: OfHost, shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_SECRET", "x" * 32)
    assert of_host("one") == b"x" * 32
    assert shared_redis.client().keys("*") == []
