"""The identity of each person at a LangGraph server with an authentication of its own.

A real development server, which shows each person the threads that are that one's by its own rules.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import pytest_asyncio

from chat_app import text
from chat_app.auth.forwarding import signed_identity
from chat_app.auth.person import Person
from chat_app.client import get_client
from chat_app.runs import schemas
from chat_app.runs.thread_metadata import made_for
from chat_app.state.threads import ThreadsState
from tests.helpers.people_auth import FORBIDDEN, PATH
from tests.helpers.server import graph_files, serve
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from chat_app.client import LangGraphClient
    from tests.helpers.tab import Tab

pytestmark = pytest.mark.slow
SECRET = "the app and the server know it, both"
FORWARD = {"CHAT_FORWARD_IDENTITY": "identity", "CHAT_FORWARD_SECRET": SECRET}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("people")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[str]:
    graphs = {name: path for name, path in graph_files().items() if name in {"slow", "approves"}}
    seen = str(folder / "seen")
    with serve(folder, graphs=graphs, auth=PATH, SEEN=seen, CHAT_FORWARD_SECRET=SECRET) as running:
        yield running.url


@pytest_asyncio.fixture
async def new_tab(
    start: Callable[..., Awaitable[Callable[[], Tab]]], server: str
) -> Callable[..., Tab]:
    """Opens tabs of a person."""
    schemas.forget()
    opens = await start(server, **FORWARD)

    def open_one(name: str, *, of: Person | None = None) -> Tab:
        tab = opens()
        tab.person = of or Person(str(uuid4()), name)
        return tab

    return open_one


def directly(server: str, person: Person) -> LangGraphClient:
    """What another program asks the server with, for a person."""
    return get_client(url=server, headers={"authorization": f"Bearer {signed_identity(person)}"})


def seen(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "seen").read_text().splitlines()]


async def titles(tab: Tab) -> list[str]:
    await tab.do(ThreadsState.refresh)
    return [link["title"] for link in tab.var(ThreadsState, "links")]


async def test_two_people_see_what_the_server_shows_each_of_them(
    new_tab: Callable[..., Tab], server: str, folder: Path
) -> None:
    anna, ben = new_tab("Anna"), new_tab("Ben")
    for tab in (anna, ben):
        await tab.load("/")
        await tab.send("1")
    assert anna.shown == ben.shown != []
    assert await titles(anna) == await titles(ben) == ["1"]
    assert anna.thread_id != ben.thread_id
    # By the app's own rules these would be Anna's, or public.
    async with directly(server, ben.person) as client:
        for metadata in (made_for(anna.person.id, "planted"), {}):
            thread = await client.threads.create(metadata=metadata)
            assert await titles(anna) == ["1"]
            await anna.load(f"/t/{thread['thread_id']}")
            assert anna.shown == [("error", text.THREAD_GONE)]
    await anna.load(f"/t/{ben.thread_id}")
    assert anna.shown == [("error", text.THREAD_GONE)]
    rows = seen(folder)
    assert {row["who"] for row in rows} >= {anna.person.id, ben.person.id}
    assert [row for row in rows if row["who"] is None] == []
    for row in rows:
        if row["path"].endswith("/runs/stream"):
            assert (row["who"] == ben.person.id) == (ben.thread_id in row["path"])


async def test_each_request_of_a_thread_is_its_persons_streams_and_polls_too(
    new_tab: Callable[..., Tab], folder: Path
) -> None:
    anna, ben = new_tab("Anna"), new_tab("Ben")
    second = new_tab("Anna", of=anna.person)
    for tab in (anna, ben):
        await tab.load("/")
        await tab.send("2")
    await second.load(f"/t/{anna.thread_id}")
    await anna.send("2")
    await until(lambda: second.shown == anna.shown)
    for tab in (anna, ben):
        mine = [row for row in seen(folder) if tab.thread_id in row["path"]]
        assert {row["who"] for row in mine} == {tab.person.id}
        assert {row["path"].rpartition("/")[2] for row in mine} >= {"stream", tab.thread_id}


async def test_what_one_person_knows_of_an_assistant_is_not_the_next_ones(
    new_tab: Callable[..., Tab], folder: Path
) -> None:
    anna, ben = new_tab("Anna"), new_tab("Ben")
    for tab in (anna, ben):
        await tab.load("/")
    rows = [row for row in seen(folder) if row["path"].endswith("/schemas")]
    assert {anna.person.id, ben.person.id} <= {row["who"] for row in rows}


async def test_a_person_whom_the_server_refuses_reads_a_sentence_without_the_token(
    new_tab: Callable[..., Tab],
) -> None:
    tab = new_tab(FORBIDDEN)
    await tab.load("/")
    await tab.send("1")
    assert tab.texts("error") == [text.PERSON_REFUSED]
    await tab.load(f"/t/{uuid4()}")
    assert tab.trouble == text.PERSON_REFUSED
    assert "eyJ" not in "".join(tab.sent)
    other = new_tab("Anna")
    await other.load("/")
    assert other.trouble == ""


async def test_a_server_with_another_secret_knows_no_person(
    start: Callable[..., Awaitable[Callable[[], Tab]]], server: str
) -> None:
    tab = (await start(server, **FORWARD | {"CHAT_FORWARD_SECRET": SECRET[::-1]}))()
    await tab.load("/")
    assert tab.trouble == text.PERSON_UNKNOWN
    assert "eyJ" not in "".join(tab.sent)


async def test_an_identity_is_made_anew_for_each_request(
    new_tab: Callable[..., Tab], folder: Path
) -> None:
    anna = new_tab("Anna")
    await anna.load("/")
    tokens = [row["token"] for row in seen(folder) if row["who"] == anna.person.id]
    assert len(tokens) == len(set(tokens)) >= 3


async def test_nothing_of_it_is_kept_with_the_thread(
    new_tab: Callable[..., Tab], server: str
) -> None:
    anna = new_tab("Anna")
    await anna.load("/")
    await anna.send("1")
    async with directly(server, anna.person) as client:
        thread = await client.threads.get(anna.thread_id)
        state = await client.threads.get_state(anna.thread_id)
        runs = await client.runs.list(anna.thread_id)
    assert runs
    kept = json.dumps([thread, state, runs])
    assert "eyJ" not in kept
    assert SECRET not in kept
