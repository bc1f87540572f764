"""A server like Aegra: no message is lost, and nothing that goes on is said to be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app import text as words
from chat_app.client import get_client
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadsState
from tests.helpers.aegra import Aegra
from tests.helpers.gateway import Asked, listening
from tests.helpers.queueing import answer, asked, comes_to, made_busy, settled, waiting
from tests.helpers.row_words import words_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]


@pytest.fixture
def aegra(langgraph_server: str) -> Iterator[tuple[Aegra, str]]:
    gateway = Aegra(langgraph_server)
    with listening(gateway) as url:
        yield gateway, url


@pytest.fixture
async def tab(start: Start, aegra: tuple[Aegra, str]) -> Tab:
    tab = (await start(aegra[1]))()
    await tab.load("/")
    return tab


def complaints(tab: Tab) -> list[str]:
    return [row["sentence"] for row in tab.rows if row["kind"] == "error"]


async def test_the_sidebar_is_not_empty_where_a_selection_is_refused(
    tab: Tab, aegra: tuple[Aegra, str]
) -> None:
    await tab.send_in_two_threads()
    assert [link["title"] for link in tab.var(ThreadsState, "links")] == ["2", "1"]
    refused = [request.body for request in aegra[0].requests if "select" in str(request.body)]
    # First with a field that only newer servers have, then without.
    assert ["state_updated_at" in str(body) for body in refused] == [True, False]


async def test_an_answer_stands_the_same_after_a_reload(tab: Tab) -> None:
    await tab.send("3")
    shown = tab.shown
    assert shown == [("human", "3"), ("text", answer(3))]
    await tab.load(f"/t/{tab.thread_id}")
    assert tab.shown == shown


async def test_a_message_sent_meanwhile_waits_in_the_app_and_is_not_lost(
    tab: Tab, aegra: tuple[Aegra, str], client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await made_busy(tab, long_answer)
    for message in "2", "3":
        await tab.do(QueueState.submit, message=message)
    await tab.until(lambda: waiting(tab) == ["2", "3"])
    long_answer.end()
    await settled(tab, 2, 3)
    assert await asked(client, tab.thread_id) == ["1", long_answer.question, "2", "3"]
    assert aegra[0].collisions == []


async def test_a_server_that_does_not_say_its_name_is_found_out(
    start: Start, aegra: tuple[Aegra, str], client: LangGraphClient, long_answer: LongAnswer
) -> None:
    gateway, url = aegra
    gateway.name = ""
    tab = (await start(url))()
    await tab.load("/")
    await made_busy(tab, long_answer)
    await tab.do(QueueState.submit, message="2")
    await tab.until(lambda: gateway.collisions == [tab.thread_id])
    # Once the app takes its message back it has found out.
    await tab.until(lambda: [one for one in gateway.requests if _removes(one)])
    await tab.do(QueueState.submit, message="3")
    await tab.until(lambda: waiting(tab) == ["2", "3"])
    long_answer.end()
    await settled(tab, 2, 3)
    await comes_to(client, tab.thread_id, "1", long_answer.question, "2", "3")
    assert gateway.collisions == [tab.thread_id]


def _removes(asked: Asked) -> bool:
    return asked.method == "DELETE" or asked.path.endswith("/cancel")


async def test_a_message_sent_from_another_tab_waits_too(
    start: Start, aegra: tuple[Aegra, str], client: LangGraphClient, long_answer: LongAnswer
) -> None:
    gateway, url = aegra
    new_tab = await start(url)
    one, two = new_tab(), new_tab()
    await one.load("/")
    await one.send("1")
    await two.load(f"/t/{one.thread_id}")
    async with get_client(url=url) as elsewhere:
        question: Any = {"messages": [{"type": "human", "content": long_answer.question}]}
        await elsewhere.runs.create(one.thread_id, "slow", input=question)
    await two.do(QueueState.submit, message="2")
    long_answer.end()
    await two.until(lambda: two.texts("text")[-1:] == [answer(2)])
    assert await asked(client, one.thread_id) == ["1", long_answer.question, "2"]
    assert gateway.collisions == []


async def test_a_stop_that_is_refused_is_told_and_the_answer_goes_on(
    tab: Tab, aegra: tuple[Aegra, str], long_answer: LongAnswer
) -> None:
    await made_busy(tab, long_answer)
    aegra[0].refuses_to_cancel = True
    await tab.do(RunState.stop)
    assert complaints(tab) == [words.STOP_REFUSED]
    assert "cannot be cancelled" in tab.rows[-1]["detail"]
    assert tab.running
    assert not tab.var(RunState, "stopping")
    written = len(tab.texts("text")[-1])
    await tab.until(lambda: len(tab.texts("text")[-1]) > written)
    long_answer.end()
    await tab.until(lambda: not tab.running)
    assert not [row for row in tab.rows if words_of(row) == words.STOPPED]


async def test_a_stop_that_is_taken_after_one_that_was_refused_ends_the_answer(
    tab: Tab, aegra: tuple[Aegra, str], long_answer: LongAnswer
) -> None:
    await made_busy(tab, long_answer)
    aegra[0].refuses_to_cancel = True
    await tab.do(RunState.stop)
    aegra[0].refuses_to_cancel = False
    await tab.do(RunState.stop)
    await tab.until(lambda: not tab.running)
    assert "error" not in [row["kind"] for row in tab.rows]


async def test_to_start_over_where_nothing_can_be_taken_back_is_told_and_the_message_waits(
    tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await made_busy(tab, long_answer)
    await tab.do(QueueState.choose, strategy="rollback")
    await tab.do(QueueState.submit, message="2")
    assert complaints(tab) == [words.STOP_REFUSED]
    await tab.until(lambda: waiting(tab) == ["2"])
    long_answer.end()
    await settled(tab, 2)
    assert await asked(client, tab.thread_id) == ["1", long_answer.question, "2"]


async def test_to_interrupt_sends_the_message_once_the_run_is_over(
    tab: Tab, aegra: tuple[Aegra, str], client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await made_busy(tab, long_answer)
    await tab.do(QueueState.choose, strategy="interrupt")
    await tab.do(QueueState.submit, message="2")
    await tab.until(lambda: tab.texts("text")[-1:] == [answer(2)])
    assert await asked(client, tab.thread_id) == ["1", long_answer.question, "2"]
    assert aegra[0].collisions == []
