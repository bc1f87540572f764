"""Continuing in a new chat, and comparing versions, on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app.client import NotFoundError, UnsupportedError
from chat_app.runs import branching, tasks
from tests.helpers.branching_chat import Chat, answer, decisions
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.sessions import Sessions

OWNED = {"chat_owner": "me", "chat_title": "A title"}


async def opened(sessions: Sessions, assistant: str, thread_id: str) -> Chat:
    chat = Chat(sessions, assistant, thread_id)
    await chat.opened()
    return chat


@pytest.mark.parametrize("place", [0, 1])
async def test_a_chat_goes_on_elsewhere_from_the_turn_of_a_message(
    sessions: Sessions, client: LangGraphClient, place: int
) -> None:
    chat = Chat(sessions, "slow")
    for words in ("1", "2", "3"):
        await chat.send(words)
    thread_id = chat.session.thread_id
    noted = {"chat_paused": [str(uuid4())], "chat_pinned": True, "chat_share": "key", "other": 1}
    await client.threads.update(thread_id, metadata=noted)
    made = await branching.fork(client, thread_id, chat.ids[place], dict(OWNED))
    metadata: Any = (await client.threads.get(made))["metadata"]
    own = {key: value for key, value in metadata.items() if key.startswith("chat_")}
    assert {key: value for key, value in own.items() if value is not None} == {
        "chat_owner": "me",
        "chat_title": "A title (continued)",
        "chat_title_from": "person",
        "chat_forked_from": thread_id,
    }
    assert metadata["other"] == 1
    new = await opened(sessions, "slow", made)
    assert new.ids == chat.ids[:2]
    assert new.versions == {}
    await new.send("4")
    assert new.shown[2] == "4"
    assert new.versions == {}
    assert (await opened(sessions, "slow", thread_id)).shown[2] == "2"


@pytest.mark.parametrize("assistant", ["titled", "announces"])
async def test_a_title_of_the_graph_does_not_replace_the_one_of_a_fork(
    sessions: Sessions, client: LangGraphClient, assistant: str
) -> None:
    chat = Chat(sessions, assistant)
    await chat.send("one")
    made = await branching.fork(client, chat.session.thread_id, chat.ids[-1], dict(OWNED))
    new = await opened(sessions, assistant, made)
    assert new.session.snapshot.view.title == "A title (continued)"
    await new.send("two")
    await until(lambda: not any(name.startswith("title") for name in tasks.alive()))
    assert new.session.snapshot.view.title == "A title (continued)"
    metadata: Any = (await client.threads.get(made))["metadata"]
    assert metadata["chat_title"] == "A title (continued)"


async def test_the_shown_branch_goes_on_elsewhere(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "asks")
    await chat.send("1")
    await answer(chat, "yes")
    await chat.regenerate(1)
    await answer(chat, "no")
    await chat.show(1, 1)
    made = await branching.fork(client, chat.session.thread_id, chat.ids[-1], dict(OWNED))
    new = await opened(sessions, "asks", made)
    assert (new.shown, decisions(new)) == (["1", "You said yes."], ["yes"])


async def test_a_server_that_copies_no_thread_gets_one_with_the_same_values(
    sessions: Sessions, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await chat.send("2")

    async def refuse(*_: Any, **__: Any) -> Any:
        raise UnsupportedError("no such route")

    monkeypatch.setattr(client.threads, "copy", refuse)
    made = await branching.fork(client, chat.session.thread_id, chat.ids[1], dict(OWNED))
    new = await opened(sessions, "slow", made)
    assert new.ids == chat.ids[:2]
    await new.send("3")
    assert new.shown[2] == "3"


async def test_a_message_that_is_not_there_makes_no_chat(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    with pytest.raises(NotFoundError):
        await branching.fork(client, chat.session.thread_id, str(uuid4()), dict(OWNED))


async def test_two_versions_are_read_beside_each_other(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    first = chat.ids
    await chat.regenerate(1)
    second = chat.ids
    await until(lambda: chat.versions == {1: (2, 2)})
    thread_id = chat.session.thread_id
    for number, ids in ((1, first), (2, second)):
        read, leaf = await branching.read_version(client, thread_id, second[1], number)
        assert [message.id for message in read.messages] == ids
        assert read.failure is None
        end: Any = await client.threads.get_state(thread_id, checkpoint_id=leaf)
        assert [message["id"] for message in end["values"]["messages"]] == ids
    with pytest.raises(NotFoundError):
        await branching.read_version(client, thread_id, second[1], 3)
