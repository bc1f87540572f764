"""A file, a share link and the search have the branch of a thread that its page shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from chat_app.runs.exporting import read_saved
from chat_app.runs.search.texts import read_texts, texts_of
from chat_app.runs.shared_thread import read_live
from chat_app.runs.thread_metadata import shown_branch
from chat_app.transcript.message import Decision, Given, Output
from tests.helpers.branching_chat import Chat, answer
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient
    from chat_app.runs.sessions import Sessions
    from chat_app.transcript.message import Transcript


class _Told(NamedTuple):
    """What a reader compares."""

    ids: list[str]
    values: list[Any]
    decisions: list[tuple[str, ...]]
    asks: int


def _told(shown: Transcript) -> _Told:
    parts = [part for message in shown.messages for part in message.parts]
    asides = [aside for message in shown.messages for aside in message.asides]
    return _Told(
        [message.id for message in shown.messages],
        [part.value for part in parts if isinstance(part, Given | Output)],
        [aside.said for aside in asides if isinstance(aside, Decision)],
        len(shown.interrupts),
    )


async def _same(chat: Chat, client: LangGraphClient) -> None:
    """Each reader of the thread has what its page shows."""
    page, thread_id = chat.session.snapshot.view.transcript, chat.session.thread_id
    backend = backend_of(client, chat.assistant)
    saved = await read_saved(client, backend, thread_id)
    assert _told(saved.record.transcript()) == _told(page), "a file"
    thread: Any = await client.threads.get(thread_id)
    live = await read_live(client, backend, thread)
    assert _told(live.transcript) == _told(page), "a link"
    has_branch = shown_branch(thread["metadata"]) is not None
    worked = thread["metadata"]["assistant_id"]
    found = await read_texts(client, backend, thread_id, worked, has_branch=has_branch)
    assert found == list(texts_of(page.messages)), "the search"


async def test_an_older_branch_of_a_chat(sessions: Sessions, client: LangGraphClient) -> None:
    chat = Chat(sessions, "slow")
    await chat.send("1")
    await chat.send("2")
    await chat.edit(0, "3")
    await _same(chat, client)
    await chat.show(0, 1)
    await _same(chat, client)
    await chat.send("4")
    await _same(chat, client)


async def test_decisions_on_both_branches(sessions: Sessions, client: LangGraphClient) -> None:
    chat = Chat(sessions, "asks")
    await chat.send("1")
    await answer(chat, "yes")
    await chat.regenerate(1)
    await answer(chat, "no")
    await _same(chat, client)
    await chat.show(1, 1)
    await _same(chat, client)


@pytest.mark.parametrize("number", [1, 2])
async def test_forms_on_both_branches(
    sessions: Sessions, client: LangGraphClient, number: int
) -> None:
    chat = Chat(sessions, "fills")
    await chat.fill("one")
    await chat.fill_anew(0, "two")
    await chat.regenerate(1)
    await _same(chat, client)
    await chat.show(1, 1)
    await _same(chat, client)
    if number == 1:
        await chat.show(0, 1)
        await _same(chat, client)
    await chat.fill("three")
    await _same(chat, client)


async def test_what_the_agents_memory_has_no_more_on_an_older_branch(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "forgets")
    for words in ("one", "two", "three", "four", "five"):
        await chat.send(words)
    await chat.edit(1, "another")
    await _same(chat, client)
    await chat.show(2, 1)
    await _same(chat, client)
