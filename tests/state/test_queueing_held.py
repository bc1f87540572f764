"""What the app holds itself is sent once, in its order, and never lost on the way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from chat_app.state.draft import DraftState
from chat_app.state.queue import QueueState
from tests.helpers import bad_servers
from tests.helpers.bad_servers import THREAD_ID, ScriptedServer, as_json
from tests.helpers.network import START, asks
from tests.helpers.queueing import asked, comes_to, made_busy, settled, turn, waiting

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from chat_app.client import LangGraphClient
    from tests.helpers.bad_servers import Answer
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


@pytest.fixture
def scripted() -> Iterator[ScriptedServer]:
    server = ScriptedServer()
    yield server
    server.stop()


async def test_where_the_thread_is_busy_it_is_held_again_and_in_no_draft(
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
    for text in ("one", "two"):
        await mine.enqueue(QueueState.submit, message=text)
    await mine.until(lambda: asked_for and not mine.running and not theirs.running)
    await mine.until(lambda: waiting(mine) == waiting(theirs) == ["one", "two"])
    assert [tab.var(DraftState, "returned") for tab in (mine, theirs)] == ["", ""]
    assert mine.texts("human") == theirs.texts("human") == ["q"]
    assert len(asked_for) < 10  # it is not tried again without a pause


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
    await tab.enqueue(QueueState.submit, message="8")
    await tab.until(lambda: tab.running)
    await tab.enqueue(QueueState.submit, message="3")
    await tab.until(lambda: waiting(tab) == ["3"])
    await tab.until(lambda: tab.texts("text")[-1].endswith("word7 "))
    for _ in range(4**moment):  # from before it is taken off until its run goes
        await asyncio.sleep(0)
    await turn(tab, f"/t/{first}")
    await comes_to(client, second, "2", "8", "3")
    await tab.go(f"/t/{second}")
    await settled(tab, 8, 3)
    assert await asked(client, first) == ["1"]
    assert tab.var(DraftState, "returned") == ""


@pytest.mark.parametrize("moment", ["before", "on its way"])
async def test_a_page_loaded_anew_while_a_message_is_held_keeps_the_order(
    network: Network,
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    long_answer: LongAnswer,
    client: LangGraphClient,
    moment: str,
) -> None:
    tab = (await start(network.url, CHAT_QUEUE="app"))()
    await tab.load("/")
    await made_busy(tab, long_answer)
    for text in "23":
        await tab.enqueue(QueueState.submit, message=text)
    await tab.until(lambda: waiting(tab) == ["2", "3"])
    sending = network.hold(*START, where=asks("2"))
    if moment == "before":
        await tab.begin_load(f"/t/{tab.thread_id}")
    long_answer.end()
    await sending.arrived.wait()
    if moment == "on its way":
        await tab.begin_load(f"/t/{tab.thread_id}")
    sending.release()
    await comes_to(client, tab.thread_id, "1", long_answer.question, "2", "3")
    await settled(tab, 2, 3)
    assert tab.texts("human") == ["1", long_answer.question, "2", "3"]
