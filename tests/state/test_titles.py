"""The title of a chat: of a person, the graph or an assistant, else a cut of the question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app.runs.thread_metadata import OWNER, TEMPORARY, TITLE, TITLE_FROM
from chat_app.state.run import RunState
from chat_app.state.thread_actions import ThreadActionsState
from chat_app.state.threads import ThreadsState
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.network import Network


async def given(client: LangGraphClient, thread_id: str) -> tuple[str, str]:
    """The title in the metadata of a thread, and who gave it."""
    metadata: Any = (await client.threads.get(thread_id))["metadata"]
    return metadata.get(TITLE), metadata.get(TITLE_FROM, "")


@pytest.mark.parametrize(
    ("graph", "title"), [("titled", "State hello"), ("announces", "Event hello")]
)
async def test_the_graph_gives_the_title_everywhere(
    start: Callable[..., Awaitable],
    langgraph_server: str,
    client: LangGraphClient,
    graph: str,
    title: str,
) -> None:
    new_tab = await start(langgraph_server, CHAT_ASSISTANT=graph)
    tab, other = new_tab(), new_tab()
    await tab.load("/")
    await tab.send("hello")
    await until(lambda: tab.var(RunState, "title") == title)

    async def is_saved() -> bool:
        return await given(client, tab.thread_id) == (title, "graph")

    await until(is_saved)
    await other.load(f"/t/{tab.thread_id}")
    assert other.var(RunState, "title") == title
    links = {link["id"]: link["title"] for link in other.var(ThreadsState, "links")}
    assert links[tab.thread_id] == title


async def test_a_title_of_the_person_stays(
    start: Callable[..., Awaitable], langgraph_server: str, client: LangGraphClient
) -> None:
    new_tab = await start(langgraph_server, CHAT_ASSISTANT="titled")
    tab = new_tab()
    await tab.load("/")
    await tab.send("hello")
    await until(lambda: tab.var(RunState, "title") == "State hello")
    await tab.do(ThreadActionsState.rename, thread_id=tab.thread_id, title="Mine")
    await tab.send("again")
    await until(lambda: tab.var(RunState, "title") == "Mine")
    assert await given(client, tab.thread_id) == ("Mine", "person")
    await tab.load(f"/t/{tab.thread_id}")
    assert tab.var(RunState, "title") == "Mine"


async def test_an_assistant_makes_the_title_of_the_first_exchange(
    start: Callable[..., Awaitable], langgraph_server: str, client: LangGraphClient
) -> None:
    new_tab = await start(langgraph_server, CHAT_ASSISTANT="agent", CHAT_TITLE_ASSISTANT="titles")
    tab = new_tab()
    await tab.load("/")
    await tab.send("What is up?")
    await until(lambda: tab.var(RunState, "title") == "A made title")
    assert await given(client, tab.thread_id) == ("A made title", "assistant")


@pytest.mark.parametrize("assistant", ["titles", "no-such-assistant"])
async def test_where_no_title_can_be_made_the_question_stays(
    start: Callable[..., Awaitable],
    langgraph_server: str,
    client: LangGraphClient,
    caplog: pytest.LogCaptureFixture,
    assistant: str,
) -> None:
    new_tab = await start(langgraph_server, CHAT_ASSISTANT="agent", CHAT_TITLE_ASSISTANT=assistant)
    tab = new_tab()
    await tab.load("/")
    await tab.send("Please break this")
    await until(lambda: "no title could be made" in caplog.text)
    assert tab.var(RunState, "title") == "Please break this"
    assert await given(client, tab.thread_id) == ("Please break this", "")


async def test_a_temporary_chat_is_sent_to_no_assistant_for_titles(
    start: Callable[..., Awaitable], network: Any
) -> None:
    new_tab = await start(network.url, CHAT_ASSISTANT="agent", CHAT_TITLE_ASSISTANT="titles")
    tab = new_tab()
    await tab.load("/")
    await tab.do(RunState.choose_temporary, is_temporary=True)
    await tab.send("hello")
    assert not network.asked("POST", "/runs/wait")


async def test_the_run_that_makes_a_title_is_the_persons_and_in_no_list(
    start: Callable[..., Awaitable], network: Network
) -> None:
    """Its thread quotes the conversation, and is there for as long as the run."""
    asked: list[Any] = []
    network.delay("POST", "/runs/wait", 0, where=lambda each: not asked.append(each.body))
    new_tab = await start(network.url, CHAT_ASSISTANT="agent", CHAT_TITLE_ASSISTANT="titles")
    tab = new_tab()
    await tab.load("/")
    await tab.send("What is up?")
    await until(lambda: tab.var(RunState, "title") == "A made title")
    [run] = asked
    assert (run["metadata"][OWNER], run["metadata"][TEMPORARY]) == (tab.person.id, True)
