"""Ending the run that goes where others wait: by Stop, by what is sent instead, by sending now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.client.modes import FOR_A_CHAT
from chat_app.runs.pending_runs import read_agenda
from chat_app.state.queue import INTERRUPT, ROLLBACK, QueueState
from chat_app.state.run import RunState
from chat_app.text import STOPPED
from tests.helpers.network import ANY_CANCEL, ENQUEUE, REMOVE
from tests.helpers.queueing import answer, id_of, paused, settled, submitted, waiting
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


@pytest.mark.parametrize("seconds", [0, 1])
async def test_after_a_stop_what_waited_is_paused_and_what_was_written_stays(
    network: Network,
    busy: Tab,
    new_tab: Callable[[], Tab],
    long_answer: LongAnswer,
    seconds: int,
) -> None:
    await submitted(busy, "2", "3")
    network.delay(*ANY_CANCEL, seconds)
    await busy.do(RunState.stop)
    assert paused(busy) == waiting(busy) == ["2", "3"]
    assert busy.texts("human") == ["1", long_answer.question]
    assert busy.texts("notice") == [STOPPED]
    await busy.do(QueueState.send_all)
    await settled(busy, 2, 3)
    assert busy.texts("human") == ["1", long_answer.question, "2", "3"]
    assert busy.texts("text")[1].startswith("word0 word1 ")
    assert busy.texts("text")[2:] == [answer(2), answer(3)]
    assert busy.texts("notice") == [STOPPED]
    other = new_tab()
    await other.load(f"/t/{busy.thread_id}")
    assert other.shown == busy.shown


@pytest.mark.parametrize("how", ["stop", "interrupt"])
async def test_a_stop_while_the_queue_is_being_changed_loses_and_doubles_nothing(
    network: Network,
    busy: Tab,
    new_tab: Callable[[], Tab],
    long_answer: LongAnswer,
    how: str,
) -> None:
    await submitted(busy, "2", "3")
    network.delay(*REMOVE, 1)
    moving = await busy.enqueue(QueueState.move_up, id=id_of(busy, "3"))
    await busy.until(lambda: waiting(busy) == ["3", "2"])
    asked = ["1", long_answer.question, "3", "2"]
    if how == "stop":
        await busy.do(RunState.stop)
        await busy.until(lambda: paused(busy) == ["3", "2"])
        await busy.do(QueueState.send_all)
    else:
        asked[2:2] = ["4"]
        await busy.do(QueueState.choose, strategy=INTERRUPT)
        await busy.enqueue(QueueState.submit, message="4")
    await over(moving)
    await busy.until(lambda: busy.texts("human") == asked)
    answers = [int(text) for text in asked[2:]]
    await settled(busy, *answers)
    assert busy.texts("text")[1].startswith("word0 word1 ")
    assert busy.texts("text")[2:] == [answer(words) for words in answers]
    assert busy.texts("notice") == [STOPPED]
    other = new_tab()
    await other.load(f"/t/{busy.thread_id}")
    assert other.shown == busy.shown


async def test_what_something_else_has_queued_is_answered_after_a_stop(
    busy: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    asked = {"messages": [{"role": "user", "content": "2"}]}
    await client.runs.create(busy.thread_id, "slow", input=asked, **FOR_A_CHAT)
    await busy.do(QueueState.submit, message="3")
    await busy.until(lambda: waiting(busy) == ["2", "3"])
    await busy.do(RunState.stop)
    await busy.until(lambda: busy.texts("human") == ["1", long_answer.question, "2"])
    # It begins at once: where the stopped answer then comes to stand is the server's affair.
    await busy.until(lambda: answer(2) in busy.texts("text") and not busy.running)
    assert paused(busy) == waiting(busy) == ["3"]


async def test_interrupting_keeps_what_was_written_and_answers_the_new_message(
    busy: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await submitted(busy, "3")
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    await busy.do(QueueState.submit, message="2")
    await busy.until(lambda: busy.texts("human") == ["1", long_answer.question, "2", "3"])
    await settled(busy, 2, 3)
    texts = busy.texts("text")
    assert texts[1].startswith("word0 word1 ")
    assert texts[2:] == [answer(2), answer(3)]
    ended = [run["status"] for run in await client.runs.list(busy.thread_id)]
    assert sorted(ended) == ["interrupted", "interrupted", "success", "success", "success"]


async def test_what_is_interrupted_before_it_has_begun_keeps_its_question(
    network: Network, busy: Tab, long_answer: LongAnswer
) -> None:
    network.delay(*ANY_CANCEL, 0.3)
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    hasty = [
        await busy.enqueue(QueueState.submit, message=text) for text in ("500 every 0.05", "2")
    ]
    for sent in hasty:
        await over(sent)
    await settled(busy, 2)
    await busy.load(f"/t/{busy.thread_id}")
    assert busy.texts("human") == ["1", long_answer.question, "500 every 0.05", "2"]


async def test_what_began_while_one_interrupted_is_answered_after_the_new_message(
    network: Network, busy: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await submitted(busy, "150")
    [next_one] = (await read_agenda(client, busy.thread_id)).waiting

    async def has_begun() -> bool:
        return (await read_agenda(client, busy.thread_id)).current == next_one.run_id

    await busy.do(QueueState.choose, strategy=INTERRUPT)
    cancelling = network.hold(*ANY_CANCEL)
    sending = await busy.enqueue(QueueState.submit, message="4")
    await cancelling.arrived.wait()
    long_answer.end()
    await until(has_begun)
    cancelling.release()
    await over(sending)
    await settled(busy, 4, 150)
    assert busy.texts("human") == ["1", long_answer.question, "4", "150"]


@pytest.mark.parametrize("strategy", [INTERRUPT, ROLLBACK])
async def test_what_is_on_its_way_while_one_interrupts_is_answered_after_it(
    network: Network, busy: Tab, long_answer: LongAnswer, strategy: str
) -> None:
    network.delay(*ENQUEUE, 0.7)
    queueing = await busy.enqueue(QueueState.submit, message="2")
    await busy.until(lambda: waiting(busy) == ["2"])
    await busy.do(QueueState.choose, strategy=strategy)
    await busy.do(QueueState.submit, message="4")
    await over(queueing)
    await settled(busy, 4, 2)
    kept = [long_answer.question] if strategy == INTERRUPT else []
    assert busy.texts("human") == ["1", *kept, "4", "2"]


async def test_what_is_started_over_is_not_saved_by_who_sees_its_end_first(
    network: Network, busy: Tab
) -> None:
    network.delay(*ANY_CANCEL, 1, is_answer=True)
    await busy.do(QueueState.choose, strategy=ROLLBACK)
    await busy.do(QueueState.submit, message="2")
    await settled(busy, 2)
    assert busy.texts("human") == ["1", "2"]


async def test_starting_over_takes_the_unfinished_answer_and_its_question_back(
    busy: Tab, new_tab: Callable[[], Tab]
) -> None:
    await busy.do(QueueState.choose, strategy=ROLLBACK)
    await busy.do(QueueState.submit, message="2")
    await settled(busy, 2)
    assert busy.shown == [
        ("human", "1"),
        ("text", answer(1)),
        ("human", "2"),
        ("text", answer(2)),
    ]
    other = new_tab()
    await other.load(f"/t/{busy.thread_id}")
    assert other.shown == busy.shown


async def test_what_waits_can_be_sent_now(busy: Tab, long_answer: LongAnswer) -> None:
    await submitted(busy, "2", "3")
    await busy.do(QueueState.send_now, id=id_of(busy, "3"))
    await busy.until(lambda: busy.texts("human") == ["1", long_answer.question, "3", "2"])
    await settled(busy, 3, 2)
    assert busy.texts("text")[2:] == [answer(3), answer(2)]


@pytest.mark.parametrize("strategy", [INTERRUPT, ROLLBACK])
async def test_what_is_sent_instead_of_an_answer_waits_in_sight_until_that_is_over(
    network: Network, busy: Tab, strategy: str
) -> None:
    await submitted(busy, "2")
    cancelling = network.hold(*ANY_CANCEL)
    await busy.do(QueueState.choose, strategy=strategy)
    sending = await busy.enqueue(QueueState.submit, message="3")
    await busy.until(lambda: waiting(busy) == ["3", "2"])
    assert "3" not in busy.texts("human")
    cancelling.release()
    await busy.until(lambda: busy.texts("human")[-1] == "3")
    assert "3" not in waiting(busy)
    await over(sending)
    await settled(busy, 3, 2)


async def test_messages_that_were_held_together_do_not_interrupt_each_other(
    busy: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    """As a page sends those that were written without a connection."""
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    await busy.enqueue(QueueState.submit, message="2", is_behind=False)
    await busy.enqueue(QueueState.submit, message="3", is_behind=True)
    await busy.enqueue(QueueState.submit, message="4", is_behind=True)
    await busy.until(lambda: busy.texts("human") == ["1", long_answer.question, "2", "3", "4"])
    await settled(busy, 2, 3, 4)
    assert busy.texts("text")[2:] == [answer(2), answer(3), answer(4)]
    assert busy.texts("notice") == [STOPPED], "only what was being written was interrupted"
