"""A long thread: its end at first, the rest when it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State

from chat_app.state import transcript
from chat_app.state.painter import PAGE
from chat_app.state.transcript import TranscriptState

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

TURNS = 150


@pytest.fixture
async def long_thread(client: LangGraphClient) -> str:
    """The path of a thread with 150 questions and as many answers; the last was a long read."""
    thread = await client.threads.create(graph_id="agent")
    messages: list[dict[str, Any]] = [
        {"type": kind, "id": f"{kind}{n}", "content": f"{kind} {n}"}
        for n in range(TURNS)
        for kind in ("human", "ai")
    ]
    call = {"name": "read", "id": "c", "args": {}}
    messages[-1]["tool_calls"] = [call]
    messages += [
        {"type": "tool", "tool_call_id": "c", "content": "x" * 50_000},
        {"type": "ai", "id": "last", "content": "Read."},
    ]
    await client.threads.update_state(
        thread["thread_id"], values={"messages": messages}, as_node="model"
    )
    return f"/t/{thread['thread_id']}"


async def test_a_long_thread_opens_with_its_end_and_grows_backwards_to_its_start(
    tab: Tab, long_thread: str
) -> None:
    await tab.load(long_thread)
    assert PAGE <= len(tab.rows) <= PAGE + 5
    assert tab.shown[-1] == ("text", "Read.")
    last = tab.rows[-1]
    for _ in range(TURNS):
        earlier = tab.var(TranscriptState, "earlier")
        if not earlier:
            break
        await tab.do(TranscriptState.show_earlier)
        assert tab.var(TranscriptState, "earlier") < earlier
    assert tab.shown[:2] == [("human", "human 0"), ("text", "ai 0")]
    assert len(tab.texts("human")) == TURNS
    assert tab.rows[-1] == last
    keys = [row["key"] for row in tab.rows]
    assert len(set(keys)) == len(keys)


async def test_another_process_shows_no_more_at_once_than_it_can_in_a_moment(
    tab: Tab, long_thread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcript, "_MOST_AT_ONCE", 100)
    await tab.load(long_thread)
    token = BaseStateToken(ident=tab.token, cls=State)
    async with tab._states.modify_state(token) as state:
        rows = await state.get_state(TranscriptState)
        rows.window = f"{long_thread.removeprefix('/t/')} 0"
        await transcript.show_window(rows, await transcript.canvas_of(rows))
    await tab.do(TranscriptState.show_earlier)
    assert 100 <= len(tab.texts("human")) * 2 < 2 * TURNS
    assert tab.var(TranscriptState, "earlier")


async def test_a_page_more_is_a_small_delta_and_one_too_many_is_none(
    tab: Tab, long_thread: str
) -> None:
    await tab.load(long_thread)
    tab.sent.clear()
    await tab.do(TranscriptState.show_earlier)
    assert sum(map(len, tab.sent)) < 60_000
    for _ in range(10):
        await tab.do(TranscriptState.show_earlier)
    rows = tab.rows
    tab.sent.clear()
    await tab.do(TranscriptState.show_earlier)
    assert tab.rows == rows
    assert not any('"key"' in delta for delta in tab.sent)


async def test_a_long_result_is_sent_when_it_is_asked_for(tab: Tab, long_thread: str) -> None:
    await tab.load(long_thread)
    row = next(row for row in tab.rows if row["kind"] == "tool")
    assert (row["size"], len(row["output"]) < 20_000) == ("50 KB", True)
    await tab.do(TranscriptState.reveal, key=row["key"])
    (whole,) = [shown for shown in tab.rows if shown["kind"] == "tool"]
    assert whole["output"] == "x" * 50_000
    assert "size" not in whole


@pytest.mark.parametrize("key", ["", "no such row", "0", None, 7, {"key": 1}, ["a"], "x" * 10_000])
async def test_asking_for_what_is_not_there_changes_nothing(
    tab: Tab, long_thread: str, key: Any
) -> None:
    await tab.load(long_thread)
    rows = tab.rows
    await tab.do(TranscriptState.reveal, key=key)
    assert tab.rows == rows
