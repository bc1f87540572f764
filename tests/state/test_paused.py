"""What a Stop does to the messages that wait: they are paused, until the person says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.runs import effects
from chat_app.runs.thread_metadata import PAUSED
from chat_app.state.draft import DraftState
from chat_app.state.queue import INTERRUPT, QueueState
from chat_app.state.run import RunState
from chat_app.text import STOP_REFUSED, STOP_UNCONFIRMED, STOPPED
from tests.helpers.network import ANY_CANCEL, BULK_CANCEL
from tests.helpers.queueing import (
    answer,
    asked,
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
from tests.state.conftest import app

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


async def notes(client: LangGraphClient, thread_id: str) -> int:
    """How many paused messages the server knows of."""
    metadata = (await client.threads.get(thread_id))["metadata"] or {}
    return len(metadata.get(PAUSED) or [])


async def with_paused(tab: Tab, *messages: str) -> None:
    await submitted(tab, *messages)
    await tab.do(RunState.stop)
    assert paused(tab) == waiting(tab) == list(messages)


async def test_a_stop_with_twenty_waiting_is_one_request_and_few_more(
    network: Network, busy: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    texts = [str(n) for n in range(2, 22)]
    sent = [await busy.enqueue(QueueState.submit, message=text) for text in texts]
    for one in sent:
        await over(one)
    await network.quiet()
    before = len(network.requests)
    stopping = await busy.enqueue(RunState.stop)
    await busy.until(lambda: STOPPED in busy.texts("notice") and not busy.running)
    # What was written is saved once the run is over: tests/state/test_requests.py counts that too.
    saves = ("/state", "/threads/search")
    asked_for = [
        one
        for one in network.requests[before:]
        if not one.is_stream and not one.path.endswith(saves)
    ]
    assert asked_for[0][:2] == BULK_CANCEL
    assert len(asked_for) <= 4
    await over(stopping)
    await busy.painted()
    assert len(network.asked(*ANY_CANCEL)) == 1
    assert busy.texts("notice") == [STOPPED]
    assert paused(busy) == texts
    assert await is_idle(client, busy.thread_id)
    assert await asked(client, busy.thread_id) == ["1", long_answer.question]


async def test_paused_messages_are_there_after_a_restart_of_the_app(
    monkeypatch: pytest.MonkeyPatch,
    langgraph_server: str,
    client: LangGraphClient,
    long_answer: LongAnswer,
) -> None:
    async with app(monkeypatch, langgraph_server) as new_tab:
        tab = new_tab()
        await tab.load("/")
        await made_busy(tab, long_answer)
        await with_paused(tab, "2", "3", "4")
        thread_id, person = tab.thread_id, tab.person

        async def are_noted() -> bool:
            return await notes(client, thread_id) == 3

        await until(are_noted)
    async with app(monkeypatch, langgraph_server) as new_tab:
        tab = new_tab()
        tab.person = person
        await tab.load(f"/t/{thread_id}")
        assert paused(tab) == waiting(tab) == ["2", "3", "4"]
        assert not tab.running
        await tab.do(QueueState.remove, id=id_of(tab, "3"))
        await tab.do(QueueState.send_all)
        await settled(tab, 2, 4)
        assert tab.texts("human") == ["1", long_answer.question, "2", "4"]

        async def are_forgotten() -> bool:
            return await notes(client, thread_id) == 0

        await until(are_forgotten)


async def test_every_tab_has_the_paused_messages_also_after_a_reload(
    busy: Tab, new_tab: Callable[[], Tab], long_answer: LongAnswer
) -> None:
    await with_paused(busy, "2", "3")
    other = new_tab()
    for tab in (other, busy):
        await tab.load(f"/t/{busy.thread_id}")
        assert paused(tab) == ["2", "3"]
        assert tab.var(QueueState, "paused") == 2
    await other.do(QueueState.edit, id=id_of(other, "2"))
    assert other.var(DraftState, "edited") == "2"
    await busy.until(lambda: paused(busy) == ["3"])
    assert busy.var(DraftState, "edited") == ""
    await busy.do(QueueState.remove, id=id_of(busy, "3"))
    await other.until(lambda: waiting(other) == [])
    assert other.texts("human") == ["1", long_answer.question]


async def test_all_paused_messages_are_sent_in_their_order(
    busy: Tab, long_answer: LongAnswer
) -> None:
    await with_paused(busy, "2", "3", "4")
    await busy.do(QueueState.send_all)
    await settled(busy, 2, 3, 4)
    assert busy.texts("human") == ["1", long_answer.question, "2", "3", "4"]


async def test_of_the_paused_messages_one_is_sent_and_the_others_stay(
    busy: Tab, long_answer: LongAnswer
) -> None:
    await with_paused(busy, "2", "3", "4")
    await busy.do(QueueState.send_now, id=id_of(busy, "3"))
    await busy.until(lambda: busy.texts("text")[-1] == answer(3) and not busy.running)
    assert paused(busy) == ["2", "4"]
    assert busy.texts("human") == ["1", long_answer.question, "3"]


async def test_a_new_message_goes_before_what_is_paused(busy: Tab, long_answer: LongAnswer) -> None:
    await with_paused(busy, "2")
    await busy.do(QueueState.submit, message="3")
    await busy.until(lambda: busy.texts("text")[-1] == answer(3) and not busy.running)
    assert paused(busy) == waiting(busy) == ["2"]
    assert busy.texts("human") == ["1", long_answer.question, "3"]


async def test_a_second_stop_during_a_stop_asks_for_nothing_more(
    network: Network, busy: Tab
) -> None:
    await submitted(busy, "2")
    cancelling = network.hold(*ANY_CANCEL)
    stops = [await busy.enqueue(RunState.stop) for _ in range(2)]
    await cancelling.arrived.wait()
    await busy.until(lambda: busy.var(RunState, "stopping"))
    stops.append(await busy.enqueue(RunState.stop))
    cancelling.release()
    for stop in stops:
        await over(stop)
    await busy.painted()
    assert paused(busy) == waiting(busy) == ["2"]
    assert not busy.running
    assert busy.texts("notice") == [STOPPED]
    assert len(network.asked(*ANY_CANCEL)) == 1


async def test_a_stop_while_a_message_is_sent_now_pauses_that_too(
    network: Network, busy: Tab, long_answer: LongAnswer
) -> None:
    await submitted(busy, "2", "3")
    cancelling = network.hold(*ANY_CANCEL)
    sending = await busy.enqueue(QueueState.send_now, id=id_of(busy, "3"))
    await cancelling.arrived.wait()
    stopping = await busy.enqueue(RunState.stop)
    await busy.until(lambda: busy.var(RunState, "stopping"))
    cancelling.release()
    await over(sending)
    await over(stopping)
    await busy.until(lambda: paused(busy) == waiting(busy) == ["3", "2"] and not busy.running)
    assert busy.texts("human") == ["1", long_answer.question]
    await busy.do(QueueState.send_all)
    await settled(busy, 3, 2)


async def test_a_message_sent_in_one_tab_during_the_stop_of_another_is_answered(
    network: Network, busy: Tab, new_tab: Callable[[], Tab], long_answer: LongAnswer
) -> None:
    await submitted(busy, "2")
    other = new_tab()
    await other.begin_load(f"/t/{busy.thread_id}")
    await other.until(lambda: other.page and other.running and waiting(other) == ["2"])
    cancelling = network.hold(*ANY_CANCEL)
    stopping = await busy.enqueue(RunState.stop)
    await other.until(lambda: other.var(RunState, "stopping"))
    sending = await other.enqueue(QueueState.submit, message="3")
    await busy.until(lambda: waiting(busy) == ["2", "3"])
    cancelling.release()
    await over(stopping)
    await over(sending)
    for tab in (busy, other):
        await tab.until(lambda tab=tab: tab.texts("text")[-1] == answer(3) and not tab.running)
        assert paused(tab) == waiting(tab) == ["2"]
        assert tab.texts("human") == ["1", long_answer.question, "3"]


async def test_an_interruption_ends_nothing_that_another_tab_has_just_sent(
    network: Network, busy: Tab, new_tab: Callable[[], Tab], long_answer: LongAnswer
) -> None:
    other = new_tab()
    await other.begin_load(f"/t/{busy.thread_id}")
    await other.until(lambda: other.page and other.running)
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    cancelling = network.hold(*ANY_CANCEL)
    interrupting = await busy.enqueue(QueueState.submit, message="4")
    await cancelling.arrived.wait()
    long_answer.end()
    sending = await other.enqueue(QueueState.submit, message="30")
    await other.until(lambda: waiting(other) == ["4", "30"])
    cancelling.release()
    await over(interrupting)
    await over(sending)
    for tab in (busy, other):
        await settled(tab, 4, 30)
        assert tab.texts("human") == ["1", long_answer.question, "4", "30"]
    assert len(network.asked(*ANY_CANCEL)) == 1


async def test_a_refused_cancel_is_told_and_stop_can_be_pressed_again(
    network: Network, busy: Tab
) -> None:
    await submitted(busy, "2")
    refusing = network.refuse(*ANY_CANCEL, 403)
    await busy.do(RunState.stop)
    assert busy.running
    assert not busy.var(RunState, "stopping")
    assert [text.splitlines()[0] for text in busy.texts("error")] == [STOP_REFUSED]
    assert (waiting(busy), paused(busy)) == (["2"], [])
    refusing.end()
    await busy.do(RunState.stop)
    assert not busy.running
    assert paused(busy) == ["2"]
    assert busy.texts("error") == []
    assert busy.texts("notice") == [STOPPED]


@pytest.mark.parametrize("how", ["silent", "500"])
async def test_a_cancel_that_is_not_confirmed_is_told_and_stop_can_be_pressed_again(
    network: Network, busy: Tab, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(effects, "CONFIRMED_WITHIN", 0.5)
    await submitted(busy, "2")
    fault = network.hold(*ANY_CANCEL) if how == "silent" else network.refuse(*ANY_CANCEL, 500)
    await busy.do(RunState.stop)
    assert busy.running
    assert not busy.var(RunState, "stopping")
    assert busy.texts("error") == [STOP_UNCONFIRMED]
    assert busy.texts("notice") == []
    again = await busy.enqueue(RunState.stop)
    await busy.until(lambda: busy.var(RunState, "stopping") and not busy.texts("error"))
    fault.end()
    await over(again)
    await busy.until(lambda: not busy.running)
    await busy.painted()
    assert paused(busy) == waiting(busy) == ["2"]
    assert busy.texts("error") == []
    assert busy.texts("notice") == [STOPPED]


async def test_a_late_confirmation_of_a_cancel_counts(
    network: Network, busy: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "CONFIRMED_WITHIN", 0.5)
    await submitted(busy, "2")
    cancelling = network.hold(*ANY_CANCEL)
    await busy.do(RunState.stop)
    assert busy.texts("error") == [STOP_UNCONFIRMED]
    cancelling.release()
    await busy.until(lambda: not busy.running and paused(busy) == ["2"])
    await busy.until(lambda: busy.texts("notice") == [STOPPED])
    assert busy.texts("error") == []


async def test_a_cancel_whose_answer_is_lost_is_confirmed_by_the_next_one(
    network: Network, busy: Tab
) -> None:
    await submitted(busy, "2")
    network.lose_answer(*ANY_CANCEL, times=1)
    await busy.do(RunState.stop)
    assert not busy.running
    assert paused(busy) == ["2"]
    assert busy.texts("notice") == [STOPPED]
    assert busy.texts("error") == []


@pytest.mark.parametrize("id", [None, 1, "", "nobody", {"id": 1}])
async def test_an_id_that_names_no_paused_message_changes_nothing(busy: Tab, id: object) -> None:
    await with_paused(busy, "2")
    for handler in (QueueState.remove, QueueState.edit, QueueState.move_up, QueueState.send_now):
        await busy.do(handler, id=id)
    assert paused(busy) == ["2"]
