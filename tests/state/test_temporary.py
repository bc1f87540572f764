"""Temporary chats leave nothing behind: in no list, not found, deleted when they are left."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app import processes
from chat_app.auth.person import Person
from chat_app.client import NotFoundError
from chat_app.config import settings
from chat_app.processes import HostProcesses
from chat_app.runs import session, tasks, temporary
from chat_app.runs.thread_metadata import TEMPORARY, made_for
from chat_app.state import presence, server, tab_session
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadsState
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tabs and threads are left for good in a moment."""
    monkeypatch.setattr(session, "LINGER", 0.1)
    monkeypatch.setattr(presence, "GRACE", 0.3)


async def begun(tab: Tab, message: str = "1") -> str:
    """A temporary chat in which something was said; returns its id."""
    await tab.load("/")
    await tab.do(RunState.choose_temporary, is_temporary=True)
    await tab.send(message)
    await tab.go(f"/t/{tab.thread_id}")
    return tab.thread_id


async def is_gone(client: LangGraphClient, thread_id: str) -> bool:
    try:
        await client.threads.get(thread_id)
    except NotFoundError:
        return True
    return False


async def gone(client: LangGraphClient, thread_id: str) -> None:
    async def now() -> bool:
        return await is_gone(client, thread_id)

    await until(now)


