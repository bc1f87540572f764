"""The index follows a real server, and shows a person no thread of another one."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import pytest_asyncio

from chat_app.client import get_client
from chat_app.runs.backend import Backend
from chat_app.runs.search import times
from chat_app.runs.search.files import AllLimits, IndexFiles
from chat_app.runs.search.index import Limits
from chat_app.runs.search.indexer import Indexer, Indexers
from chat_app.runs.search.listing import Whose
from chat_app.runs.search.query import terms_of
from chat_app.runs.thread_metadata import ARCHIVED, OWNER, TEMPORARY, made_for
from chat_app.runs.threads.listed import Scope
from tests.helpers.server import QUICK
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json

WORD = "zygomorphic"


@pytest_asyncio.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server, retry=QUICK) as client:
        yield client


@pytest.fixture
def person() -> str:
    return str(uuid4())


@pytest.fixture
def files(tmp_path: Path) -> IndexFiles:
    return IndexFiles(tmp_path / "search")


async def thread_of(
    client: LangGraphClient, person: str, *said: str, title: str = "", more: Json | None = None
) -> str:
    """A thread in which this was said."""
    made = await client.threads.create(
        metadata={**made_for(person, title), "graph_id": "slow", **(more or {})}
    )
    thread_id = made["thread_id"]
    await say(client, thread_id, *said)
    return thread_id


async def say(client: LangGraphClient, thread_id: str, *said: str) -> None:
    messages = [{"type": "human", "content": text, "id": str(uuid4())} for text in said]
    await client.threads.update_state(thread_id, {"messages": messages})


@asynccontextmanager
async def indexing(
    client: LangGraphClient, person: str, files: IndexFiles, scope: Scope = Scope.OWN
) -> AsyncGenerator[Indexer]:
    """The indexer of a person at whose tab it works."""

    async def connect() -> LangGraphClient:
        return client

    async def no_default(_: LangGraphClient) -> str:
        return "slow"

    backend = Backend(connect=connect, default_assistant=no_default)
    indexer = Indexer(Whose(person, person, scope), backend, files)
    indexer.hold()
    try:
        yield indexer
    finally:
        indexer.release()
        await indexer.aclose()


async def found(indexer: Indexer, query: str = WORD) -> list[str]:
    return [one.id for one in (await indexer.search(terms_of(query), most=20)).threads]


async def done(indexer: Indexer) -> None:
    """Wait until all threads are read."""

    async def is_done() -> bool:
        return not (await indexer.search(terms_of(WORD), most=1)).is_indexing

    await until(is_done)


async def test_messages_and_titles_are_found(
    client: LangGraphClient, person: str, files: IndexFiles
) -> None:
    said = await thread_of(client, person, f"a {WORD} flower")
    titled = await thread_of(client, person, "hello", title=f"On {WORD}")
    async with indexing(client, person, files) as indexer:
        await done(indexer)
        assert await found(indexer) == [titled, said]


async def test_no_thread_of_another_person_is_found(
    client: LangGraphClient, person: str, files: IndexFiles
) -> None:
    other = str(uuid4())
    theirs = await thread_of(client, other, WORD)
    async with (
        indexing(client, person, files) as indexer,
        indexing(client, other, files) as other_one,
    ):
        await done(indexer)
        await done(other_one)
        assert await found(indexer) == []
        assert await found(other_one) == [theirs]


async def test_a_thread_that_changes_is_found_by_its_new_text(
    client: LangGraphClient, person: str, files: IndexFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(times, "BETWEEN_CHECKS", 0.05)
    thread_id = await thread_of(client, person, "hello")
    async with indexing(client, person, files) as indexer:
        await done(indexer)
        assert await found(indexer) == []
        await say(client, thread_id, f"now {WORD}")

        async def is_found() -> bool:
            return await found(indexer) == [thread_id]

        await until(is_found)


async def test_a_deleted_thread_is_not_found_from_that_moment_on(
    client: LangGraphClient, person: str, files: IndexFiles
) -> None:
    gone = await thread_of(client, person, WORD)
    left = await thread_of(client, person, WORD)
    async with indexing(client, person, files) as indexer:
        await done(indexer)
        await client.threads.delete(gone)
        assert await found(indexer) == [left]


async def test_a_thread_that_was_given_to_another_person_is_not_found(
    client: LangGraphClient, person: str, files: IndexFiles
) -> None:
    thread_id = await thread_of(client, person, WORD)
    async with indexing(client, person, files) as indexer:
        await done(indexer)
        await client.threads.update(thread_id, metadata={OWNER: str(uuid4())})
        assert await found(indexer) == []


async def test_archived_threads_are_found_and_temporary_ones_are_not(
    client: LangGraphClient, person: str, files: IndexFiles
) -> None:
    archived = await thread_of(client, person, WORD, more={ARCHIVED: True})
    await thread_of(client, person, WORD, more={TEMPORARY: True})
    async with indexing(client, person, files) as indexer:
        await done(indexer)
        [thread] = (await indexer.search(terms_of(WORD), most=9)).threads
        assert (thread.id, thread.is_archived) == (archived, True)


async def test_the_index_outlives_the_process_and_only_changes_are_read(
    client: LangGraphClient, person: str, files: IndexFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread_id = await thread_of(client, person, WORD)
    async with indexing(client, person, files) as indexer:
        await done(indexer)
    async with indexing(client, person, files) as indexer:
        # Nothing has to be read: what the file has is found at once.
        assert await found(indexer) == [thread_id]


@pytest.mark.parametrize("how", ["removed", "overwritten"])
async def test_a_file_that_is_lost_or_damaged_is_made_anew(
    client: LangGraphClient, person: str, files: IndexFiles, how: str
) -> None:
    thread_id = await thread_of(client, person, WORD)
    async with indexing(client, person, files) as indexer:
        await done(indexer)
        path = files.path(person)
        if how == "removed":
            path.unlink()
        else:
            for each in path.parent.iterdir():
                each.write_bytes(b"\xff" * 8192)

        async def is_found() -> bool:
            return await found(indexer) == [thread_id]

        await until(is_found)


async def test_without_a_folder_titles_are_found(
    client: LangGraphClient, person: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    titled = await thread_of(client, person, title=f"On {WORD}")
    await thread_of(client, person, WORD)
    async with indexing(client, person, IndexFiles(tmp_path / "file" / "search")) as indexer:
        await done(indexer)
        answer = await indexer.search(terms_of(WORD), most=9)
        assert [one.id for one in answer.threads] == [titled]
        assert not answer.has_text


async def test_a_limit_of_no_bytes_writes_nothing(
    client: LangGraphClient, person: str, tmp_path: Path
) -> None:
    titled = await thread_of(client, person, WORD, title=f"On {WORD}")
    async with indexing(client, person, IndexFiles(tmp_path / "none", Limits(bytes=0))) as indexer:
        await done(indexer)
        assert await found(indexer) == [titled]
    assert not (tmp_path / "none").exists()


async def test_threads_of_other_programs_are_found_by_those_who_may_use_all(
    client: LangGraphClient, person: str, files: IndexFiles
) -> None:
    word = f"w{uuid4().hex}"
    own = await thread_of(client, person, word)
    unowned = (await client.threads.create(metadata={"graph_id": "slow"}))["thread_id"]
    await say(client, unowned, word)
    foreign = await thread_of(client, str(uuid4()), word)
    for scope, expected in {
        Scope.OWN: {own},
        Scope.WITH_UNOWNED: {own, unowned},
        Scope.ALL: {own, unowned, foreign},
    }.items():
        only = IndexFiles(files.path("").parent / scope.value)
        async with indexing(client, person, only, scope) as indexer:

            async def is_found(indexer: Indexer = indexer, expected: set[str] = expected) -> bool:
                return set(await found(indexer, word)) == expected

            await until(is_found)


async def test_all_tabs_of_a_person_share_one_indexer(files: IndexFiles) -> None:
    indexers, backend = Indexers(files), Backend(connect=None, default_assistant=None)  # type: ignore[arg-type]
    one = indexers.get(Whose("a", "a"), backend)
    assert indexers.get(Whose("a", "a"), backend) is one
    assert indexers.get(Whose("a", "a\nadmin"), backend) is not one


def test_files_that_are_too_many_or_too_large_are_removed(tmp_path: Path) -> None:
    limits = AllLimits(bytes=2000, files=3)
    files = IndexFiles(tmp_path, all_limits=limits)
    paths = [files.path(str(number)) for number in range(6)]
    for age, path in enumerate(paths):
        path.write_bytes(b"x" * 900)
        os.utime(path, (1e9 * 2 - age, 1e9 * 2 - age))
    files.prune([paths[5]])
    assert [path.exists() for path in paths] == [True, True, False, False, False, True]


async def test_a_person_without_chats_has_no_file(
    client: LangGraphClient, person: str, files: IndexFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(times, "BETWEEN_CHECKS", 0.05)
    async with indexing(client, person, files) as indexer:
        await done(indexer)
        assert await indexer.titles() == []
        assert not files.path(person).parent.exists()
        thread_id = await thread_of(client, person, WORD)

        async def is_found() -> bool:
            return await found(indexer) == [thread_id]

        await until(is_found)
