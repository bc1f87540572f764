"""The store of a real server, as one person may see it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from chat_app.client import get_client
from chat_app.runs import feedback, langsmith
from chat_app.runs.inspector.store import (
    LONGEST_KEY,
    LONGEST_VALUE,
    Item,
    ItemChangedError,
    Memory,
    NotAnItemError,
    NotInReachError,
    Reach,
    checked_key,
    checked_namespace,
    checked_value,
)
from tests.helpers.bad_servers import ScriptedServer, as_json
from tests.helpers.examples import examples
from tests.helpers.server import serve
from tests.helpers.values import VALUES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from chat_app.client import LangGraphClient

Everything = Reach(frozenset(), is_all=True, is_admin=True)


@pytest_asyncio.fixture
async def root(client: LangGraphClient) -> AsyncIterator[str]:
    """A first name that no other test uses; what is below it is deleted in the end."""
    name = f"test-{uuid4().hex}"
    yield name
    for item in (await client.store.search_items((name,), limit=100))["items"]:
        await client.store.delete_item(item["namespace"], item["key"])


@pytest.fixture
def server_without_pages() -> Iterator[str]:
    server = ScriptedServer()
    items = [{"namespace": ["other"], "key": str(n), "value": {}} for n in range(100)]
    server.answer = lambda _method, _path: as_json({"items": items})
    yield server.url
    server.stop()


async def put(client: LangGraphClient, *names: str, key: str = "k", **value: Any) -> None:
    await client.store.put_item(names, key, value or {"text": "x"})


async def test_a_person_sees_only_namespaces_with_the_own_name(
    client: LangGraphClient, root: str
) -> None:
    me, other = f"oidc:{root}-me", f"oidc:{root}-me-too"
    for names in (
        (root, me),
        (root, "deep", "er", me, "notes"),
        (root, other),
        (root, "deep", other),
        (root, "of-all"),
    ):
        await put(client, *names)
    memory = Memory(client, Reach(frozenset({me})))
    spaces, is_cut = await memory.namespaces()
    assert spaces == [(root, "deep", "er", me, "notes"), (root, me)]
    assert not is_cut
    found = await memory.find((root, me))
    assert [item.namespace for item in found.items] == [(root, me)]
    for names in ((), (root,), (root, other), (root, "of-all"), (root, "deep")):
        with pytest.raises(NotInReachError):
            await memory.find(names)
        with pytest.raises(NotInReachError):
            await memory.write(names, "new", {}, seen=None)
    with pytest.raises(NotInReachError):
        await memory.get((root, other), "k")
    seen = Item((root, other), "k", {"text": "x"})
    with pytest.raises(NotInReachError):
        await memory.delete(seen)
    with pytest.raises(NotInReachError):
        await memory.write((root, other), "k", {}, seen=seen)
    assert await client.store.get_item((root, other), "k")


async def test_what_the_app_keeps_is_its_persons_own_and_never_changed_here(
    client: LangGraphClient, root: str
) -> None:
    rating = (feedback.NAMESPACE, root, "thread")
    address = (langsmith.NAMESPACE, root)
    await put(client, *rating)
    await put(client, *address, address="https://api.smith.example/secret")
    everyone = Memory(client, Reach(frozenset({"someone"}), is_all=True))
    owner = Memory(client, Reach(frozenset({root}), is_all=True))
    admin = Memory(client, Everything)
    try:
        for memory, sees in ((everyone, False), (owner, True), (admin, True)):
            spaces, _ = await memory.namespaces()
            assert (rating in spaces) is sees
            assert address not in spaces
            listed = (await memory.find((), most=500)).items
            assert (rating in {item.namespace for item in listed}) is sees
            assert address not in {item.namespace for item in listed}
            with pytest.raises(NotInReachError):
                await memory.get(address, "k")
        item = await owner.get(rating, "k")
        for memory in (owner, admin):
            with pytest.raises(NotInReachError):
                await memory.write(rating, "k", {}, seen=item)
            with pytest.raises(NotInReachError):
                await memory.delete(item)
    finally:
        await client.store.delete_item(rating, "k")
        await client.store.delete_item(address, "k")


async def test_items_are_paged_filtered_and_searched(client: LangGraphClient, root: str) -> None:
    for number in range(25):
        await put(client, root, key=f"key {number}", n=number, kind="odd" if number % 2 else "even")
    await put(client, root, "below", key="Straße", text="in a street")
    memory = Memory(client, Everything)
    found = await memory.find((root,), most=20)
    assert (len(found.items), found.has_more, found.is_by_meaning) == (20, True, None)
    found = await memory.find((root,), most=40)
    assert (len(found.items), found.has_more) == (26, False)
    found = await memory.find((root,), fields={"kind": "odd"}, most=40)
    assert {item.value["n"] % 2 for item in found.items} == {1}
    found = await memory.find((root,), query="STRASSE")
    assert [item.key for item in found.items] == ["Straße"]
    assert found.is_by_meaning is False  # this server has no index
    assert (await memory.find((root,), query="nowhere")).items == ()
    with pytest.raises(NotAnItemError):
        await memory.find((root,), fields={"n": {"$foo": 1}})


EMBED = """
def embed(texts: list[str]) -> list[list[float]]:
    return [[text.count("drink") + 0.1, text.count("town") + 0.1, 0.1] for text in texts]
