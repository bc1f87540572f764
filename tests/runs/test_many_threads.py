"""A person with 10,000 threads, on a real server: the list is quick and downloads no values."""

from __future__ import annotations

import pickle
import statistics
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from chat_app.client import get_client
from chat_app.runs.thread_metadata import ARCHIVED, DELETED, PINNED, made_for
from chat_app.runs.threads.listed import Scope, Whose
from chat_app.runs.threads.pages import NEWEST, ThreadPages
from tests.helpers.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from chat_app.client import LangGraphClient

MANY, FOREIGN = 10_000, 500
OWNER, ANOTHER = "0f9b4e0c-5b5c-4a41-9c5b-2f1f0d6d6a01", "0f9b4e0c-5b5c-4a41-9c5b-2f1f0d6d6a02"
LONG = 100_000
"""Characters in the values of each thread: it would be a gigabyte in sum."""
FIRST_PAGE = 0.3
"""Seconds, on an idle machine."""
AS_A_BARE_REQUEST = 3
"""Times as long as the server takes for the same rows, which it does not do faster for others."""
BYTES_OF_A_ROW = 700

pytestmark = pytest.mark.slow


def seed(folder: Path) -> dict[str, UUID]:
    """Write the file in which a dev server keeps its threads; returns some of them by a name."""
    now = datetime.now(UTC)
    values = {"messages": [{"type": "human", "content": "x" * LONG, "id": "1"}]}  # one, for all
    marked = {"pinned": {PINNED: True}, "archived": {ARCHIVED: True}, "deleted": {DELETED: 1.0}}
    ids = {name: uuid4() for name in marked}
    threads = [
        thread(now - timedelta(minutes=number), values, made_for(OWNER, f"Chat {number}"))
        for number in range(MANY - len(marked))
    ]
    old = now - timedelta(days=400)
    threads += [
        thread(old, values, made_for(OWNER, name) | more, ids[name])
        for name, more in marked.items()
    ]
    # Of another person, between the own ones.
    threads += [
        thread(now - timedelta(minutes=number, seconds=30), values, made_for(ANOTHER, "Foreign"))
        for number in range(FOREIGN)
    ]
    kept = folder / ".langgraph_api"
    kept.mkdir()
    (kept / ".langgraph_ops.pckl").write_bytes(pickle.dumps({"threads": threads}))
    return ids


def thread(
    at: datetime, values: dict[str, Any], metadata: dict[str, Any], thread_id: UUID | None = None
) -> dict[str, Any]:
    """One as the server keeps it."""
    return {
        "thread_id": thread_id or uuid4(),
        "created_at": at,
        "updated_at": at,
        "state_updated_at": at,
        "metadata": {"graph_id": "slow"} | metadata,
        "status": "idle",
        "config": {"configurable": {}},
        "values": values,
        "interrupts": {},
    }


async def seconds_of(request: Callable[[], Any]) -> float:
    """How long it takes, the median of five times."""
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        await request()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def counting(client: LangGraphClient) -> list[int]:
    """The bytes of each answer that a client gets from now on."""
    sizes: list[int] = []

    async def count(answer: httpx.Response) -> None:
        sizes.append(len(await answer.aread()))

    client.threads._http._client.event_hooks["response"].append(count)
    return sizes


async def test_ten_thousand_threads_are_listed_quickly_and_without_their_values(
    tmp_path: Path,
) -> None:
    ids = seed(tmp_path)
    with serve(tmp_path, remembers=True) as server:
        async with get_client(url=server.url) as client:
            pages = ThreadPages(Whose(OWNER, Scope.OWN))
            sizes = counting(client)
            whole = await client.threads.search(metadata={"chat_owner": OWNER}, limit=1)
            assert sizes.pop() > LONG  # what a row is where its values are asked for
            assert len(whole) == 1

            async def bare() -> None:
                await client.threads.search(
                    limit=NEWEST, select=["thread_id"], sort_by="updated_at"
                )

            async def first_page() -> None:
                await pages.newest(client)
                await pages.pinned(client)

            least = await seconds_of(bare)
            limit = max(FIRST_PAGE, AS_A_BARE_REQUEST * least)
            sizes.clear()
            assert await seconds_of(first_page) < limit
            assert max(sizes) < NEWEST * BYTES_OF_A_ROW
            shared = ThreadPages(Whose(OWNER, Scope.WITH_UNOWNED))
            assert await seconds_of(lambda: shared.newest(client)) < limit

            newest = await pages.newest(client)
            pinned = await pages.pinned(client)
            assert [row.id for row in pinned] == [str(ids["pinned"])]
            assert [row.title for row in newest.rows] == [f"Chat {at}" for at in range(NEWEST)]

            sizes.clear()
            rows, cursor = list(newest.rows), newest.cursor
            while cursor:
                page = await pages.older(client, cursor)
                rows, cursor = rows + list(page.rows), page.cursor
            known = {row.id for row in rows}
            assert len(known) == MANY - 2
            assert len(rows) < MANY * 1.05  # hardly anything is sent twice
            assert not known & {str(ids["archived"]), str(ids["deleted"])}
            assert all(one.at >= other.at for one, other in pairwise(rows))
            assert sum(sizes) < MANY * 1.1 * BYTES_OF_A_ROW
