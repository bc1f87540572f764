"""Messages that wait at a real server, as pending runs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.client import LangGraphClient, NotFoundError, get_client
from chat_app.client.modes import FOR_A_CHAT
from chat_app.runs import queue
from chat_app.runs.pending_runs import Queued, read_agenda
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.helpers.long_answer import LongAnswer


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture
async def busy(client: LangGraphClient, long_answer: LongAnswer) -> AsyncIterator[str]:
    """A thread on which a run goes until the end of the test."""
    thread_id = (await client.threads.create())["thread_id"]
    asked = {"messages": [{"type": "human", "content": long_answer.question}]}
    await client.runs.create(thread_id, "slow", input=asked, **FOR_A_CHAT)
    await until(lambda: is_running(client, thread_id))
    yield thread_id
    long_answer.end()


async def is_running(client: LangGraphClient, thread_id: str) -> bool:
    return bool(await client.runs.list(thread_id, status="running"))


def message(text: str) -> Queued:
    return Queued(str(uuid4()), text, "slow")


async def test_messages_wait_in_the_order_in_which_they_are_queued(
    client: LangGraphClient, busy: str
) -> None:
    sent = [await queue.enqueue(client, busy, message(text)) for text in ("1", "2", "3")]
    agenda = await read_agenda(client, busy)
    assert [one.run_id for one in agenda.waiting] == [one.run_id for one in sent]
    assert [one.message_id for one in agenda.waiting] == [one.message_id for one in sent]
    assert [one.text for one in agenda.waiting] == ["1", "2", "3"]


async def test_a_message_that_waits_is_removed_without_a_trace(
    client: LangGraphClient, busy: str
) -> None:
    sent = await queue.enqueue(client, busy, message("1"))
    assert await queue.withdraw(client, busy, sent.run_id)
    assert not (await read_agenda(client, busy)).waiting
    with pytest.raises(NotFoundError):
        await client.runs.get(busy, sent.run_id)


async def test_a_message_that_has_just_begun_is_rolled_back(
    client: LangGraphClient, long_answer: LongAnswer
) -> None:
    thread_id = (await client.threads.create())["thread_id"]
    sent = await queue.enqueue(client, thread_id, message(long_answer.question))
    await until(lambda: is_running(client, thread_id))
    assert await queue.withdraw(client, thread_id, sent.run_id)
    assert not (await client.threads.get_state(thread_id))["values"]
    assert not (await read_agenda(client, thread_id)).current


async def test_a_message_that_is_answered_or_removed_already_is_not_withdrawn(
    client: LangGraphClient, busy: str
) -> None:
    thread_id = (await client.threads.create())["thread_id"]
    answered = await queue.enqueue(client, thread_id, message("1"))
    await until(lambda: is_over(client, thread_id, answered))
    assert not await queue.withdraw(client, thread_id, answered.run_id)
    removed = await queue.enqueue(client, busy, message("1"))
    await client.runs.delete(busy, removed.run_id)
    assert not await queue.withdraw(client, busy, removed.run_id)


async def is_over(client: LangGraphClient, thread_id: str, sent: Queued) -> bool:
    return (await client.runs.get(thread_id, sent.run_id))["status"] == "success"


async def test_a_message_may_be_queued_again_after_it_was_removed(
    client: LangGraphClient, busy: str
) -> None:
    sent = await queue.enqueue(client, busy, message("1"))
    await queue.withdraw(client, busy, sent.run_id)
    again = await queue.enqueue(client, busy, replace(sent, run_id=""))
    assert again.run_id != sent.run_id
    [waits] = (await read_agenda(client, busy)).waiting
    assert waits.message_id == sent.message_id
