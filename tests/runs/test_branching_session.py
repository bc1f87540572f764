"""Edits, regenerations and versions in the session of a thread on a real server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.client import LangGraphClient, get_client
from chat_app.runs.conversation import Notice, Phase
from chat_app.runs.events import (
    Answer,
    ContinueAnswer,
    Dismiss,
    EditMessage,
    Regenerate,
    Send,
    ShowVersion,
    Stop,
)
from chat_app.runs.pending_runs import Queued
from chat_app.runs.session import Sessions
from chat_app.transcript.branches import Versions
from chat_app.transcript.message import Role, Text
from tests.helpers.waiting import PATIENCE, until
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from chat_app.runs.session import ThreadSession


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    async with get_client(url=langgraph_server) as client:
        yield client


@pytest.fixture
async def sessions(client: LangGraphClient) -> AsyncIterator[Sessions]:
    sessions = Sessions(backend_of(client))
    yield sessions
    await sessions.aclose()


class Chat:
    """One thread as one tab has it."""

    def __init__(self, sessions: Sessions, assistant: str, thread_id: str = "") -> None:
        self.assistant = assistant
        self.session: ThreadSession = sessions.get(thread_id or str(uuid4()))
        self.session.subscribe(lambda: None)
        if thread_id:
            self.session.open()
        else:
            self.session.create_with("A title", {"chat_title": "A title"})

    @property
    def shown(self) -> list[str]:
        """The messages in words."""
        messages = self.session.snapshot.view.transcript.messages
        return [
            "".join(part.text for part in message.parts if isinstance(part, Text))
            for message in messages
        ]

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.session.snapshot.view.transcript.messages]

    @property
    def versions(self) -> dict[int, tuple[int, int]]:
        """By the place of their message."""
        versions = self.session.snapshot.view.versions
        return {self.ids.index(id): (one.number, one.count) for id, one in versions.items()}

    def asked(self, place: int) -> str:
        messages = self.session.snapshot.view.transcript.messages
        return [one.id for one in messages if one.role is Role.HUMAN][place]

    async def rest(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.session.at_rest()

    async def opened(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.session.loaded()
            await self.rest()

    async def send(self, words: str) -> None:
        self.session.post(Send(Queued(str(uuid4()), words, self.assistant), "tab"))
        await self.rest()

    async def edit(self, place: int, words: str) -> None:
        version = Queued(str(uuid4()), words, self.assistant)
        self.session.post(EditMessage(self.asked(place), version, str(uuid4()), "tab"))
        await self.rest()

    async def regenerate(self, place: int) -> None:
        self.session.post(Regenerate(self.ids[place], str(uuid4()), "tab"))
        await self.rest()

    async def show(self, place: int, number: int) -> None:
        before = self.session.snapshot.view
        self.session.post(ShowVersion(self.ids[place], number))
        await until(lambda: self.session.snapshot.conversation.showing is None)
        await until(lambda: not self.session.snapshot.conversation.is_loading)
        assert self.session.snapshot.view is not before

    @property
    def trouble(self) -> object:
        return self.session.snapshot.conversation.trouble


async def reloaded(chat: Chat, client: LangGraphClient) -> Chat:
    """The same thread in another process."""
    again = Chat(Sessions(backend_of(client)), chat.assistant, chat.session.thread_id)
    await again.opened()
    wanted = chat.session.snapshot.view.versions
    await until(lambda: again.session.snapshot.view.versions == wanted)
    assert again.shown == chat.shown
    assert again.ids == chat.ids
    await again.session.aclose()
    return again


async def test_an_answer_is_regenerated_and_both_versions_are_there_after_a_reload(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await chat.send("2")
    old = chat.ids
    await chat.regenerate(1)
    assert chat.trouble is None
    assert chat.ids[:1] == old[:1]
    assert len(chat.ids) == 2
    assert chat.ids[1] != old[1]
    assert chat.versions == {1: (2, 2)}
    await reloaded(chat, client)
    await chat.show(1, 1)
    assert chat.ids == old
    assert chat.versions == {1: (1, 2)}
    await reloaded(chat, client)


async def test_a_message_is_edited_and_what_follows_it_is_another_branch(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    for words in ("1", "2", "3"):
        await chat.send(words)
    old = chat.ids
    await chat.edit(1, "4")
    assert chat.trouble is None
    assert chat.ids[:2] == old[:2]
    assert chat.shown[2] == "4"
    assert len(chat.shown) == 4
    assert chat.versions == {2: (2, 2)}
    await chat.edit(0, "5")
    assert chat.shown[0] == "5"
    assert len(chat.shown) == 2
    assert chat.versions == {0: (2, 2)}
    await reloaded(chat, client)
    await chat.show(0, 1)
    assert chat.shown[2] == "4"
    assert chat.versions == {0: (1, 2), 2: (2, 2)}
    await chat.show(2, 1)
    assert chat.ids == old
    assert chat.versions == {0: (1, 2), 2: (1, 2)}
    await reloaded(chat, client)


async def test_the_next_message_goes_on_from_the_shown_branch(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await chat.send("2")
    await chat.edit(0, "3")
    await chat.show(0, 1)
    before = chat.ids
    await chat.send("4")
    assert chat.ids[:4] == before
    assert chat.shown[4] == "4"
    assert chat.versions == {0: (1, 2)}
    again = await reloaded(chat, client)
    assert again.shown[4] == "4"
    await chat.show(0, 2)
    assert chat.shown[0] == "3"
    await chat.show(0, 1)
    assert chat.shown[4] == "4"
    assert chat.trouble is None
