"""What one process tells the others of: through a file, or through Redis."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from chat_app.shared_store.redis import SharedStore
from chat_app.thread_notices import FileNotices, Notices, RedisNotices, in_file
from tests.helpers.redis_server import needs_redis, running_redis, shared_redis

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    Opened = Callable[[], Notices]

__all__ = ["running_redis", "shared_redis"]


@pytest_asyncio.fixture(params=["file", pytest.param("redis", marks=needs_redis)])
async def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Opened]:
    """The notices as one more process has them."""
    if request.param == "file":
        yield lambda: FileNotices(tmp_path / "notices")
        return
    url = request.getfixturevalue("shared_redis").url
    stores: list[SharedStore] = []

    def open_them() -> Notices:
        stores.append(SharedStore(url, timeout=10))
        return RedisNotices(stores[-1])

    yield open_them
    for store in stores:
        await store.aclose()


async def test_a_process_hears_what_others_have_named_once_and_not_what_it_has_itself(
    opened: Opened,
) -> None:
    here, there = opened(), opened()
    await here.tell("before")
    assert await there.read() == []
    assert await here.read() == []
    await here.tell("one")
    await there.tell("two")
    await here.tell("three")
    assert await there.read() == ["one", "three"]
    assert await here.read() == ["two"]
    assert await there.read() == []


async def test_what_many_processes_name_at_once_all_arrives(opened: Opened) -> None:
    reader = opened()
    await reader.read()
    many = [opened() for _ in range(8)]
    named = [f"{place}-{number}" for place in range(8) for number in range(20)]
    await asyncio.gather(*(many[int(name[0])].tell(name) for name in named))
    assert sorted(await reader.read()) == sorted(named)


async def test_a_file_that_has_grown_long_begins_anew_and_what_follows_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_file, "_LONGEST", 100)
    here, there = (FileNotices(tmp_path / "notices") for _ in range(2))
    await there.read()
    heard: list[str] = []
    for number in range(50):
        await here.tell(f"thread {number}")
        heard += await there.read()
    assert heard == [f"thread {number}" for number in range(50)]
    assert (tmp_path / "notices").stat().st_size < 200
    assert (tmp_path / "notices").stat().st_mode & 0o77 == 0
