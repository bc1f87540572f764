"""Versions that were stopped, that failed, or that are continued."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from chat_app.runs.conversation import Phase
from chat_app.runs.events import (
    ContinueAnswer,
    EditMessage,
    Regenerate,
    Retry,
    Send,
    Stop,
)
from chat_app.runs.pending_runs import Queued
from chat_app.text import GO_ON_MESSAGE
from tests.helpers.branching_chat import Chat, answer, reloaded
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.sessions import Sessions
    from tests.helpers.long_answer import LongAnswer


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


async def test_a_form_is_edited_and_its_result_is_made_again(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "fills")
    await chat.fill("one")
    await chat.fill("two")
    old = chat.values
    await chat.fill_anew(0, "three")
    assert chat.trouble is None
    assert chat.values[0] == {"question": "three"}
    assert chat.versions == {0: (2, 2)}
    assert (await reloaded(chat, client)).values == chat.values
    edited = chat.values
    await chat.regenerate(1)
    assert chat.trouble is None
    assert chat.values[0] == {"question": "three"}
    assert chat.values[1] != edited[1]
    assert chat.versions == {0: (2, 2), 1: (2, 2)}
    assert (await reloaded(chat, client)).values == chat.values
    await chat.show(1, 1)
    assert chat.values == edited
    await chat.show(0, 1)
    assert chat.values == old
    assert (await reloaded(chat, client)).values == old


async def test_what_the_agents_memory_has_no_more_is_edited_and_regenerated(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "forgets")
    for words in ("one", "two", "three", "four", "five"):
        await chat.send(words)
    old = chat.shown
    assert any(one.forgotten for one in chat.session.snapshot.view.transcript.messages)
    await chat.edit(1, "another")
    assert chat.shown == ["one", "1 known", "another", "3 known"]
    assert chat.versions == {2: (2, 2)}
    await reloaded(chat, client)
    await chat.show(2, 1)
    assert chat.shown == old
    await chat.regenerate(1)
    assert chat.shown == ["one", "1 known"]
    await reloaded(chat, client)
    await chat.show(1, 1)
    await chat.show(2, 1)
    assert chat.shown == old
    await chat.send("six")
    assert chat.shown[: len(old)] == old
    await reloaded(chat, client)


async def test_a_version_of_which_one_of_two_questions_is_answered_is_shown_again(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "consults")
    await chat.send("many")
    await answer(chat, "yes")
    await chat.regenerate(0)
    assert len(chat.session.snapshot.view.transcript.interrupts) == 2
    assert chat.versions == {0: (2, 2)}
    await chat.show(0, 1)
    assert chat.trouble is None
    assert len(chat.session.snapshot.view.transcript.interrupts) == 1
    await reloaded(chat, client)
    await answer(chat, "no")
    assert chat.shown == ["many", 'A: "yes"', 'B: "no"']
    assert chat.versions == {1: (1, 2)}
    await reloaded(chat, client)
