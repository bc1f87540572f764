"""Schedules on the page: made, paused and deleted at a real server, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio

from chat_app import text as words
from chat_app.auth.person import Person
from chat_app.config import settings
from chat_app.runs import thread_metadata
from chat_app.runs.schedules import Draft, NotAScheduleError, Schedules
from chat_app.runs.threads.thread_list import Scope
from chat_app.state import server
from chat_app.state.assistants import AssistantsState
from chat_app.state.schedules import SchedulesState
from chat_app.state.threads import ThreadsState
from chat_app.transcript.shapes import Shape
from tests.helpers.tab import browser, over

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

RUNS = ("POST", "/runs/crons")


@pytest_asyncio.fixture
async def tab(new_tab: Callable[[], Tab], client: LangGraphClient) -> AsyncIterator[Tab]:
    """A tab at the schedules; those of its person are deleted in the end."""
    tab = new_tab()
    yield await at_schedules(tab)
    for cron in await crons(client, tab):
        await client.crons.delete(cron["cron_id"])


async def at_schedules(tab: Tab) -> Tab:
    await tab.load("/schedules")
    await tab.until(lambda: tab.var(SchedulesState, "loaded"))
    return tab


async def crons(client: LangGraphClient, tab: Tab) -> list[Any]:
    return await client.crons.search(metadata={"chat_owner": tab.person.id}, limit=100)


def rows(tab: Tab) -> list[dict[str, Any]]:
    return tab.var(SchedulesState, "rows")


def draft(tab: Tab, **given: str) -> dict[str, str]:
    chosen = tab.var(AssistantsState, "chosen")
    usual = {"name": "", "message": "2", "assistant": chosen, "cron": "0 9 * * *"}
    return usual | {"zone": "Europe/Berlin"} | given


async def create(tab: Tab, **given: str) -> None:
    await tab.do(SchedulesState.create, given=draft(tab, **given))


async def test_a_schedule_is_made_and_listed_with_its_next_run(
    tab: Tab, client: LangGraphClient
) -> None:
    assert (tab.var(SchedulesState, "is_there"), rows(tab)) == (True, [])
    await create(tab, message="Sum up\nthe news", name="News")
    [row] = rows(tab)
    assert row["name"] == "News"
    assert row["message"] == "Sum up the news"
    assert (row["when"], row["cron"]) == ("Every day at 09:00", "0 9 * * *")
    assert row["zone"] == "Europe/Berlin"
    assert row["next_run"] > 1_700_000_000_000
    assert (row["enabled"], row["can_pause"], row["last"]) == (True, True, "")
    [cron] = await crons(client, tab)
    assert cron["timezone"] == "Europe/Berlin"
    assert "id" not in cron["payload"]["input"]["messages"][0]
    assert tab.var(SchedulesState, "created").startswith("Created: News")


async def test_what_a_schedule_starts_is_a_chat_of_its_person(
    tab: Tab, client: LangGraphClient
) -> None:
    await create(tab, message="2")
    await tab.do(ThreadsState.watch, is_visible=True)
    await client.crons.update(rows(tab)[0]["id"], schedule="* * * * * */2")  # no page can wait
    titles = lambda: [link["title"] for link in tab.var(ThreadsState, "links")]  # noqa: E731
    await tab.until(lambda: "2" in titles())
    await tab.do(SchedulesState.pause, schedule_id=rows(tab)[0]["id"])
    [row] = rows(tab)
    assert (row["enabled"], row["next_run"]) == (False, 0)
    thread = await client.threads.get(row["last"])
    assert thread_metadata.owner_in(thread["metadata"]) == tab.person.id
    await tab.load(f"/t/{row['last']}")
    await tab.joined()
    assert tab.texts("human") == ["2"]
    assert tab.texts("text") != []


async def test_a_schedule_is_paused_resumed_and_deleted(tab: Tab, client: LangGraphClient) -> None:
    await create(tab)
    schedule_id = rows(tab)[0]["id"]
    await tab.do(SchedulesState.pause, schedule_id=schedule_id)
    assert [cron["enabled"] for cron in await crons(client, tab)] == [False]
    assert rows(tab)[0]["enabled"] is False
    await tab.do(SchedulesState.resume, schedule_id=schedule_id)
    assert rows(tab)[0]["enabled"] is True
    await tab.do(SchedulesState.delete, schedule_id=schedule_id)
    assert (rows(tab), await crons(client, tab)) == ([], [])
    await tab.do(SchedulesState.delete, schedule_id=schedule_id)
    assert tab.var(SchedulesState, "problem") == words.SCHEDULE_GONE


async def test_a_foreign_schedule_is_as_one_that_does_not_exist(
    tab: Tab, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    await create(tab, message="a secret")
    before = await crons(client, tab)
    other = await client.crons.create("slow", schedule="0 9 * * *", input={"messages": []})
    stranger = new_tab()
    stranger.person = Person(str(uuid4()))
    await at_schedules(stranger)
    assert rows(stranger) == []
    for handler in (SchedulesState.pause, SchedulesState.resume, SchedulesState.delete):
        for schedule_id in (before[0]["cron_id"], other["cron_id"], str(uuid4()), "x", "../x", ""):
            await stranger.do(handler, schedule_id=schedule_id)
            assert stranger.var(SchedulesState, "problem") == words.SCHEDULE_GONE
    assert await crons(client, tab) == before
    assert await client.crons.search(assistant_id=other["assistant_id"], limit=1)
    assert "a secret" not in "".join(stranger.sent)
    await client.crons.delete(other["cron_id"])


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"message": " "}, words.SCHEDULE_NO_MESSAGE),
        ({"message": "x" * 20_001}, words.SCHEDULE_TOO_LONG),
        ({"assistant": ""}, words.SCHEDULE_NO_ASSISTANT),
        ({"assistant": str(uuid4())}, words.SCHEDULE_NO_ASSISTANT),
        ({"cron": "* * * * * *"}, words.SCHEDULE_BAD_CRON),
        ({"cron": "0 0 31 2 *"}, words.SCHEDULE_NEVER),
        ({"zone": "Mars/Base"}, words.SCHEDULE_BAD_ZONE),
        ({"message": 7}, words.SCHEDULE_NO_MESSAGE),
        ({"cron": ["0 9 * * *"]}, words.SCHEDULE_BAD_CRON),
    ],
)
async def test_what_is_no_schedule_is_refused_in_words(
    tab: Tab, client: LangGraphClient, given: dict[str, Any], problem: str
) -> None:
    await create(tab, **given)
    assert tab.var(SchedulesState, "problem") == problem
    assert await crons(client, tab) == []


async def test_an_expression_is_told_while_it_is_typed(tab: Tab) -> None:
    await tab.do(SchedulesState.look_ahead, cron="0 9 * * 1", zone="Europe/Berlin")
    assert tab.var(SchedulesState, "preview") == "Every Monday at 09:00"
    assert tab.var(SchedulesState, "preview_next") > 1_700_000_000_000
    await tab.do(SchedulesState.look_ahead, cron="0 9 * *", zone="Europe/Berlin")
    assert tab.var(SchedulesState, "preview_problem") == words.SCHEDULE_BAD_CRON
    assert tab.var(SchedulesState, "preview") == ""


async def test_no_more_are_made_than_the_settings_allow(
    start: Start, langgraph_server: str, client: LangGraphClient
) -> None:
    tab = await at_schedules((await start(langgraph_server, CHAT_SCHEDULES="1"))())
    await create(tab)
    await create(tab)
    assert tab.var(SchedulesState, "problem") == words.SCHEDULE_TOO_MANY.format(most=1)
    assert len(await crons(client, tab)) == 1
    await tab.do(SchedulesState.delete, schedule_id=rows(tab)[0]["id"])


@pytest.mark.parametrize("limit", [{"CHAT_SCHEDULES": "0"}, {"CHAT_DAILY_MESSAGES": "5"}])
async def test_where_they_are_off_none_can_be_made(
    start: Start, langgraph_server: str, client: LangGraphClient, limit: dict[str, str]
) -> None:
    tab = await at_schedules((await start(langgraph_server, **limit))())
    assert not tab.var(SchedulesState, "is_there")
    assert tab.var(SchedulesState, "missing") == words.NO_SCHEDULES_ALLOWED
    await create(tab)
    assert await crons(client, tab) == []


@pytest.mark.parametrize("status", [404, 405, 500, 501])
async def test_a_server_without_schedules_has_no_place_for_them(
    network: Network, new_tab: Callable[[], Tab], status: int
) -> None:
    network.refuse("POST", "/runs/crons/search", status=status)
    tab = await at_schedules(new_tab())
    assert not tab.var(SchedulesState, "is_there")
    assert tab.var(SchedulesState, "missing") == words.NO_SCHEDULES_HERE


async def test_without_a_server_the_page_says_that_there_is_none() -> None:
    async def address() -> str:
        raise RuntimeError("no such port")

    async with server.connected(address()), browser() as new_tab:
        tab = new_tab()
        await tab.load("/schedules")
        asked = (
            (SchedulesState.load, {}),
            (SchedulesState.create, {"given": {"message": "2"}}),
            (SchedulesState.pause, {"schedule_id": "one"}),
            (SchedulesState.resume, {"schedule_id": "one"}),
            (SchedulesState.delete, {"schedule_id": "one"}),
        )
        for handler, payload in asked:
            settled = tab.var(SchedulesState, "settled")
            await tab.do(handler, **payload)
            assert tab.var(SchedulesState, "settled") > settled, handler
            assert tab.var(SchedulesState, "problem") == words.DEMO_FAILED, handler
            assert "no such port" in tab.var(SchedulesState, "problem_detail"), handler


async def test_a_server_that_refuses_a_schedule_is_quoted(
    network: Network, new_tab: Callable[[], Tab]
) -> None:
    tab = await at_schedules(new_tab())
    network.refuse(*RUNS, status=422)
    await create(tab)
    assert tab.var(SchedulesState, "problem") != ""
    assert "refused by the network" in tab.var(SchedulesState, "problem_detail")
    assert rows(tab) == []


async def test_an_assistant_that_takes_a_form_cannot_be_scheduled(client: LangGraphClient) -> None:
    schedules = Schedules(client, "ada", Scope.OWN)
    asked = Draft("News", "Sum up the news", "slow", "0 9 * * *", "UTC")
    with pytest.raises(NotAScheduleError) as refused:
        await schedules.create(asked, Shape(takes="form"), most=20)
    assert refused.value.sentence == words.SCHEDULE_NEEDS_FORM
    assert await schedules.listed() == []


async def test_schedules_made_at_once_in_many_tabs_are_no_more_than_are_allowed(
    new_tab: Callable[[], Tab], tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "schedules", 2)
    other = new_tab()
    other.person = tab.person
    await at_schedules(other)
    made = [
        await each.enqueue(SchedulesState.create, given=draft(each))
        for each in (tab, other)
        for _ in range(8)
    ]
    for event in made:
        await over(event)
    assert len(await crons(client, tab)) == 2
