"""The live list of threads: how soon it tells what other programs do, and how little it asks."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.runs import availability, tasks, times
from chat_app.runs.thread_metadata import made_for
from chat_app.runs.threads import polling as thread_polling
from chat_app.state.assistants import AssistantsState
from chat_app.state.run import RunState
from chat_app.state.thread import ThreadState
from chat_app.state.threads import ThreadsState
from tests.helpers import bad_servers
from tests.helpers.bad_servers import ScriptedServer
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from chat_app.client import LangGraphClient, RetryPolicy
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network, Seen
    from tests.helpers.tab import Tab

WITHIN = 3.0
"""Seconds in which the sidebar tells what happens anywhere."""
ASKED = ("POST", "/threads/search")


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.stop()


async def watching(tab: Tab, *, is_visible: bool = True, path: str = "/") -> Tab:
    """A tab whose page is open and has told whether it is visible."""
    await tab.load(path)
    await tab.do(ThreadsState.watch, is_visible=is_visible)
    return tab


def links(tab: Tab) -> dict[str, str]:
    """Status by thread id, in the order of the sidebar."""
    return {link["id"]: link["status"] for link in tab.var(ThreadsState, "links")}


def changed(tab: Tab, thread_id: str) -> str:
    return next(x["changed"] for x in tab.var(ThreadsState, "links") if x["id"] == thread_id)


async def made(client: LangGraphClient, tab: Tab, title: str) -> str:
    owner = tab.person.id
    return (await client.threads.create(metadata=made_for(owner, title)))["thread_id"]


async def asked(network: Network, times: int, *, since: int) -> list[Seen]:
    """The requests for the list, once there are so many."""
    await until(lambda: len(network.asked(*ASKED, since=since)) >= times)
    return network.asked(*ASKED, since=since)


def pauses(seen: list[Seen]) -> list[float]:
    return [after.at - before.at for before, after in pairwise(seen)]


async def test_a_run_of_another_program_is_told_from_its_beginning_to_its_end(
    tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await watching(tab)
    thread_id = await made(client, tab, "Tides")
    await tab.until(lambda: thread_id in links(tab))
    before = changed(tab, thread_id)
    question = {"messages": [{"role": "user", "content": long_answer.question}]}

    async def run() -> None:
        async for _ in client.runs.stream(thread_id, "slow", input=question, stream_mode="chat"):
            pass

    begun, running = time.monotonic(), tasks.spawn(run(), name="another program")
    await tab.until(lambda: links(tab)[thread_id] == "busy")
    assert time.monotonic() - begun < WITHIN
    assert changed(tab, thread_id) == ""
    long_answer.end()
    await tab.until(lambda: links(tab)[thread_id] == "idle")
    await tab.until(lambda: changed(tab, thread_id) > before)
    await running


async def test_metadata_alone_is_no_news_of_a_thread(tab: Tab, client: LangGraphClient) -> None:
    await watching(tab)
    thread_id = await made(client, tab, "Tides")
    await tab.until(lambda: thread_id in links(tab))
    before = changed(tab, thread_id)
    await client.threads.update(thread_id, metadata=made_for(tab.person.id, "Moon"))
    titles = lambda: [link["title"] for link in tab.var(ThreadsState, "links")]  # noqa: E731
    await tab.until(lambda: titles() == ["Moon"])
    assert changed(tab, thread_id) == before


async def test_a_run_in_one_tab_is_told_in_the_other_at_once_and_never_taken_back(
    network: Network, new_tab: Callable[[], Tab], long_answer: LongAnswer
) -> None:
    one = await watching(new_tab())
    two = new_tab()
    await watching(two)
    polls = network.hold(*ASKED)
    await polls.arrived.wait()  # what it answers is older than the run
    sending = await one.enqueue(RunState.send, message=long_answer.question)
    await two.until(lambda: list(links(two).values()) == ["busy"])
    polls.release()
    seen: set[str] = set()
    before = len(network.requests)
    while len(network.asked(*ASKED, since=before)) < 3:
        seen |= {*links(one).values(), *links(two).values()}
        await asyncio.sleep(0.02)
    assert seen == {"busy"}
    long_answer.end()
    await two.until(lambda: list(links(two).values()) == ["idle"])
    before, seen = len(network.requests), set()
    while len(network.asked(*ASKED, since=before)) < 2:
        seen |= {*links(one).values(), *links(two).values()}
        await asyncio.sleep(0.02)
    assert seen == {"idle"}
    await sending.wait_all()


async def test_the_tabs_of_a_person_share_one_request_per_interval(
    network: Network, new_tab: Callable[[], Tab]
) -> None:
    await watching(new_tab())
    for _ in range(3):
        other = new_tab()
        await watching(other)
    seen = await asked(network, 4, since=len(network.requests))
    assert min(pauses(seen)[1:]) > times.LIST - 0.2


async def test_hidden_tabs_ask_less_often_and_one_that_is_visible_again_at_once(
    network: Network, new_tab: Callable[[], Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_polling, "LIST", 0.3)
    monkeypatch.setattr(thread_polling, "LIST_HIDDEN", 2.0)
    await watching(new_tab(), is_visible=False)
    two = new_tab()
    await watching(two, is_visible=False)
    assert min(pauses(await asked(network, 3, since=len(network.requests)))[1:]) > 1.8
    before = len(network.requests)
    await two.do(ThreadsState.watch, is_visible=True)
    seen = await asked(network, 4, since=before)
    assert max(pauses(seen)) < 1.5


async def test_without_a_tab_nothing_is_asked(
    network: Network, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_polling, "LIST", 0.2)
    await watching(tab)
    await asked(network, 3, since=len(network.requests))
    tab.close()
    await network.quiet(2.0)


async def test_a_page_that_has_not_told_whether_it_is_visible_asks_for_its_list_once(
    network: Network, tab: Tab
) -> None:
    await network.quiet(times.LIST + 1)
    assert len(network.asked(*ASKED)) == 2  # the newest threads, and the pinned ones
    await tab.do(ThreadsState.watch, is_visible="yes")
    await tab.do(ThreadsState.watch, is_visible=None)
    await network.quiet(times.LIST + 1)
    assert len(network.asked(*ASKED)) == 2


async def test_requests_that_fail_are_made_less_often_and_say_nothing(
    network: Network, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_polling, "LIST", 0.2)
    monkeypatch.setattr(thread_polling, "LIST_RETRY", policy(0.2, 1, 1.5))
    await watching(tab)
    network.refuse(*ASKED, status=500)
    seen = pauses(await asked(network, 5, since=len(network.requests)))
    assert seen[-1] > 1.3
    assert tab.trouble == ""
    assert tab.var(ThreadState, "missing") == ""


def policy(*pauses: float) -> RetryPolicy:
    return availability.PROBE.__class__(pauses=pauses, jitter=0)


async def test_a_missing_server_is_tried_again_until_it_is_back_and_then_all_is_loaded(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    scripted: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(availability, "PROBE", policy(0.5))
    thread: dict[str, Any] = {"thread_id": bad_servers.THREAD_ID, "status": "idle"}

    def answer(method: str, path: str) -> bad_servers.Answer:
        if path == "/threads/search":
            return bad_servers.as_json([thread])
        return bad_servers.has_assistants("agent")(method, path)

    scripted.answer = answer
    scripted.stop()
    address = scripted.url
    try:
        secret = address.replace("://", "://ada:secret@")
        tab = (await start(secret, CHAT_ASSISTANT="agent"))()
        thread["metadata"] = {"chat_owner": tab.person.id}
        await watching(tab)
        assert tab.var(ThreadState, "missing") == address
        tries = [tab.var(ThreadState, "again_at")]
        await tab.until(lambda: tab.var(ThreadState, "again_at") > tries[-1] + 400)
        await tab.do(ThreadState.try_now)
    finally:
        scripted.start()
    await tab.until(lambda: tab.var(ThreadState, "missing") == "")
    await tab.until(lambda: tab.var(AssistantsState, "options"))
    await tab.until(lambda: links(tab) == {bad_servers.THREAD_ID: "idle"})
    assert tab.trouble == ""
    assert "secret" not in "".join(tab.sent)


async def test_a_server_that_goes_missing_while_the_page_is_open_is_told_and_so_is_its_return(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    scripted: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(availability, "PROBE", policy(0.5))
    scripted.answer = bad_servers.has_assistants("agent")
    new_tab = await start(scripted.url, CHAT_ASSISTANT="agent")
    one, two = await watching(new_tab()), await watching(new_tab(), is_visible=False)
    scripted.stop()
    try:
        for tab in (one, two):
            await tab.until(lambda tab=tab: tab.var(ThreadState, "missing") == scripted.url)
    finally:
        scripted.start()
    for tab in (one, two):
        await tab.until(lambda tab=tab: tab.var(ThreadState, "missing") == "")
        assert tab.trouble == ""


async def test_a_server_that_is_slow_to_list_is_asked_less_often(
    network: Network, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_polling, "LIST", 0.2)
    network.delay(*ASKED, 0.5)
    await watching(tab)
    seen = await asked(network, 4, since=len(network.requests))
    assert min(pauses(seen)[1:]) > 1.9
