"""Edits and regenerations of graphs whose state does not tell what was asked.

That of an ``@entrypoint`` is what it returned last; that of a form is its fields as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app.runs.branching import read_version
from chat_app.transcript.message import Output
from tests.helpers.branching_chat import Chat, reloaded
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.sessions import Sessions


def everything(chat: Chat) -> list[tuple[str, Any]]:
    """The messages and values of a chat, by their ids."""
    messages = chat.session.snapshot.view.transcript.messages
    return [(message.id, message.parts) for message in messages]


async def same_after_a_reload(chat: Chat, client: LangGraphClient) -> None:
    assert everything(await reloaded(chat, client)) == everything(chat)


async def test_a_value_is_asked_for_anew_and_each_version_is_kept(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "drafts")
    await chat.give("one")
    await chat.give("two")
    await same_after_a_reload(chat, client)
    old = everything(chat)
    assert len(old) == 4
    await chat.regenerate(3)
    assert chat.trouble is None
    assert everything(chat)[:3] == old[:3]
    assert chat.values[3] != old[3][1][0].value
    assert chat.values[3].startswith("two, after True")
    assert chat.versions == {3: (2, 2)}
    await same_after_a_reload(chat, client)
    await chat.give_anew(0, "three")
    assert chat.trouble is None
    assert chat.values[0] == "three"
    assert chat.values[1].startswith("three, after False")
    assert len(chat.ids) == 2
    assert chat.versions == {0: (2, 2)}
    await same_after_a_reload(chat, client)
    await chat.show(0, 1)
    await chat.show(3, 1)
    assert everything(chat) == old
    await same_after_a_reload(chat, client)


async def test_the_first_value_is_asked_for_anew_though_others_followed(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "drafts")
    await chat.give("one")
    await chat.give("two")
    old = everything(chat)
    await chat.regenerate(1)
    assert chat.trouble is None
    assert chat.values[1].startswith("one, after False")
    assert len(chat.ids) == 2
    assert chat.versions == {1: (2, 2)}
    await same_after_a_reload(chat, client)
    await chat.give("four")
    assert chat.values[-1].startswith("four, after True")
    assert len(chat.ids) == 4
    await same_after_a_reload(chat, client)
    await chat.show(1, 1)
    assert everything(chat) == old


async def test_the_same_value_is_an_answer_to_each_question(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "agrees")
    for words in ("one", "two"):
        await chat.send(words)
        assert chat.values[-1] == "Yes."
    assert len(chat.ids) == 4
    await same_after_a_reload(chat, client)
    await chat.edit(1, "three")
    assert chat.values == ["Yes.", "Yes."]
    assert len(chat.ids) == 4
    assert chat.versions == {2: (2, 2)}
    await same_after_a_reload(chat, client)
    await chat.regenerate(3)
    assert len(chat.ids) == 4
    assert chat.versions == {2: (2, 2), 3: (2, 2)}
    await same_after_a_reload(chat, client)


@pytest.mark.parametrize("place", [0, 1])
async def test_messages_that_a_function_returns_have_versions(
    sessions: Sessions, client: LangGraphClient, place: int
) -> None:
    chat = Chat(sessions, "replies")
    await chat.send("one")
    await chat.send("two")
    assert chat.shown == ["one", "1 known", "two", "3 known"]
    old = everything(chat)
    await chat.edit(place, "other")
    assert chat.shown == (["other", "1 known"], ["one", "1 known", "other", "3 known"])[place]
    assert chat.versions == {2 * place: (2, 2)}
    await same_after_a_reload(chat, client)
    edited = everything(chat)
    await chat.regenerate(2 * place + 1)
    assert chat.trouble is None
    assert [one[0] for one in everything(chat)][:-1] == [one[0] for one in edited][:-1]
    assert everything(chat)[-1] != edited[-1]
    assert chat.versions == {2 * place: (2, 2), 2 * place + 1: (2, 2)}
    await same_after_a_reload(chat, client)
    await chat.show(2 * place, 1)
    assert everything(chat) == old


async def test_what_a_form_came_to_is_compared_with_what_it_came_to_before(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "fills")
    await chat.fill("one")
    old = everything(chat)
    await chat.fill_anew(0, "two")
    await chat.regenerate(1)
    await until(lambda: chat.versions == {0: (2, 2), 1: (2, 2)})
    new = everything(chat)
    asked, answered = chat.ids
    thread_id, shape = chat.session.thread_id, chat.session.snapshot.view.transcript.shape
    assert shape.takes == "form"
    for number, wanted in ((1, old), (2, new)):
        read = (await read_version(client, thread_id, asked, number, shape=shape)).transcript
        assert [(one.id, one.parts) for one in read.messages] == wanted
    read = (await read_version(client, thread_id, answered, 1, shape=shape)).transcript
    [_, (_, [first])] = [(one.id, one.parts) for one in read.messages]
    assert isinstance(first, Output)
    assert first.value.startswith("two ")
    assert first != new[1][1][0]
