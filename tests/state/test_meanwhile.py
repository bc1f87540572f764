"""Acting while the server has yet to answer what was done before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.state import presence, tab_session
from chat_app.state.asking import AskState
from chat_app.state.draft import DraftState
from chat_app.state.queue import INTERRUPT, QueueState
from chat_app.state.run import RunState
from tests.helpers.answering import cards
from tests.helpers.network import ANY_CANCEL, CREATE_THREAD, START, STATE, UPDATE_THREAD
from tests.helpers.queueing import (
    answer,
    id_of,
    is_idle,
    made_busy,
    paused,
    settled,
    submitted,
    waiting,
)
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]
    Asking = Callable[..., Awaitable[Tab]]


@pytest.mark.parametrize("seconds", [1, 4])
async def test_what_is_sent_during_a_stop_is_answered_after_it_and_what_waited_is_paused(
    network: Network, busy: Tab, long_answer: LongAnswer, seconds: int
) -> None:
    await submitted(busy, "2", "3")
    network.delay(*ANY_CANCEL, seconds)
    stopping = await busy.enqueue(RunState.stop)
    await busy.until(lambda: busy.var(RunState, "stopping"))
    sending = await busy.enqueue(QueueState.submit, message="4")
    await busy.until(lambda: waiting(busy) == ["2", "3", "4"])
    await over(stopping)
    await over(sending)
    await busy.until(lambda: busy.texts("text")[-1] == answer(4) and not busy.running)
    assert busy.texts("human") == ["1", long_answer.question, "4"]
    assert waiting(busy) == paused(busy) == ["2", "3"]
    await busy.load(f"/t/{busy.thread_id}")
    assert busy.texts("human") == ["1", long_answer.question, "4"]
    assert waiting(busy) == paused(busy) == ["2", "3"]
    await busy.do(QueueState.send_all)
    await settled(busy, 4, 2, 3)


async def test_what_is_sent_while_a_stop_is_on_its_way_is_answered_once(
    network: Network, busy: Tab, long_answer: LongAnswer
) -> None:
    cancelling = network.hold(*ANY_CANCEL)
    stopping = await busy.enqueue(RunState.stop)
    await cancelling.arrived.wait()
    sending = await busy.enqueue(QueueState.submit, message="2")
    await busy.until(lambda: waiting(busy) == ["2"])
    cancelling.release()
    await over(stopping)
    await over(sending)
    await settled(busy, 2)
    assert busy.texts("human") == ["1", long_answer.question, "2"]
    assert len(busy.texts("text")) == 3


async def test_two_tabs_that_stop_at_once_double_nothing(
    network: Network,
    busy: Tab,
    new_tab: Callable[[], Tab],
    client: LangGraphClient,
    long_answer: LongAnswer,
) -> None:
    await submitted(busy, "2", "3")
    other = new_tab()
    await other.begin_load(f"/t/{busy.thread_id}")
    await other.until(lambda: other.page and other.running and waiting(other) == ["2", "3"])
    network.delay(*ANY_CANCEL, 1)
    stops = [await tab.enqueue(RunState.stop) for tab in (busy, other)]
    for stop in stops:
        await over(stop)
    for tab in (busy, other):
        await tab.until(lambda tab=tab: paused(tab) == waiting(tab) == ["2", "3"])
    assert len(network.asked(*ANY_CANCEL)) == 1
    all_sent = [await tab.enqueue(QueueState.send_all) for tab in (busy, other)]
    for one in all_sent:
        await over(one)
    for tab in (busy, other):
        await settled(tab, 2, 3)
        assert tab.texts("human") == ["1", long_answer.question, "2", "3"]
    assert len(await client.runs.list(busy.thread_id)) == 6


async def test_what_is_sent_while_a_retry_looks_where_the_thread_stands_comes_after_it(
    network: Network, start: Start
) -> None:
    tab = (await start(network.url, CHAT_ASSISTANT="falters"))()
    await tab.load("/")
    await tab.send("1 times")
    await tab.go(f"/t/{tab.thread_id}")
    looking = network.hold(*STATE, is_answer=True)
    retrying = await tab.enqueue(RunState.retry)
    await looking.arrived.wait()
    sending = await tab.enqueue(QueueState.submit, message="0 times")
    await tab.until(lambda: waiting(tab) == ["0 times"])
    looking.release()
    await over(retrying)
    await over(sending)
    await tab.until(lambda: len(tab.texts("text")) == 2 and not tab.running)
    assert tab.shown == [
        ("human", "1 times"),
        ("text", "1 times"),
        ("human", "0 times"),
        ("text", "1 times | 1 times | 0 times"),
    ]


async def test_what_is_sent_behind_a_retry_that_comes_to_nothing_is_answered(
    network: Network, start: Start
) -> None:
    tab = (await start(network.url, CHAT_ASSISTANT="falters"))()
    await tab.load("/")
    await tab.send("1 times")
    await tab.go(failed := f"/t/{tab.thread_id}")
    starting = network.hold(*START, times=1)
    starting.status = 403
    retrying = await tab.enqueue(RunState.retry)
    await starting.arrived.wait()
    sending = await tab.enqueue(QueueState.submit, message="0 times")
    await tab.until(lambda: waiting(tab) == ["0 times"])
    await tab.go("/")
    starting.release()
    await over(retrying)
    await over(sending)
    await tab.go(failed)
    await tab.until(lambda: tab.texts("human")[-1:] == ["0 times"] and not tab.running)
    assert tab.texts("text")[-1].endswith("| 0 times")


async def test_what_is_sent_while_an_answer_is_on_its_way_comes_after_it(
    network: Network, asking: Asking
) -> None:
    tab = await asking("consults", "words")
    await tab.go(f"/t/{tab.thread_id}")
    starting = network.hold(*START)
    key = cards(tab)[0]["key"]
    answering = await tab.enqueue(AskState.answer, key=key, given={"text": "a"})
    await starting.arrived.wait()
    sending = await tab.enqueue(QueueState.submit, message="none")
    await tab.until(lambda: waiting(tab) == ["none"])
    starting.release()
    await over(answering)
    await over(sending)
    await tab.until(lambda: tab.texts("human") == ["words", "none"] and not tab.running)
    assert tab.shown[:3] == [
        ("human", "words"),
        ("decision", "Answered: a"),
        ("text", 'words: "a"'),
    ]


async def test_stopping_what_an_answer_began_before_its_run_is_known_ends_that_run(
    network: Network, asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "slow")
    starting = network.hold(*START, is_answer=True)
    key = cards(tab)[0]["key"]
    await tab.enqueue(AskState.answer, key=key, given={"text": "slowly"})
    await starting.arrived.wait()
    stopping = await tab.enqueue(RunState.stop)
    await tab.until(lambda: tab.var(RunState, "stopping"))
    starting.release()
    await over(stopping)
    await until(lambda: is_idle(client, tab.thread_id))
    last, *_ = await client.runs.list(tab.thread_id)
    assert last["status"] == "interrupted"


async def test_who_answers_and_looks_elsewhere_before_the_server_has_it_has_answered(
    network: Network, asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "words")
    asked_in = tab.thread_id
    await tab.go(f"/t/{asked_in}")
    starting = network.hold(*START)
    key = cards(tab)[0]["key"]
    answering = await tab.enqueue(AskState.answer, key=key, given={"text": "a"})
    await starting.arrived.wait()
    await tab.go("/")
    starting.release()
    await over(answering)
    await until(lambda: is_idle(client, asked_in))
    assert len(await client.runs.list(asked_in)) == 2
    await tab.go(f"/t/{asked_in}")
    assert tab.shown[1:] == [("decision", "Answered: a"), ("text", 'words: "a"')]


async def test_who_is_away_while_a_message_waits_for_the_agent_finds_it_sent(
    network: Network, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "GRACE", 0.1)
    creating = network.hold(*CREATE_THREAD)
    sending = await tab.enqueue(RunState.send, message="2")
    await creating.arrived.wait()
    await tab.until(lambda: tab.running)
    thread = f"/t/{tab.thread_id}"
    tab.close()
    await until(lambda: tab_session.find(tab.token) is None)
    await tab.begin_load(thread)
    await until(lambda: tab_session.find(tab.token))
    creating.release()
    await over(sending)
    await tab.until(lambda: tab.texts("text") == [answer(2)] and not tab.running)
    assert tab.texts("human") == ["2"]


async def test_try_again_pressed_twice_sends_once(
    network: Network, tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    losing = network.lose(*START)
    await tab.send("2")
    losing.end()
    assert tab.var(DraftState, "returned") == "2"
    both = [await tab.enqueue(RunState.retry) for _ in range(2)]
    for one in both:
        await over(one)
    await tab.painted()
    assert tab.texts("human") == ["1", "2"]
    assert tab.var(DraftState, "returned") == ""
    assert len(await client.runs.list(tab.thread_id)) == 2


async def test_what_came_back_and_waits_by_now_is_not_sent_by_try_again(
    tab: Tab, long_answer: LongAnswer
) -> None:
    busy = await made_busy(tab, long_answer)
    await busy.do(QueueState.submit, message="2", attached=["nobody's"])
    assert busy.var(DraftState, "returned") == "2"
    await busy.do(DraftState.take_returned)
    await submitted(busy, "2", "no number")
    await busy.do(RunState.stop)
    await busy.do(QueueState.send_all)
    await busy.until(lambda: busy.var(RunState, "can_retry") and not busy.running)
    assert busy.var(DraftState, "returned") == ""
    await busy.do(RunState.retry)
    assert busy.texts("human") == ["1", long_answer.question, "2", "no number"]


async def test_the_app_counts_a_message_when_it_takes_it_and_only_then(
    network: Network, busy: Tab
) -> None:
    await submitted(busy, "2", "3")
    taken = busy.var(DraftState, "taken")
    cancelling = network.hold(*ANY_CANCEL)
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    sending = await busy.enqueue(QueueState.submit, message="4")
    await busy.until(lambda: busy.var(DraftState, "taken") == taken + 1)
    assert "4" not in busy.texts("human")
    cancelling.release()
    await over(sending)
    await settled(busy, 4, 2, 3)
    assert busy.var(DraftState, "taken") == taken + 1


async def test_what_is_sent_now_is_not_counted_again(busy: Tab) -> None:
    await submitted(busy, "2", "3")
    taken = busy.var(DraftState, "taken")
    await busy.do(QueueState.send_now, id=id_of(busy, "3"))
    await settled(busy, 3, 2)
    assert busy.var(DraftState, "taken") == taken


async def test_what_was_taken_back_twice_is_never_sent(network: Network, tab: Tab) -> None:
    creating = network.hold(*CREATE_THREAD)
    sent = []
    for message in "23":
        sent.append(await tab.enqueue(QueueState.submit, message=message))
        await tab.until(lambda: tab.running)
        await tab.do(RunState.stop)
        assert tab.var(DraftState, "returned") == message
        await tab.do(DraftState.take_returned)
    creating.release()
    for one in sent:
        await over(one)
    await tab.load(f"/t/{tab.thread_id}")
    assert tab.texts("human") == []
    assert not network.asked(*START)


async def test_an_answer_that_is_stopped_while_it_is_being_noted_is_none(
    network: Network, asking: Asking, client: LangGraphClient
) -> None:
    tab = await asking("consults", "words")
    await tab.go(f"/t/{tab.thread_id}")
    noting = network.hold(*UPDATE_THREAD)
    answering = await tab.enqueue(AskState.answer, key=cards(tab)[0]["key"], given={"text": "a"})
    await noting.arrived.wait()
    stopping = await tab.enqueue(RunState.stop)
    noting.release()
    await over(stopping)
    await over(answering)
    assert len(await client.runs.list(tab.thread_id)) == 1

    async def is_open_again() -> bool:
        await tab.load(f"/t/{tab.thread_id}")
        return bool(cards(tab)) and not tab.texts("decision")

    await until(is_open_again)
