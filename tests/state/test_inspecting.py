"""What the inspector of a thread gets: recorded runs over HTTP, and the modes that runs ask for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app import text
from chat_app.auth.person import Person
from chat_app.config import settings
from chat_app.routes.inspect import access
from chat_app.runs.inspector import recording
from chat_app.runs.inspector.inspection import of
from chat_app.runs.inspector.modes import CHOICE
from chat_app.state import tab_session
from chat_app.state.inspector.modes import ModesState
from chat_app.state.inspector.panel import InspectorState
from chat_app.state.run import RunState
from chat_app.timeline.record import Ring
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from chat_app.runs.inspector.recording import Recorder
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab
    from tests.state.conftest import Ask

GARBAGE = ["-1", "1e3", "٣", "9" * 30, "null", "1.5", "[]"]
ROUTES = ["events", "events/1", "events.jsonl", "spans", "spans/x"]


async def inspect(tab: Tab, *, is_open: bool = True, name: str = "streams") -> None:
    await tab.do(InspectorState.show, is_open=is_open, tab=name)


def recorder_of(tab: Tab) -> Recorder:
    mine = tab_session.find(tab.token)
    assert mine
    assert mine.session
    inspection = of(mine.session.inspection)
    assert inspection
    return inspection.recorder


async def rows_of(ask: Ask, tab: Tab, **query: Any) -> list[list[Any]]:
    """All rows of a list, page by page, once the run is over."""
    rows, after = [], 0
    while True:
        told = (await ask(tab, "events", after=after, **query)).json()
        rows += told["rows"]
        if told["over"] and told["next"] >= told["last"]:
            return rows
        after = told["next"]


async def test_nothing_is_recorded_where_no_inspector_is_open(tab: Tab) -> None:
    await tab.send("3")
    assert recorder_of(tab).runs == {}


async def test_the_events_of_a_run_are_listed_as_they_arrived(tab: Tab, ask: Ask) -> None:
    await inspect(tab)
    await tab.send("5")
    rows = await rows_of(ask, tab)
    names = [row[2] for row in rows]
    assert [row[0] for row in rows] == [*range(1, len(rows) + 1)]
    assert names[0] == "metadata"
    assert names[-1] == "end"
    assert {"values", "updates", "messages", "tasks"} <= set(names)
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert all(row[5] > 0 for row in rows if row[2] != "end")
    told = (await ask(tab, "events", mode="messages", most=2)).json()
    assert [row[2] for row in told["rows"]] == ["messages"] * 2
    assert told["counts"]["messages"] == names.count("messages")
    assert [run["id"] for run in told["runs"]] == [told["run"]]
    assert told["nodes"] == ["model"]


async def test_a_run_has_the_same_events_where_the_inspector_is_opened_in_its_middle_or_after_it(
    tab: Tab, ask: Ask, long_answer: LongAnswer
) -> None:
    sending = await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: len("".join(tab.texts("text"))) > 20)
    await inspect(tab)
    long_answer.end()
    await sending.wait_all()
    await until(lambda: all(one.is_over for one in recorder_of(tab).runs.values()))
    rows = await rows_of(ask, tab, mode="messages")
    recorder_of(tab).runs.clear()
    assert rows == await rows_of(ask, tab, mode="messages")
    words = [row[6] for row in rows if row[6].startswith("word")]
    assert "".join(words) == tab.shown[-1][1]


async def test_an_inspector_that_is_closed_records_no_more_and_one_that_is_opened_again_has_all(
    tab: Tab, ask: Ask, long_answer: LongAnswer
) -> None:
    await inspect(tab)
    sending = await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: len("".join(tab.texts("text"))) > 20)
    await inspect(tab, is_open=False)
    await tab.until(lambda: any(one.is_cut for one in recorder_of(tab).runs.values()))
    await inspect(tab)
    long_answer.end()
    await sending.wait_all()
    rows = await rows_of(ask, tab, mode="messages")
    words = [row[6] for row in rows if row[6].startswith("word")]
    assert "".join(words) == tab.shown[-1][1]
    assert not (await ask(tab, "events")).json()["cut"]


async def test_what_is_recorded_is_forgotten_with_the_tab(
    monkeypatch: pytest.MonkeyPatch, tab: Tab
) -> None:
    monkeypatch.setattr(recording, "FORGOTTEN_AFTER", 0.01)
    await inspect(tab)
    await tab.send("1")
    recorder = recorder_of(tab)
    assert recorder.runs
    await tab.go("/")
    assert not recorder.is_watched
    await until(lambda: not recorder.runs)


async def test_what_is_dropped_of_a_long_run_is_read_from_the_server_again(
    monkeypatch: pytest.MonkeyPatch, tab: Tab, ask: Ask
) -> None:
    monkeypatch.setattr(recording, "Ring", lambda **_: Ring(most_events=5))
    await inspect(tab)
    await tab.send("20")
    kept = (await ask(tab, "events")).json()
    assert len(kept["rows"]) == 5
    assert kept["first"] == kept["last"] - 4
    again, after = [], 0
    while after < kept["first"] - 1:
        told = (await ask(tab, "events", again=1, after=after, most=7)).json()
        assert told["next"] > after
        again, after = again + told["rows"], told["next"]
    numbers = [row[0] for row in again + kept["rows"]]
    assert numbers == [*range(1, kept["last"] + 1)]
    first = await ask(tab, "events/1")
    assert first.json()["run_id"] == kept["run"]
    lines = (await ask(tab, "events.jsonl")).text.splitlines()
    assert [json.loads(line)["number"] for line in lines] == numbers


async def test_an_event_is_given_as_it_came_and_all_of_them_as_lines(tab: Tab, ask: Ask) -> None:
    await inspect(tab)
    await tab.send("2")
    rows = await rows_of(ask, tab)
    values = [row for row in rows if row[2] == "values"][-1]
    answer = await ask(tab, f"events/{values[0]}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["messages"][-1]["type"] == "ai"
    file = await ask(tab, "events.jsonl", mode="values")
    assert file.headers["content-disposition"].startswith("attachment;")
    lines = [json.loads(line) for line in file.text.splitlines()]
    assert [line["number"] for line in lines] == [row[0] for row in rows if row[3] == "values"]
    assert lines[-1]["data"] == answer.json()


async def test_the_timeline_tells_what_has_changed_since_a_version(tab: Tab, ask: Ask) -> None:
    await inspect(tab, name="timeline")
    await tab.send("2")
    told = (await ask(tab, "spans")).json()
    assert [row["name"] for row in told["rows"]] == ["model"]
    assert told["run"]["state"] == "done"
    assert told["runs"] == [
        {"id": told["run"]["id"], "state": "done", "start": told["run"]["start"]}
    ]
    same = (await ask(tab, "spans", after=told["version"], of=told["run"]["id"])).json()
    assert not same.get("rows")
    other = (await ask(tab, "spans", after=told["version"], of=str(uuid4()))).json()
    assert other["rows"] == told["rows"]
    one = (await ask(tab, f"spans/{told['rows'][0]['id']}")).json()
    assert one["row"] == told["rows"][0]


@pytest.mark.parametrize("path", ROUTES)
async def test_each_route_is_for_those_who_may_use_the_thread_and_may_inspect(
    monkeypatch: pytest.MonkeyPatch, tab: Tab, ask: Ask, path: str
) -> None:
    await inspect(tab)
    await tab.send("1")
    foreign = await ask(tab, path, person=Person(str(uuid4())))
    assert (foreign.status_code, foreign.text) == (404, text.NOT_A_PAGE)
    monkeypatch.setenv("CHAT_INSPECTOR", "admins")
    settings.cache_clear()
    refused = await ask(tab, path)
    assert (refused.status_code, refused.text) == (404, text.NOT_A_PAGE)


@pytest.mark.parametrize("path", ["events", "events.jsonl", "spans", "events/1", "spans/x"])
async def test_a_request_that_cannot_be_understood_is_refused(
    tab: Tab, ask: Ask, path: str
) -> None:
    await inspect(tab)
    await tab.send("1")
    for garbage in ["x", "../x", "0" * 500, "7"]:
        assert (await ask(tab, path, run=garbage)).status_code == 400
    for garbage in GARBAGE:
        if path in ("events", "spans"):
            assert (await ask(tab, path, after=garbage)).status_code == 400
        assert (await ask(tab, f"events/{garbage}")).status_code in (400, 404)
    assert (await ask(tab, "events", search="x" * 1000)).status_code == 400
    unknown = str(uuid4())
    assert (await ask(tab, "events", run=unknown)).json()["rows"] == []
    await until(lambda: recorder_of(tab).runs[unknown].is_over)
    newest = (await ask(tab, "events")).json()
    assert newest["rows"]
    assert len(newest["runs"]) == 1


async def test_a_run_of_another_thread_is_none_of_this_one(tab: Tab, ask: Ask) -> None:
    await inspect(tab)
    await tab.send("1")
    (other,) = recorder_of(tab).runs
    await tab.go("/")
    await tab.send("1")
    assert (await ask(tab, "events", run=other)).json()["rows"] == []
    await until(lambda: recorder_of(tab).runs[other].is_over)
    assert (await ask(tab, "events", run=other)).json()["rows"] == []


async def test_one_person_asks_for_a_few_things_at_once(
    monkeypatch: pytest.MonkeyPatch, tab: Tab, ask: Ask
) -> None:
    await inspect(tab)
    await tab.send("1")
    monkeypatch.setattr(access, "MOST_AT_ONCE", 0)
    busy = await ask(tab, "events")
    assert (busy.status_code, busy.text) == (429, text.INSPECTOR_BUSY)


async def asked_for(client: LangGraphClient, tab: Tab) -> list[str]:
    """The modes of the newest run."""
    (run, *_) = await client.runs.list(tab.thread_id)
    return run["kwargs"]["stream_mode"]  # type: ignore[index]


async def test_modes_can_be_chosen_before_there_is_a_thread(
    tab: Tab, client: LangGraphClient
) -> None:
    await tab.do(ModesState.choose, modes=["values"])
    await tab.send("3")
    assert await asked_for(client, tab) == ["values"]
    assert tab.var(ModesState, "chosen") == ["values"]
    assert (await client.threads.get(tab.thread_id))["metadata"]["chat_modes"] == ["values"]
    assert tab.shown[-1][0] == "text"
    await tab.go("/")
    assert tab.var(ModesState, "chosen") == []


async def test_the_modes_of_a_thread_are_those_of_every_tab(
    new_tab: Callable[[], Tab], tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    await tab.do(ModesState.choose, modes=["debug", "messages", "debug", "nonsense"])
    assert tab.var(ModesState, "chosen") == ["messages", "debug"]
    again = new_tab()
    await again.load(f"/t/{tab.thread_id}")
    await again.painted()
    assert again.var(ModesState, "chosen") == ["messages", "debug"]
    await again.send("2")
    assert await asked_for(client, again) == ["messages-tuple", "debug"]


async def test_of_quick_choices_the_last_one_is_kept(tab: Tab, client: LangGraphClient) -> None:
    await tab.send("1")
    choices = [[mode] for mode in CHOICE] + [[]] + [["updates"]]
    events = [await tab.enqueue(ModesState.choose, modes=modes) for modes in choices]
    for event in events:
        await event.wait_all()
    assert (await client.threads.get(tab.thread_id))["metadata"]["chat_modes"] == ["updates"]
    await tab.send("2")
    assert await asked_for(client, tab) == ["updates"]


async def test_a_run_is_asked_for_tasks_as_well_while_an_inspector_is_open(
    tab: Tab, client: LangGraphClient
) -> None:
    usual = ["messages-tuple", "values", "updates", "custom"]
    await tab.send("1")
    assert await asked_for(client, tab) == usual
    await inspect(tab)
    await tab.send("1")
    assert await asked_for(client, tab) == [*usual, "tasks"]


@pytest.mark.parametrize("modes", [None, 7, "values", {"values": 1}, [[]], [None, "x" * 10_000]])
async def test_what_is_no_choice_of_modes_changes_nothing(tab: Tab, modes: Any) -> None:
    await tab.do(ModesState.choose, modes=["custom"] if isinstance(modes, str) else [])
    before = tab.var(ModesState, "chosen")
    await tab.do(ModesState.choose, modes=modes)
    assert tab.var(ModesState, "chosen") == before


async def test_who_may_not_inspect_chooses_no_modes(
    start: Callable[..., Awaitable[Callable[[], Tab]]], server_url: str
) -> None:
    tab = (await start(server_url, CHAT_INSPECTOR="off"))()
    await tab.load("/")
    await tab.do(ModesState.choose, modes=["values"])
    await inspect(tab)
    assert tab.var(ModesState, "chosen") == []
    await tab.send("1")
    mine = tab_session.find(tab.token)
    assert mine
    assert mine.session
    assert mine.session.inspection is None


async def test_a_run_that_the_server_cannot_replay_is_told_from_its_checkpoints(
    tab: Tab, ask: Ask, client: LangGraphClient
) -> None:
    """Such as one that did not ask for its events to be kept."""
    await tab.send("1")
    question = {"messages": [{"type": "human", "content": "3"}]}
    run = await client.runs.create(tab.thread_id, "slow", input=question)
    await client.runs.join(tab.thread_id, run["run_id"])
    await inspect(tab)
    rows = await rows_of(ask, tab, run=run["run_id"])
    told = (await ask(tab, "events", run=run["run_id"])).json()
    assert told["stored"]
    assert not told["cut"]
    assert {"values", "updates", "end"} <= {row[2] for row in rows}
    spans = (await ask(tab, "spans", run=run["run_id"])).json()
    assert [row["name"] for row in spans["rows"]] == ["model"]


async def test_what_comes_after_the_stream_of_the_chat_was_left_is_recorded_too(
    tab: Tab, ask: Ask, long_answer: LongAnswer
) -> None:
    """As when the server says that a run is over while much of its stream is unread."""
    await inspect(tab)
    sending = await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: len("".join(tab.texts("text"))) > 20)
    mine = tab_session.find(tab.token)
    assert mine
    assert mine.session
    stream = mine.session._work.stream
    assert stream
    stream.close()
    await until(lambda: recorder_of(tab)._readings)
    long_answer.end()
    await sending.wait_all()
    await until(lambda: all(one.is_over for one in recorder_of(tab).runs.values()))
    rows = await rows_of(ask, tab)
    assert [row[0] for row in rows] == [*range(1, len(rows) + 1)]
    assert [row[2] for row in rows].count("metadata") == 1
    assert rows[-1][2] == "end"
    assert not (await ask(tab, "events")).json()["cut"]
    words = [row[6] for row in rows if row[6].startswith("word")]
    assert words == [f"word{n} " for n in range(len(words))]
