"""Chats whose runs ask for one stream mode: all that a person does, live and after a reload."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app.runs.inspector.modes import MODES
from chat_app.state.branches import BranchState
from chat_app.state.run import RunState
from tests.helpers.faults import faulty_proxy
from tests.helpers.network import START
from tests.helpers.queueing import answer, settled, submitted, waiting
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.gateway import Asked
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab

ALONE = ["values", "updates", "messages", "tasks"]
"""The last one tells nothing that a chat shows: all is read at the end."""


async def opened(client: LangGraphClient, tab: Tab, *modes: str) -> str:
    """A thread whose runs ask for these modes, open in a tab."""
    thread = await client.threads.create(metadata={MODES: list(modes)})
    await tab.load(f"/t/{thread['thread_id']}")
    return thread["thread_id"]


def rows(tab: Tab) -> list[Any]:
    """What is shown, without what is measured by who watches."""
    return [{k: v for k, v in row.items() if k not in {"took", "seconds"}} for row in tab.rows]


async def reloaded(tab: Tab) -> list[Any]:
    await tab.load(f"/t/{tab.thread_id}")
    return rows(tab)


@pytest.mark.parametrize("mode", ALONE)
async def test_a_chat_of_one_mode_asks_for_it_alone_and_is_as_any_other(
    new_tab: Callable[[], Tab], client: LangGraphClient, network: Network, mode: str
) -> None:
    asked: list[Any] = []

    def sees(request: Asked) -> bool:
        asked.append((request.body or {}).get("stream_mode"))
        return False

    network.delay(*START, 0, where=sees)
    tab = new_tab()
    await opened(client, tab, mode)
    await tab.send("2")
    assert asked == [["messages-tuple" if mode == "messages" else mode]]
    assert tab.shown == [("human", "2"), ("text", answer(2))]
    live = rows(tab)
    assert await reloaded(tab) == live
    await tab.do(BranchState.regenerate, id=ends(tab)[0]["id"])
    assert tab.shown == [("human", "2"), ("text", answer(2))]
    await tab.do(BranchState.edit, id=own(tab)[0]["id"], message="3")
    assert tab.shown == [("human", "3"), ("text", answer(3))]
    await tab.until(lambda: own(tab)[0].get("count") == 2)
    live = rows(tab)
    await tab.load(f"/t/{tab.thread_id}")
    await tab.until(lambda: rows(tab) == live)


def own(tab: Tab) -> list[dict[str, Any]]:
    return [row for row in tab.rows if row["kind"] == "human"]


def ends(tab: Tab) -> list[dict[str, Any]]:
    return [row for row in tab.rows if row["kind"] == "end"]


@pytest.mark.parametrize("mode", ALONE)
async def test_what_waits_and_what_is_stopped_is_kept_and_who_comes_later_sees_the_same(
    new_tab: Callable[[], Tab], client: LangGraphClient, long_answer: LongAnswer, mode: str
) -> None:
    one, two = new_tab(), new_tab()
    thread_id = await opened(client, one, mode)
    await one.send("1")
    sending = await one.enqueue(RunState.send, message=long_answer.question)
    await until(lambda: is_busy(client, thread_id))
    await submitted(one, "2")
    await two.begin_load(f"/t/{thread_id}")
    await two.until(lambda: two.page and two.running and waiting(two) == ["2"])
    await two.until(lambda: two.texts("human")[-1:] == [long_answer.question])
    if mode == "messages":
        await two.until(lambda: "word5 " in two.texts("text")[-1])
    long_answer.end()
    await one.until(lambda: len(one.texts("text")) == 3 and not one.running)
    await settled(one, 2)
    await two.until(lambda: not two.running and len(two.texts("text")) == 3)
    assert one.texts("human") == two.texts("human") == ["1", long_answer.question, "2"]
    assert one.texts("text") == two.texts("text")
    await sending.wait_all()

    stopping = await one.enqueue(RunState.send, message="2000")
    await until(lambda: is_busy(client, thread_id))
    if mode == "messages":
        await one.until(lambda: "word5 " in one.texts("text")[-1])
    await one.do(RunState.stop)
    await stopping.wait_all()
    assert not one.running
    live, known = rows(one), None if mode == "messages" else -1
    assert mode != "messages" or "word5 " in one.texts("text")[-1]
    # Where nothing of the answer was seen there is nothing to mark as stopped for a reload.
    assert (await reloaded(one))[:known] == live[:known]
    await one.send("3")
    assert one.shown[-2:] == [("human", "3"), ("text", answer(3))]


async def is_busy(client: LangGraphClient, thread_id: str) -> bool:
    state = await client.threads.get_state(thread_id)
    return state["next"] == ["model"]


@pytest.mark.parametrize("mode", ALONE)
async def test_a_stream_that_is_cut_ends_in_the_whole_answer(
    langgraph_server: str,
    start: Callable[..., Awaitable[Callable[[], Tab]]],
    client: LangGraphClient,
    long_answer: LongAnswer,
    mode: str,
) -> None:
    with faulty_proxy(langgraph_server) as proxy:
        tab = (await start(proxy.url))()
        thread_id = await opened(client, tab, mode)
        sending = await tab.enqueue(RunState.send, message=long_answer.question)
        await until(lambda: is_busy(client, thread_id))
        proxy.refuse()
        long_answer.end()
        await until(lambda: is_over(client, thread_id))
        proxy.accept()
        await sending.wait_all()
        await tab.until(lambda: not tab.running)
        state = await client.threads.get_state(thread_id)
        assert "".join(tab.texts("text")) == state["values"]["messages"][-1]["content"]
        live = rows(tab)
        assert await reloaded(tab) == live


async def is_over(client: LangGraphClient, thread_id: str) -> bool:
    return (await client.threads.get(thread_id))["status"] == "idle"