async def test_it_is_in_no_list_and_its_metadata_say_what_it_is(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    thread_id = await begun(tab)
    assert tab.var(RunState, "is_temporary")
    metadata: Any = (await client.threads.get(thread_id))["metadata"]
    assert metadata[TEMPORARY] is True
    await tab.do(ThreadsState.refresh)
    assert thread_id not in {link["id"] for link in tab.var(ThreadsState, "links")}


@pytest.mark.parametrize("path", ["/", "/t/0b5d1f0e-0000-4000-8000-000000000000"])
async def test_it_is_deleted_when_another_chat_is_opened(
    tab: Tab, client: LangGraphClient, path: str
) -> None:
    thread_id = await begun(tab)
    await tab.go(path)
    await gone(client, thread_id)
    assert not tab.var(RunState, "is_temporary")


async def test_it_is_deleted_when_the_page_is_closed(tab: Tab, client: LangGraphClient) -> None:
    thread_id = await begun(tab)
    left = tab_session.find(tab.token)
    assert left
    left.is_closed = True  # as the page says before it goes
    tab.close()
    await gone(client, thread_id)


async def test_a_page_that_lost_its_connection_keeps_it(tab: Tab, client: LangGraphClient) -> None:
    thread_id = await begun(tab)
    tab.close()
    await until(lambda: tab_session.find(tab.token) is None)
    await asyncio.sleep(0.3)  # longer than a closed page keeps it
    assert not await is_gone(client, thread_id)
    await tab.load(f"/t/{thread_id}")
    assert tab.var(RunState, "is_temporary")
    assert tab.texts("human") == ["1"]


async def test_a_reload_keeps_it(tab: Tab, client: LangGraphClient) -> None:
    thread_id = await begun(tab)
    for _ in range(3):
        left = tab_session.find(tab.token)
        assert left
        left.is_closed = True
        await tab.load(f"/t/{thread_id}")
    await asyncio.sleep(0.6)  # longer than a tab may be away
    assert not await is_gone(client, thread_id)
    assert tab.var(RunState, "is_temporary")


async def test_it_stays_while_another_tab_of_the_person_shows_it(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    one, two = new_tab(), new_tab()
    thread_id = await begun(one)
    await two.load(f"/t/{thread_id}")
    await one.go("/")
    await asyncio.sleep(0.4)
    assert not await is_gone(client, thread_id)
    await two.go("/")
    await gone(client, thread_id)


@pytest.mark.parametrize("place", ["/inbox", "/schedules"])
async def test_a_new_chat_is_temporary_no_more_after_another_page_but_still_after_a_reload(
    tab: Tab, place: str
) -> None:
    await tab.load("/")
    await tab.do(RunState.choose_temporary, is_temporary=True)
    await tab.go("/")
    assert tab.var(RunState, "is_temporary")
    await tab.go(place)
    assert not tab.var(RunState, "is_temporary")
    await tab.go("/")
    assert not tab.var(RunState, "is_temporary")


async def test_a_run_under_way_is_cancelled_and_what_waits_is_not_started(
    tab: Tab, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    await tab.load("/")
    await tab.do(RunState.choose_temporary, is_temporary=True)
    await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: tab.running)
    thread_id = tab.thread_id
    await tab.go(f"/t/{thread_id}")
    await tab.enqueue(RunState.send, message="next")
    await tab.go("/")
    await gone(client, thread_id)


async def test_it_is_left_to_the_process_that_its_tab_has_gone_to(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "FRESH", 3600)
    other = HostProcesses(Path(settings().data_dir) / "processes", "other")
    thread_id = await begun(tab)
    await other.tell_open([thread_id])
    await tab.go("/")
    await until(lambda: not server.gate().is_open(thread_id))
    await tasks_over("delete ")
    assert not await is_gone(client, thread_id)
    await other.tell_open([])
    await tab.go(f"/t/{thread_id}")
    await tab.go("/")
    await gone(client, thread_id)


async def tasks_over(beginning: str) -> None:
    """Wait until no background task whose name begins so is under way."""
    await until(lambda: not any(name.startswith(beginning) for name in tasks.alive()))


async def test_an_admin_who_looks_at_it_deletes_nothing(
    start: Callable[..., Any], langgraph_server: str, client: LangGraphClient
) -> None:
    new_tab = await start(langgraph_server, CHAT_ADMINS_SEE_ALL="true")
    owner, admin = new_tab(), new_tab()
    owner.person = Person(str(uuid4()))
    admin.person = Person(str(uuid4()), is_admin=True)
    thread_id = await begun(owner)
    await admin.load(f"/t/{thread_id}")
    assert admin.texts("human") == ["1"]
    await admin.go("/")
    await asyncio.sleep(0.5)
    assert not await is_gone(client, thread_id)


async def test_a_chat_that_exists_does_not_become_temporary(
    tab: Tab, client: LangGraphClient
) -> None:
    await tab.send("1")
    thread_id = tab.thread_id
    await tab.go(f"/t/{thread_id}")
    await tab.do(RunState.choose_temporary, is_temporary=True)
    assert not tab.var(RunState, "is_temporary")
    await tab.go("/")
    await asyncio.sleep(0.4)
    assert not await is_gone(client, thread_id)


@pytest.mark.parametrize("odd", [None, "true", 1, [], {}])
async def test_an_odd_choice_is_ignored(tab: Tab, odd: Any) -> None:
    await tab.do(RunState.choose_temporary, is_temporary=odd)
    assert not tab.var(RunState, "is_temporary")


async def test_the_choice_ends_where_the_new_chat_is_left(tab: Tab) -> None:
    await tab.send("1")
    thread_id = tab.thread_id
    await tab.go("/")
    await tab.do(RunState.choose_temporary, is_temporary=True)
    await tab.go(f"/t/{thread_id}")
    await tab.go("/")
    assert not tab.var(RunState, "is_temporary")


async def test_those_that_were_left_long_ago_are_swept(
    client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = str(uuid4())
    left, shown, kept = [
        (await client.threads.create(metadata=made_for(owner, "", is_temporary=is_temporary)))[
            "thread_id"
        ]
        for is_temporary in (True, True, False)
    ]

    async def shows(thread_id: str) -> bool:
        return thread_id == shown

    await temporary.sweep(client, shows)
    assert not await is_gone(client, left)
    monkeypatch.setattr(temporary, "TEMPORARY_FOR", 0)
    await temporary.sweep(client, shows)
    assert [await is_gone(client, one) for one in (left, shown, kept)] == [True, False, False]


async def test_where_the_server_knows_people_each_ones_are_swept_with_their_own_client(
    client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(temporary, "TEMPORARY_FOR", 0)
    asked: list[str] = []

    async def shows(_: str) -> bool:
        return False

    async def connect() -> LangGraphClient:
        asked.append("anna")
        return client

    sweeps = temporary.PersonalSweeps(shows)
    metadata = made_for(str(uuid4()), "", is_temporary=True)
    left = (await client.threads.create(metadata=metadata))["thread_id"]
    for _ in range(3):  # each look at the list begins one
        sweeps.begin("anna", connect)
    await gone(client, left)
    assert asked == ["anna"]


async def test_a_server_that_fails_is_asked_again(
    start: Callable[..., Any], network: Any, client: LangGraphClient
) -> None:
    new_tab = await start(network.url)
    tab = new_tab()
    thread_id = await begun(tab)
    network.refuse("DELETE", "/threads/*", times=1)
    await tab.go("/")
    await gone(client, thread_id)
