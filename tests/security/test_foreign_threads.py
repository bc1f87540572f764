"""Whose is what: a foreign thread is, for all that can be done with it, one that does not exist."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app import text as words
from chat_app.auth import gate as gate_of
from chat_app.auth.person import Person
from chat_app.auth.rights import is_admin
from chat_app.config import settings
from chat_app.state import server
from chat_app.state.asking import AskState
from chat_app.state.queue import QueueState
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadsState
from tests.helpers.tab import over

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.tab import Tab

    Start = Callable[..., Awaitable[Callable[[], Tab]]]

CANARY = "every 0.00271828182845"
"""Part of the owner's question, which the assistant `slow` understands."""


@pytest.fixture
async def stranger(new_tab: Callable[[], Tab]) -> Tab:
    """A tab of another person."""
    tab = new_tab()
    tab.person = Person(str(uuid4()))
    await tab.load("/")
    return tab


def seen(tab: Tab, thread_id: str) -> dict[str, Any]:
    """All that the page knows by var, in which the thread goes by another name.

    Ids and times of the day are never the same.
    """
    whole = json.dumps(tab.page).replace(thread_id, "THREAD")
    whole = re.sub(r"\b([0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,40})\b", "*", whole)
    page = json.loads(re.sub(r"\b\d{13}\b", "0", whole))  # a number, also outside of a text
    return {
        f"{state} {name}": value
        for state, its in page.items()
        for name, value in its.items()
        if not name.startswith(TIMELY)
    }


TIMELY = ("asked_at", "told_")
"""Tell whether there was time to paint a message before it was refused, or what was opened before
something else was."""


async def at_server(client: LangGraphClient, thread_id: str) -> str:
    """A thread as the server has it, with its runs."""
    thread = await client.threads.get(thread_id)
    runs = await client.runs.list(thread_id)
    return json.dumps([thread, runs, await client.threads.get_history(thread_id)], sort_keys=True)


async def tried(tab: Tab, thread_id: str) -> list[dict[str, Any]]:
    """Do everything that a page offers with a thread; returns what was shown after each step."""
    shown = []
    tab.sent.clear()
    for handler, payload in [
        (None, {}),
        (RunState.send, {"message": "hello"}),
        (RunState.retry, {}),
        (RunState.stop, {}),
        (RunState.hurry, {}),
        (QueueState.submit, {"message": "again"}),
        (QueueState.send_all, {}),
        (QueueState.remove, {"id": "x"}),
        (AskState.answer, {"key": "x", "given": {"answer": "yes"}}),
        (AskState.leave, {"key": "x"}),
        (None, {}),
    ]:
        if handler is None:
            await tab.load(f"/t/{thread_id}")
        else:
            await tab.do(handler, **payload)
        shown.append(seen(tab, thread_id))
    return shown


async def test_a_foreign_thread_is_as_one_that_does_not_exist(
    tab: Tab,
    stranger: Tab,
    new_tab: Callable[[], Tab],
    client: LangGraphClient,
) -> None:
    await tab.send(f"3 {CANARY}")
    before = await at_server(client, tab.thread_id)
    other = new_tab()
    other.person = Person(str(uuid4()))
    await other.load("/")
    foreign, missing = await tried(stranger, tab.thread_id), await tried(other, str(uuid4()))
    for one, other_one in zip(foreign, missing, strict=True):
        assert {key: (one[key], other_one[key]) for key in one if one[key] != other_one[key]} == {}
    assert words.THREAD_GONE in json.dumps(foreign[0])
    assert CANARY not in "".join(stranger.sent)
    assert CANARY not in await stranger.state()
    assert await at_server(client, tab.thread_id) == before


async def test_of_a_thread_that_its_owner_has_open_a_stranger_sees_and_changes_nothing(
    tab: Tab,
    stranger: Tab,
    client: LangGraphClient,
    long_answer: LongAnswer,
) -> None:
    sending = await tab.enqueue(RunState.send, message=long_answer.question)
    await tab.until(lambda: tab.thread_id and "word5 " in "".join(tab.texts("text")))
    stranger.sent.clear()
    await stranger.load(f"/t/{tab.thread_id}")
    await stranger.do(RunState.stop)
    await stranger.do(QueueState.send_all)
    with suppress(TimeoutError):
        await stranger.send("5")
    assert not stranger.running
    assert tab.running
    received = "".join(stranger.sent)
    assert str(long_answer.enough) not in received
    assert "word1" not in received
    [run] = await client.runs.list(tab.thread_id)
    assert run["status"] in {"pending", "running"}
    long_answer.end()
    await over(sending)
    assert tab.texts("human") == [long_answer.question]


