"""Graphs inside the graph, as a tab shows them: live, looked into, and read from the server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from chat_app import text
from chat_app.state import presence
from chat_app.state.agents import AgentsState
from chat_app.state.run import RunState
from tests.helpers.row_words import words_of
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

HELPER = [
    ("human", "Find out about the Nile."),
    ("text", "I ask the reader."),
    ("tool", ""),
    ("text", "It says: The Nile is long."),
]
READER = [
    ("human", "How long is the Nile?"),
    ("text", "I look."),
    ("tool", ""),
    ("text", "The Nile is long."),
]


@pytest.fixture
def app_with(
    start: Callable[..., Awaitable[Callable[[], Tab]]], langgraph_server: str
) -> Callable[..., Awaitable[Callable[[], Tab]]]:
    """Opens tabs of an app whose assistant is `name`."""

    async def app_with(name: str, **variables: str) -> Callable[[], Tab]:
        return await start(langgraph_server, CHAT_ASSISTANT=name, **variables)

    return app_with


async def asked(tab: Tab) -> Tab:
    await tab.load("/")
    await tab.send("go")
    return tab


def namespaces(rows: list[dict[str, Any]]) -> list[str]:
    return [row["namespace"] for row in rows if "namespace" in row]


def inside(tab: Tab, namespace: str) -> list[dict[str, Any]]:
    """The rows of an open panel, as the page reads them."""
    lists = (tab.var(AgentsState, name).get(namespace, []) for name in ("old", "middle", "new"))
    return [row for rows in lists for row in rows]


def said(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["kind"], words_of(row)) for row in rows if row["kind"] != "end"]


def sent_of_agents(tab: Tab, name: str) -> list[Any]:
    """The values that a var of `AgentsState` had on the page, one after the other."""
    deltas = (json.loads(delta).get(AgentsState.get_full_name(), {}) for delta in tab.sent)
    return [delta[f"{name}_rx_state_"] for delta in deltas if f"{name}_rx_state_" in delta]


async def test_a_graph_at_work_says_its_last_line_and_keeps_its_words_to_itself(
    app_with: Callable[..., Awaitable[Callable[[], Tab]]],
) -> None:
    tab = await asked((await app_with("delegates"))())
    lines = [line for lines in sent_of_agents(tab, "lines") for line in lines.values()]
    assert any("Let me look.".startswith(line) for line in lines)
    assert tab.var(AgentsState, "lines") == {}
    assert [words.strip() for words in tab.texts("text")] == ["I hand it over.", "Both are done."]
    named = [row["agent"] for row in tab.rows if "agent" in row]
    assert named == ["researcher", "researcher"]
    assert not any(sent_of_agents(tab, "new")), "none was opened"


async def test_what_a_graph_does_is_seen_live_by_who_looks_into_it(
    app_with: Callable[..., Awaitable[Callable[[], Tab]]],
) -> None:
    tab = (await app_with("delegates"))()
    await tab.load("/")
    sending = await tab.enqueue(RunState.send, message="go")
    await tab.until(lambda: namespaces(tab.rows))
    [first, *_] = namespaces(tab.rows)
    await tab.do(AgentsState.open, namespace=first)
    assert tab.running
    await sending.wait_all()
    asked, *_, answer = said(inside(tab, first))
    assert asked == ("human", "read about rivers")
    assert answer == ("text", "I did: read about rivers ")
    tail = tab.var(AgentsState, "tails")[first]
    assert (tail["kind"], tail["text"]) == ("", "")
    await tab.do(AgentsState.close, namespace=first)
    assert inside(tab, first) == []
    assert tab.var(AgentsState, "about") == {}


async def test_after_a_reload_all_of_it_is_read_from_the_server(
    app_with: Callable[..., Awaitable[Callable[[], Tab]]], client: LangGraphClient
) -> None:
    new_tab = await app_with("works")
    one = await asked(new_tab())
    [helper] = namespaces(one.rows)

    async def is_noted() -> bool:
        metadata = (await client.threads.get(one.thread_id)).get("metadata")
        return sum(key.startswith("chat_agent:") for key in metadata or {}) == 2

    await until(is_noted)
    other = new_tab()
    await other.load(f"/t/{one.thread_id}")
    assert namespaces(other.rows) == [helper]
    await other.do(AgentsState.open, namespace=helper)
    assert said(inside(other, helper)) == HELPER
    [reader] = namespaces(inside(other, helper))
    await other.do(AgentsState.open, namespace=reader)
    assert said(inside(other, reader)) == READER
    assert all(row["key"].startswith(reader) for row in inside(other, reader))
    for namespace in (helper, reader):
        await one.do(AgentsState.open, namespace=namespace)
    assert said(inside(one, reader)) == READER, "the same to who watched"
    await other.do(AgentsState.close, namespace=helper)
    assert tab_is_bare(other), "what is within goes with it"


async def test_a_tab_that_is_closed_before_the_end_has_noted_what_began(
    app_with: Callable[..., Awaitable[Callable[[], Tab]]],
    client: LangGraphClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new_tab = await app_with("works")
    one = new_tab()
    await one.load("/")
    sending = await one.enqueue(RunState.send, message="go")
    await one.until(lambda: namespaces(one.rows))
    with monkeypatch.context() as soon:
        soon.setattr(presence, "GRACE", 0.0)
        one.close()
        await sending.wait_all()

    async def is_over() -> bool:
        return (await client.threads.get(one.thread_id))["status"] == "idle"

    await until(is_over)
    other = new_tab()
    await other.load(f"/t/{one.thread_id}")
    [helper] = namespaces(other.rows)
    await other.do(AgentsState.open, namespace=helper)
    assert said(inside(other, helper)) == HELPER


async def test_a_graph_of_which_the_server_keeps_nothing_says_so(
    app_with: Callable[..., Awaitable[Callable[[], Tab]]], client: LangGraphClient
) -> None:
    new_tab = await app_with("works")
    one = await asked(new_tab())
    call = next(row for row in one.rows if row.get("name") == "write_todos")
    assert "agent" not in call
    lost = {"chat_agent:works_1": {"namespace": "tools:gone", "name": "ghost"}}
    await client.threads.update(one.thread_id, metadata=lost)
    other = new_tab()
    await other.load(f"/t/{one.thread_id}")
    assert "tools:gone" in namespaces(other.rows)
    await other.do(AgentsState.open, namespace="tools:gone")
    about = other.var(AgentsState, "about")["tools:gone"]
    assert (about["problem"], about["reading"]) == (text.AGENT_NOT_KEPT, False)


async def test_only_graphs_of_the_open_thread_are_read(
    app_with: Callable[..., Awaitable[Callable[[], Tab]]],
) -> None:
    new_tab = await app_with("works")
    one = await asked(new_tab())
    [helper] = namespaces(one.rows)
    other = new_tab()
    await other.load("/")
    for namespace in (helper, "", "tools:x", None, 7, [helper], {"a": 1}):
        await other.do(AgentsState.open, namespace=namespace)
        await other.do(AgentsState.close, namespace=namespace)
        await other.do(AgentsState.show_earlier, namespace=namespace)
    assert tab_is_bare(other)
    await one.do(AgentsState.open, namespace=helper)
    assert inside(one, helper)
    await one.go("/")
    assert tab_is_bare(one), "another thread is open"
    await one.do(AgentsState.open, namespace=helper)
    assert tab_is_bare(one)


async def test_where_steps_are_never_shown_nothing_of_them_is_sent(
    app_with: Callable[..., Awaitable[Callable[[], Tab]]],
) -> None:
    tab = await asked((await app_with("works", CHAT_STEPS="never"))())
    sent = "".join(tab.sent)
    assert "It is all in the report." in sent
    for word in ("Nile", "tools:", "report.md", "Read the sources"):
        assert word not in sent


def tab_is_bare(tab: Tab) -> bool:
    names = ("lines", "old", "middle", "new", "tails", "about")
    return not any(tab.var(AgentsState, name) for name in names)
