"""The search of a tab: what it finds, for whom, and how the page gets there."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio

from chat_app import text
from chat_app.auth.person import Person
from chat_app.runs.thread_metadata import made_for
from chat_app.runs.threads import deletions
from chat_app.state.find import FindState
from chat_app.state.search import SearchState
from chat_app.state.thread_actions import ThreadActionsState
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

WORD = "zygomorphic"


@pytest_asyncio.fixture
async def searching(
    start: Callable[..., Awaitable], langgraph_server: str, tmp_path: Path
) -> Callable[[], Tab]:
    """Opens tabs of an app that may keep an index."""
    return await start(langgraph_server, CHAT_SEARCH_MB="50", CHAT_DATA_DIR=str(tmp_path))


async def said(client: LangGraphClient, tab: Tab, *texts: str, title: str = "") -> str:
    """A thread of the person at a tab in which this was said."""
    metadata = {**made_for(tab.person.id, title), "graph_id": "slow"}
    thread_id = (await client.threads.create(metadata=metadata))["thread_id"]
    messages = [{"type": "human", "content": each, "id": f"m{n}"} for n, each in enumerate(texts)]
    await client.threads.update_state(thread_id, {"messages": messages})
    return thread_id


def chats(tab: Tab) -> list[dict[str, Any]]:
    return tab.var(SearchState, "chats")


async def search(tab: Tab, query: str) -> list[str]:
    """The ids of the chats that are found in the end."""
    await tab.do(SearchState.search, query=query)
    assert tab.var(SearchState, "asked") == query
    return [chat["id"] for chat in chats(tab)]


async def test_a_message_is_found_with_what_was_searched_marked(
    searching: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = searching()
    thread_id = await said(client, tab, "hello", f"the {WORD.upper()} flower")
    await tab.load("/")
    assert await search(tab, "zygo") == [thread_id]
    [message] = chats(tab)[0]["messages"]
    assert message["id"] == "m1"
    marked = [piece["text"] for piece in message["snippet"] if piece["is_hit"]]
    assert marked == ["ZYGO"]


async def test_another_person_finds_nothing_of_it(
    searching: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab, other = searching(), searching()
    other.person = Person(str(uuid4()))
    await said(client, tab, WORD)
    await tab.load("/")
    await other.load("/")
    assert len(await search(tab, WORD)) == 1
    assert await search(other, WORD) == []


async def test_an_answer_of_a_moment_ago_is_found(
    searching: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = searching()
    await tab.load("/")
    assert await search(tab, WORD) == []
    await tab.send(f"1 {WORD}")
    await search(tab, "")
    sending = await tab.enqueue(SearchState.search, query=WORD)
    await until(lambda: [chat["id"] for chat in chats(tab)] == [tab.thread_id])
    await sending.wait_all()


async def test_an_empty_query_clears_the_answer(
    searching: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = searching()
    await said(client, tab, WORD)
    await tab.load("/")
    assert await search(tab, WORD)
    assert await search(tab, " ") == []
    assert tab.var(SearchState, "note") == ""


async def test_where_no_index_may_be_kept_titles_are_found_and_it_is_said(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    titled = await said(client, tab, "hello", title=f"On {WORD}")
    await said(client, tab, WORD)
    await tab.load("/")
    assert await search(tab, WORD) == [titled]
    assert tab.var(SearchState, "note") == text.ONLY_TITLES


async def test_a_server_that_is_gone_is_said(
    start: Callable[..., Awaitable], network: Any, tmp_path: Path
) -> None:
    new_tab = await start(network.url, CHAT_SEARCH_MB="50", CHAT_DATA_DIR=str(tmp_path))
    tab = new_tab()
    await tab.load("/")
    await search(tab, WORD)
    await tab.send(f"1 {WORD}")

    async def is_found() -> bool:
        return bool(await search(tab, WORD))

    await until(is_found)
    network.refuse("POST", "/threads/search")
    await tab.do(SearchState.search, query=f"{WORD[:5]}")
    assert chats(tab) == []
    assert tab.var(SearchState, "note")


@pytest.mark.parametrize("query", [None, 7, [], {}, True])
async def test_a_query_that_is_no_text_is_ignored(tab: Tab, query: Any) -> None:
    await tab.do(SearchState.search, query=query)
    assert tab.var(SearchState, "asked") == ""


async def test_a_message_before_the_rows_of_the_page_comes_onto_it(
    searching: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = searching()
    texts = [f"message {n}" for n in range(200)]
    thread_id = await said(client, tab, *texts)
    await tab.load(f"/t/{thread_id}")
    assert len(tab.rows) < 100
    await tab.do(FindState.find, message_id="m5", query="message", request="r")
    assert tab.var(FindState, "place") == 5
    assert tab.var(FindState, "request") == "r"
    assert {"5", "199"} <= {row["key"] for row in tab.rows}


async def test_a_message_without_its_id_is_found_by_its_words(
    searching: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = searching()
    thread_id = await said(client, tab, "one", f"two {WORD}", "three")
    await tab.load(f"/t/{thread_id}")
    await tab.do(FindState.find, message_id="other", query=WORD, request="r")
    assert tab.var(FindState, "place") == 1
    await tab.do(FindState.find, message_id="other", query="nothing", request="s")
    assert tab.var(FindState, "place") == -1


@pytest.mark.parametrize("odd", [None, 7, [], {}])
async def test_an_odd_request_for_a_message_is_ignored(tab: Tab, odd: Any) -> None:
    await tab.do(FindState.find, message_id=odd, query="", request="r")
    assert tab.var(FindState, "request") == ""


async def test_who_lost_a_role_finds_no_more_what_it_gave(
    start: Callable[..., Awaitable], langgraph_server: str, client: LangGraphClient, tmp_path: Path
) -> None:
    new_tab = await start(
        langgraph_server,
        CHAT_SEARCH_MB="50",
        CHAT_DATA_DIR=str(tmp_path),
        CHAT_ADMINS_SEE_ALL="true",
    )
    word, tab, other = f"w{uuid4().hex}", new_tab(), new_tab()
    other.person = Person(str(uuid4()))
    foreign = await said(client, other, word)
    tab.person = Person(str(uuid4()), is_admin=True)
    await tab.load("/")
    assert await search(tab, word) == [foreign]
    tab.person = Person(tab.person.id)
    await tab.load("/")
    assert await search(tab, word) == []


async def test_nothing_of_a_deleted_chat_is_left_in_the_index(
    searching: Callable[[], Tab],
    client: LangGraphClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deletions, "DELETED_AFTER", 0.01)  # the index looks less often
    tab = searching()
    thread_id = await said(client, tab, WORD, title=f"{WORD} title")
    await tab.load("/")
    assert await search(tab, WORD) == [thread_id]
    [file] = (tmp_path / "search").glob("*.sqlite3")

    def texts() -> list[Any]:
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as rows:
            return rows.execute("SELECT title FROM threads").fetchall()

    assert texts() == [(f"{WORD} title",)]
    await tab.do(SearchState.search, query="")
    await tab.do(ThreadActionsState.delete, thread_ids=[thread_id])
    await until(lambda: texts() == [])
