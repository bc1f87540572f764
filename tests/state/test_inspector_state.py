"""The State tab of the inspector: edited states, runs from anywhere, breakpoints."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app import text as words
from chat_app.runs import state_watch
from chat_app.runs.checkpoints import id_of
from chat_app.runs.inspector.breakpoints import BREAKPOINTS
from chat_app.state import tab_session
from chat_app.state.inspector.editing import EditingState
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.threads import ThreadsState
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ThreadState
    from tests.helpers.tab import Tab


class Thread:
    """A thread that a tab shows, and what its State tab does."""

    def __init__(self, tab: Tab, client: LangGraphClient) -> None:
        self.tab = tab
        self.client = client

    async def history(self) -> list[ThreadState]:
        return await self.client.threads.get_history(self.tab.thread_id, limit=50)

    async def head(self) -> str:
        return id_of((await self.history())[0])

    async def messages(self) -> list[Any]:
        values: Any = (await self.history())[0]["values"]
        return values["messages"]

    def var(self, name: str) -> Any:
        return self.tab.var(EditingState, name)

    async def open(self, checkpoint_id: str = "") -> None:
        await self.tab.do(EditingState.open, checkpoint=checkpoint_id or await self.head())

    async def save(self, *, given: Any = None, text: Any = "", node: Any = "", forced: Any = False):
        sent = {"given": given, "text": text, "node": node, "forced": forced}
        await self.tab.do(EditingState.save, **sent)

    async def until_next(self, *nodes: str) -> None:
        """Wait until a run has come to a point at which these nodes are next."""

        async def is_there() -> bool:
            return (await self.history())[0]["next"] == list(nodes)

        await until(is_there)
        await self.rest()

    async def rest(self) -> None:
        await self.tab.until(lambda: not self.tab.running)
        await self.tab.painted()


def versions(tab: Tab) -> set[Any]:
    """How many versions there are of what has more than one."""
    return {row["count"] for row in tab.rows if row.get("count")}


@pytest.fixture
def thread(
    start: Callable[..., Awaitable[Callable[[], Tab]]], server_url: str, client: LangGraphClient
) -> Callable[..., Awaitable[Thread]]:
    """``await thread("Weather?")``: its first message is answered by a graph with a tool."""

    async def begin(message: str, assistant: str = "agent", **variables: str) -> Thread:
        tab = (await start(server_url, CHAT_ASSISTANT=assistant, **variables))()
        await tab.load("/")
        await tab.send(message)
        await tab.go(f"/t/{tab.thread_id}")
        return Thread(tab, client)

    return begin


async def test_a_state_is_edited_in_its_form_and_the_chat_shows_it(
    thread: Callable[..., Awaitable[Thread]],
) -> None:
    mine = await thread("Weather?")
    head = await mine.head()
    await mine.open()
    assert (mine.var("checkpoint"), mine.var("seen")) == (head, head)
    [field] = mine.var("fields")
    assert (field["name"], field["kind"]) == ("messages", "json")
    edited = field["text"].replace("It is sunny.", "It rains.")
    await mine.save(given={"messages": edited})
    assert mine.var("problem") == ""
    assert mine.var("said") == words.STATE_SAVED
    assert mine.var("checkpoint") == "", "the form is closed"
    await mine.tab.until(lambda: mine.tab.texts("text")[-1:] == ["It rains."])
    assert await mine.head() != head
    await mine.open()
    await mine.save(text=json.dumps({"messages": (await mine.messages())[:1]}))
    await mine.tab.until(lambda: mine.tab.texts("text") == [])
    assert mine.tab.texts("human") == ["Weather?"]
    assert len(await mine.messages()) == 1


async def test_what_is_wrong_with_an_edited_state_is_said_and_nothing_is_saved(
    thread: Callable[..., Awaitable[Thread]],
) -> None:
    mine = await thread("Weather?")
    head = await mine.head()
    await mine.open()
    for sent, problem in (
        ({"text": "{"}, "JSON"),
        ({"text": "[]"}, words.STATE_NOT_AN_OBJECT),
        ({"text": "{}"}, "messages"),
        ({"text": '{"messages": 7}'}, words.STATE_NOT_TAKEN),
        ({"given": {"messages": "[7"}}, words.LOOK_AGAIN),
        ({"given": {"other": "1"}}, words.NO_ANSWER),
        ({"text": mine.var("text")}, words.STATE_UNCHANGED),
    ):
        await mine.save(**sent)
        assert problem in mine.var("problem"), sent
    assert await mine.head() == head
    settled = mine.var("settled")
    for odd in ({"text": 7}, {"given": [], "text": None}):
        await mine.save(**odd)
    await mine.tab.do(EditingState.open, checkpoint="../")
    for handler in (EditingState.step, EditingState.run_from, EditingState.go_on):
        odd = {"checkpoint": 7} | ({"given": None} if handler is EditingState.run_from else {})
        odd |= {"runs": "yes"} if handler is EditingState.go_on else {}
        await mine.tab.do(handler, **odd)
    assert mine.var("settled") == settled, "what no page sends is ignored"


async def test_a_newer_checkpoint_of_another_program_is_not_hidden_silently(
    thread: Callable[..., Awaitable[Thread]],
) -> None:
    mine = await thread("Weather?")
    await mine.open()
    other = {"messages": [{"type": "ai", "content": "From elsewhere.", "id": str(uuid4())}]}
    await mine.client.threads.update_state(mine.tab.thread_id, other)
    newest = await mine.head()
    edited = mine.var("text").replace("It is sunny.", "It rains.")
    await mine.save(text=edited)
    assert (mine.var("problem"), mine.var("is_late")) == (words.CHANGED_MEANWHILE, True)
    assert mine.var("checkpoint"), "what was written is still there"
    assert await mine.head() == newest
    await mine.save(text=edited, forced=True)
    assert mine.var("said") == words.STATE_SAVED
    await mine.tab.until(lambda: mine.tab.texts("text")[-1:] == ["It rains."])


async def test_a_run_from_an_older_checkpoint_is_another_version(
    thread: Callable[..., Awaitable[Thread]],
) -> None:
    mine = await thread("Weather?")
    at = next(id_of(one) for one in await mine.history() if one["next"] == ["tools"])
    await mine.tab.do(EditingState.go_on, checkpoint=at, runs=True)
    assert mine.var("said") == words.RUN_BEGUN
    await mine.tab.until(lambda: versions(mine.tab) == {2})
    await mine.rest()
    before = await mine.head()
    start = next(id_of(one) for one in await mine.history() if one["next"] == ["__start__"])
    await mine.tab.do(EditingState.run_from, checkpoint=start, given="Another question")
    await mine.tab.until(lambda: mine.tab.texts("human") == ["Another question"])
    await mine.rest()
    await mine.tab.until(lambda: versions(mine.tab) == {2})
    assert await mine.head() != before
    for given in ("", "{", '{"messages": 7'):
        await mine.tab.do(EditingState.run_from, checkpoint=start, given=given)
        assert mine.var("problem")


async def test_the_chat_turns_to_an_older_checkpoint(
    thread: Callable[..., Awaitable[Thread]],
) -> None:
    mine = await thread("Weather?")
    end = await mine.head()
    await mine.tab.send("And now?")
    await mine.tab.do(EditingState.go_on, checkpoint=end, runs=False)
    assert mine.var("said") == words.CHECKPOINT_SHOWN
    await mine.tab.until(lambda: mine.tab.texts("human") == ["Weather?"])
    await mine.tab.do(EditingState.step, checkpoint=end)
    assert mine.var("problem") == words.NOTHING_TO_RUN


async def test_runs_stop_at_breakpoints_until_they_are_taken_away(
    thread: Callable[..., Awaitable[Thread]],
) -> None:
    mine = await thread("Weather?")
    await mine.tab.do(EditingState.load)
    assert {"model", "tools"} <= {*mine.var("nodes")}
    odd = ["tools", "no such node", 7]
    await mine.tab.do(EditingState.set_breakpoints, before=odd, after="x")
    assert (mine.var("before"), mine.var("after")) == (["tools"], [])
    noted = (await mine.client.threads.get(mine.tab.thread_id))["metadata"]
    assert noted[BREAKPOINTS] == {"before": ["tools"], "after": []}
    await mine.tab.send("Again")
    assert mine.tab.rows[-1]["kind"] == "ask"
    assert (await mine.history())[0]["next"] == ["tools"]
    await mine.tab.do(EditingState.step, checkpoint=await mine.head())
    await mine.until_next("model")
    await mine.tab.do(EditingState.set_breakpoints, before=[], after=[])
    await mine.tab.do(EditingState.go_on, checkpoint=await mine.head(), runs=True)
    await mine.tab.until(lambda: mine.tab.texts("text")[-1:] == ["It is sunny."])
    await mine.until_next()
    await mine.tab.send("Once more")
    assert mine.tab.rows[-1]["kind"] != "ask"


async def test_a_checkpoint_of_another_program_shows_without_a_reload(
    thread: Callable[..., Awaitable[Thread]],
) -> None:
    mine = await thread("Weather?")
    await mine.tab.do(ThreadsState.watch, is_visible=True)
    other = {"messages": [{"type": "ai", "content": "From elsewhere.", "id": str(uuid4())}]}
    await mine.client.threads.update_state(mine.tab.thread_id, other)
    await mine.tab.until(lambda: mine.tab.texts("text")[-1:] == ["From elsewhere."])
    await mine.tab.send("And now?")
    assert mine.tab.texts("human") == ["Weather?", "And now?"]


async def test_so_does_one_of_a_thread_that_no_list_has_while_its_inspector_is_open(
    new_tab: Callable[[], Tab], client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_watch, "ALONE", 0.05)
    made = await client.threads.create(graph_id="agent")
    first = {"messages": [{"type": "human", "content": "Hello", "id": str(uuid4())}]}
    await client.threads.update_state(made["thread_id"], first)
    tab = new_tab()
    await tab.load(f"/t/{made['thread_id']}")
    assert tab.texts("human") == ["Hello"]
    await tab.do(ThreadsState.refresh)
    other = {"messages": [{"type": "ai", "content": "From elsewhere.", "id": str(uuid4())}]}
    await client.threads.update_state(made["thread_id"], other)
    await asyncio.sleep(0.5)
    assert tab.texts("text") == []  # nobody inspects it, so it is not asked for again and again
    await tab.do(InspectorState.show, is_open=True, tab="timeline")
    await tab.until(lambda: tab.texts("text") == ["From elsewhere."])


async def test_whoever_reads_a_state_of_another_program_lets_the_chat_show_it(
    thread: Callable[..., Awaitable[Thread]],
) -> None:
    """As the State tab does: the list of threads does not have all threads."""
    mine = await thread("Weather?")
    await mine.tab.load(f"/t/{mine.tab.thread_id}")
    session = tab_session.find(mine.tab.token).session  # type: ignore[union-attr]
    assert session is not None
    session.watch.see((await mine.history())[0])
    other = {"messages": [{"type": "ai", "content": "From elsewhere.", "id": str(uuid4())}]}
    await mine.client.threads.update_state(mine.tab.thread_id, other)
    session.watch.see((await mine.history())[0])
    await mine.tab.until(lambda: mine.tab.texts("text")[-1:] == ["From elsewhere."])


async def test_nobody_changes_a_state_who_may_not_inspect(
    thread: Callable[..., Awaitable[Thread]],
) -> None:
    mine = await thread("Weather?", CHAT_INSPECTOR="off")
    history = await mine.history()
    for handler, sent in (
        (EditingState.open, {}),
        (EditingState.step, {}),
        (EditingState.go_on, {"runs": False}),
        (EditingState.run_from, {"given": "x"}),
    ):
        await mine.tab.do(handler, checkpoint=id_of(history[1]), **sent)
    await mine.tab.do(EditingState.set_breakpoints, before=["*"], after=["*"])
    await mine.tab.do(EditingState.load)
    await mine.save(text="{}")
    assert (mine.var("checkpoint"), mine.var("nodes"), mine.var("said")) == ("", [], "")
    assert len(await mine.history()) == len(history)
