"""From a message to an answer in rows, against a real `langgraph dev`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from reflex.state import OnLoadInternalState

from chat_app.auth.person import Person
from chat_app.state.assistants import AssistantsState
from chat_app.state.draft import MESSAGE_LIMIT
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadsState
from tests.helpers.network import CREATE_THREAD, START
from tests.helpers.tab import over

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


def counted(words: int) -> str:
    return "".join(f"word{n} " for n in range(words))


async def test_a_message_makes_a_thread_and_the_answer_stands(tab: Tab) -> None:
    await tab.send("5")
    assert tab.shown == [("human", "5"), ("text", counted(5))]
    assert tab.redirects == [f"/t/{tab.thread_id}"]
    assert not tab.running


async def test_the_question_and_the_address_are_shown_before_the_server_has_anything(
    network: Network, tab: Tab
) -> None:
    creating = network.hold(*CREATE_THREAD)
    sending = await tab.enqueue(RunState.send, message="3")
    await creating.arrived.wait()
    await tab.until(lambda: tab.shown == [("human", "3")])
    assert tab.redirects == [f"/t/{tab.thread_id}"]
    assert tab.running
    assert not network.asked(*START)
    creating.release()
    await over(sending)
    await tab.painted()
    assert tab.texts("text") == [counted(3)]


async def test_a_lost_answer_to_the_creation_of_a_thread_makes_no_second_one(
    network: Network, tab: Tab, client: LangGraphClient
) -> None:
    network.lose_answer(*CREATE_THREAD, times=1)
    await tab.send("3")
    assert tab.texts("text") == [counted(3)]
    owner = tab.person.id
    found = await client.threads.search(metadata={"chat_owner": owner})
    assert [thread["thread_id"] for thread in found] == [tab.thread_id]


async def test_a_thread_carries_its_title_and_its_owner(tab: Tab, client: LangGraphClient) -> None:
    await tab.send("  4\n\n")
    thread = await client.threads.get(tab.thread_id)
    assert thread["metadata"]["chat_title"] == "4"
    assert thread["metadata"]["chat_owner"] == tab.person.id


async def test_the_sidebar_lists_the_threads_of_this_browser_newest_first(
    new_tab: Callable[[], Tab], tab: Tab
) -> None:
    first, second = await tab.send_in_two_threads()
    links = tab.var(ThreadsState, "links")
    assert [(link["id"], link["title"]) for link in links] == [(second, "2"), (first, "1")]
    same_browser, another = new_tab(), new_tab()
    another.person = Person(str(uuid4()))
    await same_browser.load("/")
    listed = same_browser.var(ThreadsState, "links")
    assert [link["id"] for link in listed] == [second, first]
    await another.load("/")
    assert another.var(ThreadsState, "links") == []


async def test_rows_end_equal_to_those_loaded_from_the_server(
    start: Callable[..., Awaitable[Callable[[], Tab]]], langgraph_server: str
) -> None:
    new_tab = await start(langgraph_server, CHAT_ASSISTANT="agent")
    here, there = new_tab(), new_tab()
    await here.load("/")
    await here.send("whats the weather in la")
    await here.send("and again")
    await there.load(f"/t/{here.thread_id}")
    assert [row["kind"] for row in here.rows] == ["human", "tool", "text", "end"] * 2
    assert here.rows[1]["status"] == "done"
    assert here.rows[1]["gist"] == "Los Angeles"
    assert there.rows == here.rows


async def test_the_redirect_after_the_first_message_leaves_the_answer_alone(tab: Tab) -> None:
    sending = await tab.enqueue(RunState.send, message="60")
    await tab.until(lambda: tab.redirects)
    await tab.go(tab.redirects[0])
    assert tab.running
    await over(sending)
    await tab.until(lambda: not tab.running)
    assert tab.shown == [("human", "60"), ("text", counted(60))]


async def test_two_quick_messages_are_answered_in_one_thread_one_after_the_other(
    tab: Tab, client: LangGraphClient
) -> None:
    sending = [await tab.enqueue(RunState.send, message=words) for words in ("30", "31")]
    for one in sending:
        await over(one)
    await tab.until(lambda: tab.texts("text") == [counted(30), counted(31)] and not tab.running)
    assert tab.texts("human") == ["30", "31"]
    assert tab.redirects == [f"/t/{tab.thread_id}"]
    assert len(await client.runs.list(tab.thread_id)) == 2


async def test_a_message_while_a_run_goes_waits_and_is_answered(tab: Tab) -> None:
    sending = await tab.enqueue(RunState.send, message="60")
    await tab.until(lambda: tab.texts("text"))
    await tab.send("7")
    await over(sending)
    await tab.until(lambda: len(tab.texts("text")) == 2 and not tab.running)
    assert tab.texts("human") == ["60", "7"]
    assert tab.texts("text") == [counted(60), counted(7)]


@pytest.mark.parametrize("message", ["", "   \n\t ", None, 7, ["a"], {"a": "b"}, True])
async def test_what_holds_no_word_is_not_sent(tab: Tab, message: Any) -> None:
    await tab.send(message)
    assert tab.shown == []
    assert tab.thread_id == ""


async def test_a_message_too_long_says_so_and_is_not_sent(tab: Tab) -> None:
    await tab.send("x" * (MESSAGE_LIMIT + 1))
    assert [kind for kind, _ in tab.shown] == ["error"]
    assert "200,000 characters" in tab.shown[0][1]
    assert tab.thread_id == ""
    await tab.send("2")
    assert tab.shown == [("human", "2"), ("text", counted(2))]


async def test_half_an_emoji_does_not_stop_the_chat(tab: Tab) -> None:
    await tab.send("5")
    await tab.send("6\ud83d")
    assert not tab.running
    assert tab.texts("human")[0] == "5"
    assert len(tab.texts("human")) == 2


async def test_a_question_that_the_graph_asks_is_shown(
    start: Callable[..., Awaitable[Callable[[], Tab]]], langgraph_server: str
) -> None:
    tab = (await start(langgraph_server, CHAT_ASSISTANT="asks"))()
    await tab.load("/")
    await tab.send("go")
    assert [row["kind"] for row in tab.rows] == ["human", "ask"]
    assert "Shall I?" in str(tab.rows[1])


async def test_the_chosen_assistant_answers_and_an_unknown_one_is_not_chosen(
    tab: Tab, client: LangGraphClient
) -> None:
    options = {option["name"]: option["id"] for option in tab.var(AssistantsState, "options")}
    assert set(options) >= {"agent", "slow", "fails", "asks"}
    assert tab.var(AssistantsState, "chosen") == options["slow"]
    for unknown in "nobody", "", None, 5, ["agent"], {"id": options["agent"]}:
        await tab.do(AssistantsState.choose, assistant_id=unknown)
        assert tab.var(AssistantsState, "chosen") == options["slow"]
    await tab.do(AssistantsState.choose, assistant_id=options["agent"])
    await tab.send("whats the weather in la")
    assert tab.texts("text") == ["It is sunny."]
    run = (await client.runs.list(tab.thread_id))[0]
    assert run["assistant_id"] == options["agent"]


async def test_two_tabs_do_not_share_anything(new_tab: Callable[[], Tab]) -> None:
    first, second = new_tab(), new_tab()
    await asyncio.gather(first.load("/"), second.load("/"))
    await asyncio.gather(first.send("20"), second.send("21"))
    assert first.shown == [("human", "20"), ("text", counted(20))]
    assert second.shown == [("human", "21"), ("text", counted(21))]
    assert first.thread_id != second.thread_id


async def test_who_asks_while_the_agent_starts_owns_the_thread_too(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    client: LangGraphClient,
) -> None:
    up = asyncio.Event()
    tab = (await start(langgraph_server, up))()
    loading = await tab.begin_load("/")
    await tab.until(lambda: tab.page)
    sending = await tab.enqueue(RunState.send, message="1")
    await tab.until(lambda: tab.running)
    up.set()
    await over(loading)
    await sending.wait_all()
    owner = (await client.threads.get(tab.thread_id))["metadata"]["chat_owner"]
    assert owner
    assert owner == tab.person.id
    assert [link["id"] for link in tab.var(ThreadsState, "links")] == [tab.thread_id]


async def test_where_steps_are_never_shown_they_are_never_sent(
    start: Callable[..., Awaitable[Callable[[], Tab]]], langgraph_server: str
) -> None:
    tab = (await start(langgraph_server, CHAT_ASSISTANT="agent", CHAT_STEPS="never"))()
    await tab.load("/")
    await tab.send("whats the weather in la")
    assert [row["kind"] for row in tab.rows] == ["human", "text", "end"]
    assert not any('"weather"' in delta for delta in tab.sent)


async def test_who_sends_and_looks_elsewhere_at_once_is_answered_all_the_same(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    client: LangGraphClient,
) -> None:
    up = asyncio.Event()
    tab = (await start(langgraph_server, up))()
    loading = await tab.begin_load("/")
    await tab.until(lambda: tab.page)
    sending = await tab.enqueue(RunState.send, message="2")
    await tab.until(lambda: tab.running)
    elsewhere = (await client.threads.create())["thread_id"]
    tab.path = f"/t/{elsewhere}"
    going = await tab.enqueue(OnLoadInternalState.event_handlers["on_load_internal"])
    await tab.until(lambda: tab.thread_id == elsewhere)
    up.set()
    await sending.wait_all()
    await over(going)
    await over(loading)
    assert tab.shown == []
    await tab.until(lambda: tab.var(ThreadsState, "links"))
    [link] = tab.var(ThreadsState, "links")
    await tab.go(f"/t/{link['id']}")
    await tab.until(lambda: tab.shown == [("human", "2"), ("text", counted(2))])