"""


@pytest.mark.slow
async def test_a_server_with_an_index_searches_by_meaning(tmp_path: Path) -> None:
    (tmp_path / "embedding.py").write_text(EMBED)
    with serve(tmp_path, embed="./embedding.py:embed") as server:
        async with get_client(url=server.url) as client:
            await put(client, "me", key="home", text="a town by the sea")
            await put(client, "me", key="coffee", text="a drink with milk")
            found = await Memory(client, Everything).find(("me",), query="which drink?")
    assert found.is_by_meaning is True
    assert [item.key for item in found.items] == ["coffee", "home"]
    scores = [item.score or 0 for item in found.items]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[1]


async def test_a_server_that_does_not_page_is_not_asked_for_ever(server_without_pages: str) -> None:
    """Its answer is the same for each offset, and none of the items is in reach."""
    async with get_client(url=server_without_pages) as client, asyncio.timeout(20):
        found = await Memory(client, Reach(frozenset({"me"}))).find(("me",))
    assert found.items == ()


async def test_an_item_that_changed_meanwhile_is_not_overwritten(
    client: LangGraphClient, root: str
) -> None:
    memory = Memory(client, Everything)
    seen = await memory.write((root,), "k", {"n": 1}, seen=None)
    with pytest.raises(ItemChangedError):
        await memory.write((root,), "k", {"n": 2}, seen=None)
    await put(client, root, n=3)
    for attempt in (memory.write((root,), "k", {"n": 2}, seen=seen), memory.delete(seen)):
        with pytest.raises(ItemChangedError) as changed:
            await attempt
        assert changed.value.now
        assert changed.value.now.value == {"n": 3}
    now = await memory.get((root,), "k")
    assert now.value == {"n": 3}
    assert (await memory.write((root,), "k", {"n": 4}, seen=now)).value == {"n": 4}
    await memory.delete(await memory.get((root,), "k"))
    with pytest.raises(ItemChangedError) as changed:
        await memory.write((root,), "k", {"n": 5}, seen=now)
    assert changed.value.now is None
    with pytest.raises(NotInReachError):
        await memory.get((root,), "k")


async def test_of_two_changes_at_once_one_is_told_of_the_other(
    client: LangGraphClient, root: str
) -> None:
    memory = Memory(client, Everything)
    seen = await memory.write((root,), "k", {"n": 0}, seen=None)
    writes = [memory.write((root,), "k", {"n": n}, seen=seen) for n in (1, 2, 3)]
    ends = await asyncio.gather(*writes, return_exceptions=True)
    assert sum(isinstance(end, ItemChangedError) for end in ends) == 2
    [written] = [end for end in ends if isinstance(end, Item)]
    assert (await memory.get((root,), "k")).value == written.value


@examples(200)
@given(VALUES | st.lists(st.text(max_size=5), max_size=12))
def test_only_names_make_a_namespace(given: Any) -> None:
    try:
        names = checked_namespace(given)
    except NotAnItemError:
        return
    assert 0 < len(names) <= 10
    assert all(name and "." not in name for name in names)


@examples(200)
@given(VALUES)
def test_only_an_object_is_a_value(given: Any) -> None:
    written = json.dumps(given)
    if isinstance(given, dict):
        assert checked_value(written) == given
    else:
        with pytest.raises(NotAnItemError):
            checked_value(written)
    with pytest.raises(NotAnItemError):
        checked_value(given if not isinstance(given, str) else f"{given}}}")


@pytest.mark.parametrize(
    "given", ["", "{", '{"a": NaN}', "[" * 100_000, "{}" + " " * LONGEST_VALUE, None, 1]
)
def test_what_is_no_value_says_so(given: Any) -> None:
    with pytest.raises(NotAnItemError):
        checked_value(given)


@pytest.mark.parametrize("given", ["", "  ", "k" * (LONGEST_KEY + 1), None, ["k"]])
def test_what_is_no_key_says_so(given: Any) -> None:
    with pytest.raises(NotAnItemError):
        checked_key(given)
