"""The inspector's handlers show and change nothing for who may not inspect, or use the thread."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app.auth.person import Person
from chat_app.config import settings
from chat_app.state.inspector.editing import EditingState
from chat_app.state.inspector.memory import MemoryState
from chat_app.state.inspector.modes import ModesState
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.inspector.request import RequestState
from chat_app.state.inspector.runs import RunsState
from tests.security.attempts import attempts, states
from tests.security.test_foreign_threads import at_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

CANARY = "every 0.00173205080756"
"""Part of the owner's question, which the assistant `slow` understands."""
_ADDRESS = re.compile(r"/_inspect/[\w.-]+")


def of_the_inspector() -> set[str]:
    """The full names of the inspector's states."""
    found = {one.get_full_name() for one in states() if "state.inspector." in one.__module__}
    assert len(found) >= 4
    return found


def told(tab: Tab) -> dict[str, Any]:
    """What the page knows of the inspector."""
    return {name: tab.page.get(name) for name in of_the_inspector()}


@pytest.mark.parametrize("path", ["/t/{}", "/t/{}/inspect"])
async def test_nobody_inspects_or_changes_anything_where_it_is_off(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(settings(), "inspector", "off")
    await tab.send(f"3 {CANARY}")
    namespace = [f"inspector-{uuid4()}"]
    await client.store.put_item(namespace, "k", {"secret": CANARY})
    before = await at_server(client, tab.thread_id)
    await tab.load(path.format(tab.thread_id))
    known = told(tab)
    tab.sent.clear()
    tried = [
        (name, payload)
        for name, payload in attempts(tab.thread_id)
        if name.rpartition(".")[0] in of_the_inspector()
    ]
    assert len(tried) > 100
    for first in range(0, len(tried), 50):
        begun = [await tab.enqueue(name, **payload) for name, payload in tried[first:][:50]]
        await asyncio.wait(begun, timeout=10)
    assert told(tab) == known
    assert not _ADDRESS.search("".join(tab.sent))
    assert CANARY not in json.dumps(known)
    assert await at_server(client, tab.thread_id) == before
    kept = await client.store.get_item(namespace, "k")
    assert kept
    assert kept["value"] == {"secret": CANARY}
    await client.store.delete_item(namespace, "k")


async def test_no_handler_of_the_inspector_gives_or_changes_a_foreign_thread(
    tab: Tab, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    await tab.send(f"3 {CANARY}")
    [run] = await client.runs.list(tab.thread_id)
    before = await at_server(client, tab.thread_id)
    stranger = new_tab()
    stranger.person = Person(str(uuid4()))
    await stranger.load(f"/t/{tab.thread_id}/inspect")
    await stranger.do(InspectorState.show, is_open=True, tab="state")
    for about in (tab.thread_id, run["run_id"]):
        tried = [
            (name, payload)
            for name, payload in attempts(about)
            if name.rpartition(".")[0] in of_the_inspector()
        ]
        for first in range(0, len(tried), 50):
            begun = [
                await stranger.enqueue(name, **payload) for name, payload in tried[first:][:50]
            ]
            await asyncio.wait(begun, timeout=10)
    assert CANARY not in "".join(stranger.sent)
    assert CANARY not in await stranger.state()
    assert await at_server(client, tab.thread_id) == before


def changes(checkpoint: str, run_id: str) -> list[tuple[Any, dict[str, Any]]]:
    """What the inspector can do to a thread, as its own page asks for it."""
    written = {"given": None, "text": '{"messages": []}', "node": "", "forced": True}
    return [
        (EditingState.load, {}),
        (EditingState.open, {"checkpoint": checkpoint}),
        (EditingState.save, written),
        (EditingState.go_on, {"checkpoint": checkpoint, "runs": False}),
        (EditingState.go_on, {"checkpoint": checkpoint, "runs": True}),
        (EditingState.run_from, {"checkpoint": checkpoint, "given": "2"}),
        (EditingState.step, {"checkpoint": checkpoint}),
        (EditingState.set_breakpoints, {"before": ["*"], "after": ["*"]}),
        (ModesState.choose, {"modes": ["values"]}),
        (RunsState.load, {}),
        (RunsState.cancel, {"run_id": run_id}),
        (RunsState.join, {"run_id": run_id}),
        (RunsState.delete, {"run_id": run_id}),
        (RequestState.load, {"which": "last"}),
    ]


@pytest.mark.parametrize("who", ["stranger", "owner where it is off", "owner"])
async def test_a_thread_is_changed_only_by_who_may_inspect_and_use_it(
    tab: Tab,
    new_tab: Callable[[], Tab],
    client: LangGraphClient,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
) -> None:
    await tab.send(f"3 {CANARY}")
    [run] = await client.runs.list(tab.thread_id)
    checkpoint = (await client.threads.get_state(tab.thread_id))["checkpoint"]
    assert checkpoint
    before = await at_server(client, tab.thread_id)
    there = new_tab()
    there.person = Person(str(uuid4())) if who == "stranger" else tab.person
    if who == "owner where it is off":
        monkeypatch.setattr(settings(), "inspector", "off")
    await there.load(f"/t/{tab.thread_id}")
    there.sent.clear()
    for handler, payload in changes(str(checkpoint.get("checkpoint_id")), run["run_id"]):
        await there.do(handler, **payload)
    is_unchanged = await at_server(client, tab.thread_id) == before
    assert is_unchanged is (who != "owner")
    assert who == "owner" or CANARY not in json.dumps(told(there))
    assert who != "stranger" or CANARY not in "".join(there.sent)


async def test_the_memory_of_others_is_neither_shown_nor_changed(
    new_tab: Callable[[], Tab], client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "unowned_threads", "admins")
    anna, ben = Person(str(uuid4())), Person(str(uuid4()))
    hers, his = ["memories", anna.id], ["memories", ben.id]
    await client.store.put_item(hers, "k", {"secret": CANARY})
    await client.store.put_item(his, "k", {"own": 1})
    tab = new_tab()
    tab.person = ben
    await tab.load("/")
    await tab.do(MemoryState.load)
    spaces = [row["names"] for row in tab.var(MemoryState, "spaces")]
    assert his in spaces
    assert hers not in spaces
    for names in (hers, ["memories"], [], [*hers, "x"], [anna.id]):
        await tab.do(MemoryState.choose, names=names)
        await tab.do(MemoryState.search, query=CANARY, fields="")
        await tab.do(MemoryState.open, names=names, key="k")
        await tab.do(MemoryState.save, value='{"secret": "gone"}', is_sure=True)
        await tab.do(MemoryState.delete, is_sure=True)
        await tab.do(MemoryState.create, names=names, key="new", value="{}")
    await tab.do(MemoryState.open, names=his, key="k")
    await tab.do(MemoryState.create, names=hers, key="k", value='{"secret": "gone"}')
    assert CANARY not in "".join(tab.sent)
    found = await client.store.search_items(["memories", anna.id])
    assert [(item["key"], item["value"]) for item in found["items"]] == [("k", {"secret": CANARY})]
    for namespace in (hers, his):
        await client.store.delete_item(namespace, "k")
