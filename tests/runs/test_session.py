"""A session of a thread on a real server: shared by its tabs, and closed a while after them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.client import LangGraphClient, get_client
from chat_app.runs import session as session_of
from chat_app.runs import tasks
from chat_app.runs.machine.conversation import Notice, Phase
from chat_app.runs.machine.events import Send, Stop
from chat_app.runs.pending_runs import Queued
from chat_app.runs.sessions import Sessions
from chat_app.text import APP_FAILED
from chat_app.transcript.error_text import describe
from tests.helpers.waiting import PATIENCE, until
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chat_app.runs.session import ThreadSession
    from tests.helpers.long_answer import LongAnswer


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture
async def sessions(client: LangGraphClient) -> AsyncIterator[Sessions]:
    sessions = Sessions(backend_of(client))
    yield sessions
    await sessions.aclose()


def message(text: str) -> Queued:
    return Queued(str(uuid4()), text, "slow")


def new_thread(sessions: Sessions) -> ThreadSession:
    session = sessions.get(str(uuid4()))
    session.create_with("A title", {"chat_title": "A title"})
    return session


def nothing() -> None:
    """What a tab is notified by that does not look."""


async def answered(session: ThreadSession, text: str) -> Queued:
    sent = message(text)
    session.post(Send(sent, "tab"))
    async with asyncio.timeout(PATIENCE):
        await session.settled(sent.message_id)
    return sent


async def test_a_message_makes_the_thread_and_is_answered(
    sessions: Sessions, client: LangGraphClient
) -> None:
    session = new_thread(sessions)
    await answered(session, "2")
    now = session.snapshot
    assert now.conversation.phase is Phase.IDLE
    assert len(now.view.transcript.messages) == 2
    thread = await client.threads.get(session.thread_id)
    assert thread["metadata"]["chat_title"] == "A title"


async def test_all_tabs_of_a_thread_have_one_session_and_people_with_other_rights_another(
    sessions: Sessions,
) -> None:
    thread_id = str(uuid4())
    one = sessions.get(thread_id)
    assert sessions.get(thread_id) is one
    assert sessions.get(thread_id, "others") is not one
    assert sessions.find(str(uuid4())) is None
    assert len(sessions) == 2


async def test_each_subscriber_is_notified_until_it_leaves(sessions: Sessions) -> None:
    session, one, two = new_thread(sessions), asyncio.Event(), asyncio.Event()
    session.subscribe(one.set)
    session.subscribe(two.set)
    session.post(Send(message("1"), "tab"))
    assert one.is_set()
    assert two.is_set()
    one.clear()
    session.unsubscribe(one.set)
    async with asyncio.timeout(PATIENCE):
        await session.at_rest()
    assert not one.is_set()
    session.unsubscribe(two.set)


async def test_a_session_is_closed_a_while_after_its_last_tab_and_leaves_nothing(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_of, "LINGER", 0.05)
    session = new_thread(sessions)
    session.subscribe(nothing)
    await answered(session, "1")
    assert f"listen {session.thread_id}" in tasks.alive()
    session.unsubscribe(nothing)
    await until(lambda: not len(sessions) and not tasks.alive())


async def test_a_tab_that_comes_back_in_time_finds_the_same_session(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_of, "LINGER", 0.1)
    session = new_thread(sessions)
    session.subscribe(nothing)
    session.unsubscribe(nothing)
    session.subscribe(nothing)
    await asyncio.sleep(0.3)
    assert sessions.find(session.thread_id) is session


async def test_who_waits_for_a_run_goes_on_when_its_session_is_closed(
    sessions: Sessions, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    session, sent = new_thread(sessions), message(long_answer.question)
    session.post(Send(sent, "tab"))
    await until(lambda: session.snapshot.conversation.phase is Phase.RUNNING)
    waits = [session.settled(sent.message_id), session.at_rest(), session.stopped()]
    waiting = asyncio.gather(*waits)
    await session.aclose()
    async with asyncio.timeout(PATIENCE):
        await waiting
    session.post(Stop())  # is not for it any more: the run goes on
    [run] = await client.runs.list(session.thread_id)
    assert run["status"] in {"pending", "running"}
    long_answer.end()


async def test_a_stop_is_heard_at_once_and_confirmed_by_the_server(
    sessions: Sessions, client: LangGraphClient
) -> None:
    session, sent = new_thread(sessions), message("4000")
    session.post(Send(sent, "tab"))
    await until(lambda: len(session.snapshot.view.transcript.messages) == 2)
    session.post(Stop())
    assert session.snapshot.conversation.phase is Phase.STOPPING
    async with asyncio.timeout(PATIENCE):
        await session.stopped()
    [run] = await client.runs.list(session.thread_id)
    assert run["status"] == "interrupted"
    assert session.snapshot.view.transcript.messages[-1].stopped


async def test_an_error_of_the_app_itself_gives_the_message_back(
    client: LangGraphClient,
) -> None:
    async def broken(_: LangGraphClient) -> str:
        raise ValueError("a bug")

    sessions = Sessions(replace(backend_of(client), default_assistant=broken))
    session, sent = new_thread(sessions), Queued(str(uuid4()), "precious words")
    session.post(Send(sent, "tab"))
    async with asyncio.timeout(PATIENCE):
        await session.settled(sent.message_id)
    returned = session.take_returned(sent.message_id)
    assert returned
    assert returned.message == sent
    now = session.snapshot.conversation
    assert now.phase.is_at_rest
    assert now.trouble
    assert now.trouble.notice is Notice.FAILED
    assert now.trouble.failure
    assert describe(now.trouble.failure) == (APP_FAILED, "")
    assert not session.snapshot.view.transcript.messages
    await sessions.aclose()
