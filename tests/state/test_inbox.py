"""The inbox: what waits for a person, answered in place, and how little is asked for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app import text as words
from chat_app.auth.person import Person
from chat_app.runs.thread_metadata import made_for
from chat_app.state.asking import AskState
from chat_app.state.inbox import InboxState
from chat_app.state.thread_actions import ThreadActionsState
from chat_app.state.threads import ThreadsState
from tests.helpers.answering import answer, cards

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab

COUNT, LISTS = ("POST", "/threads/count"), ("POST", "/threads/search")


async def waiting(client: LangGraphClient, owner: str, title: str, about: str = "words") -> str:
    """A thread that asks a question."""
    thread = await client.threads.create(metadata=made_for(owner, title))
    question = {"messages": [{"role": "user", "content": about}]}
    await client.runs.wait(thread["thread_id"], "consults", input=question)
    return thread["thread_id"]


async def at_inbox(tab: Tab, path: str = "/inbox") -> Tab:
    await tab.load(path)
    await tab.do(ThreadsState.watch, is_visible=True)
    await tab.until(lambda: tab.var(InboxState, "loaded"))
    return tab


def rows(tab: Tab) -> list[dict[str, Any]]:
    return tab.var(InboxState, "rows")


def ids(tab: Tab) -> list[str]:
    return [row["id"] for row in rows(tab)]


def over(tab: Tab) -> str:
    return tab.var(InboxState, "over")["sentence"]


async def two_waiting(client: LangGraphClient, tab: Tab) -> tuple[str, str]:
    first = await waiting(client, tab.person.id, "First")
    return first, await waiting(client, tab.person.id, "Second", "picky")


async def test_what_waits_is_listed_oldest_first_with_its_question(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    await waiting(client, str(uuid4()), "Foreign")
    await client.threads.create(metadata=made_for(tab.person.id, "Idle"))
    await at_inbox(tab)
    assert ids(tab) == [first, second]
    assert [row["title"] for row in rows(tab)] == ["First", "Second"]
    assert [row["question"] for row in rows(tab)] == ["What is your name?", "Say the magic word."]
    assert rows(tab)[0]["graph"] == "consults"
    assert rows(tab)[0]["since"] > 1_700_000_000_000
    assert (tab.var(InboxState, "count"), tab.var(InboxState, "badge")) == (2, "2")
    assert tab.thread_id == ""


async def test_several_questions_and_a_breakpoint_are_listed_too(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    await waiting(client, tab.person.id, "Many", "many")
    thread = await client.threads.create(metadata=made_for(tab.person.id, "Pause"))
    question = {"messages": [{"role": "user", "content": "x"}]}
    await client.runs.wait(thread["thread_id"], "pauses", input=question)
    await at_inbox(tab)
    assert [row["questions"] for row in rows(tab)] == [2, 1]
    assert rows(tab)[1]["question"] == words.AGENT_PAUSED


async def test_the_selected_one_is_the_open_thread_with_its_card(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{second}")
    assert tab.thread_id == second
    assert [card["card"] for card in cards(tab)] == [{"text": "Say the magic word."}]
    await tab.go(f"/inbox/{first}")
    assert tab.thread_id == first
    assert [card["card"] for card in cards(tab)] == [{"text": "What is your name?"}]


async def test_an_answered_one_leaves_the_list_and_its_answer_is_the_threads(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{first}")
    await answer(tab, text="Ada")
    await tab.until(lambda: ids(tab) == [second])
    assert over(tab) == words.WAS_ANSWERED.format(title="First")
    await tab.until(lambda: tab.var(InboxState, "badge") == "1")
    state = await client.threads.get_state(first)
    assert state["values"]["messages"][-1]["content"] == 'words: "Ada"'


async def test_one_closed_without_an_answer_leaves_the_list(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{first}")
    await tab.do(AskState.leave, key=cards(tab)[0]["key"])
    await tab.until(lambda: ids(tab) == [second])
    assert over(tab) == words.WAS_DISMISSED.format(title="First")
    assert (await client.threads.get(first))["status"] == "idle"


async def test_a_refused_answer_keeps_its_chat_in_the_list(
    network: Network, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{first}")
    network.refuse("POST", "/threads/*/runs/stream", status=422)
    await answer(tab, text="Ada")
    assert ids(tab) == [first, second]
    assert over(tab) == ""
    assert len(cards(tab)) == 1


async def test_one_answered_in_another_tab_leaves_the_list_with_a_word(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab, other = new_tab(), new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{first}")
    await other.load(f"/t/{first}")
    await answer(other, text="Ada")
    await tab.until(lambda: ids(tab) == [second])
    assert over(tab) == words.WAS_ANSWERED_ELSEWHERE.format(title="First")


async def test_one_answered_by_another_program_leaves_the_list_with_a_word(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{first}")
    await client.runs.wait(first, "consults", command={"resume": "Ada"})
    await tab.until(lambda: ids(tab) == [second])
    assert over(tab) == words.WAS_ANSWERED_ELSEWHERE.format(title="First")


async def test_two_tabs_that_answer_at_once_give_one_answer(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab, other = new_tab(), new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{first}")
    await at_inbox(other, f"/inbox/{first}")
    key = cards(tab)[0]["key"]
    await asyncio.gather(
        tab.do(AskState.answer, key=key, given={"text": "Ada"}),
        other.do(AskState.answer, key=key, given={"text": "Bob"}),
    )
    for one in (tab, other):
        await one.until(lambda one=one: ids(one) == [second])
    state = await client.threads.get_state(first)
    assert len(state["values"]["messages"]) == 2
    said = {over(tab), over(other)}
    assert said == {
        words.WAS_ANSWERED.format(title="First"),
        words.WAS_ANSWERED_ELSEWHERE.format(title="First"),
    }


async def test_one_that_begins_to_wait_appears_and_is_counted_in_a_chat(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab, chat = new_tab(), new_tab()
    await at_inbox(tab)
    await chat.load("/")
    await chat.do(ThreadsState.watch, is_visible=True)
    assert ids(tab) == []
    first = await waiting(client, tab.person.id, "First")
    await tab.until(lambda: ids(tab) == [first])
    await chat.until(lambda: chat.var(InboxState, "badge") == "1")
    assert chat.var(InboxState, "rows") == []


async def test_a_deleted_one_leaves_the_list(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{second}")
    await client.threads.delete(second)
    await tab.until(lambda: ids(tab) == [first])
    assert over(tab) in (
        words.WAITS_NO_MORE.format(title="Second"),
        words.WAS_DELETED.format(title="Second"),
    )


async def test_one_that_a_person_deletes_leaves_the_list_until_that_is_undone(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{first}")
    await tab.do(ThreadActionsState.delete, thread_ids=[first])
    await tab.until(lambda: ids(tab) == [second])
    assert over(tab) == words.WAS_DELETED.format(title="First")
    other = await at_inbox(new_tab())
    assert ids(other) == [second]
    assert other.var(InboxState, "count") == 1
    await tab.do(ThreadActionsState.undo, thread_ids=[first])
    await tab.until(lambda: ids(tab) == [first, second])
    await other.until(lambda: ids(other) == [first, second])


async def test_a_new_title_is_in_the_list_at_once(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, _ = await two_waiting(client, tab)
    await at_inbox(tab)
    await tab.do(ThreadActionsState.rename, thread_id=first, title="Renamed")
    await tab.until(lambda: rows(tab)[0]["title"] == "Renamed")


async def test_foreign_and_unknown_ones_are_alike(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab, stranger = new_tab(), new_tab()
    stranger.person = Person(str(uuid4()))
    first, _ = await two_waiting(client, tab)
    await at_inbox(stranger, f"/inbox/{first}")
    await stranger.until(lambda: stranger.texts("error"))
    foreign = (stranger.shown, cards(stranger), rows(stranger), stranger.var(InboxState, "count"))
    await stranger.go(f"/inbox/{uuid4()}")
    await stranger.until(lambda: stranger.texts("error"))
    now = (stranger.shown, cards(stranger), rows(stranger), stranger.var(InboxState, "count"))
    assert foreign == now == ([("error", words.THREAD_GONE)], [], [], 0)
    assert "What is your name" not in "".join(stranger.sent)


@pytest.mark.parametrize("path", ["/inbox/nonsense", "/inbox/0f9b4e0c"])
async def test_an_odd_address_says_that_there_is_no_chat(
    new_tab: Callable[[], Tab], path: str
) -> None:
    tab = await at_inbox(new_tab(), path)
    assert tab.texts("error") == [words.NOT_A_THREAD]


async def test_pages_follow_as_they_are_asked_for(
    new_tab: Callable[[], Tab], client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat_app.state.inbox.PAGE", 2)
    tab = new_tab()
    made = [await waiting(client, tab.person.id, str(n)) for n in range(5)]
    await at_inbox(tab)
    assert ids(tab) == made[:2]
    assert tab.var(InboxState, "has_more")
    for shown in (4, 5):
        await tab.do(InboxState.show_more)
        await tab.until(lambda shown=shown: ids(tab) == made[:shown])
    assert not tab.var(InboxState, "has_more")
    await tab.do(InboxState.show_more)
    assert ids(tab) == made


async def test_no_state_is_downloaded_for_the_list(
    network: Network, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    await two_waiting(client, tab)
    since = len(network.requests)
    await at_inbox(tab)
    assert not network.asked("*", "/threads/*/state**", since=since)


async def test_a_page_at_rest_asks_for_the_list_of_threads_alone(
    network: Network, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    await two_waiting(client, tab)
    await at_inbox(tab)
    since = len(network.requests)
    await tab.until(lambda: len(network.asked(*LISTS, since=since)) > 2)
    since = len(network.requests)
    await tab.until(lambda: len(network.asked(*LISTS, since=since)) > 2)
    assert not network.asked(*COUNT, since=since)


async def test_where_the_server_fails_the_page_says_so_and_tries_again(
    network: Network, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    broken = network.refuse(*COUNT, status=500)
    await tab.load("/inbox")
    await tab.do(ThreadsState.watch, is_visible=True)
    await tab.until(lambda: tab.var(InboxState, "trouble") != "")
    broken.end()
    await tab.do(InboxState.retry)
    await tab.until(lambda: ids(tab) == [first, second])
    assert tab.var(InboxState, "trouble") == ""


async def test_the_way_from_the_inbox_to_the_chat_and_back_keeps_the_question(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    first, second = await two_waiting(client, tab)
    await at_inbox(tab, f"/inbox/{first}")
    await tab.go(f"/t/{first}")
    assert (tab.var(InboxState, "place"), len(cards(tab))) == ("", 1)
    await tab.go("/inbox")
    await tab.until(lambda: ids(tab) == [first, second])
    assert (tab.thread_id, cards(tab)) == ("", [])


async def test_threads_without_an_owner_are_there_for_those_who_may_use_them(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    client: LangGraphClient,
) -> None:
    new_tab = await start(langgraph_server, CHAT_UNOWNED_THREADS="everyone")
    tab = new_tab()
    mine = await waiting(client, tab.person.id, "Mine")
    thread = await client.threads.create()
    question = {"messages": [{"role": "user", "content": "words"}]}
    await client.runs.wait(thread["thread_id"], "consults", input=question)
    foreign = await waiting(client, str(uuid4()), "Foreign")
    await at_inbox(tab)
    assert mine in ids(tab)
    assert thread["thread_id"] in ids(tab)
    assert foreign not in ids(tab)
    unowned = next(row for row in rows(tab) if row["id"] == thread["thread_id"])
    assert unowned["question"] == "What is your name?"
    await client.threads.delete(thread["thread_id"])
