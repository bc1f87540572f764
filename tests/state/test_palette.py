"""The chats that the palette finds: the person's own, by their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from chat_app.runs.thread_metadata import made_for
from chat_app.state.palette import PaletteState
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab


async def made(client: LangGraphClient, owner: str, title: str) -> str:
    metadata = {**made_for(owner, title), "graph_id": "slow"}
    return (await client.threads.create(metadata=metadata))["thread_id"]


async def found(tab: Tab, query: str) -> list[str]:
    await tab.do(PaletteState.find, query=query)
    return [chat["title"] for chat in tab.var(PaletteState, "found")]


async def test_a_chat_of_the_person_is_found_by_letters_of_its_title_and_no_other(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    await tab.load("/")
    await made(client, tab.person.id, "A weekend in Ljubljana")
    await made(client, "somebody else", "Ljubljana, too")

    async def is_found() -> bool:
        return await found(tab, "ljbl") == ["A weekend in Ljubljana"]

    await until(is_found)
    assert await found(tab, "zzz") == []
    assert await found(tab, " ") == []


@pytest.mark.parametrize("query", [None, 7, ["a"], {"a": 1}])
async def test_what_is_no_text_finds_nothing(new_tab: Callable[[], Tab], query: Any) -> None:
    tab = new_tab()
    await tab.load("/")
    await tab.do(PaletteState.find, query=query)
    assert tab.var(PaletteState, "found") == []
