"""The runs of a thread on a real server: who started them, how they went, and one deleted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.runs.inspector.thread_runs import (
    NoRunError,
    RunIsActiveError,
    Starter,
    Told,
    delete,
    listed,
)
from chat_app.runs.machine.conversation import Phase
from tests.helpers.branching_chat import Chat, reloaded
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.sessions import Sessions
    from tests.helpers.long_answer import LongAnswer

QUESTION = {"messages": [{"type": "human", "content": "1"}]}


async def runs_of(chat: Chat, client: LangGraphClient) -> list[str]:
    """The ids of a chat's runs, the oldest first."""
    found = await client.runs.list(chat.session.thread_id, limit=50)
    return [run["run_id"] for run in reversed(found)]


async def without(chat: Chat, client: LangGraphClient, place: int) -> Chat:
    """The chat as another process opens it, after one of its runs was deleted."""
    run_id = (await runs_of(chat, client))[place]
    await delete(client, chat.session.thread_id, run_id)
    assert run_id not in await runs_of(chat, client)
    chat.session.open()
    await chat.opened()
    return await reloaded(chat, client)


async def test_runs_are_listed_with_who_started_them_and_what_they_raised(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    thread_id = chat.session.thread_id
    await client.runs.wait(thread_id, "slow", input=QUESTION)
    await client.runs.wait(thread_id, "fails", input=QUESTION, raise_error=False)
    known: dict[str, Told] = {}
    found, has_more = await listed(client, thread_id, known=known)
    assert [(one.status, one.starter) for one in found] == [
        ("error", Starter.PROGRAM),
        ("success", Starter.PROGRAM),
        ("success", Starter.APP),
    ]
    assert "the model broke off" in found[0].error
    assert not has_more
    assert set(known) == {one.id for one in found}
    assert all(one.created_at < one.updated_at for one in found)
    page, has_more = await listed(client, thread_id, most=2, known=known)
    assert (page, has_more) == (found[:2], True)


async def test_a_version_is_deleted_and_the_shown_one_stays(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    for words in ("1", "2"):
        await chat.send(words)
    await chat.edit(1, "3")
    await chat.edit(1, "4")
    await chat.show(2, 1)
    assert chat.versions == {2: (1, 3)}
    shown = chat.ids
    await without(chat, client, 3)  # the newest one, which is not shown
    assert chat.ids == shown
    assert chat.versions == {2: (1, 2)}
    await without(chat, client, 2)
    assert chat.ids == shown
    assert chat.versions == {}
    await chat.send("1")
    assert chat.ids[:4] == shown
    await reloaded(chat, client)


async def test_a_run_in_the_middle_of_switched_branches_is_deleted(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    for words in ("1", "2", "3"):
        await chat.send(words)
    first = chat.ids
    await chat.edit(1, "4")
    await chat.send("5")
    second = chat.ids
    assert chat.versions == {2: (2, 2)}
    await chat.show(2, 1)
    assert chat.ids == first
    await without(chat, client, 1)  # "2", which "3" goes on from
    assert chat.ids == first
    assert chat.versions == {2: (1, 2)}
    await chat.show(2, 2)
    assert chat.ids == second
    await without(chat, client, 2)  # "4", which "5" goes on from
    assert chat.ids == second
    assert chat.versions == {2: (2, 2)}
    await chat.show(2, 1)
    assert chat.ids == first


async def test_the_end_of_the_shown_branch_is_deleted_and_what_is_left_of_it_is_shown(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    for words in ("1", "2"):
        await chat.send(words)
    first = chat.ids
    await chat.edit(0, "3")
    await chat.show(0, 1)
    await without(chat, client, 1)
    assert chat.ids == first[:2]
    assert chat.versions == {0: (1, 2)}
    await chat.send("4")
    assert chat.ids[:2] == first[:2]
    assert len(chat.ids) == 4
    assert chat.versions == {0: (1, 2)}
    await reloaded(chat, client)


async def test_a_version_whose_beginning_was_deleted_can_still_be_edited_or_says_why_not(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    for words in ("1", "2", "3"):
        await chat.send(words)
    before = chat.ids
    await without(chat, client, 1)
    await chat.edit(1, "4")
    assert chat.trouble is not None  # the state before it is gone: nothing else is shown instead
    assert chat.ids == before
    await chat.edit(2, "5")
    assert chat.ids[:4] == before[:4]
    assert chat.versions == {4: (2, 2)}
    await without(chat, client, 1)  # "3", beside which the last one stands
    assert chat.versions == {}
    await chat.edit(2, "6")
    assert chat.trouble is None
    assert chat.ids[:4] == before[:4]
    assert chat.versions == {4: (2, 2)}
    await reloaded(chat, client)


async def test_an_only_run_is_deleted_and_the_chat_goes_on(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await without(chat, client, 0)
    assert chat.shown == []
    await chat.send("2")
    assert len(chat.shown) == 2
    await reloaded(chat, client)


async def test_nothing_is_deleted_while_a_run_goes_nor_what_does_not_exist(
    sessions: Sessions, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    sending = asyncio.ensure_future(chat.send(long_answer.question))
    thread_id = chat.session.thread_id
    await until(lambda: chat.session.snapshot.conversation.phase is Phase.RUNNING)
    for run_id in await runs_of(chat, client):
        with pytest.raises(RunIsActiveError):
            await delete(client, thread_id, run_id)
    long_answer.end()
    await sending
    with pytest.raises(NoRunError):
        await delete(client, thread_id, str(uuid4()))
    other = await client.threads.create()
    with pytest.raises(NoRunError):
        await delete(client, other["thread_id"], (await runs_of(chat, client))[0])
    assert len(await runs_of(chat, client)) == 2


async def test_a_run_that_refused_its_input_tells_why(client: LangGraphClient) -> None:
    thread_id = (await client.threads.create())["thread_id"]
    await client.runs.wait(thread_id, "slow", input={"messages": 7}, raise_error=False)
    [run], _ = await listed(client, thread_id)
    assert run.status == "error"
    assert "Unsupported message type" in run.error
