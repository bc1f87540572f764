"""Stop, at every moment at which a person may press it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from chat_app.state.draft import DraftState
from chat_app.state.run import RunState
from chat_app.state.thread import ThreadState
from chat_app.text import STOPPED
from tests.helpers.network import ANY_CANCEL, CANCEL, CREATE_THREAD, JOIN, START
from tests.helpers.queueing import answer, asked
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


async def is_idle(client: LangGraphClient, thread_id: str) -> None:
    async def is_over() -> bool:
        return (await client.threads.get(thread_id))["status"] != "busy"

    await until(is_over)


async def test_stop_ends_the_run_and_keeps_what_was_written(
    tab: Tab, client: LangGraphClient
) -> None:
    sending = await tab.enqueue(RunState.send, message="2000")
    await tab.until(lambda: "word5 " in "".join(tab.texts("text")))
    await tab.do(RunState.stop)
    await sending.wait_all()
    assert not tab.running
    assert [kind for kind, _ in tab.shown] == ["human", "text", "notice"]
    assert "word5 " in tab.texts("text")[0]
    await is_idle(client, tab.thread_id)
    assert (await client.runs.list(tab.thread_id))[0]["status"] == "interrupted"


async def test_a_stopped_answer_is_there_after_a_reload_and_the_next_message_works(
    tab: Tab,
) -> None:
    sending = await tab.enqueue(RunState.send, message="2000")
    await tab.until(lambda: "word5 " in "".join(tab.texts("text")))
    await tab.do(RunState.stop)
    await sending.wait_all()
    stopped = tab.rows
    await tab.load(f"/t/{tab.thread_id}")
    assert tab.rows == stopped
    await tab.send("2")
    assert tab.shown[-2:] == [("human", "2"), ("text", "word0 word1 ")]


async def test_stop_right_after_sending_ends_the_run(
    network: Network, tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    started = network.hold(*START)
    sending = await tab.enqueue(RunState.send, message="2000")
    await started.arrived.wait()
    stopping = await tab.enqueue(RunState.stop)
    await tab.until(lambda: tab.var(RunState, "stopping"))
    started.release()
    for event in (stopping, sending):
        await over(event)
    await tab.painted()
    assert not tab.running
    await is_idle(client, tab.thread_id)
    assert (await client.runs.list(tab.thread_id))[0]["status"] == "interrupted"


async def test_stop_before_the_agent_has_started_gives_the_message_back(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    langgraph_server: str,
    client: LangGraphClient,
) -> None:
    up = asyncio.Event()
    tab = (await start(langgraph_server, up))()
    await tab.begin_load("/")
    await tab.until(lambda: tab.page and tab.var(ThreadState, "starting"))
    sending = await tab.enqueue(RunState.send, message="4000")
    await tab.until(lambda: tab.running)
    await tab.do(RunState.stop)
    assert not tab.running
    assert tab.shown == []
    assert tab.var(DraftState, "returned") == "4000"
    up.set()
    await over(sending)
    await tab.send("2")
    assert tab.shown == [("human", "2"), ("text", answer(2))]
    assert tab.redirects == [f"/t/{tab.thread_id}"]
    assert await asked(client, tab.thread_id) == ["2"]


async def test_stop_before_a_message_has_left_leaves_the_thread_as_it_was(
    network: Network, tab: Tab
) -> None:
    """Its thread is being created, and no run was asked for."""
    creating = network.hold(*CREATE_THREAD)
    sending = await tab.enqueue(RunState.send, message="4000")
    await creating.arrived.wait()
    await tab.do(RunState.stop)
    creating.release()
    await over(sending)
    await tab.painted()
    assert tab.shown == []
    assert not tab.running
    assert tab.var(DraftState, "returned") == "4000"
    assert not network.asked(*START)
    await tab.send("2")
    assert tab.shown == [("human", "2"), ("text", answer(2))]


async def test_stop_without_a_run_does_nothing(tab: Tab) -> None:
    await tab.send("1")
    before = tab.shown
    await tab.do(RunState.stop)
    assert tab.shown == before
    assert not tab.var(RunState, "stopping")


async def test_another_tab_can_stop_a_run_it_joined(
    new_tab: Callable[[], Tab], tab: Tab, client: LangGraphClient
) -> None:
    sending = await tab.enqueue(RunState.send, message="2000")
    await tab.until(lambda: tab.texts("text"))
    other = new_tab()
    opening = asyncio.ensure_future(other.load(f"/t/{tab.thread_id}"))
    await tab.until(lambda: other.page and other.texts("text"))
    await other.do(RunState.stop)
    await opening
    await over(sending)
    await tab.painted()
    assert not other.running
    assert not tab.running
    assert other.shown == tab.shown
    await is_idle(client, tab.thread_id)


async def test_a_run_that_was_just_joined_can_be_stopped_before_anything_is_heard(
    network: Network, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    thread = await client.threads.create()
    made = await client.runs.create(
        thread["thread_id"], "slow", input={"messages": [{"role": "user", "content": "2000"}]}
    )
    streaming = network.hold(*JOIN)
    tab = new_tab()
    await tab.begin_load(f"/t/{thread['thread_id']}")
    await streaming.arrived.wait()
    await tab.until(lambda: tab.running)
    stopping = await tab.enqueue(RunState.stop)
    await tab.until(lambda: tab.var(RunState, "stopping"))
    await over(stopping)
    streaming.release()
    await tab.until(lambda: not tab.running)
    run = await client.runs.get(thread["thread_id"], made["run_id"])
    assert run["status"] == "interrupted"


async def test_who_is_behind_sees_at_once_that_a_run_was_stopped_elsewhere(
    network: Network, tab: Tab, client: LangGraphClient
) -> None:
    """Another program cancels the run, and its stream does not say so."""
    sending = await tab.enqueue(RunState.send, message="2000")
    await tab.until(lambda: "word20 " in "".join(tab.texts("text")))
    network.hold("GET", "/threads/*/runs/*/stream")
    network.mute("POST", "/threads/*/runs/stream")
    [run] = await client.runs.list(tab.thread_id)
    await client.runs.cancel(tab.thread_id, run["run_id"], wait=True)
    async with asyncio.timeout(40):
        await tab.until(lambda: not tab.running)
    await over(sending)
    await tab.painted()
    assert "word20 " in tab.texts("text")[0]


@pytest.mark.parametrize("leave", ["turn away", "reload", "close"])
async def test_who_stops_and_leaves_finds_what_was_written(
    network: Network,
    busy: Tab,
    new_tab: Callable[[], Tab],
    long_answer: LongAnswer,
    leave: str,
) -> None:
    thread = f"/t/{busy.thread_id}"
    reloading = await busy.begin_load(thread)
    await busy.until(lambda: busy.running and "word9 " in busy.texts("text")[-1])
    cancelling = network.hold(*CANCEL)
    stopping = await busy.enqueue(RunState.stop)
    await busy.until(lambda: busy.var(RunState, "stopping"))
    await cancelling.arrived.wait()
    match leave:
        case "turn away":
            await busy.go("/")
        case "reload":
            await busy.begin_load(thread)
        case _:
            busy.close()
    cancelling.release()
    await over(stopping)
    await over(reloading)
    other = new_tab()
    await other.load(thread)
    assert other.texts("human") == ["1", long_answer.question]
    assert "word9 " in other.texts("text")[-1]
    assert other.texts("notice") == [STOPPED]


async def test_the_first_request_after_a_stop_is_its_cancel(network: Network, busy: Tab) -> None:
    before = len(network.requests)
    await busy.do(RunState.stop)
    assert network.requests[before] == network.asked(*ANY_CANCEL)[0]
    assert not busy.running
