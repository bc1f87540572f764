"""The Runs tab of the inspector, with tabs at a real server."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chat_app import text as words
from chat_app.auth.person import Person
from chat_app.runs.inspector.thread_runs import PAGE
from chat_app.state.branches import BranchState
from chat_app.state.inspector.runs import RunsState
from chat_app.state.run import RunState
from tests.helpers.tab import over
from tests.state.test_branches import numbers, own, texts

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

QUESTION = {"messages": [{"type": "human", "content": "1"}]}


async def runs(tab: Tab) -> list[dict[str, Any]]:
    """The rows, read anew."""
    await tab.do(RunsState.load)
    return tab.var(RunsState, "rows")


async def test_runs_are_listed_with_status_time_error_and_who_started_them(
    tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    await client.runs.wait(tab.thread_id, "fails", input=QUESTION, raise_error=False)
    failed, done = await runs(tab)
    assert (failed["status"], failed["starter"]) == ("error", "program")
    assert "the model broke off" in failed["error"]
    assert (done["status"], done["starter"], done["error"]) == ("success", "app", "")
    assert 0 < done["began"] < done["ended"] < failed["ended"]
    assert not failed["active"]
    tab.sent.clear()
    await runs(tab)
    assert RunsState.get_name() not in "".join(tab.sent)  # nothing has changed


async def test_a_run_that_waits_for_an_answer_is_not_said_to_be_finished(
    asking: Callable[..., Awaitable[Tab]], client: LangGraphClient
) -> None:
    tab = await asking("consults", "words")
    waiting = (await runs(tab))[0]
    assert (waiting["status"], waiting["active"]) == ("asking", False)
    assert [run["status"] for run in await client.runs.list(tab.thread_id)] == ["success"]


async def test_more_runs_are_listed_page_by_page(tab: Tab, client: LangGraphClient) -> None:
    await tab.send("1")
    for _ in range(PAGE + 1):
        await client.runs.wait(tab.thread_id, "slow", input=QUESTION)
    assert len(await runs(tab)) == PAGE
    assert tab.var(RunsState, "has_more")
    await tab.do(RunsState.show_more)
    assert len(tab.var(RunsState, "rows")) == PAGE + 2
    assert not tab.var(RunsState, "has_more")


async def test_a_version_is_deleted_and_the_chat_shows_what_is_left(
    tab: Tab, new_tab: Callable[[], Tab]
) -> None:
    other = new_tab()
    await tab.send("1")
    question = own(tab)[0]["id"]
    await tab.do(BranchState.edit, id=question, message="2")
    await tab.until(lambda: numbers(own(tab)) == ["2 / 2"])
    await other.load(f"/t/{tab.thread_id}")
    await tab.do(BranchState.show, id=own(tab)[0]["id"], number=1)
    await tab.until(lambda: numbers(own(tab)) == ["1 / 2"])
    shown = texts(tab)
    second, first = await runs(tab)
    await tab.do(RunsState.delete, run_id=second["id"])
    await tab.until(lambda: numbers(own(tab)) == [""])
    assert tab.var(RunsState, "said") == words.RUN_DELETED
    assert [row["id"] for row in tab.var(RunsState, "rows")] == [first["id"]]
    assert texts(tab) == shown
    await other.until(lambda: numbers(own(other)) == [""] and texts(other) == shown)
    await tab.load(f"/t/{tab.thread_id}")
    assert texts(tab) == shown
    assert numbers(own(tab)) == [""]
    await tab.do(RunsState.delete, run_id=second["id"])
    assert tab.var(RunsState, "problem") == words.RUN_GONE


async def test_a_run_that_goes_is_cancelled_and_its_answer_is_kept_as_stopped(
    busy: Tab, client: LangGraphClient
) -> None:
    running, _ = await runs(busy)
    assert running["active"]
    assert running["followed"]
    await busy.do(RunsState.delete, run_id=running["id"])
    assert busy.var(RunsState, "problem") == words.RUN_NOT_OVER
    await busy.do(RunsState.cancel, run_id=running["id"])
    await busy.until(lambda: not busy.running)
    assert (await client.runs.get(busy.thread_id, running["id"]))["status"] == "interrupted"
    assert (await runs(busy))[0]["status"] == "interrupted"
    assert busy.var(RunsState, "problem") == ""
    said = texts(busy)
    await busy.load(f"/t/{busy.thread_id}")
    assert texts(busy) == said


async def test_a_run_that_waits_is_cancelled(busy: Tab, long_answer: LongAnswer) -> None:
    waiting = await busy.enqueue(RunState.send, message="1")
    await over(waiting)
    await busy.until(lambda: len(busy.var(RunsState, "rows")) == 3 or True)
    rows = await runs(busy)
    assert [row["status"] for row in rows][:2] == ["pending", "running"]
    await busy.do(RunsState.cancel, run_id=rows[0]["id"])
    assert next(row["status"] for row in await runs(busy)) != "pending"
    assert busy.running
    long_answer.end()


async def test_a_run_of_another_program_is_joined(
    tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await tab.send("1")
    question = {"messages": [{"type": "human", "content": long_answer.question}]}
    run = await client.runs.create(tab.thread_id, "slow", input=question)
    await tab.do(RunsState.load)
    joining = await tab.enqueue(RunsState.join, run_id=run["run_id"])
    await tab.until(lambda: tab.running)
    await tab.until(lambda: texts(tab)[2:3] == [long_answer.question])
    rows = await runs(tab)
    assert (rows[0]["id"], rows[0]["followed"]) == (run["run_id"], True)
    long_answer.end()
    await over(joining)
    await tab.joined()


async def test_nothing_is_done_with_a_run_of_another_thread_or_an_odd_id(
    tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    thread = await client.threads.create()
    await client.runs.wait(thread["thread_id"], "slow", input=QUESTION)
    [run] = await client.runs.list(thread["thread_id"])
    await runs(tab)
    for odd in (run["run_id"], "", "../x", str(uuid4()), 1, None, [], {"a": 1}):
        for handler in (RunsState.delete, RunsState.cancel):
            await tab.do(handler, run_id=odd)
            assert tab.var(RunsState, "problem") == words.RUN_GONE, (odd, handler)
    assert len(await client.runs.list(thread["thread_id"])) == 1
    assert len(await client.runs.list(tab.thread_id)) == 1


async def test_a_stranger_sees_and_changes_no_run(
    tab: Tab, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    await tab.send("1 unheard")
    [run] = await runs(tab)
    stranger = new_tab()
    stranger.person = Person(str(uuid4()))
    await stranger.load(f"/t/{tab.thread_id}")
    assert await runs(stranger) == []
    for handler in (RunsState.delete, RunsState.cancel, RunsState.join):
        await stranger.do(handler, run_id=run["id"])
    assert run["id"] not in json.dumps(stranger.page)
    assert len(await client.runs.list(tab.thread_id)) == 1


async def test_who_may_not_inspect_has_no_runs(
    start: Start, langgraph_server: str, client: LangGraphClient
) -> None:
    tab = (await start(langgraph_server, CHAT_INSPECTOR="off"))()
    await tab.load("/")
    await tab.send("1")
    assert await runs(tab) == []
    [run] = await client.runs.list(tab.thread_id)
    await tab.do(RunsState.delete, run_id=run["run_id"])
    assert len(await client.runs.list(tab.thread_id)) == 1
