"""Acting while the server has yet to answer what was done before."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.client import UnreachableError
from chat_app.client.runs import Runs
from chat_app.client.threads import Threads
from chat_app.state import presence, run, tab_session
from chat_app.state.asking import AskState
from chat_app.state.draft import DraftState
from chat_app.state.queue import INTERRUPT, QueueState
from chat_app.state.run import RunState
from tests.helpers.answering import cards
from tests.helpers.late_agent import delay_starts, hold_the_agent_back, slow_down
from tests.helpers.queueing import (
    answer,
    asked,
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
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Event
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]
    Asking = Callable[..., Awaitable[Tab]]


async def unreachable(*_: Any, **__: Any) -> AsyncGenerator[Event, None]:
    raise UnreachableError("gone")
    yield


@pytest.mark.parametrize("seconds", [1, 4])
async def test_what_is_sent_while_a_stop_takes_the_queue_back_comes_last(
    busy: Tab, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    await submitted(busy, "2", "3")
    withdraw_after(monkeypatch, lambda: asyncio.sleep(seconds))
    stopping = await busy.enqueue(RunState.stop)
    await busy.until(lambda: not busy.running)
    sending = await busy.enqueue(QueueState.submit, message="4")
    await busy.until(lambda: waiting(busy) == ["2", "3", "4"])
    await over(stopping)
    await over(sending)
    await busy.until(lambda: busy.texts("human") == ["1", long_answer.question, "2", "3", "4"])
    await settled(busy, 2, 3, 4)
    await busy.load(f"/t/{busy.thread_id}")
    assert busy.texts("human") == ["1", long_answer.question, "2", "3", "4"]


async def test_what_is_sent_while_a_stop_is_on_its_way_is_answered_once(
    busy: Tab, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_down(monkeypatch, Runs, "list", seconds=1)
    stopping = await busy.enqueue(RunState.stop)
    await busy.until(lambda: not busy.running)
    await busy.do(QueueState.submit, message="2")
    await over(stopping)
    await settled(busy, 2)
    assert busy.texts("human") == ["1", long_answer.question, "2"]
    assert len(busy.texts("text")) == 3


async def test_two_tabs_that_stop_at_once_double_nothing(
    busy: Tab,
    new_tab: Callable[[], Tab],
    client: LangGraphClient,
    long_answer: LongAnswer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await submitted(busy, "2", "3")
    other = new_tab()
    await other.begin_load(f"/t/{busy.thread_id}")
    await other.until(lambda: other.page and other.running and waiting(other) == ["2", "3"])
    slow_down(monkeypatch, Runs, "create", seconds=1)
    stops = [await tab.enqueue(RunState.stop) for tab in (busy, other)]
    for stop in stops:
        await over(stop)
    for tab in (busy, other):
        await settled(tab, 2, 3)
        assert tab.texts("human") == ["1", long_answer.question, "2", "3"]
    assert len(await client.runs.list(busy.thread_id)) == 4


async def test_what_is_sent_while_a_retry_looks_where_the_thread_stands_comes_after_it(
    start: Start, langgraph_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = (await start(langgraph_server, CHAT_ASSISTANT="falters"))()
    await tab.load("/")
    await tab.send("1 times")
    await tab.go(f"/t/{tab.thread_id}")
    get_state, asked = Threads.get_state, asyncio.Event()

    async def slowly(*args: Any, **options: Any) -> Any:
        state = await get_state(*args, **options)
        if not asked.is_set():
            asked.set()
            await asyncio.sleep(1)
        return state

    monkeypatch.setattr(Threads, "get_state", slowly)
    retrying = await tab.enqueue(RunState.retry)
    await asked.wait()
    await tab.do(QueueState.submit, message="0 times")
    await over(retrying)
    await tab.until(lambda: len(tab.texts("text")) == 2 and not tab.running)
    assert tab.shown == [
        ("human", "1 times"),
        ("text", "1 times"),
        ("human", "0 times"),
        ("text", "1 times | 1 times | 0 times"),
    ]


async def test_what_is_sent_behind_a_retry_that_comes_to_nothing_is_answered(
    start: Start, langgraph_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = (await start(langgraph_server, CHAT_ASSISTANT="falters"))()
    await tab.load("/")
    await tab.send("1 times")
    await tab.go(failed := f"/t/{tab.thread_id}")

    async def refused(*_: Any) -> str:
        await asyncio.sleep(1)
        raise UnreachableError("gone")

    monkeypatch.setattr(run, "chosen_assistant", refused)
    retrying = await tab.enqueue(RunState.retry)
    await tab.until(lambda: tab.running)
    sending = await tab.enqueue(QueueState.submit, message="0 times")
    await tab.until(lambda: waiting(tab) == ["0 times"])
    await tab.go("/")
    await over(retrying)
    await over(sending)
    await tab.go(failed)
    await tab.until(lambda: tab.texts("human")[-1:] == ["0 times"] and not tab.running)
    assert tab.texts("text")[-1].endswith("| 0 times")


async def test_what_is_sent_while_an_answer_is_on_its_way_comes_after_it(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = await asking("consults", "words")
    await tab.go(f"/t/{tab.thread_id}")
    asked = delay_starts(monkeypatch, before=1)
    key = cards(tab)[0]["key"]
    answering = await tab.enqueue(AskState.answer, key=key, given={"text": "a"})
    await asked.wait()
    await tab.do(QueueState.submit, message="none")
    await over(answering)
    await tab.until(lambda: tab.texts("human") == ["words", "none"] and not tab.running)
    assert tab.shown[:3] == [
        ("human", "words"),
        ("decision", "Answered: a"),
        ("text", 'words: "a"'),
    ]


async def test_stopping_what_an_answer_began_before_its_run_is_known_ends_that_run(
    asking: Asking, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = await asking("consults", "slow")
    asked = delay_starts(monkeypatch, after=4)
    key = cards(tab)[0]["key"]
    await tab.enqueue(AskState.answer, key=key, given={"text": "slowly"})
    await asked.wait()

    async def is_at_work() -> bool:
        return not await is_idle(client, tab.thread_id)

    await until(is_at_work)
    await tab.do(RunState.stop)
    await until(lambda: is_idle(client, tab.thread_id))
    last, *_ = await client.runs.list(tab.thread_id)
    assert last["status"] == "interrupted"


async def test_who_answers_and_looks_elsewhere_before_the_server_has_it_has_answered(
    asking: Asking, monkeypatch: pytest.MonkeyPatch, client: LangGraphClient
) -> None:
    tab = await asking("consults", "words")
    asked_in = tab.thread_id
    await tab.go(f"/t/{asked_in}")
    asked = delay_starts(monkeypatch, before=1)
    key = cards(tab)[0]["key"]
    answering = await tab.enqueue(AskState.answer, key=key, given={"text": "a"})
    await asked.wait()
    await tab.go("/")
    await over(answering)
    await until(lambda: is_idle(client, asked_in))
    assert len(await client.runs.list(asked_in)) == 2
    await tab.go(f"/t/{asked_in}")
    assert tab.shown[1:] == [("decision", "Answered: a"), ("text", 'words: "a"')]


async def test_who_is_away_while_a_message_waits_for_the_agent_finds_it_sent(
    new_tab: Callable[[], Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "GRACE", 0.1)
    tab = new_tab()
    await tab.load("/")
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    up = hold_the_agent_back(monkeypatch)
    sending = await tab.enqueue(RunState.send, message="2")
    await tab.until(lambda: tab.running)
    tab.close()
    await until(lambda: tab.token not in tab_session._tabs)
    await tab.begin_load(f"/t/{tab.thread_id}")
    await tab.until(lambda: tab.token in tab_session._tabs)
    up.set()
    await over(sending)
    await tab.until(lambda: tab.texts("text") == [answer(1), answer(2)] and not tab.running)


async def test_try_again_pressed_twice_sends_once(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tab.send("1")
    with monkeypatch.context() as patch:
        patch.setattr(Runs, "stream", unreachable)
        await tab.send("2")
    assert tab.var(DraftState, "returned") == "2"
    both = [await tab.enqueue(RunState.retry) for _ in range(2)]
    for one in both:
        await over(one)
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
    await busy.until(lambda: busy.var(RunState, "can_retry") and not busy.running)
    assert busy.var(DraftState, "returned") == ""
    await busy.do(RunState.retry)
    assert busy.texts("human") == ["1", long_answer.question, "2", "no number"]


async def test_the_app_counts_a_message_when_it_takes_it_and_only_then(
    busy: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submitted(busy, "2", "3")
    taken, go_on = busy.var(DraftState, "taken"), asyncio.Event()
    withdraw_after(monkeypatch, go_on.wait)
    await busy.do(QueueState.choose, strategy=INTERRUPT)
    sending = await busy.enqueue(QueueState.submit, message="4")
    await busy.until(lambda: busy.var(DraftState, "taken") == taken + 1)
    assert "4" not in busy.texts("human")
    go_on.set()
    await over(sending)
    await settled(busy, 4, 2, 3)
    assert busy.var(DraftState, "taken") == taken + 1


async def test_what_is_sent_now_is_not_counted_again(busy: Tab) -> None:
    await submitted(busy, "2", "3")
    taken = busy.var(DraftState, "taken")
    await busy.do(QueueState.send_now, id=id_of(busy, "3"))
    await settled(busy, 3, 2)
    assert busy.var(DraftState, "taken") == taken


async def test_what_was_taken_back_twice_is_never_sent(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tab.send("1")
    await tab.go(f"/t/{tab.thread_id}")
    up = hold_the_agent_back(monkeypatch)
    sent = []
    for message in "23":
        sent.append(await tab.enqueue(QueueState.submit, message=message))
        await tab.until(lambda: tab.running)
        await tab.do(RunState.stop)
        await tab.do(DraftState.take_returned)
    up.set()
    for one in sent:
        await over(one)
    assert await asked(client, tab.thread_id) == ["1"]
    assert len(await client.runs.list(tab.thread_id)) == 1


async def test_an_answer_that_is_stopped_while_it_is_being_noted_is_none(
    asking: Asking, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = await asking("consults", "words")
    await tab.go(f"/t/{tab.thread_id}")
    update, noting = Threads.update, asyncio.Event()

    async def slowly(*args: Any, **options: Any) -> Any:
        noting.set()
        await asyncio.sleep(1)
        return await update(*args, **options)

    monkeypatch.setattr(Threads, "update", slowly)
    answering = await tab.enqueue(AskState.answer, key=cards(tab)[0]["key"], given={"text": "a"})
    await noting.wait()
    await tab.do(RunState.stop)
    await over(answering)
    assert len(await client.runs.list(tab.thread_id)) == 1
    await tab.load(f"/t/{tab.thread_id}")
    assert cards(tab)
    assert not tab.texts("decision")
