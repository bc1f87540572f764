"""What is sent or stopped in one thread stays there, wherever the person turns meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.client import UnreachableError
from chat_app.client.runs import Runs
from chat_app.client.threads import Threads
from chat_app.runs import queue
from chat_app.state import tab_session
from chat_app.state.draft import DraftState
from chat_app.state.queue import INTERRUPT, ROLLBACK, QueueState
from chat_app.state.run import RunState
from tests.helpers.late_agent import hold_the_agent_back
from tests.helpers.queueing import (
    answer,
    asked,
    between_two,
    comes_to,
    submitted,
    turn,
    waiting,
)
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab


@pytest.fixture
def slow_to_end(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """No run is cancelled before the event is set."""
    go, cancel = asyncio.Event(), Runs.cancel

    async def later(self: Runs, *args: Any, **options: Any) -> Any:
        await go.wait()
        return await cancel(self, *args, **options)

    monkeypatch.setattr(Runs, "cancel", later)
    return go


@contextmanager
def no_thread_is_made(up: asyncio.Event) -> Generator[None]:
    """Within the block the server refuses to, once the event is set."""

    async def unreachable(*_: object, **__: object) -> None:
        await up.wait()
        raise UnreachableError

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(Threads, "create", unreachable)
        yield


async def test_a_chat_that_never_becomes_a_thread_gives_back_all_that_was_sent_in_it(
    new_tab: Callable[[], Tab],
) -> None:
    tab, stranger, up = new_tab(), new_tab(), asyncio.Event()
    await tab.load("/")

    with no_thread_is_made(up):
        one = await tab.enqueue(QueueState.submit, message="1")
        await tab.until(lambda: tab.running)
        two = await tab.enqueue(QueueState.submit, message="my secret")
        await tab.until(lambda: waiting(tab) == ["my secret"])
        up.set()
        await over(one)
        await over(two)
    assert tab.var(DraftState, "returned") == "1\n\nmy secret"
    assert (waiting(tab), queue.held("")) == ([], ())
    await stranger.load("/")
    await stranger.send("2")
    assert "my secret" not in "".join(stranger.sent)


async def test_what_a_new_chat_could_not_send_is_there_when_it_is_opened_again(tab: Tab) -> None:
    await tab.send("1")
    other, up = tab.thread_id, asyncio.Event()
    await tab.go("/")

    with no_thread_is_made(up):
        one = await tab.enqueue(QueueState.submit, message="2")
        await tab.until(lambda: tab.running)
        two = await tab.enqueue(QueueState.submit, message="3")
        await tab.until(lambda: waiting(tab) == ["3"])
        turning = await turn(tab, f"/t/{other}")
        up.set()
        for event in (one, two, turning):
            await over(event)
    assert tab.var(DraftState, "returned") == ""
    await tab.go("/")
    assert tab.var(DraftState, "returned") == "2\n\n3"


async def test_what_was_written_in_a_new_chat_waits_there(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tab.send("1")
    other = tab.thread_id
    await tab.go("/")
    ready = hold_the_agent_back(monkeypatch)
    one = await tab.enqueue(QueueState.submit, message="2")
    await tab.until(lambda: tab.running)
    two = await tab.enqueue(QueueState.submit, message="3")
    await tab.until(lambda: waiting(tab) == ["3"])
    turning = await turn(tab, f"/t/{other}")
    ready.set()
    for event in (one, two, turning):
        await over(event)
    assert await asked(client, other) == ["1"]
    [made, *_] = await client.threads.search(limit=1, sort_by="created_at", sort_order="desc")
    assert made["thread_id"] != other
    await comes_to(client, made["thread_id"], "2", "3")


async def test_what_waits_behind_a_stopped_run_is_answered_there(
    tab: Tab, client: LangGraphClient, slow_to_end: asyncio.Event, long_answer: LongAnswer
) -> None:
    busy, other = await between_two(tab, long_answer)
    await submitted(tab, "2", "3")
    stopping = await tab.enqueue(RunState.stop)
    aside = tab_session._tabs[tab.token].line.aside
    await until(lambda: len(aside) == 2)
    turning = await turn(tab, f"/t/{other}")
    slow_to_end.set()
    await over(stopping)
    await over(turning)
    await comes_to(client, busy, "1", long_answer.question, "2", "3")
    assert await asked(client, other) == ["1"]
    await tab.go(f"/t/{busy}")
    await tab.until(lambda: tab.texts("text")[-2:] == [answer(2), answer(3)])


@pytest.mark.parametrize("strategy", [INTERRUPT, ROLLBACK])
async def test_what_is_sent_instead_of_an_answer_goes_where_that_was(
    tab: Tab,
    client: LangGraphClient,
    slow_to_end: asyncio.Event,
    long_answer: LongAnswer,
    strategy: str,
) -> None:
    busy, other = await between_two(tab, long_answer)
    await submitted(tab, "3")
    await tab.do(QueueState.choose, strategy=strategy)
    sending = await tab.enqueue(QueueState.submit, message="7")
    await tab.until(lambda: tab.var(RunState, "stopping"))
    turning = await turn(tab, f"/t/{other}")
    slow_to_end.set()
    await over(sending)
    await over(turning)
    stays = [long_answer.question] if strategy == INTERRUPT else []
    await comes_to(client, busy, "1", *stays, "7", "3")
    assert await asked(client, other) == ["1"]
    assert tab.texts("human") == ["1"]
