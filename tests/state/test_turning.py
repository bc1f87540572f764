"""Turning to another chat and back while something is still being done in the first."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.client import UnreachableError
from chat_app.client.runs import Runs
from chat_app.runs import queue
from chat_app.state import sending
from chat_app.state.queue import INTERRUPT, QueueState
from chat_app.state.run import RunState
from tests.helpers.late_agent import delay_starts
from tests.helpers.queueing import between_two, comes_to, submitted, turn, waiting, withdraw_after
from tests.helpers.tab import over

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.pending_runs import Queued
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab


@pytest.mark.parametrize("where", ["new", "other"])
async def test_what_waits_is_not_shown_elsewhere(
    tab: Tab, long_answer: LongAnswer, where: str
) -> None:
    _, other = await between_two(tab, long_answer)
    await submitted(tab, "2")
    await tab.go("/" if where == "new" else f"/t/{other}")
    assert waiting(tab) == []


async def test_what_comes_to_wait_in_a_chat_that_was_left_is_not_shown_elsewhere(
    tab: Tab, client: LangGraphClient, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, other = await between_two(tab, long_answer)
    go, cancel, enqueue = asyncio.Event(), Runs.cancel, queue.enqueue
    seen: list[list[str]] = []

    async def later(*args: Any, **options: Any) -> None:
        await go.wait()
        await cancel(*args, **options)

    async def watched(*args: Any) -> Queued:
        await asyncio.sleep(0.3)
        seen.append(waiting(tab))
        return await enqueue(*args)

    monkeypatch.setattr(Runs, "cancel", later)
    monkeypatch.setattr(queue, "enqueue", watched)
    await tab.do(QueueState.choose, strategy=INTERRUPT)
    sending_it = await tab.enqueue(QueueState.submit, message="7")
    await tab.until(lambda: tab.var(RunState, "stopping"))
    turning = await turn(tab, f"/t/{other}")
    go.set()
    await over(sending_it)
    await over(turning)
    await comes_to(client, busy, "1", long_answer.question, "7")
    assert seen == [[]]


async def test_who_stops_turns_away_and_back_and_sends_comes_last(
    tab: Tab, client: LangGraphClient, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, other = await between_two(tab, long_answer)
    await submitted(tab, "2", "3")
    withdraw_after(monkeypatch, lambda: asyncio.sleep(2))
    stopping = await tab.enqueue(RunState.stop)
    await tab.until(lambda: not tab.running)
    await over(await turn(tab, f"/t/{other}"))
    await turn(tab, f"/t/{busy}")
    await tab.do(QueueState.submit, message="4")
    await over(stopping)
    await comes_to(client, busy, "1", long_answer.question, "2", "3", "4")


async def test_who_lets_a_message_wait_turns_away_and_back_and_sends_keeps_the_order(
    tab: Tab, client: LangGraphClient, long_answer: LongAnswer, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy, other = await between_two(tab, long_answer)
    enqueue = queue.enqueue

    async def slowly(client: LangGraphClient, thread_id: str, message: Queued) -> Queued:
        await asyncio.sleep(2 if message.text == "2" else 0)
        return await enqueue(client, thread_id, message)

    monkeypatch.setattr(queue, "enqueue", slowly)
    sent = [await tab.enqueue(QueueState.submit, message="2")]
    await tab.until(lambda: waiting(tab) == ["2"])
    await over(await turn(tab, f"/t/{other}"))
    await turn(tab, f"/t/{busy}")
    await tab.until(lambda: tab.running)
    sent.append(await tab.enqueue(QueueState.submit, message="3"))
    for one in sent:
        await over(one)
    long_answer.end()
    await comes_to(client, busy, "1", long_answer.question, "2", "3")


async def test_who_sends_turns_away_and_back_and_sends_keeps_the_order(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tab.send_in_two_threads()
    here = tab.thread_id
    await tab.go(f"/t/{here}")
    with monkeypatch.context() as slow:
        asked_for = delay_starts(slow, before=1)
        sent = await tab.enqueue(QueueState.submit, message="3")
        await asked_for.wait()
    await turn(tab, "/")
    await turn(tab, f"/t/{here}")
    await tab.do(QueueState.submit, message="4")
    await over(sent)
    await comes_to(client, here, "2", "3", "4")


@pytest.mark.parametrize("what", ["stop", "turn", "refused"])
async def test_what_stood_aside_returns_where_what_was_sent_instead_never_goes(
    tab: Tab,
    client: LangGraphClient,
    long_answer: LongAnswer,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    busy, other = await between_two(tab, long_answer)
    await submitted(tab, "3")
    chosen, reached, go = sending.chosen_assistant, asyncio.Event(), asyncio.Event()

    async def slowly(*args: Any) -> str:
        reached.set()
        await go.wait()
        if what == "refused":
            raise UnreachableError("gone")
        return await chosen(*args)

    monkeypatch.setattr(sending, "chosen_assistant", slowly)
    await tab.do(QueueState.choose, strategy=INTERRUPT)
    sent = await tab.enqueue(QueueState.submit, message="7")
    await reached.wait()
    if what == "stop":
        await tab.do(RunState.stop)
    elif what == "turn":
        await over(await turn(tab, f"/t/{other}"))
    go.set()
    await over(sent)
    answered = ["7", "3"] if what == "turn" else ["3"]
    await comes_to(client, busy, "1", long_answer.question, *answered)
