"""Sending while a run goes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from reflex.state import OnLoadInternalState

from chat_app.runs.pending_runs import read_agenda
from chat_app.state.draft import DraftState
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from tests.helpers.network import ENQUEUE, READ_RUN, REMOVE, asks
from tests.helpers.queueing import answer, id_of, made_busy, paused, settled, submitted, waiting
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


async def test_what_is_sent_meanwhile_waits_and_is_answered_next(
    busy: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await submitted(busy, "2", "3")
    statuses = [run["status"] for run in await client.runs.list(busy.thread_id, limit=3)]
    assert statuses == ["pending", "pending", "running"]
    long_answer.end()
    await busy.until(lambda: len(busy.texts("text")) == 4 and not busy.running)
    await settled(busy, 2, 3)
    assert busy.texts("human") == ["1", long_answer.question, "2", "3"]
    whole = answer(len(busy.texts("text")[1].split()))
    assert busy.texts("text") == [answer(1), whole, answer(2), answer(3)]


async def test_who_is_quick_keeps_their_order_where_a_request_is_slow(
    network: Network, busy: Tab, client: LangGraphClient
) -> None:
    network.delay(*ENQUEUE, 0.5, where=asks("2"))
    sent = [await busy.enqueue(QueueState.submit, message=text) for text in "234"]
    await asyncio.gather(*(over(event) for event in sent))
    agenda = await read_agenda(client, busy.thread_id)
    assert [message.text for message in agenda.waiting] == ["2", "3", "4"]
    assert waiting(busy) == ["2", "3", "4"]
    await busy.do(RunState.stop)


async def test_without_a_run_it_is_sent_at_once(tab: Tab) -> None:
    await tab.do(QueueState.submit, message="2")
    assert tab.shown == [("human", "2"), ("text", answer(2))]


async def test_every_tab_sees_what_waits(busy: Tab, new_tab: Callable[[], Tab]) -> None:
    other = new_tab()
    await other.begin_load(f"/t/{busy.thread_id}")
    await other.until(lambda: other.page and other.running)
    await submitted(busy, "2")
    await other.until(lambda: waiting(other) == ["2"])
    await other.do(QueueState.remove, id=id_of(other, "2"))
    await busy.until(lambda: not waiting(busy))
    await busy.do(RunState.stop)


async def test_who_is_faster_than_the_page_sends_to_the_chat_they_see(
    busy: Tab, long_answer: LongAnswer
) -> None:
    left = busy.thread_id
    busy.path = "/"
    await busy.enqueue(OnLoadInternalState.event_handlers["on_load_internal"])
    await busy.do(QueueState.submit, message="2")
    assert busy.thread_id != left
    assert busy.shown == [("human", "2"), ("text", answer(2))]
    long_answer.end()
    await busy.go(f"/t/{left}")
    assert busy.texts("human") == ["1", long_answer.question]


async def test_what_waits_can_be_removed_moved_and_changed(
    busy: Tab, long_answer: LongAnswer
) -> None:
    await submitted(busy, "2", "3", "4")
    await busy.do(QueueState.move_up, id=id_of(busy, "4"))
    await busy.until(lambda: waiting(busy) == ["2", "4", "3"])
    await busy.do(QueueState.remove, id=id_of(busy, "2"))
    await busy.do(QueueState.edit, id=id_of(busy, "3"))
    assert (busy.var(DraftState, "edited"), busy.var(DraftState, "edits")) == ("3", 1)
    await busy.until(lambda: waiting(busy) == ["4"])
    await busy.do(RunState.stop)
    assert paused(busy) == ["4"]
    await busy.do(QueueState.send_all)
    await busy.until(lambda: busy.texts("text")[-1:] == [answer(4)])
    await settled(busy, 4)
    assert busy.texts("human") == ["1", long_answer.question, "4"]


async def test_what_is_removed_while_it_is_still_being_moved_is_gone_in_the_end(
    network: Network, busy: Tab
) -> None:
    await submitted(busy, "2", "3")
    removing = network.hold(*REMOVE)
    await busy.enqueue(QueueState.move_up, id=id_of(busy, "3"))
    await busy.until(lambda: waiting(busy) == ["3", "2"])
    asyncio.get_running_loop().call_later(4, removing.release)
    await busy.do(QueueState.remove, id=id_of(busy, "3"))
    await busy.until(lambda: waiting(busy) == ["2"])


async def test_what_was_answered_meanwhile_does_not_come_back_to_be_changed(
    network: Network, busy: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await submitted(busy, "2")
    [waits] = (await read_agenda(client, busy.thread_id)).waiting
    removing = network.hold(*READ_RUN)
    editing = await busy.enqueue(QueueState.edit, id=id_of(busy, "2"))
    await removing.arrived.wait()
    long_answer.end()
    await until(lambda: has_answered(client, busy.thread_id, waits.run_id))
    removing.release()
    await over(editing)
    await settled(busy, 2)
    assert busy.var(DraftState, "edited") == ""
    assert busy.texts("human") == ["1", long_answer.question, "2"]


async def has_answered(client: LangGraphClient, thread_id: str, run_id: str) -> bool:
    return (await client.runs.get(thread_id, run_id))["status"] == "success"


async def test_a_queue_outlasts_its_tab(
    busy: Tab, new_tab: Callable[[], Tab], long_answer: LongAnswer
) -> None:
    await submitted(busy, "2")
    busy.close()
    long_answer.end()
    other = new_tab()
    await other.load(f"/t/{busy.thread_id}")
    await other.until(lambda: other.texts("text")[-1:] == [answer(2)] and not other.running)
    assert other.texts("human") == ["1", long_answer.question, "2"]


async def test_where_the_server_does_not_queue_the_app_does(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    client: LangGraphClient,
    long_answer: LongAnswer,
) -> None:
    tab = (await start(langgraph_server, CHAT_QUEUE="app"))()
    await tab.load("/")
    await made_busy(tab, long_answer)
    await submitted(tab, "2", "3", "4")
    assert len(await client.runs.list(tab.thread_id)) == 2
    await tab.do(QueueState.move_up, id=id_of(tab, "4"))
    await tab.do(QueueState.remove, id=id_of(tab, "2"))
    assert waiting(tab) == ["4", "3"]
    long_answer.end()
    await tab.until(lambda: tab.texts("human") == ["1", long_answer.question, "4", "3"])
    await settled(tab, 4, 3)
    assert tab.texts("text")[2:] == [answer(4), answer(3)]


@pytest.mark.parametrize("id", [None, 1, "", "nobody", {"id": 1}])
async def test_an_id_that_names_nothing_changes_nothing(busy: Tab, id: object) -> None:
    await submitted(busy, "2")
    for handler in (QueueState.remove, QueueState.edit, QueueState.move_up, QueueState.send_now):
        await busy.do(handler, id=id)
    assert waiting(busy) == ["2"]
    assert busy.var(DraftState, "edits") == 0
    await busy.do(RunState.stop)


@pytest.mark.parametrize("strategy", [None, 1, "", "reject", ["queue"]])
async def test_only_what_is_offered_can_be_chosen(tab: Tab, strategy: object) -> None:
    await tab.do(QueueState.choose, strategy=strategy)
    assert tab.var(QueueState, "strategy") == "queue"
