"""Edits, regenerations and versions on a server that lists runs without their metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from chat_app.client import LangGraphClient, get_client
from chat_app.runs.sessions import Sessions
from tests.helpers.aegra import Aegra
from tests.helpers.branching_chat import Chat, reloaded
from tests.helpers.gateway import listening
from tests.helpers.server import QUICK
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def client(langgraph_server: str) -> AsyncIterator[LangGraphClient]:
    with listening(Aegra(langgraph_server)) as url:
        async with get_client(url=url, retry=QUICK) as client:
            yield client


@pytest.fixture
async def sessions(client: LangGraphClient) -> AsyncIterator[Sessions]:
    sessions = Sessions(backend_of(client))
    yield sessions
    await sessions.aclose()


async def test_versions_are_found_again_after_a_reload(
    sessions: Sessions, client: LangGraphClient
) -> None:
    chat = Chat(sessions, "counted")
    await chat.send("one")
    await chat.send("two")
    old = chat.ids
    await chat.regenerate(3)
    assert chat.versions == {3: (2, 2)}
    await reloaded(chat, client)
    await chat.edit(0, "other")
    assert chat.trouble is None
    assert chat.versions == {0: (2, 2)}
    await reloaded(chat, client)
    await chat.show(0, 1)
    await chat.show(3, 1)
    assert chat.ids == old
    again = await reloaded(chat, client)
    assert again.versions == {0: (1, 2), 3: (1, 2)}
