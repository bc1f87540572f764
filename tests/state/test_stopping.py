"""Stop, at every moment at which a person may press it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest

from chat_app.client.runs import Runs
from chat_app.runs.run_stream import BEHIND
from chat_app.state import assistants, tab_session
from chat_app.state import run as run_of
from chat_app.state import sending as sending_of
from chat_app.state.draft import DraftState
from chat_app.state.run import RunState
from chat_app.text import STOPPED
from tests.helpers.late_agent import hold_the_agent_back, slow_down
from tests.helpers.tab import over
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from chat_app.client import Event, LangGraphClient
    from tests.helpers.long_answer import LongAnswer
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


async def test_stop_right_after_sending_ends_the_run(tab: Tab, client: LangGraphClient) -> None:
    await tab.send("1")
    sending = await tab.enqueue(RunState.send, message="2000")
    await tab.until(lambda: tab_session._tabs[tab.token].watch)
    await tab.do(RunState.stop)
    await sending.wait_all()
    assert not tab.running
    await is_idle(client, tab.thread_id)


async def test_stop_before_the_agent_has_started_gives_the_message_back(
    new_tab: Callable[[], Tab], monkeypatch: pytest.MonkeyPatch, client: LangGraphClient
) -> None:
    tab = new_tab()
    await tab.load("/")
    up = hold_the_agent_back(monkeypatch)
    sending = await tab.enqueue(RunState.send, message="4000")
    await tab.until(lambda: tab.running)
    await tab.do(RunState.stop)
    assert not tab.running
    assert tab.shown == []
    assert tab.var(DraftState, "returned") == "4000"
    up.set()
    await sending.wait_all()
    assert tab.thread_id == ""
    assert not tab.redirects
    await tab.send("2")
    assert tab.shown == [("human", "2"), ("text", "word0 word1 ")]


async def test_stop_while_a_later_message_waits_leaves_the_thread_as_it_was(
    tab: Tab, monkeypatch: pytest.MonkeyPatch, client: LangGraphClient
) -> None:
    await tab.send("1")
    before, up, chosen = tab.shown, asyncio.Event(), assistants.chosen_assistant

    async def later(*asked: object) -> str:
        await up.wait()
        return await chosen(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(sending_of, "chosen_assistant", later)
    sending = await tab.enqueue(RunState.send, message="4000")
    await tab.until(lambda: tab.texts("human") == ["1", "4000"])
    await tab.do(RunState.stop)
    up.set()
    await sending.wait_all()
    assert tab.shown == before
    assert tab.var(DraftState, "returned") == "4000"
    assert len(await client.runs.list(tab.thread_id)) == 1


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
    await sending.wait_all()
    assert not other.running
    assert not tab.running
    await is_idle(client, tab.thread_id)


async def test_a_run_that_was_just_joined_can_be_stopped_before_anything_is_heard(
    new_tab: Callable[[], Tab], tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sending = await tab.enqueue(RunState.send, message="2000")
    await tab.until(lambda: tab.texts("text"))
    other, pressed, follow = new_tab(), asyncio.Event(), run_of.follow

    async def later(*args: Any, **options: Any) -> None:
        await pressed.wait()
        await follow(*args, **options)

    monkeypatch.setattr(run_of, "follow", later)
    await other.begin_load(f"/t/{tab.thread_id}")
    await tab.until(lambda: other.page and other.running)
    stopping = await other.enqueue(RunState.stop)
    await tab.until(lambda: not other.running or other.var(RunState, "stopping"))
    pressed.set()
    await stopping.wait_all()
    await sending.wait_all()
    await tab.until(lambda: not other.running)
    assert (await client.runs.list(tab.thread_id))[0]["status"] == "interrupted"


async def test_who_is_behind_sees_at_once_that_a_run_was_stopped_elsewhere(
    new_tab: Callable[[], Tab], tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    join_stream = Runs.join_stream

    async def slowly(*args: Any, **options: Any) -> AsyncGenerator[Event, None]:
        async with aclosing(join_stream(*args, **options)) as events:
            async for event in events:
                yield event
                await asyncio.sleep(0.5)

    monkeypatch.setattr(Runs, "join_stream", slowly)
    sending = await tab.enqueue(RunState.send, message="2000")
    await tab.until(lambda: "word20 " in "".join(tab.texts("text")))
    other = new_tab()
    await other.begin_load(f"/t/{tab.thread_id}")
    await tab.until(lambda: other.page and other.texts("text"))
    await tab.do(RunState.stop)
    await sending.wait_all()
    async with asyncio.timeout(BEHIND + 5):
        await tab.until(lambda: not other.running)
    assert other.texts("text") == tab.texts("text")
    assert "word20 " in other.texts("text")[0]


@pytest.mark.parametrize("leave", ["turn away", "reload", "close"])
async def test_who_stops_and_leaves_finds_what_was_written(
    busy: Tab,
    new_tab: Callable[[], Tab],
    long_answer: LongAnswer,
    monkeypatch: pytest.MonkeyPatch,
    leave: str,
) -> None:
    thread = f"/t/{busy.thread_id}"
    reloading = await busy.begin_load(thread)  # now it has joined its own run
    await busy.until(lambda: busy.running and "word9 " in busy.texts("text")[-1])
    slow_down(monkeypatch, Runs, "cancel", seconds=1)
    stopping = await busy.enqueue(RunState.stop)
    await busy.until(lambda: busy.var(RunState, "stopping"))
    match leave:
        case "turn away":
            await busy.go("/")
        case "reload":
            await busy.begin_load(thread)
        case _:
            tab_session.close(busy.token)
            busy.close()
    await over(stopping)
    await over(reloading)
    other = new_tab()
    await other.load(thread)
    assert other.texts("human") == ["1", long_answer.question]
    assert "word9 " in other.texts("text")[-1]
    assert other.texts("notice") == [STOPPED]
