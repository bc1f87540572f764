"""What a person wants done to the queue when it has moved on by itself meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app.runs.pending_runs import read_agenda
from chat_app.state.draft import DraftState
from chat_app.state.queue import INTERRUPT, QueueState
from chat_app.state.run import RunState
from tests.helpers.network import ANY_CANCEL, ENQUEUE, REMOVE, asks
from tests.helpers.queueing import (
    answer,
    id_of,
    is_idle,
    paused,
    settled,
    submitted,
    waiting,
)
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


async def test_sending_now_loses_nothing_that_began_after_the_answer_was_over(
    network: Network, busy: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await submitted(busy, "60 every 0.05", "3")
    [next_one, _] = (await read_agenda(client, busy.thread_id)).waiting

    async def has_begun() -> bool:
        return (await read_agenda(client, busy.thread_id)).current == next_one.run_id

    cancelling = network.hold(*ANY_CANCEL)
    sending = await busy.enqueue(QueueState.send_now, id=id_of(busy, "3"))
    await cancelling.arrived.wait()
    await busy.until(lambda: waiting(busy) == ["3", "60 every 0.05"])
    long_answer.end()
    await until(has_begun)
    cancelling.release()
    await over(sending)
    await settled(busy, 3, 60)
    assert sorted(busy.texts("human")) == sorted(["1", long_answer.question, "60 every 0.05", "3"])


@pytest.mark.parametrize("how", ["lose", "lose_answer"])
async def test_a_message_is_edited_also_where_the_first_request_for_that_fails(
    network: Network, busy: Tab, long_answer: LongAnswer, how: str
) -> None:
    await submitted(busy, "2")
    getattr(network, how)(*REMOVE, times=1)
    await busy.do(QueueState.edit, id=id_of(busy, "2"))
    assert (busy.var(DraftState, "edited"), waiting(busy)) == ("2", [])
    long_answer.end()
    await busy.until(lambda: not busy.running)
    assert busy.texts("human") == ["1", long_answer.question]


@pytest.mark.parametrize("how", ["lose", "lose_answer"])
async def test_a_message_is_sent_now_also_where_the_first_request_for_that_fails(
    network: Network, busy: Tab, long_answer: LongAnswer, how: str
) -> None:
    await submitted(busy, "2", "3")
    getattr(network, how)(*ANY_CANCEL, times=1)
    await busy.do(QueueState.send_now, id=id_of(busy, "3"))
    await settled(busy, 3, 2)
    assert busy.texts("human") == ["1", long_answer.question, "3", "2"]


async def test_a_stop_ends_the_run_also_where_what_waits_cannot_be_queued_again(
    network: Network, busy: Tab, client: LangGraphClient
) -> None:
    await submitted(busy, "2")
    refusing = network.refuse(*ENQUEUE, where=asks("2"))
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    await busy.enqueue(QueueState.submit, message="900 every 0.1")
    await busy.until(lambda: len(busy.texts("text")) == 3)
    await busy.do(RunState.stop)
    assert (busy.running, paused(busy)) == (False, ["2"])
    await until(lambda: is_idle(client, busy.thread_id))
    refusing.end()
    await busy.do(QueueState.send_all)
    await settled(busy, 2)


async def test_what_begins_is_shown_where_another_one_cannot_be_queued_yet(
    network: Network, busy: Tab
) -> None:
    begins = "900 every 0.1"
    await submitted(busy, begins, "2")
    await busy.do(RunState.stop)
    refusing = network.refuse(*ENQUEUE, where=asks("2"))
    await busy.do(QueueState.send_all)
    await busy.until(lambda: busy.texts("human")[-1] == begins and busy.running)
    assert waiting(busy) == ["2"]
    await busy.until(lambda: len(busy.texts("text")) == 3)
    await busy.do(RunState.stop)
    assert (busy.running, paused(busy)) == (False, ["2"])
    refusing.end()
    await busy.do(QueueState.send_now, id=id_of(busy, "2"))
    await settled(busy, 2)


async def test_what_is_sent_comes_after_what_cannot_be_queued_yet(
    network: Network, busy: Tab, long_answer: LongAnswer
) -> None:
    refusing = network.refuse(*ENQUEUE, where=asks("2"))
    for text in "23":
        await busy.enqueue(QueueState.submit, message=text)
    await busy.until(lambda: waiting(busy) == ["2", "3"])
    await busy.until(lambda: refusing.count)
    refusing.end()
    long_answer.end()
    await settled(busy, 2, 3)
    assert busy.texts("human") == ["1", long_answer.question, "2", "3"]


async def test_the_order_is_kept_where_a_message_that_moves_cannot_be_queued_at_once(
    network: Network, busy: Tab, long_answer: LongAnswer
) -> None:
    await submitted(busy, "2", "3")
    refusing = network.refuse(*ENQUEUE, where=asks("3"))
    moving = await busy.enqueue(QueueState.move_up, id=id_of(busy, "3"))
    await busy.until(lambda: waiting(busy) == ["3", "2"])
    await refusing.arrived.wait()
    sending = await busy.enqueue(QueueState.submit, message="4")
    await busy.until(lambda: waiting(busy) == ["3", "2", "4"])
    refusing.end()
    await over(moving)
    long_answer.end()
    await over(sending)
    await settled(busy, 3, 2, 4)
    assert answer(2) in busy.texts("text")


@pytest.mark.parametrize("handler", [QueueState.edit, QueueState.remove])
async def test_a_message_that_cannot_be_removed_waits_in_sight(
    network: Network, busy: Tab, long_answer: LongAnswer, handler: Any
) -> None:
    await submitted(busy, "2")
    network.refuse(*REMOVE, 403)
    await busy.do(handler, id=id_of(busy, "2"))
    assert waiting(busy) == ["2"]
    long_answer.end()
    await settled(busy, 2)
    assert busy.var(DraftState, "edited") == ""
    assert busy.texts("human") == ["1", long_answer.question, "2"]
