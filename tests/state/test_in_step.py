"""Tabs on one thread: what one of them or another program does, the others show."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from chat_app.runs import session, tasks
from chat_app.state import presence, tab_session
from chat_app.state.run import RunState
from chat_app.text import STOPPED
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab


def answer(words: int) -> str:
    return "".join(f"word{n} " for n in range(words))


def whole(tab: Tab) -> str:
    """The last answer, where no word of it is missing or there twice."""
    return answer(len(tab.texts("text")[-1].split()))


async def at_rest(new_tab: Callable[[], Tab]) -> Tab:
    """A tab whose thread has one answer, with the address that names it."""
    tab = new_tab()
    await tab.load("/")
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    return tab


async def test_a_message_sent_in_one_tab_is_answered_live_in_the_other(
    new_tab: Callable[[], Tab], long_answer: LongAnswer
) -> None:
    one, two = await at_rest(new_tab), new_tab()
    await two.load(f"/t/{one.thread_id}")
    sending = await one.enqueue(RunState.send, message=long_answer.question)
    await two.until(lambda: two.texts("human") == ["1", long_answer.question] and two.running)
    await two.until(lambda: "word5 " in two.texts("text")[-1])
    assert one.running
    long_answer.end()
    await two.until(lambda: not two.running)
    await sending.wait_all()
    assert one.shown == two.shown
    assert two.texts("text") == [answer(1), whole(two)]


async def test_a_run_that_something_else_starts_is_joined(
    new_tab: Callable[[], Tab], client: LangGraphClient, long_answer: LongAnswer
) -> None:
    tab = await at_rest(new_tab)
    asked = {"messages": [{"type": "human", "content": long_answer.question}]}
    await client.runs.create(
        tab.thread_id, "slow", input=asked, stream_mode=["messages-tuple", "values"]
    )
    await tab.until(lambda: tab.running)
    await tab.until(lambda: "word5 " in tab.texts("text")[-1])
    long_answer.end()
    await tab.until(lambda: not tab.running)
    assert tab.shown == [
        ("human", "1"),
        ("text", answer(1)),
        ("human", long_answer.question),
        ("text", whole(tab)),
    ]


async def test_what_was_over_before_the_tab_was_opened_is_shown(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = await at_rest(new_tab)
    asked = {"messages": [{"type": "human", "content": "2"}]}
    await client.runs.create(tab.thread_id, "slow", input=asked, stream_mode=["values"])
    await tab.until(lambda: tab.texts("text") == [answer(1), answer(2)])
    await tab.until(lambda: not tab.running)


async def test_a_stop_in_one_tab_is_seen_in_the_other(new_tab: Callable[[], Tab]) -> None:
    one, two = await at_rest(new_tab), new_tab()
    await two.load(f"/t/{one.thread_id}")
    sending = await one.enqueue(RunState.send, message="4000")
    await two.until(lambda: two.running and "word5 " in two.texts("text")[-1])
    await two.do(RunState.stop)
    await sending.wait_all()
    await until(lambda: not one.running and not two.running)
    assert one.texts("notice") == two.texts("notice") == [STOPPED]
    assert one.texts("text") == two.texts("text")


def at_work_for(tab: Tab) -> list[str]:
    return [task for task in tasks.alive() if tab.thread_id in task or task == "mailbox"]


async def test_a_run_goes_on_unwatched_when_its_tab_is_closed(
    new_tab: Callable[[], Tab],
    client: LangGraphClient,
    monkeypatch: pytest.MonkeyPatch,
    long_answer: LongAnswer,
) -> None:
    monkeypatch.setattr(presence, "GRACE", 0.05)
    monkeypatch.setattr(session, "LINGER", 0.05)
    tab = await at_rest(new_tab)
    sending = await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: "word5 " in tab.texts("text")[-1])
    tab.close()
    await sending.wait_all()
    await until(lambda: not at_work_for(tab))
    [run, *_] = await client.runs.list(tab.thread_id)
    assert run["status"] == "running"
    long_answer.end()
    await tab.load(f"/t/{tab.thread_id}")
    first, *written = tab.texts("text")  # a long one is in several rows
    assert first == answer(1)
    assert "".join(written) == answer(len("".join(written).split()))


async def test_a_reload_is_no_absence(
    new_tab: Callable[[], Tab], monkeypatch: pytest.MonkeyPatch, long_answer: LongAnswer
) -> None:
    monkeypatch.setattr(presence, "GRACE", 2)
    tab = await at_rest(new_tab)
    sending = await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: "word5 " in tab.texts("text")[-1])
    await tab.begin_load(f"/t/{tab.thread_id}")
    await asyncio.sleep(3)
    assert tab.running
    assert not sending.done()
    long_answer.end()
    await sending.wait_all()
    assert tab.texts("text") == [answer(1), whole(tab)]


async def test_a_closed_tab_leaves_nothing_behind(
    new_tab: Callable[[], Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "GRACE", 0.3)
    first = await at_rest(new_tab)
    before = tab_session.count()
    for _ in range(20):
        tab = new_tab()
        await tab.load(f"/t/{first.thread_id}")
        tab.close()
    await until(lambda: tab_session.count() == before)
    assert tasks.alive().count(f"listen {first.thread_id}") == 1


@pytest.mark.slow
async def test_what_came_while_the_page_was_away_is_shown_at_once_to_who_comes_back(
    tab: Tab,
) -> None:
    await tab.send("1")
    await tab.begin_load(thread := f"/t/{tab.thread_id}")
    await tab.until(lambda: tab.page and tab.texts("text"))
    await tab.enqueue(RunState.send, message="5 every 4")
    await tab.until(lambda: tab.texts("text")[-1] == "word0 " and len(tab.texts("text")) == 2)
    tab.close()
    await asyncio.sleep(4.5)
    await tab.begin_load(thread)
    await tab.until(lambda: "word1" in tab.texts("text")[-1])
    assert "word2" not in tab.texts("text")[-1]
    await tab.do(RunState.stop)
