"""Keys of this app in a thread's metadata, and those of its first version."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app.client import get_client
from chat_app.runs import thread_metadata
from tests.helpers.scripted import Script, reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chat_app.client import LangGraphClient

OWNER, OTHER = "0f9b4e0c-5b5c-4a41-9c5b-2f1f0d6d6a01", "5d1b2c1e-0000-4000-8000-000000000001"
OLD = {"owner": OWNER, "title": "Tides"}


@pytest.mark.parametrize(
    ("metadata", "title"),
    [
        (None, ""),
        ({}, ""),
        ({"chat_title": "Tides", "chat_owner": OWNER}, "Tides"),
        (OLD, "Tides"),
        (OLD | {"chat_title": "New"}, "New"),
        (OLD | {"chat_title": 5}, ""),
        ({"title": "of another program"}, ""),
        ({"title": "of another program", "owner": "ada@example.com"}, ""),
        ({"title": "of another program", "owner": "0f9b4e0c-5b5c-1a41-9c5b-2f1f0d6d6a01"}, ""),
        ({"title": ["odd"], "owner": OWNER}, ""),
        ({"title": "odd", "owner": {"id": OWNER}}, ""),
    ],
)
def test_a_title_is_read_only_where_this_app_has_written_it(
    metadata: dict[str, Any] | None, title: str
):
    assert thread_metadata.title_of(metadata) == title


def patches(script: Script) -> list[tuple[str, Any]]:
    sent = [request for request in script.requests if request.method == "PATCH"]
    return [(r.url.path, json.loads(r.content)["metadata"]) for r in sent]


def thread(thread_id: str, **metadata: Any) -> dict[str, Any]:
    return {"thread_id": thread_id, "metadata": metadata}


async def test_only_old_threads_of_this_owner_are_migrated_the_oldest_first():
    script = Script()
    found = [
        thread("newest", **OLD),
        thread("migrated", **OLD, chat_owner=OWNER),
        thread("of-another", owner=OTHER, title="Secret"),
        thread("of-a-server", owner="ada", title="Secret"),
        thread("untitled", owner=OWNER),
        {"thread_id": "bare", "metadata": None},
        thread("oldest", owner=OWNER, title="First"),
    ]
    script.on("POST", "/threads/search", reply(json=found))
    for name in "newest", "oldest":
        script.on("PATCH", f"/threads/{name}", reply(json={}))
    async with script.client() as client:
        assert await thread_metadata.migrate(client, OWNER)
    assert patches(script) == [
        ("/threads/oldest", {"chat_title": "First", "chat_owner": OWNER}),
        ("/threads/newest", {"chat_title": "Tides", "chat_owner": OWNER}),
    ]


async def test_all_pages_are_migrated():
    script = Script()
    pages = [[thread(f"{page}-{n}", **OLD) for n in range(100)] for page in range(2)]
    script.on("POST", "/threads/search", *(reply(json=page) for page in [*pages, []]))
    for row in itertools.chain(*pages):
        script.on("PATCH", f"/threads/{row['thread_id']}", reply(json={}))
    async with script.client() as client:
        assert await thread_metadata.migrate(client, OWNER)
    searches = [json.loads(r.content) for r in script.asked("POST", "/threads/search")]
    assert [search.get("offset") for search in searches] == [0, 100, 200]
    assert len(patches(script)) == 200


@pytest.mark.parametrize("status", [401, 403, 500])
async def test_a_search_that_fails_is_to_be_tried_again(status: int):
    script = Script()
    script.on("POST", "/threads/search", reply(status, json={}))
    async with script.client() as client:
        assert not await thread_metadata.migrate(client, OWNER)


@pytest.mark.parametrize(("status", "is_done"), [(403, True), (422, True), (503, False)])
async def test_a_thread_that_may_not_be_changed_does_not_keep_the_others(
    status: int, is_done: bool
):
    script = Script()
    found = [thread("second", **OLD), thread("refused", **OLD)]
    script.on("POST", "/threads/search", reply(json=found))
    script.on("PATCH", "/threads/refused", reply(status, json={}))
    script.on("PATCH", "/threads/second", reply(json={}))
    async with script.client() as client:
        assert await thread_metadata.migrate(client, OWNER) is is_done
    assert len(patches(script)) == (2 if is_done else 1)


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


async def test_on_a_real_server_the_order_by_time_stays(client: LangGraphClient):
    owner = str(uuid4())
    made = [
        await client.threads.create(metadata={"owner": owner, "title": title})
        for title in ("first", "second", "third")
    ]
    assert await thread_metadata.migrate(client, owner)
    found = await client.threads.search(
        metadata={"chat_owner": owner}, sort_by="updated_at", sort_order="desc"
    )
    assert [row["thread_id"] for row in found] == [row["thread_id"] for row in reversed(made)]
    assert [row["metadata"]["chat_title"] for row in found] == ["third", "second", "first"]
