from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from chat_app.runs.assistants import NoAssistantError, preferred
from chat_app.state.threads import ThreadsState, thread_uuid, title_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

ID = "0f9b4e0c-5b5c-4a41-9c5b-2f1f0d6d6a01"
FOUND = [
    {"assistant_id": "a1", "graph_id": "writer", "name": "painter"},
    {"assistant_id": "a2", "graph_id": "painter", "name": "Poet"},
    {"assistant_id": "a3", "graph_id": "a1", "name": ""},
]


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("whats the weather", "whats the weather"),
        ("  two\n\nlines \t here ", "two lines here"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("ten thousand words " * 10_000, "ten thousand words " * 3 + "te…"),
        ("\n" * 10_000 + "late", ""),
        ("مرحبا 👋", "مرحبا 👋"),
    ],
)
def test_a_title_is_the_first_words_on_one_line(message: str, title: str) -> None:
    assert title_of(message) == title
    assert len(title_of(message)) <= 60


@pytest.mark.parametrize("text", [ID, ID.upper(), UUID(ID).hex, f"{{{ID}}}"])
def test_a_thread_id_is_brought_into_its_usual_form(text: str) -> None:
    assert thread_uuid(text) == ID


@pytest.mark.parametrize("text", ["", "nonsense", ID[:-1], ID + "/x", "../..", None, 7, [ID]])
def test_what_is_no_uuid_is_no_thread_id(text: object) -> None:
    assert thread_uuid(text) is None


@pytest.mark.parametrize(
    ("wanted", "id"),
    [("", "a1"), ("a1", "a1"), ("writer", "a1"), ("painter", "a2"), ("Poet", "a2")],
)
def test_an_assistant_is_named_by_its_id_then_its_graph_then_its_name(wanted: str, id: str) -> None:
    assert preferred(FOUND, wanted) == id  # type: ignore[arg-type]


def test_an_unknown_assistant_says_which_there_are() -> None:
    with pytest.raises(NoAssistantError) as raised:
        preferred(FOUND, "cook")  # type: ignore[arg-type]
    assert "cook" in raised.value.sentence
    assert "painter, Poet, a1" in raised.value.sentence


def test_a_server_without_assistants_says_so() -> None:
    with pytest.raises(NoAssistantError):
        preferred([], "")


async def test_another_programs_owner_in_the_metadata_is_no_owner_here(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    tab = new_tab()
    await tab.load("/")
    owner = tab.person.id
    await client.threads.create(metadata={"owner": owner, "chat_owner": "ada", "title": "x"})
    await tab.do(ThreadsState.refresh)
    assert tab.var(ThreadsState, "links") == []
