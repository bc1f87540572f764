"""Edits, regenerations and versions in the session of a thread on a real server."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app.client import LangGraphClient, get_client
from chat_app.runs.answered import Answered
from chat_app.runs.conversation import Notice, Phase
from chat_app.runs.events import (
    Answer,
    ContinueAnswer,
    Dismiss,
    EditMessage,
    Regenerate,
    Retry,
    Send,
    ShowVersion,
    Stop,
)
from chat_app.runs.ids import uuid7
from chat_app.runs.pending_runs import Queued
from chat_app.runs.session import Sessions
from chat_app.text import GO_ON_MESSAGE
from chat_app.transcript.deciding import Answer as AnswerValue
from chat_app.transcript.message import Decision, Role, Text
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
        return {self.ids.index(at): (one.number, one.count) for at, one in versions.items()}

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


async def answer(chat: Chat, said: str) -> None:
    """Answer what the graph asks."""
    [asked] = chat.session.snapshot.view.transcript.interrupts
    decision = Decision(str(uuid7()), (said,), ("Shall I?",))
    value = Answered(asked, AnswerValue(said, (said,)), decision)
    chat.session.post(Answer(str(uuid4()), value, "tab"))
    await chat.rest()


def decisions(chat: Chat) -> list[str]:
    messages = chat.session.snapshot.view.transcript.messages
    asides = [aside for message in messages for aside in message.asides]
    return [word for aside in asides if isinstance(aside, Decision) for word in aside.said]


async def test_an_answer_that_a_question_is_part_of_is_regenerated_and_each_is_answered(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "asks")
    await chat.send("1")
    await answer(chat, "yes")
    assert chat.shown == ["1", "You said yes."]
    await chat.regenerate(1)
    assert chat.trouble is None
    assert chat.session.snapshot.conversation.phase is Phase.ASKING
    assert (chat.shown, decisions(chat)) == (["1"], [])
    await answer(chat, "no")
    assert chat.shown == ["1", "You said no."]
    assert (chat.versions, decisions(chat)) == ({1: (2, 2)}, ["no"])
    again = await reloaded(chat, client)
    assert decisions(again) == ["no"]
    await chat.show(1, 1)
    assert (chat.shown, decisions(chat)) == (["1", "You said yes."], ["yes"])
    again = await reloaded(chat, client)
    assert decisions(again) == ["yes"]


async def test_a_question_left_open_on_one_branch_is_answered_there_later(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "asks")
    await chat.send("1")
    await chat.edit(0, "2")
    assert chat.session.snapshot.conversation.phase is Phase.ASKING
    assert chat.versions == {0: (2, 2)}
    await answer(chat, "no")
    await chat.show(0, 1)
    assert chat.session.snapshot.conversation.phase is Phase.ASKING
    await reloaded(chat, client)
    await answer(chat, "yes")
    assert chat.shown == ["1", "You said yes."]
    assert (chat.versions, decisions(chat)) == ({0: (1, 2)}, ["yes"])
    again = await reloaded(chat, client)
    assert decisions(again) == ["yes"]
    await chat.show(0, 2)
    assert (chat.shown, decisions(chat)) == (["2", "You said no."], ["no"])


@pytest.mark.parametrize("how", ["dismiss", "send"])
async def test_a_question_on_another_branch_than_the_newest_is_left(
    sessions: Sessions, client: LangGraphClient, how: str
) -> None:
    chat = Chat(sessions, "asks")
    await chat.send("1")
    await chat.edit(0, "2")
    await answer(chat, "no")
    await chat.show(0, 1)
    if how == "dismiss":
        chat.session.post(Dismiss())
        await chat.rest()
        assert chat.session.snapshot.conversation.phase is Phase.IDLE
        assert chat.shown == ["1"]
        await reloaded(chat, client)
    await chat.send("3")
    assert chat.trouble is None
    assert chat.shown == ["1", "3"]
    assert chat.versions == {0: (1, 2)}
    await answer(chat, "yes")
    assert chat.shown == ["1", "3", "You said yes."]
    await reloaded(chat, client)
    await chat.show(0, 2)
    assert chat.shown == ["2", "You said no."]


async def test_a_whole_turn_with_its_tools_is_regenerated(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "agent")
    await chat.send("What is the weather in Rome?")
    old = chat.ids
    await chat.send("And in Paris?")
    await chat.regenerate(2 if len(old) > 2 else 1)
    assert chat.ids[0] == old[0]
    assert len(chat.ids) == len(old)
    assert not set(chat.ids[1:]) & set(old)
    assert chat.versions == {1: (2, 2)}
    await reloaded(chat, client)


async def test_a_stopped_version_stays_and_can_be_continued(
    sessions: Sessions, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("2")
    version = Queued(str(uuid4()), long_answer.question, "slow")
    chat.session.post(EditMessage(chat.ids[0], version, str(uuid4()), "tab"))
    await until(lambda: len(chat.shown) == 2 and bool(chat.shown[1]))
    assert chat.versions == {0: (2, 2)}
    chat.session.post(Stop())
    await chat.session.stopped()
    await chat.rest()
    assert chat.session.snapshot.view.transcript.messages[-1].stopped
    assert chat.versions == {0: (2, 2)}
    await reloaded(chat, client)
    await chat.show(0, 1)
    assert chat.shown[0] == "2"
    await chat.show(0, 2)
    assert chat.session.snapshot.view.transcript.messages[-1].stopped


async def test_a_regeneration_that_is_stopped_before_its_first_word_leaves_what_was_there(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1 every 3")
    old = chat.ids
    chat.session.post(Regenerate(chat.ids[1], str(uuid4()), "tab"))
    await until(lambda: chat.session.snapshot.conversation.phase is Phase.RUNNING)
    assert chat.ids == old[:1]
    chat.session.post(Stop())
    await chat.session.stopped()
    await chat.rest()
    assert chat.ids == old
    assert chat.versions == {}
    await reloaded(chat, client)
    await chat.send("2")
    assert chat.ids[:2] == old
    assert chat.versions == {}
    await reloaded(chat, client)


async def test_an_edit_on_another_branch_that_is_stopped_before_it_began_stays_on_that_branch(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await chat.edit(0, "2")
    await chat.show(0, 1)
    old = chat.ids
    chat.session.post(Send(Queued(str(uuid4()), "3 every 2", "slow"), "tab"))
    await until(lambda: chat.session.snapshot.conversation.phase is Phase.RUNNING)
    chat.session.post(Stop())
    await chat.session.stopped()
    await chat.rest()
    assert chat.ids[:2] == old
    assert chat.shown[2] == "3 every 2"
    await reloaded(chat, client)


async def test_a_failed_attempt_that_was_repeated_is_no_version(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "falters")
    await chat.send("1 time")
    assert chat.session.snapshot.view.transcript.failure
    chat.session.post(Retry(str(uuid4()), "tab"))
    await chat.rest()
    assert chat.session.snapshot.view.transcript.failure is None
    assert chat.versions == {}
    await reloaded(chat, client)
    await chat.regenerate(1)
    assert chat.versions == {1: (2, 2)}
    await reloaded(chat, client)


async def test_an_edit_that_fails_is_tried_again_on_its_own_branch(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "falters")
    await chat.send("0 times")
    await chat.send("0 again")
    await chat.edit(0, "1 failure")
    assert chat.session.snapshot.view.transcript.failure
    assert chat.versions == {0: (2, 2)}
    chat.session.post(Retry(str(uuid4()), "tab"))
    await chat.rest()
    assert chat.shown == ["1 failure", "1 failure"]
    assert chat.versions == {0: (2, 2)}
    await reloaded(chat, client)


async def test_a_stopped_answer_is_continued(sessions: Sessions, client: LangGraphClient) -> None:
    chat = Chat(sessions, "counted")
    await chat.send("Hello")
    chat.session.post(ContinueAnswer(str(uuid4()), "tab"))
    await until(lambda: len(chat.shown) > 2)
    await chat.rest()
    assert chat.shown[2] == GO_ON_MESSAGE
    assert chat.versions == {}
    await reloaded(chat, client)


async def test_what_another_program_made_beside_a_message_is_a_version(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await chat.send("2")
    thread_id = chat.session.thread_id
    history = await client.threads.get_history(thread_id, limit=100)
    asked, taken = history[-1], history[-2]
    for start, given in ((taken, None), (asked, "3")):
        message = {"type": "human", "content": given}
        await client.runs.wait(
            thread_id,
            "slow",
            input={"messages": [message]} if given else None,
            checkpoint_id=start["checkpoint"]["checkpoint_id"],
        )
    await until(lambda: chat.shown[0] == "3")
    await chat.rest()
    await until(lambda: chat.versions == {0: (2, 2)})
    again = await reloaded(chat, client)
    assert again.shown[0] == "3"
    await chat.show(0, 1)
    assert chat.shown[0] == "1"
    assert chat.versions == {0: (1, 2), 1: (2, 2)}
    await chat.show(1, 1)
    assert chat.shown[2] == "2"
    await reloaded(chat, client)


async def test_a_newer_checkpoint_of_another_program_is_shown_instead_of_a_chosen_branch(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await chat.edit(0, "2")
    await chat.show(0, 1)
    message = {"type": "human", "content": "3"}
    await client.runs.wait(chat.session.thread_id, "slow", input={"messages": [message]})
    await until(lambda: chat.shown[0] == "2" and len(chat.shown) == 4)
    await chat.rest()
    assert chat.versions == {0: (2, 2)}
    await reloaded(chat, client)


async def test_a_version_that_is_not_there_is_said_and_nothing_changes(
    sessions: Sessions,
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    before = chat.ids
    chat.session.post(ShowVersion(chat.ids[0], 7))
    await until(lambda: chat.trouble is not None)
    trouble = chat.session.snapshot.conversation.trouble
    assert trouble
    assert trouble.notice is Notice.FAILED
    assert chat.ids == before
    await chat.send("2")
    assert chat.trouble is None


async def test_a_run_of_another_process_on_another_branch_is_followed_there(
    sessions: Sessions, client: LangGraphClient, long_answer: LongAnswer
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await chat.send("2")
    other = Chat(Sessions(backend_of(client)), "slow", chat.session.thread_id)
    await other.opened()
    version = Queued(str(uuid4()), long_answer.question, "slow")
    chat.session.post(EditMessage(chat.asked(0), version, str(uuid4()), "tab"))
    await until(lambda: len(chat.shown) == 2 and bool(chat.shown[1]))
    await until(lambda: len(other.shown) == 2 and other.ids[0] == chat.ids[0])
    long_answer.end()
    await chat.rest()
    await until(lambda: other.shown == chat.shown and other.versions == chat.versions)
    await other.session.aclose()


async def test_twenty_questions_later_the_first_one_is_edited(
    sessions: Sessions, client: LangGraphClient
) -> None:
    """The history of such a thread has several pages."""
    chat = Chat(sessions, "counted")
    for number in range(12):
        await chat.send(f"question {number}")
    await chat.edit(0, "another")
    assert chat.shown == ["another", "Counted."]
    again = await reloaded(chat, client)
    assert again.versions == {0: (2, 2)}
    await chat.show(0, 1)
    assert len(chat.shown) == 24
