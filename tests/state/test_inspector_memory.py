"""The Memory tab of the inspector, with tabs at a real server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio

from chat_app import text as words
from chat_app.auth.memories import reach_of
from chat_app.auth.person import Person
from chat_app.config import settings
from chat_app.runs.feedback import name_of
from chat_app.state.inspector.memory import MemoryState

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

CANARY = "a secret memory of 0.5772156649"


@pytest_asyncio.fixture
async def root(client: LangGraphClient) -> AsyncIterator[str]:
    """A first name that no other test uses; what is below it is deleted in the end."""
    name = f"test-{uuid4().hex}"
    yield name
    for item in (await client.store.search_items((name,), limit=100))["items"]:
        await client.store.delete_item(item["namespace"], item["key"])


def keys(tab: Tab) -> list[str]:
    return [row["key"] for row in tab.var(MemoryState, "items")]


def opened(tab: Tab) -> dict[str, Any]:
    return tab.var(MemoryState, "item")


def problem(tab: Tab) -> str:
    return tab.var(MemoryState, "problem")


async def test_an_item_is_made_found_edited_and_deleted(
    tab: Tab, client: LangGraphClient, root: str
) -> None:
    large = {"n": 1234567890123456789, "text": "ü\ud83d\ude00"}
    await tab.do(MemoryState.load)
    written = '{"text": "<b>x</b>"}'
    await tab.do(MemoryState.create, names=[root, "a"], key="k 1", value=written)
    assert tab.var(MemoryState, "said") == words.ITEM_CREATED
    assert opened(tab)["key"] == "k 1"
    assert keys(tab) == ["k 1"]
    assert [root, "a"] in [row["names"] for row in tab.var(MemoryState, "spaces")]
    await tab.do(MemoryState.create, names=[root, "a"], key="k 1", value="{}")
    assert problem(tab) == words.ITEM_EXISTS
    await client.store.put_item((root, "b"), "k2", large)
    await tab.do(MemoryState.choose, names=[root])
    assert sorted(keys(tab)) == ["k 1", "k2"]
    await tab.do(MemoryState.search, query="<B>", fields="")
    assert keys(tab) == ["k 1"]
    assert tab.var(MemoryState, "searched") == "text"
    await tab.do(MemoryState.search, query="", fields='{"n": 1234567890123456789}')
    assert keys(tab) == ["k2"]
    await tab.do(MemoryState.choose, names=[root])
    assert sorted(keys(tab)) == ["k 1", "k2"]  # a search is of one namespace
    assert tab.var(MemoryState, "searched") == ""
    await tab.do(MemoryState.open, names=[root, "b"], key="k2")
    text = opened(tab)["json"]
    assert json.loads(text)["n"] == large["n"]
    await tab.do(MemoryState.save, value=text.replace("123456", "654321"))
    item = await client.store.get_item((root, "b"), "k2")
    assert item
    assert item["value"]["n"] == 6543217890654321789
    assert not tab.var(MemoryState, "conflict")
    await tab.do(MemoryState.delete)
    assert await client.store.get_item((root, "b"), "k2") is None
    assert opened(tab)["key"] == ""


async def test_a_change_of_another_program_is_shown_and_decided_on(
    tab: Tab, client: LangGraphClient, root: str
) -> None:
    async def conflict(action: Any, **payload: Any) -> None:
        await client.store.put_item((root,), "k", {"n": 1})
        await tab.do(MemoryState.open, names=[root], key="k")
        await client.store.put_item((root,), "k", {"n": 2})
        await tab.do(action, **payload)
        assert tab.var(MemoryState, "conflict")
        assert problem(tab) == words.ITEM_CHANGED
        assert json.loads(tab.var(MemoryState, "theirs")) == {"n": 2}
        assert (await client.store.get_item((root,), "k") or {})["value"] == {"n": 2}

    await tab.do(MemoryState.load)
    await conflict(MemoryState.save, value='{"n": 3}')
    await tab.do(MemoryState.save, value='{"n": 3}')
    assert tab.var(MemoryState, "conflict")  # still, unless the person says so
    await tab.do(MemoryState.save, value='{"n": 3}', is_sure=True)
    assert not tab.var(MemoryState, "conflict")
    assert (await client.store.get_item((root,), "k") or {})["value"] == {"n": 3}
    await conflict(MemoryState.save, value='{"n": 4}', is_sure=True)  # sure of nothing yet
    await tab.do(MemoryState.take_theirs)
    assert json.loads(opened(tab)["json"]) == {"n": 2}
    await conflict(MemoryState.delete)
    await tab.do(MemoryState.delete, is_sure=True)
    assert await client.store.get_item((root,), "k") is None


async def test_an_item_that_was_deleted_meanwhile_is_written_only_if_meant(
    tab: Tab, client: LangGraphClient, root: str
) -> None:
    await client.store.put_item((root,), "k", {"n": 1})
    await tab.do(MemoryState.open, names=[root], key="k")
    await client.store.delete_item((root,), "k")
    await tab.do(MemoryState.save, value='{"n": 3}')
    assert problem(tab) == words.ITEM_DELETED_MEANWHILE
    assert await client.store.get_item((root,), "k") is None
    await tab.do(MemoryState.save, value='{"n": 3}', is_sure=True)
    assert (await client.store.get_item((root,), "k") or {})["value"] == {"n": 3}


async def test_odd_arguments_do_nothing(tab: Tab, client: LangGraphClient, root: str) -> None:
    await client.store.put_item((root,), "k", {"n": 1})
    await tab.do(MemoryState.open, names=[root], key="k")
    for odd in ("", "{", "[]", "7", None, 7, [], {"a": 1}, '{"a": NaN}'):
        await tab.do(MemoryState.save, value=odd)
        assert problem(tab)
    for names in (None, 1, "a", [1], [""], ["a.b"], [root] * 11, {"a": 1}, [None]):
        await tab.do(MemoryState.create, names=names, key="x", value="{}")
        assert problem(tab) == words.NAMESPACE_WRONG
        await tab.do(MemoryState.open, names=names, key="k")
        assert problem(tab) == words.NAMESPACE_WRONG
        await tab.do(MemoryState.choose, names=names)
    for odd in (None, 1, [], {}):
        await tab.do(MemoryState.search, query=odd, fields="")
        await tab.do(MemoryState.search, query="", fields=odd)
    await tab.do(MemoryState.search, query="", fields="[1]")
    assert problem(tab) == words.VALUE_NOT_OBJECT
    item = await client.store.get_item((root,), "k")
    assert item
    assert item["value"] == {"n": 1}


SIGNED_IN = {"CHAT_AUTH": "password", "CHAT_INSPECTOR": "everyone", "CHAT_ADMINS": '["root"]'}


async def test_where_people_sign_in_nobody_sees_or_changes_the_memories_of_another(
    start: Start, langgraph_server: str, client: LangGraphClient, root: str
) -> None:
    new_tab = await start(langgraph_server, **SIGNED_IN)
    ada, bob = f"password:{root}-ada", f"password:{root}-bob"
    theirs = {
        (root, bob): "one of Bob's",
        (root, f"{ada}-and-more"): "of a name that begins like Ada's",
        (root,): "of nobody",
        (bob, "notes"): "more of Bob's",
    }
    for names in theirs:
        await client.store.put_item(names, "k", {"text": CANARY})
    await client.store.put_item((root, ada), "k", {"text": "Ada's own"})
    tab = new_tab()
    tab.person = Person(ada, "ada")
    await tab.load("/")
    await tab.do(MemoryState.load)
    assert [row["names"] for row in tab.var(MemoryState, "spaces")] == [[root, ada]]
    assert tab.var(MemoryState, "chosen") == [root, ada]
    assert keys(tab) == ["k"]
    for names in ((), *theirs):
        await tab.do(MemoryState.choose, names=list(names))
        assert tab.var(MemoryState, "chosen") == [root, ada]
        await tab.do(MemoryState.open, names=list(names), key="k")
        await tab.do(MemoryState.save, value='{"text": "changed"}')
        await tab.do(MemoryState.delete, is_sure=True)
        await tab.do(MemoryState.create, names=list(names), key="new", value="{}")
        await tab.do(MemoryState.search, query="secret", fields="")
    received = "".join(tab.sent)
    assert CANARY not in received
    assert bob not in received
    assert CANARY not in await tab.state()
    for names in theirs:
        item = await client.store.get_item(names, "k")
        assert item
        assert item["value"] == {"text": CANARY}
        assert await client.store.get_item(names, "new") is None
    admin = new_tab()
    admin.person = Person("password:root")
    await admin.load("/")
    await admin.do(MemoryState.load)
    seen = [tuple(row["names"]) for row in admin.var(MemoryState, "spaces")]
    assert {*theirs, (root, ada)} <= {*seen}
    await client.store.delete_item((bob, "notes"), "k")


@pytest.mark.parametrize("inspector", ["off", "admins"])
async def test_who_may_not_inspect_sees_no_memory(
    start: Start, langgraph_server: str, client: LangGraphClient, root: str, inspector: str
) -> None:
    await client.store.put_item((root,), "k", {"text": CANARY})
    tab = (await start(langgraph_server, CHAT_INSPECTOR=inspector))()
    await tab.load("/")
    for handler, payload in (
        (MemoryState.load, {}),
        (MemoryState.choose, {"names": [root]}),
        (MemoryState.open, {"names": [root], "key": "k"}),
        (MemoryState.search, {"query": "secret", "fields": ""}),
        (MemoryState.create, {"names": [root], "key": "new", "value": "{}"}),
        (MemoryState.save, {"value": "{}", "is_sure": True}),
        (MemoryState.delete, {"is_sure": True}),
    ):
        await tab.do(handler, **payload)
    assert root not in "".join(tab.sent)
    item = await client.store.get_item((root,), "k")
    assert item
    assert item["value"] == {"text": CANARY}
    assert await client.store.get_item((root,), "new") is None


@pytest.mark.parametrize(
    ("person", "setting", "is_all", "names"),
    [
        (Person("u-1"), {}, True, {"u-1"}),
        (Person("u-1"), {"unowned_threads": "admins"}, False, {"u-1"}),
        (Person("password:ada"), {"auth": "password"}, False, {"password:ada"}),
        (
            Person("oidc:17"),
            {"auth": "oidc", "forward_identity": "token"},
            False,
            {"oidc:17", "17"},
        ),
        (
            Person("password:root"),
            {"auth": "password", "admins": ["root"]},
            True,
            {"password:root"},
        ),
        (Person("oidc:x", is_admin=True), {"auth": "oidc"}, True, {"oidc:x"}),
    ],
)
def test_which_namespaces_are_a_persons(
    monkeypatch: pytest.MonkeyPatch,
    person: Person,
    setting: dict[str, Any],
    is_all: bool,
    names: set[str],
) -> None:
    for name, value in setting.items():
        monkeypatch.setattr(settings(), name, value)
    reach = reach_of(person)
    assert reach.is_all is is_all
    assert reach.own == names | {name_of(person.id)}
