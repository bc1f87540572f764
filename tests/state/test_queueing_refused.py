"""What cannot be sent right now waits or comes back, and the person is told why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app import text
from chat_app.state.draft import DraftState
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from tests.helpers.queueing import made_busy, settled, waiting
from tests.helpers.tab import over

if TYPE_CHECKING:
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab


async def test_of_two_messages_sent_at_once_the_second_waits(tab: Tab) -> None:
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    one = await tab.enqueue(QueueState.submit, message="2")
    two = await tab.enqueue(QueueState.submit, message="3")
    await over(one)
    await over(two)
    await settled(tab, 2, 3)
    assert tab.texts("human") == ["1", "2", "3"]


async def test_what_is_sent_while_a_run_goes_waits_whichever_way_it_is_sent(
    tab: Tab, long_answer: LongAnswer
) -> None:
    await made_busy(tab, long_answer)
    await tab.send("2")
    assert (tab.var(DraftState, "returned"), waiting(tab)) == ("", ["2"])
    await tab.do(RunState.stop)


async def test_what_cannot_be_sent_is_refused_in_words_while_a_run_goes(
    tab: Tab, long_answer: LongAnswer
) -> None:
    await made_busy(tab, long_answer)
    await tab.do(QueueState.submit, message="x" * 200_001)
    assert tab.texts("error") == [text.TOO_LONG.format(limit="200,000")]
    await tab.do(QueueState.submit, message="look", attached=["gone"])
    written = len(tab.texts("text")[-1])
    await tab.until(lambda: len(tab.texts("text")[-1]) > written)
    assert tab.texts("error") == [text.ATTACHMENT_LOST]
    assert (tab.var(DraftState, "returned"), waiting(tab)) == ("look", [])
    assert tab.running
    await tab.do(RunState.stop)
