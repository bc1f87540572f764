"""Edits, regenerations and versions in the session of a thread on a real server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app.runs.machine.conversation import Notice, Phase
from chat_app.runs.machine.events import (
    Dismiss,
    EditMessage,
    ShowVersion,
)
from chat_app.runs.pending_runs import Queued
from chat_app.runs.sessions import Sessions
from tests.helpers.branching_chat import Chat, answer, assistant_of, decisions, reloaded
from tests.helpers.waiting import until
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer


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


async def test_while_an_edited_question_is_answered_again_its_first_answer_can_be_shown(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "asks")
    await chat.send("1")
    await chat.edit(0, "2")
    await answer(chat, "yes")
    old = chat.ids
    await chat.regenerate(1)
    assert chat.shown == ["2"]
    assert chat.versions == {0: (2, 2), -1: (2, 2)}
    await reloaded(chat, client)
    await chat.show(-1, 1)
    assert chat.ids == old
    assert chat.versions == {0: (2, 2), 1: (1, 2)}
    await reloaded(chat, client)


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


@pytest.mark.parametrize("is_continued", [False, True])
async def test_an_answer_is_regenerated_with_the_graph_of_another_assistant(
    sessions: Sessions, client: LangGraphClient, is_continued: bool
) -> None:
    chat = Chat(sessions, "agent")
    await chat.send("What is the weather in Rome?")
    if is_continued:
        await chat.send("And in Paris?")
    old = chat.ids
    await chat.regenerate(1, "counted")
    assert chat.trouble is None
    assert chat.shown[1:] == ["Counted."]
    assert chat.ids[0] == old[0]
    assert chat.versions == {1: (2, 2)}
    await reloaded(chat, client)
    await chat.regenerate(1, "agent")
    assert chat.shown[-1] == "It is sunny."
    assert chat.versions == {1: (3, 3)}
    again = await reloaded(chat, client)
    assert again.session.snapshot.view.assistant_id == assistant_of("agent")
    await chat.show(1, 2)
    assert chat.shown[1:] == ["Counted."]
    await chat.send("2")
    assert chat.shown[1:2] == ["Counted."]
    await chat.show(1, 1)
    assert chat.ids == old
    await reloaded(chat, client)


async def test_what_another_program_made_beside_a_message_is_a_version(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await chat.send("2")
    thread_id = chat.session.thread_id
    history: Any = await client.threads.get_history(thread_id, limit=100)
    asked, taken = history[-1], history[-2]
    for start, given in ((taken, None), (asked, "3")):
        message = {"type": "human", "content": given}
        await client.runs.wait(
            thread_id,
            "slow",
            input={"messages": [message]} if given else None,
            checkpoint_id=start["checkpoint"]["checkpoint_id"],
        )
    await until(lambda: chat.shown[:1] == ["3"])
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
    await until(lambda: chat.shown[:1] == ["2"] and len(chat.shown) == 4)
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


async def test_the_first_message_is_edited_again_and_again_beside_the_first_version(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "counted")
    await chat.send("1")
    for words in ("2", "3", "4"):
        await chat.edit(0, words)
    assert chat.versions == {0: (4, 4)}
    thread_id = chat.session.thread_id
    source = {"source": "input"}
    inputs: Any = await client.threads.get_history(thread_id, limit=9, metadata=source)
    assert [one["metadata"]["step"] for one in inputs] == [0, 0, 0, -1]
    await reloaded(chat, client)


async def test_of_several_presses_the_last_one_counts_though_it_names_what_was_shown_before(
    sessions: Sessions,
) -> None:
    chat = Chat(sessions, "counted")
    await chat.send("1")
    await chat.regenerate(1)
    await chat.regenerate(1)
    newest = chat.ids[1]
    for number in (1, 2, 3, 1, 2):
        chat.session.post(ShowVersion(newest, number))
    await until(lambda: chat.versions == {1: (2, 3)})
    assert chat.trouble is None
