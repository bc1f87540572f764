"""What a person wants done to the queue when it has moved on by itself meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.client import UnreachableError
from chat_app.client.runs import Runs
from chat_app.runs import queue
from chat_app.state.queue import INTERRUPT, QueueState
from chat_app.state.run import RunState
from tests.helpers.queueing import (
    answer,
    id_of,
    is_idle,
    made_busy,
    settled,
    submitted,
    waiting,
    withdraw_after,
)
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.pending_runs import Queued
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab


class Refusing:
    """Lets the server's queue refuse a message for as long as its text is here."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
        self.texts = [text]
        self._enqueue = queue.enqueue
        monkeypatch.setattr(queue, "RESTORE_PAUSES", (0.3,) * 100)
        monkeypatch.setattr(queue, "enqueue", self)

    async def __call__(self, client: LangGraphClient, thread_id: str, message: Queued) -> Queued:
        if message.text in self.texts:
            raise UnreachableError("gone")
        return await self._enqueue(client, thread_id, message)


async def test_sending_now_ends_nothing_that_began_after_the_answer_was_over(
    tab: Tab, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = await made_busy(tab, long_answer)
    await submitted(busy, "60 every 0.05", "3")
    go_on = asyncio.Event()
    withdraw_after(monkeypatch, go_on.wait)
    sending = await busy.enqueue(QueueState.send_now, id=id_of(busy, "3"))
    await busy.until(lambda: waiting(busy) == ["60 every 0.05"])
    long_answer.end()
    await busy.until(lambda: not busy.running)
    go_on.set()
    await over(sending)
    await settled(busy, 3)
    assert answer(60) in busy.texts("text")
    assert sorted(busy.texts("human")) == sorted(["1", long_answer.question, "60 every 0.05", "3"])


@pytest.mark.parametrize("handler", [QueueState.edit, QueueState.send_now])
async def test_a_message_taken_out_is_not_lost_where_the_servers_answer_is(
    busy: Tab, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch, handler: Any
) -> None:
    await submitted(busy, "2")
    delete, unheard = Runs.delete, [True]

    async def once_unheard(*args: Any, **options: Any) -> None:
        await delete(*args, **options)
        if unheard:
            unheard.clear()
            raise UnreachableError("gone")

    monkeypatch.setattr(Runs, "delete", once_unheard)
    await busy.do(handler, id=id_of(busy, "2"))
    long_answer.end()
    await settled(busy, 2)
    assert busy.texts("human") == ["1", long_answer.question, "2"]


@pytest.mark.parametrize("name", ["get", "delete"])
async def test_a_message_is_sent_now_also_where_the_first_request_for_that_is_not_heard(
    busy: Tab, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    await submitted(busy, "2", "3")
    call, deaf = getattr(Runs, name), [True]

    async def not_at_once(*args: Any, **options: Any) -> Any:
        if deaf:
            deaf.clear()
            raise UnreachableError("gone")
        return await call(*args, **options)

    monkeypatch.setattr(Runs, name, not_at_once)
    await busy.do(QueueState.send_now, id=id_of(busy, "3"))
    await settled(busy, 3, 2)
    assert busy.texts("human") == ["1", long_answer.question, "3", "2"]


async def test_a_stop_ends_the_run_also_where_what_waits_cannot_be_brought_back(
    busy: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submitted(busy, "2")
    refusing = Refusing(monkeypatch, "2")
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    await busy.enqueue(QueueState.submit, message="900 every 0.1")
    await busy.until(lambda: len(busy.texts("text")) == 3)
    await busy.enqueue(RunState.stop)
    await busy.until(lambda: not busy.running)
    await until(lambda: is_idle(client, busy.thread_id))
    refusing.texts.clear()
    await settled(busy, 2)


async def test_after_a_stop_what_begins_is_shown_where_another_one_cannot_be_brought_back_yet(
    busy: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = "900 every 0.1"
    await submitted(busy, begins, "2")
    refusing = Refusing(monkeypatch, "2")
    await busy.enqueue(RunState.stop)
    await busy.until(lambda: busy.texts("human")[-1] == begins and busy.running)
    assert waiting(busy) == ["2"]
    await busy.enqueue(RunState.stop)
    await busy.until(lambda: not busy.running)
    assert waiting(busy) == ["2"]
    refusing.texts.clear()
    await settled(busy, 2)


async def test_what_is_sent_comes_after_what_cannot_be_brought_back_yet(
    busy: Tab, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submitted(busy, "2")
    refusing = Refusing(monkeypatch, "2")
    stopping = await busy.enqueue(RunState.stop)
    await busy.until(lambda: not busy.running)
    await asyncio.sleep(1)
    sending = await busy.enqueue(QueueState.submit, message="3")
    await busy.until(lambda: waiting(busy) == ["2", "3"])
    refusing.texts.clear()
    await over(stopping)
    await over(sending)
    await settled(busy, 2, 3)
    assert busy.texts("human") == ["1", long_answer.question, "2", "3"]


async def test_the_order_is_kept_where_a_message_that_moves_cannot_be_brought_back_at_once(
    busy: Tab, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submitted(busy, "2", "3")
    refusing = Refusing(monkeypatch, "3")
    moving = await busy.enqueue(QueueState.move_up, id=id_of(busy, "3"))
    await busy.until(lambda: waiting(busy) == ["3", "2"])
    await asyncio.sleep(1)
    sending = await busy.enqueue(QueueState.submit, message="4")
    await busy.until(lambda: waiting(busy) == ["3", "2", "4"])
    refusing.texts.clear()
    await over(moving)
    await over(sending)
    long_answer.end()
    await settled(busy, 3, 2, 4)
