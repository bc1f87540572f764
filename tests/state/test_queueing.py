"""Sending while a run goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.state.queue import INTERRUPT, ROLLBACK, QueueState
from chat_app.state.run import RunState

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab


def answer(words: int) -> str:
    return "".join(f"word{n} " for n in range(words))


def waiting(tab: Tab) -> list[str]:
    return [message["text"] for message in tab.var(QueueState, "waiting")]


def id_of(tab: Tab, text: str) -> str:
    return next(m["id"] for m in tab.var(QueueState, "waiting") if m["text"] == text)


@pytest.fixture
async def busy(tab: Tab) -> Tab:
    """A tab whose thread has one answer and writes a long one."""
    return await made_busy(tab)


async def made_busy(tab: Tab) -> Tab:
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    await tab.enqueue(RunState.send, message="300")
    await tab.until(lambda: "word5 " in tab.texts("text")[-1])
    return tab


async def submitted(tab: Tab, *messages: str) -> None:
    """Send messages while a run goes, and see them wait in their order."""
    for message in messages:
        await tab.do(QueueState.submit, message=message)
    await tab.until(lambda: waiting(tab)[-len(messages) :] == list(messages))


async def settled(tab: Tab, *answers: int) -> None:
    """Wait until nothing goes or waits, and the last answers have so many words."""
    expected = [answer(words) for words in answers]
    await tab.until(lambda: tab.texts("text")[-len(answers) :] == expected)
    await tab.until(lambda: not tab.running and not waiting(tab))


async def test_what_is_sent_meanwhile_waits_and_is_answered_next(
    busy: Tab, client: LangGraphClient
) -> None:
    await submitted(busy, "2", "3")
    statuses = [run["status"] for run in await client.runs.list(busy.thread_id, limit=3)]
    assert statuses == ["pending", "pending", "running"]
    await busy.until(lambda: len(busy.texts("text")) == 4 and not busy.running)
    await settled(busy, 2, 3)
    assert busy.texts("human") == ["1", "300", "2", "3"]
    assert busy.texts("text") == [answer(1), answer(300), answer(2), answer(3)]


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


async def test_what_waits_can_be_removed_moved_and_changed(busy: Tab) -> None:
    await submitted(busy, "2", "3", "4")
    await busy.do(QueueState.move_up, id=id_of(busy, "4"))
    await busy.until(lambda: waiting(busy) == ["2", "4", "3"])
    await busy.do(QueueState.remove, id=id_of(busy, "2"))
    await busy.do(QueueState.edit, id=id_of(busy, "3"))
    assert (busy.var(QueueState, "edited"), busy.var(QueueState, "edits")) == ("3", 1)
    await busy.until(lambda: waiting(busy) == ["4"])
    await busy.do(RunState.stop)
    await busy.until(lambda: busy.texts("text")[-1:] == [answer(4)])
    await settled(busy, 4)
    assert busy.texts("human") == ["1", "300", "4"]


async def test_after_a_stop_the_next_one_is_answered_and_what_was_written_stays(
    busy: Tab, new_tab: Callable[[], Tab]
) -> None:
    await submitted(busy, "2", "3")
    await busy.do(RunState.stop)
    await busy.until(lambda: busy.texts("human") == ["1", "300", "2", "3"])
    await settled(busy, 2, 3)
    assert busy.texts("text")[1].startswith("word0 word1 ")
    assert busy.texts("text")[2:] == [answer(2), answer(3)]
    assert busy.texts("notice") == ["Stopped."]
    other = new_tab()
    await other.load(f"/t/{busy.thread_id}")
    assert other.shown == busy.shown


async def test_what_something_else_has_queued_is_answered_after_a_stop(
    busy: Tab, client: LangGraphClient
) -> None:
    asked = {"messages": [{"role": "user", "content": "2"}]}
    await client.runs.create(busy.thread_id, "slow", input=asked)
    await busy.do(QueueState.submit, message="3")
    await busy.until(lambda: waiting(busy) == ["2", "3"])
    await busy.do(RunState.stop)
    await busy.until(lambda: busy.texts("human") == ["1", "300", "2", "3"])
    await settled(busy, 2, 3)
    assert busy.texts("text")[-2:] == [answer(2), answer(3)]


async def test_interrupting_keeps_what_was_written_and_answers_the_new_message(
    busy: Tab, client: LangGraphClient
) -> None:
    await submitted(busy, "3")
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    await busy.do(QueueState.submit, message="2")
    await busy.until(lambda: busy.texts("human") == ["1", "300", "2", "3"])
    await settled(busy, 2, 3)
    texts = busy.texts("text")
    assert texts[1].startswith("word0 word1 ")
    assert texts[2:] == [answer(2), answer(3)]
    runs = await client.runs.list(busy.thread_id)
    assert {run.get("multitask_strategy") for run in runs} >= {"interrupt", "enqueue"}


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


async def test_what_waits_can_be_sent_now(busy: Tab) -> None:
    await submitted(busy, "2", "3")
    await busy.do(QueueState.send_now, id=id_of(busy, "3"))
    await busy.until(lambda: busy.texts("human") == ["1", "300", "3", "2"])
    await settled(busy, 3, 2)
    assert busy.texts("text")[2:] == [answer(3), answer(2)]


async def test_a_queue_outlasts_its_tab(busy: Tab, new_tab: Callable[[], Tab]) -> None:
    await submitted(busy, "2")
    busy.close()
    other = new_tab()
    await other.load(f"/t/{busy.thread_id}")
    await other.until(lambda: other.texts("text")[-1:] == [answer(2)] and not other.running)
    assert other.texts("human") == ["1", "300", "2"]


async def test_where_the_server_does_not_queue_the_app_does(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    client: LangGraphClient,
) -> None:
    tab = (await start(langgraph_server, CHAT_QUEUE="app"))()
    await tab.load("/")
    await made_busy(tab)
    await submitted(tab, "2", "3", "4")
    assert len(await client.runs.list(tab.thread_id)) == 2
    await tab.do(QueueState.move_up, id=id_of(tab, "4"))
    await tab.do(QueueState.remove, id=id_of(tab, "2"))
    assert waiting(tab) == ["4", "3"]
    await tab.until(lambda: tab.texts("human") == ["1", "300", "4", "3"])
    await settled(tab, 4, 3)
    assert tab.texts("text")[2:] == [answer(4), answer(3)]


@pytest.mark.parametrize("id", [None, 1, "", "nobody", {"id": 1}])
async def test_an_id_that_names_nothing_changes_nothing(busy: Tab, id: object) -> None:
    await submitted(busy, "2")
    for handler in (QueueState.remove, QueueState.edit, QueueState.move_up, QueueState.send_now):
        await busy.do(handler, id=id)
    assert waiting(busy) == ["2"]
    assert busy.var(QueueState, "edits") == 0
    await busy.do(RunState.stop)


@pytest.mark.parametrize("strategy", [None, 1, "", "reject", ["queue"]])
async def test_only_what_is_offered_can_be_chosen(tab: Tab, strategy: object) -> None:
    await tab.do(QueueState.choose, strategy=strategy)
    assert tab.var(QueueState, "strategy") == "queue"
