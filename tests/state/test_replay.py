"""Replaying a thread of the server and one from a file, as a tab shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app.export.json_file import json_file
from chat_app.export.read_file import read_file, saved_in
from chat_app.runs.replay_player import ReplayPlayer
from chat_app.state import tab_session
from chat_app.state.replay import STEP, ReplayState
from chat_app.state.run import RunState
from chat_app.state.tab_session import TabSession
from chat_app.transcript.message import Message, Role, Text, Transcript
from chat_app.transcript.replaying import replay_of
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.helpers.tab import Tab


def mine(tab: Tab) -> TabSession:
    found = tab_session.find(tab.token)
    assert found
    return found


def player(tab: Tab) -> ReplayPlayer:
    replay = mine(tab).replay
    assert replay
    return replay


async def replaying(tab: Tab, path: str) -> None:
    """Open a replay in the mode that goes step by step, at its beginning."""
    await tab.load(path)
    await tab.until(lambda: tab.var(ReplayState, "active"))
    await tab.do(ReplayState.choose, mode=STEP)
    await tab.do(ReplayState.restart)


async def test_a_thread_is_played_to_what_it_is(new_tab: Callable[[], Tab]) -> None:
    tab = new_tab()
    await tab.load("/")
    await tab.send("3")
    shown, thread = tab.shown, tab.thread_id
    await replaying(tab, f"/t/{thread}?replay")
    beginning = tab.shown
    assert len(beginning) < len(shown)
    await tab.do(ReplayState.choose, mode="2")
    await tab.do(ReplayState.seek, seconds=player(tab).replay.duration)
    assert tab.shown == shown
    assert not tab.running


async def test_steps_go_on_one_by_one_and_stop(new_tab: Callable[[], Tab]) -> None:
    tab = new_tab()
    await tab.load("/")
    await tab.send("3")
    await tab.send("4")
    whole, thread = tab.shown, tab.thread_id
    await replaying(tab, f"/t/{thread}?replay")
    seen = [tab.shown]
    while not player(tab).is_over:
        await tab.do(ReplayState.toggle)
        assert not tab.var(ReplayState, "playing")
        seen.append(tab.shown)
    assert seen[-1] == whole
    assert len(seen) > 3
    assert tab.var(ReplayState, "turn") == 2
    await tab.do(ReplayState.move, turns=-1)
    await tab.do(ReplayState.move, turns=-1)
    assert tab.var(ReplayState, "turn") == 1


async def test_a_replay_starts_no_run_and_leaves_the_thread_alone(
    new_tab: Callable[[], Tab], client: Any
) -> None:
    tab = new_tab()
    await tab.load("/")
    await tab.send("3")
    thread = tab.thread_id
    before = await client.threads.get(thread)
    await replaying(tab, f"/t/{thread}?replay")
    await tab.do(RunState.stop)
    await tab.do(RunState.retry)
    assert len(await client.runs.list(thread)) == 1
    assert (await client.threads.get(thread))["updated_at"] == before["updated_at"]


async def test_the_end_of_a_replay_leads_to_the_thread(new_tab: Callable[[], Tab]) -> None:
    tab = new_tab()
    await tab.load("/")
    await tab.send("3")
    shown, thread = tab.shown, tab.thread_id
    await replaying(tab, f"/t/{thread}?replay")
    await tab.do(ReplayState.end)
    assert tab.redirects[-1] == f"/t/{thread}"
    await tab.go(f"/t/{thread}")
    assert not tab.var(ReplayState, "active")
    assert tab.shown == shown
    assert mine(tab).replay is None


async def test_a_foreign_thread_is_not_replayed(new_tab: Callable[[], Tab], client: Any) -> None:
    tab = new_tab()
    foreign = await client.threads.create(metadata={"chat_owner": "somebody else"})
    await tab.load(f"/t/{foreign['thread_id']}?replay")
    await tab.until(lambda: tab.texts("error"))
    missing = new_tab()
    await missing.load("/t/6f1f9a43-3c1f-4c0e-9a39-0d4f2b1c6e55?replay")
    await missing.until(lambda: missing.texts("error"))
    assert tab.shown == missing.shown
    assert mine(tab).replay is None


async def test_a_file_is_replayed_while_there_is_no_server(
    start: Callable[..., Awaitable[Callable[[], Tab]]],
) -> None:
    tab = (await start("http://127.0.0.1:9"))()
    await tab.load("/")
    said = [
        {"type": "human", "id": "h", "content": "Hello"},
        {"type": "ai", "id": "a", "content": "Good day."},
    ]
    mine(tab).file = read_file(json_file(saved_in(said)))
    await replaying(tab, "/replay")
    await tab.do(ReplayState.seek, seconds=player(tab).replay.duration)
    assert tab.texts("human") == ["Hello"]
    assert tab.texts("text") == ["Good day."]
    await tab.do(ReplayState.end)
    assert tab.redirects[-1] == "/"


async def test_without_a_file_there_is_nothing_to_replay(new_tab: Callable[[], Tab]) -> None:
    tab = new_tab()
    await tab.load("/replay")
    assert tab.texts("error")
    assert mine(tab).replay is None


@pytest.mark.parametrize(
    ("handler", "payload"),
    [
        (ReplayState.seek, {"seconds": "1"}),
        (ReplayState.seek, {"seconds": float("inf")}),
        (ReplayState.seek, {"seconds": float("nan")}),
        (ReplayState.seek, {"seconds": True}),
        (ReplayState.choose, {"mode": "99"}),
        (ReplayState.choose, {"mode": ["1"]}),
        (ReplayState.move, {"turns": 10**9}),
        (ReplayState.move, {"turns": "1"}),
    ],
)
async def test_odd_arguments_change_nothing_that_matters(
    new_tab: Callable[[], Tab], handler: Any, payload: dict[str, Any]
) -> None:
    tab = new_tab()
    await tab.load("/")
    await tab.do(handler, **payload)  # without a replay
    await tab.send("2")
    await replaying(tab, f"/t/{tab.thread_id}?replay")
    await tab.do(handler, **payload)
    assert tab.var(ReplayState, "mode") == STEP
    assert 0 <= player(tab).number < len(player(tab).replay.moments)


async def test_a_replay_at_its_own_pace_ends_by_itself() -> None:
    said = Transcript(
        (Message("h", Role.HUMAN, (Text("Hi"),)), Message("a", Role.ASSISTANT, (Text("Yes."),)))
    )
    replayed = ReplayPlayer(replay_of(said))
    numbers: list[int] = []
    replayed.subscribe(lambda: numbers.append(replayed.number))
    replayed.set_speed(16)
    replayed.play()
    await until(lambda: replayed.is_over and not replayed.is_playing)
    assert numbers == sorted(numbers)
    assert replayed.snapshot.view.transcript == said
    replayed.play()  # again, from the beginning
    assert replayed.number == 0
    replayed.pause()


async def test_a_replay_pauses_when_its_tab_is_gone() -> None:
    said = Transcript((Message("h", Role.HUMAN), Message("a", Role.ASSISTANT, (Text("x" * 999),))))
    replayed = ReplayPlayer(replay_of(said))
    tab = TabSession()
    tab.play(replayed)
    assert replayed.is_playing
    tab.end_replay()
    assert not replayed.is_playing


@pytest.mark.parametrize("query", ["a&" * 100, "replay&" + "a=1&" * 100, "%" * 50, "=&;" * 100])
async def test_an_address_with_an_odd_query_opens_its_thread(
    new_tab: Callable[[], Tab], query: str
) -> None:
    tab = new_tab()
    await tab.load("/")
    await tab.send("1")
    shown = tab.shown
    other = new_tab()
    other.person = tab.person
    await other.load(f"/t/{tab.thread_id}?{query}")
    assert other.shown == shown
