"""What the app holds itself is sent once, in its order, and never lost on the way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.runs import queue, thread_events
from chat_app.runs.pending_runs import Queued
from chat_app.state import queue as queue_state
from chat_app.state import tab_session
from chat_app.state.draft import DraftState
from tests.helpers import bad_servers
from tests.helpers.bad_servers import THREAD_ID, ScriptedServer, as_json
from tests.helpers.late_agent import delay_starts
from tests.helpers.queueing import answer, asked, comes_to, turn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from chat_app.client import LangGraphClient
    from tests.helpers.bad_servers import Answer
    from tests.helpers.tab import Tab


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.stop()


async def test_where_the_thread_is_busy_it_is_held_again_and_is_nobodys_draft(
    start: Callable[..., Awaitable[Callable[[], Tab]]], scripted: ScriptedServer
) -> None:
    asked_for: list[str] = []

    def busy(method: str, path: str) -> Answer:
        if path.endswith("/runs/stream"):
            asked_for.append(path)
            return as_json({"detail": "thread is busy"}, 409)
        return bad_servers.has_thread({"type": "human", "id": "h", "content": "q"})(method, path)

    scripted.answer = busy
    new_tab = await start(scripted.url, CHAT_ASSISTANT="", CHAT_QUEUE="app")
    mine, theirs = new_tab(), new_tab()
    for tab in (mine, theirs):
        await tab.load(f"/t/{THREAD_ID}")
    held = Queued("a", "one"), Queued("b", "two")
    queue.hold(THREAD_ID, held)
    try:
        thread_events.notify(THREAD_ID)
        await mine.until(lambda: asked_for and not mine.running and not theirs.running)
        await mine.until(lambda: queue.held(THREAD_ID) == held)
        assert [tab.var(DraftState, "returned") for tab in (mine, theirs)] == ["", ""]
        assert mine.texts("human") == theirs.texts("human") == ["q"]
        assert len(asked_for) < 10  # it is not tried again without a pause
    finally:
        queue.hold(THREAD_ID, [])


@pytest.mark.parametrize("moment", range(8))
async def test_it_goes_where_it_belongs_where_another_thread_is_opened_at_that_moment(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    client: LangGraphClient,
    moment: int,
) -> None:
    tab = (await start(langgraph_server, CHAT_QUEUE="app"))()
    await tab.load("/")
    first, second = await tab.send_in_two_threads()
    await tab.go(f"/t/{second}")
    queue.hold(second, [Queued("a", "3")])
    thread_events.notify(second)
    for _ in range(4**moment):  # from before it is taken off until its run goes
        await asyncio.sleep(0)
    await turn(tab, f"/t/{first}")
    await tab.go(f"/t/{second}")
    await comes_to(client, second, "2", "3")
    assert await asked(client, first) == ["1"]
    assert tab.var(DraftState, "returned") == ""
    assert tab_session._tabs[tab.token].line.thread_id == second


async def test_a_page_loaded_anew_while_a_held_message_is_on_its_way_keeps_the_order(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    client: LangGraphClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tab = (await start(langgraph_server, CHAT_QUEUE="app"))()
    await tab.load("/")
    await tab.send("1")
    thread_id = tab.thread_id
    await tab.begin_load(f"/t/{thread_id}")
    await tab.until(lambda: not queue.held(thread_id) and tab.texts("text"))
    asked_for = delay_starts(monkeypatch, before=0.3)
    queue.hold(thread_id, [Queued("a", "2"), Queued("b", "3")])
    thread_events.notify(thread_id)
    await asked_for.wait()
    await tab.begin_load(f"/t/{thread_id}")
    await comes_to(client, thread_id, "1", "2", "3")


async def test_a_page_loaded_anew_just_before_a_held_message_is_on_its_way_sends_it(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tab = (await start(langgraph_server, CHAT_QUEUE="app"))()
    await tab.load("/")
    await tab.send("1")
    show_queue, cancelled = queue_state.show_queue, asyncio.Event()

    async def cancelled_once(*args: Any) -> None:
        if not cancelled.is_set():
            cancelled.set()
            raise asyncio.CancelledError
        await show_queue(*args)

    await tab.begin_load(f"/t/{tab.thread_id}")
    await tab.until(lambda: tab.texts("text"))
    monkeypatch.setattr(queue_state, "show_queue", cancelled_once)
    queue.hold(tab.thread_id, [Queued("a", "2")])
    thread_events.notify(tab.thread_id)
    await cancelled.wait()
    await tab.begin_load(f"/t/{tab.thread_id}")
    await tab.until(lambda: tab.texts("text") == [answer(1), answer(2)] and not tab.running)
    assert tab.texts("human") == ["1", "2"]