async def test_a_foreign_thread_is_not_in_the_list(tab: Tab, stranger: Tab) -> None:
    await tab.send("1")
    await tab.do(ThreadsState.refresh)
    await stranger.do(ThreadsState.refresh)
    assert [link["id"] for link in tab.var(ThreadsState, "links")] == [tab.thread_id]
    assert stranger.var(ThreadsState, "links") == []


async def test_a_new_thread_never_takes_the_place_of_a_foreign_one(
    tab: Tab,
    stranger: Tab,
    client: LangGraphClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await tab.send(f"2 {CANARY}")
    before = await at_server(client, tab.thread_id)
    monkeypatch.setattr(gate_of, "uuid4", lambda: tab.thread_id)
    await stranger.send("1")
    assert words.THREAD_GONE in stranger.texts("error")
    assert await at_server(client, tab.thread_id) == before
    assert CANARY not in "".join(stranger.sent)


async def unowned(client: LangGraphClient) -> str:
    """A thread of another program, whose own key says who has it."""
    thread = await client.threads.create(metadata={"owner": "ada"})
    thread_id = thread["thread_id"]
    question = {"messages": [{"type": "human", "content": f"2 {CANARY}"}]}
    await client.runs.wait(thread_id, "slow", input=question)
    return thread_id


ADMIN = "11111111-1111-4111-8111-111111111111"
"""Of an anonymous person, who is one by the settings."""


@pytest.mark.parametrize(
    ("setting", "by_name", "is_open", "is_listed"),
    [
        ("", False, True, False),
        ("open", False, True, False),
        ("everyone", False, True, True),
        ("admins", False, False, False),
        ("admins", True, True, False),
    ],
)
async def test_who_may_use_threads_without_an_owner_is_a_setting(
    start: Start,
    langgraph_server: str,
    client: LangGraphClient,
    *,
    setting: str,
    by_name: bool,
    is_open: bool,
    is_listed: bool,
) -> None:
    admins = json.dumps([ADMIN])
    variables = {"CHAT_UNOWNED_THREADS": setting, "CHAT_ADMINS": admins}
    tab = (await start(langgraph_server, **variables))()
    thread_id = await unowned(client)
    tab.person = Person(ADMIN if by_name else str(uuid4()))
    await tab.load(f"/t/{thread_id}")
    assert (CANARY in "".join(tab.texts("human"))) is is_open
    assert (CANARY in "".join(tab.sent)) is is_open
    await tab.do(ThreadsState.refresh)
    links = [link["id"] for link in tab.var(ThreadsState, "links")]
    assert (thread_id in links) is is_listed


@pytest.mark.parametrize("sees_all", [True, False])
async def test_administrators_see_all_where_the_settings_say_so(
    start: Start,
    langgraph_server: str,
    *,
    sees_all: bool,
) -> None:
    variables = {"CHAT_ADMINS_SEE_ALL": str(sees_all), "CHAT_ADMINS": json.dumps([ADMIN])}
    new_tab = await start(langgraph_server, **variables)
    tab, admin, by_group = new_tab(), new_tab(), new_tab()
    admin.person, by_group.person = Person(ADMIN), Person("oidc:x", is_admin=True)
    await tab.load("/")
    await tab.send(f"1 {CANARY}")
    for each in admin, by_group:
        await each.load(f"/t/{tab.thread_id}")
        await each.do(ThreadsState.refresh)
        assert (CANARY in "".join(each.texts("human"))) is sees_all
        listed = [link["id"] for link in each.var(ThreadsState, "links")]
        assert (tab.thread_id in listed) is sees_all


def test_a_name_that_a_person_chose_makes_no_administrator(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings(), "admins", ["root"])
    assert is_admin(Person("password:root"))
    assert not is_admin(Person("oidc:17", name="root"))
    assert not is_admin(Person("root:password"))


def test_only_the_gate_makes_sessions() -> None:
    root = Path(server.__file__).parents[1]
    makers = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "Sessions(" in path.read_text() or "ThreadSession(" in path.read_text()
    ]
    assert sorted(makers) == ["auth/gate.py", "runs/sessions.py"]
