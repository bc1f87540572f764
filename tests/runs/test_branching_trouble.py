"""Versions that were stopped, that failed, or that are continued."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from chat_app.client import UnsupportedError
from chat_app.runs.machine.conversation import Phase
from chat_app.runs.machine.events import (
    ContinueAnswer,
    EditMessage,
    Regenerate,
    Retry,
    Send,
    Stop,
)
from chat_app.runs.pending_runs import Queued
from chat_app.runs.sessions import Sessions
from chat_app.text import GO_ON_MESSAGE
from chat_app.transcript.message import Role
from tests.helpers.branching_chat import Chat, answer, reloaded
from tests.helpers.waiting import until
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    import pytest

    from chat_app.client import LangGraphClient
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


async def go_on(chat: Chat) -> None:
    count = len(chat.ids)
    chat.session.post(ContinueAnswer(str(uuid4()), "tab"))
    await until(lambda: len(chat.ids) > count + 1)
    await chat.rest()


async def test_an_answer_is_continued_without_words_in_the_name_of_the_person(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "counted")
    await chat.send("Hello")
    first = chat.ids
    await go_on(chat)
    told = chat.session.snapshot.view.transcript.messages
    assert [one.role for one in told] == [
        Role.HUMAN,
        Role.ASSISTANT,
        Role.SYSTEM,
        Role.ASSISTANT,
    ]
    assert [one.continues for one in told] == [False, False, True, False]
    assert chat.shown[2] == GO_ON_MESSAGE, "what the agent reads"
    assert chat.versions == {}
    again = await reloaded(chat, client)
    assert again.session.snapshot.view.transcript.messages == told
    whole = chat.ids
    await chat.regenerate(1)
    assert chat.ids[:1] == first[:1]
    assert len(chat.ids) == 2, "the whole answer is another one"
    assert chat.versions == {1: (2, 2)}
    await chat.show(1, 1)
    assert chat.ids == whole
    await chat.send("More")
    assert chat.ids[:4] == whole
    await reloaded(chat, client)


async def test_what_is_continued_again_and_again_is_one_answer(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "counted")
    await chat.send("Hello")
    await chat.edit(0, "Good day")
    for _ in range(3):
        await go_on(chat)
    assert len(chat.ids) == 8
    assert chat.versions == {0: (2, 2)}
    await reloaded(chat, client)
    await chat.edit(0, "Again")
    assert len(chat.ids) == 2
    assert chat.versions == {0: (3, 3)}
    await chat.show(0, 2)
    assert len(chat.ids) == 8


async def test_a_continuation_that_is_stopped_before_its_first_word_leaves_nothing(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "lingers")
    await chat.send("Hello")
    old = chat.ids
    for _ in range(2):
        chat.session.post(ContinueAnswer(str(uuid4()), "tab"))
        await until(lambda: chat.session.snapshot.conversation.phase is Phase.RUNNING)
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


async def test_another_process_follows_a_continuation(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "lingers")
    await chat.send("Hello")
    chat.session.post(ContinueAnswer(str(uuid4()), "tab"))
    await until(lambda: chat.session.snapshot.conversation.phase is Phase.RUNNING)
    other = Chat(Sessions(backend_of(client)), "lingers", chat.session.thread_id)
    await until(lambda: len(other.ids) > 2)
    assert other.session.snapshot.view.transcript.messages[2].continues
    chat.session.post(Stop())
    await chat.session.stopped()
    await chat.rest()
    await other.session.aclose()


async def test_a_continuation_that_the_server_does_not_take_is_said_and_fills_no_draft(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "counted")
    await chat.send("Hello")
    old = chat.ids

    async def refuse(*_: object, **__: object) -> object:
        raise UnsupportedError("refused")
        yield

    monkeypatch.setattr(client.runs, "stream", refuse)
    chat.session.post(ContinueAnswer(str(uuid4()), "tab"))
    await until(lambda: chat.trouble is not None)
    assert chat.ids == old
    assert chat.session.snapshot.conversation.returned == ()


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
