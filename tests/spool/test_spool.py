"""What is kept in a spool is there for every process, once, and not for ever."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from chat_app.shared_store.redis import SharedStore
from chat_app.spool import KEPT, LEFT, Entry, Limits, SpoolDownError, SpoolFullError
from chat_app.spool.files import FileSpool
from chat_app.spool.shared import SharedSpool
from tests.helpers.redis_server import needs_redis, redis_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from chat_app.spool import Spool
    from tests.helpers.redis_server import RedisServer

LIMITS = Limits(1_000, {"person": 300, "address": 500})
ANNA, BERT = "a" * 40, "b" * 40


def entry(number: int, **more: object) -> Entry:
    return Entry(f"{number:032x}", begun=float(number), **more)  # type: ignore[arg-type]


@pytest.fixture
def process(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Callable[[], Spool]:
    """Makes the spool of one more process."""
    if kind == "files":
        return lambda: FileSpool(tmp_path / "data" / "spool", LIMITS)
    new_store = request.getfixturevalue("new_store")
    return lambda: SharedSpool(new_store(), LIMITS)


@pytest.fixture
def small_things(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> Spool:
    limits = Limits(1_000, {"person": 300, "address": 500}, least=100)
    if kind == "files":
        return FileSpool(tmp_path / "spool", limits)
    return SharedSpool(request.getfixturevalue("new_store")(), limits)


@pytest.fixture
def files(tmp_path: Path) -> Spool:
    return FileSpool(tmp_path / "data" / "spool", LIMITS)


@pytest.fixture
def spool(process: Callable[[], Spool]) -> Spool:
    return process()


async def test_another_process_reads_what_one_has_put_in_the_order_in_which_it_began(
    process: Callable[[], Spool],
) -> None:
    one, other = process(), process()
    assert await other.list(ANNA) == []
    for number in (3, 1, 2):
        await one.put(ANNA, entry(number, about={"name": "a"}), b"x" * number)
    assert [each.size for each in await other.list(ANNA)] == [1, 2, 3]
    assert await other.list(ANNA) == await one.list(ANNA)
    assert await other.read(ANNA, entry(3).id) == b"xxx"
    assert await other.read(ANNA, entry(4).id) is None
    assert await other.read(BERT, entry(3).id) is None


async def test_of_processes_that_take_the_same_thing_one_gets_it(
    process: Callable[[], Spool],
) -> None:
    for number in range(10):
        await process().put(ANNA, entry(number), b"x")
    wanted = [entry(number).id for number in range(10)]
    taken = await asyncio.gather(*(process().take(ANNA, wanted) for _ in range(8)))
    [got] = [each for each in taken if each is not None]
    assert list(got) == wanted
    assert await process().list(ANNA) == []
    assert await process().used() == 0


async def test_nothing_is_taken_where_a_part_is_missing(spool: Spool) -> None:
    await spool.put(ANNA, entry(1), b"x")
    assert await spool.take(ANNA, [entry(1).id, entry(2).id]) is None
    assert await spool.take(ANNA, [entry(1).id, "../../secret"]) is None
    assert await spool.take(BERT, [entry(1).id]) is None
    assert await spool.take(ANNA, [entry(1).id]) == {entry(1).id: (entry(1, size=1), b"x")}


async def test_the_limits_count_what_all_processes_have_put(process: Callable[[], Spool]) -> None:
    async def put(number: int, owner: str, size: int, **keys: str) -> None:
        await process().put(owner, entry(number, keys=keys), b"x" * size)

    await put(1, ANNA, 200, person="aa", address="00")
    with pytest.raises(SpoolFullError):
        await put(2, BERT, 101, person="aa", address="11")
    await put(3, BERT, 300, person="bb", address="00")
    with pytest.raises(SpoolFullError):
        await put(4, ANNA, 1, person="cc", address="00")
    await put(5, ANNA, 500)
    with pytest.raises(SpoolFullError):
        await put(6, BERT, 1)
    assert await process().used() == 1_000
    await process().drop(ANNA, entry(5).id)
    await put(7, BERT, 1)


async def test_many_small_things_reach_the_limits_too(small_things: Spool) -> None:
    spool = small_things
    for number in range(3):
        await spool.put(f"{number:040x}", entry(number, keys={"person": "aa"}), b"x")
    with pytest.raises(SpoolFullError):
        await spool.put(ANNA, entry(4, keys={"person": "aa"}), b"x")
    for number in range(7):
        await spool.put(BERT, entry(10 + number, keys={"person": f"{number:02x}"}), b"x")
    with pytest.raises(SpoolFullError):
        await spool.put(BERT, entry(20, keys={"person": "bb"}), b"x")
    assert await spool.used() == 10


@needs_redis
async def test_a_slow_link_loses_no_file_and_is_no_outage_of_all_that_is_shared(
    redis: RedisServer, new_store: Callable[[], SharedStore]
) -> None:
    link = SlowLink(redis.port)
    async with await asyncio.start_server(link.connect, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = redis.url.replace(f":{redis.port}/", f":{port}/")
        store, for_content = SharedStore(redis.url, timeout=60.0), SharedStore(url, timeout=60.0)
        hasty = SharedStore(url, timeout=0.5)
        limits = Limits(100_000_000)
        far, near = SharedSpool(store, limits, for_content), SharedSpool(new_store(), limits)
        content = b"x" * 5_000_000
        for number in (1, 2):
            await near.put(ANNA, entry(number), content)
        await far.put(ANNA, entry(3), content)
        taken = await far.take(ANNA, [entry(number).id for number in (1, 2, 3)])
        assert taken is not None
        assert [got for _, got in taken.values()] == [content] * 3
        assert link.longest > 1.0
        for number in (4, 5):
            await near.put(ANNA, entry(number), content)
        impatient = SharedSpool(store, limits, hasty)
        with pytest.raises(SpoolDownError):
            await impatient.take(ANNA, [entry(4).id, entry(5).id])
        assert [one.id for one in await near.list(ANNA)] == [entry(4).id, entry(5).id]
        assert store.is_up
        assert not hasty.is_up
        for one in (store, for_content, hasty):
            await one.aclose()


class SlowLink:
    """What a proxy to Redis does with connections: large answers take over a second."""

    def __init__(self, port: int) -> None:
        self.longest = 0.0
        """Seconds that some bytes took to come through together."""
        self._port = port

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = await asyncio.open_connection("127.0.0.1", self._port)
        with suppress(OSError):
            await asyncio.gather(self._pass_on(reader, there[1]), self._pass_on(there[0], writer))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            since = 0.0
            while some := await reader.read(65_536):
                is_large = len(some) > 10_000
                since = (since or time.monotonic()) if is_large else 0.0
                if is_large:
                    await asyncio.sleep(len(some) / 3_000_000)
                    self.longest = max(self.longest, time.monotonic() - since)
                writer.write(some)
                await writer.drain()
        finally:
            writer.close()


async def test_what_comes_back_is_kept_beyond_the_limits(spool: Spool) -> None:
    await spool.put(ANNA, entry(1), b"x" * 1_000)
    await spool.put(ANNA, entry(2), b"x", is_limited=False)
    assert await spool.used() == 1_001


async def test_a_new_chat_that_becomes_a_thread_has_what_was_under_way_then(
    process: Callable[[], Spool],
) -> None:
    one, other = process(), process()
    await one.put(ANNA, Entry("1" * 32), b"x")
    await one.put(ANNA, Entry("2" * 32, thread_id="other"), b"x")
    begun = time.time()
    await other.move(ANNA, "made")
    await one.put(ANNA, Entry("3" * 32, begun=begun), b"x")
    await one.put(ANNA, Entry("4" * 32, begun=time.time() + 1), b"x")
    threads = {each.id[0]: each.thread_id for each in await one.list(ANNA)}
    assert threads == {"1": "made", "2": "other", "3": "made", "4": ""}


async def test_what_no_page_has_asked_for_is_removed_after_a_while(tmp_path: Path) -> None:
    def process() -> FileSpool:
        return FileSpool(tmp_path / "data" / "spool", LIMITS)

    def pass_by(owner: str, seconds: float) -> None:
        folder = tmp_path / "data" / "spool" / owner
        then = folder.stat().st_mtime - seconds
        os.utime(folder, (then, then))

    for owner in (ANNA, BERT):
        await process().put(owner, entry(1), b"x")
        pass_by(owner, KEPT - 30)
    await process().touch(BERT)
    assert await process().clean_up() == 0
    pass_by(ANNA, 31)
    pass_by(BERT, 31)
    assert await process().used() == 1, "what is over counts no more"
    assert await process().clean_up() == 1
    assert (await process().list(ANNA), len(await process().list(BERT))) == ([], 1)
    await process().leave(BERT)
    pass_by(BERT, LEFT - 30)
    assert await process().clean_up() == 0
    pass_by(BERT, 31)
    assert await process().clean_up() == 1


async def test_no_one_else_on_the_host_can_read_it(files: Spool, tmp_path: Path) -> None:
    await files.put(ANNA, entry(1), b"x")
    await files.move(ANNA, "made")
    folder = tmp_path / "data" / "spool"
    assert {path.stat().st_mode & 0o077 for path in (folder, *folder.rglob("*"))} == {0}


@pytest.mark.parametrize("name", ["", "..", "a/b", "A" * 40, "../" * 20])
async def test_a_name_is_no_path(files: Spool, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        await files.put(name, entry(1), b"x")
    with pytest.raises(ValueError, match="name"):
        await files.read(ANNA, name)


@needs_redis
async def test_redis_ends_what_no_page_has_asked_for(
    redis: RedisServer, new_store: Callable[[], SharedStore]
) -> None:
    spool = SharedSpool(new_store(), LIMITS)
    await spool.put(ANNA, entry(1), b"x")
    names = redis.client().keys(f"*{ANNA}*")

    def lasts() -> set[bool]:
        return {LEFT < redis.client().ttl(name) <= KEPT for name in names}

    assert (len(names), lasts()) == (2, {True})
    await spool.leave(ANNA)
    assert lasts() == {False}
    await spool.touch(ANNA)
    assert lasts() == {True}
    redis.client().delete(*names)  # as it does when their time has come
    assert await spool.used() == 0
    await spool.put(ANNA, entry(2), b"x" * 1_000)


@needs_redis
async def test_without_its_redis_a_spool_says_so_and_has_all_of_it_afterwards(
    tmp_path: Path,
) -> None:
    with redis_server(tmp_path / "redis") as redis:
        store = SharedStore(redis.url, tried_every=0)
        spool = SharedSpool(store, LIMITS)
        await spool.put(ANNA, entry(1), b"x")
        redis.kill()
        with pytest.raises(SpoolDownError):
            await spool.list(ANNA)
        with pytest.raises(SpoolDownError):
            await spool.put(ANNA, entry(2), b"x")
        redis.start()
        assert await spool.take(ANNA, [entry(1).id])
        await store.aclose()


async def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolDownError):
        await FileSpool(tmp_path / "file" / "spool", LIMITS).put(ANNA, entry(1), b"x")
