"""Versions of a thread whose runs another program has started, with messages without ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.helpers.branching_chat import Chat, reloaded
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.sessions import Sessions


async def _say(client: LangGraphClient, thread_id: str, words: str, **start: Any) -> None:
    given = {"messages": [{"role": "user", "content": words}]}
    await client.runs.wait(thread_id, "counted", input=given, **start)


async def _foreign(sessions: Sessions, client: LangGraphClient, *words: str) -> Chat:
    """A thread of which only the other program knows what was asked."""
    thread_id = (await client.threads.create())["thread_id"]
    for said in words:
        await _say(client, thread_id, said)
    chat = Chat(sessions, "counted", thread_id)
    await chat.opened()
    return chat


@pytest.mark.parametrize("place", [0, 1])
async def test_its_messages_are_edited(
    sessions: Sessions, client: LangGraphClient, place: int
) -> None:
    chat = await _foreign(sessions, client, "one", "two")
    old = chat.ids
    await chat.edit(place, "three")
    assert chat.ids[: 2 * place] == old[: 2 * place]
    assert chat.shown[2 * place :] == ["three", "Counted."]
    assert chat.versions == {2 * place: (2, 2)}
    await reloaded(chat, client)
    await chat.show(2 * place, 1)
    assert chat.ids == old
    assert chat.versions == {2 * place: (1, 2)}
    await chat.edit(place, "four")
    assert chat.versions == {2 * place: (3, 3)}
    await reloaded(chat, client)


async def test_its_answers_are_regenerated(sessions: Sessions, client: LangGraphClient) -> None:
    chat = await _foreign(sessions, client, "one", "two")
    old = chat.ids
    await chat.regenerate(1)
    assert chat.ids[:1] == old[:1]
    assert len(chat.ids) == 2
    assert chat.versions == {1: (2, 2)}
    await reloaded(chat, client)
    await chat.regenerate(1)
    assert chat.versions == {1: (3, 3)}
    await reloaded(chat, client)
    await chat.show(1, 1)
    assert chat.ids == old


async def test_it_edits_what_was_regenerated_here(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "counted")
    await chat.send("one")
    await chat.regenerate(1)
    thread_id = chat.session.thread_id
    inputs: Any = await client.threads.get_history(thread_id, metadata={"source": "input"})
    await _say(client, thread_id, "two", checkpoint_id=inputs[0]["checkpoint"]["checkpoint_id"])
    await until(lambda: chat.shown == ["two", "Counted."])
    await chat.rest()
    await until(lambda: chat.versions == {0: (2, 2)})
    await chat.regenerate(1)
    assert chat.shown == ["two", "Counted."]
    assert chat.versions == {0: (2, 2), 1: (2, 2)}
    await reloaded(chat, client)
