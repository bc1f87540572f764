"""Renaming, pinning, archiving and deleting threads: in all tabs at once, undone where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app import text
from chat_app.auth.person import Person
from chat_app.client import NotFoundError
from chat_app.runs.thread_metadata import made_for
from chat_app.runs.threads import deletions
from chat_app.state import server
from chat_app.state.run import RunState
from chat_app.state.thread_actions import ThreadActionsState
from chat_app.state.threads import ThreadsState
from tests.helpers.waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.long_answer import LongAnswer
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab

Act = ThreadActionsState


async def seeded(client: LangGraphClient, tab: Tab, *titles: str) -> list[str]:
    """Make threads of the person at a tab, which are listed by now; returns their ids."""
    found = []
    for title in titles:
        made = await client.threads.create(metadata=made_for(tab.person.id, title))
        found.append(str(made["thread_id"]))
    await tab.do(ThreadsState.refresh)
    return found


def titles(tab: Tab) -> list[str]:
    return [link["title"] for link in tab.var(ThreadsState, "links")]


def problem(tab: Tab) -> str:
    return tab.var(ThreadsState, "problem")


async def metadata(client: LangGraphClient, thread_id: str) -> dict[str, Any]:
    return dict((await client.threads.get(thread_id))["metadata"] or {})


async def is_there(client: LangGraphClient, thread_id: str) -> bool:
    try:
        await client.threads.get(thread_id)
    except NotFoundError:
        return False
    return True


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("Moon", "Moon"),
        ("  two\n\nlines\t", "two lines"),
        ("x" * 500, "x" * 200),
        ("a\u202eb\u0000c", "abc"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("", "Tides"),
        ("  \n ", "Tides"),
        ("\u200d\u200b", "Tides"),
        (5, "Tides"),
        (None, "Tides"),
        (["Moon"], "Tides"),
    ],
)
async def test_a_title_is_one_line_of_some_length_and_never_empty(
    tab: Tab, client: LangGraphClient, given: object, title: str
) -> None:
    [one] = await seeded(client, tab, "Tides")
    await tab.do(Act.rename, thread_id=one, title=given)
    assert titles(tab) == [title]
    assert (await metadata(client, one))["chat_title"] == title


async def test_a_renamed_thread_stays_where_it_is_and_both_tabs_and_the_header_agree(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    one, two = new_tab(), new_tab()
    await one.load("/")
    first, _ = await seeded(client, one, "Tides", "Moon")
    await two.load(f"/t/{first}")
    await one.do(Act.rename, thread_id=first, title="Ebb")
    await two.until(lambda: titles(two) == ["Moon", "Ebb"])
    await two.until(lambda: two.var(RunState, "title") == "Ebb")
    assert titles(one) == ["Moon", "Ebb"]
    assert (await metadata(client, first))["chat_title_from"] == "person"
    await two.load(f"/t/{first}")
    assert two.var(RunState, "title") == "Ebb"


async def test_another_program_renames_the_open_thread(tab: Tab, client: LangGraphClient) -> None:
    [one] = await seeded(client, tab, "Tides")
    await tab.load(f"/t/{one}")
    await client.threads.update(one, metadata={"chat_title": "Ebb"})
    await tab.do(ThreadsState.refresh)
    await tab.until(lambda: tab.var(RunState, "title") == "Ebb")


async def test_pinned_threads_are_listed_however_old(
    tab: Tab, client: LangGraphClient, new_tab: Callable[[], Tab]
) -> None:
    ids = await seeded(client, tab, "old", *(f"chat {number}" for number in range(60)))
    await client.threads.update(ids[1], metadata={"chat_pinned": True})
    await tab.do(Act.pin, thread_ids=[ids[0]], is_pinned=True)
    for one in ids[2:]:
        await client.threads.update(one, metadata={"seen": True})
    other = new_tab()
    await other.load("/")
    for each in (tab, other):
        await each.do(ThreadsState.refresh)
        pinned = {one["title"] for one in each.var(ThreadsState, "links") if one["is_pinned"]}
        assert "old" in pinned
    await tab.do(Act.pin, thread_ids=ids[:2], is_pinned=False)
    assert not [one for one in tab.var(ThreadsState, "links") if one["is_pinned"]]


async def test_an_archived_thread_leaves_the_list_and_is_restored(
    tab: Tab, client: LangGraphClient
) -> None:
    one, _ = await seeded(client, tab, "Tides", "Moon")
    await tab.do(Act.archive, thread_ids=[one], is_archived=True)
    assert titles(tab) == ["Moon"]
    await tab.do(ThreadsState.read_older, after="", is_archived=True)
    assert [row["title"] for row in tab.var(ThreadsState, "older")["rows"]] == ["Tides"]
    await tab.do(Act.archive, thread_ids=[one], is_archived=False)
    assert titles(tab) == ["Moon", "Tides"]
    assert (await metadata(client, one))["chat_archived"] is False


async def test_a_temporary_thread_is_not_listed(tab: Tab, client: LangGraphClient) -> None:
    made = made_for(tab.person.id, "secret")
    await client.threads.create(metadata={**made, "chat_temporary": True})
    await tab.do(ThreadsState.refresh)
    assert titles(tab) == []


async def test_a_deleted_thread_goes_in_all_tabs_and_comes_back_when_that_is_undone(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    one, two = new_tab(), new_tab()
    await one.load("/")
    await two.load("/")
    first, second = await seeded(client, one, "Tides", "Moon")
    await one.do(Act.delete, thread_ids=[first, second])
    await two.until(lambda: titles(two) == [])
    assert await is_there(client, first)
    await one.do(Act.undo, thread_ids=[first, second])
    await two.until(lambda: titles(two) == ["Moon", "Tides"])
    assert titles(one) == ["Moon", "Tides"]
    assert problem(one) == ""
    await server.deletions().aclose()
    assert await is_there(client, first)


async def test_a_deletion_is_undone_before_the_server_has_been_told_of_it(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "DELETED_AFTER", 0.1)
    await tab.load("/")
    first, second = await seeded(client, tab, "Tides", "Moon")
    for ids in ([first], [first], [first, second]):
        deleting = await tab.enqueue(Act.delete, thread_ids=ids)
        await tab.until(lambda: "Tides" not in titles(tab))
        await tab.do(Act.undo, thread_ids=[first])
        await deleting
        assert "Tides" in titles(tab)
    await until(lambda: not server.deletions()._under_way)
    assert (await metadata(client, first))["chat_deleted"] is None
    assert not await is_there(client, second)
    assert titles(tab) == ["Tides"]
    assert problem(tab) == ""


async def test_a_deletion_is_undone_by_another_process_than_the_one_that_was_to_do_it(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletions, "DELETED_AFTER", 60)
    await tab.load("/")
    [thread_id] = await seeded(client, tab, "Tides")
    await tab.do(Act.delete, thread_ids=[thread_id])
    to_do_it = server.deletions()
    assert not server.is_settled()  # a process that drains waits for it
    with monkeypatch.context() as another:
        another.setattr(server._server, "deletions", deletions.Deletions(lambda _: None))
        await tab.do(Act.undo, thread_ids=[thread_id])
    assert (titles(tab), problem(tab)) == (["Tides"], "")
    await to_do_it.aclose()
    assert not to_do_it.knows(thread_id)
    assert server.is_settled()
    assert await is_there(client, thread_id)


async def test_a_deletion_that_is_not_undone_is_done_though_the_tab_is_closed(
    new_tab: Callable[[], Tab],
    client: LangGraphClient,
    long_answer: LongAnswer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deletions, "DELETED_AFTER", 0.5)
    one, two = new_tab(), new_tab()
    await one.load("/")
    sending = await one.enqueue(RunState.send, message=long_answer.question)
    await one.until(lambda: one.running)
    thread_id = one.thread_id
    await two.begin_load(f"/t/{thread_id}")
    await two.until(lambda: RunState.get_full_name() in two.page and two.running)
    await one.do(Act.delete, thread_ids=[thread_id])
    one.close()
    await until(lambda: not server.deletions()._under_way)
    assert not await is_there(client, thread_id)
    await two.until(lambda: two.var(RunState, "title") == text.CHAT_NOT_FOUND)
    await two.do(Act.undo, thread_ids=[thread_id])
    await two.until(lambda: problem(two) == text.NOT_UNDONE[0])
    await two.do(ThreadsState.dismiss)
    await two.until(lambda: problem(two) == "")
    sending.cancel()


async def test_what_another_process_has_left_is_deleted(tab: Tab, client: LangGraphClient) -> None:
    one, two = await seeded(client, tab, "Tides", "Moon")
    await client.threads.update(one, metadata={"chat_deleted": 1.0})
    await client.threads.update(two, metadata={"chat_deleted": 9e12})
    await tab.do(ThreadsState.refresh)
    assert titles(tab) == []
    await until(lambda: not server.deletions()._under_way)
    assert not await is_there(client, one)
    assert await is_there(client, two)


@pytest.mark.parametrize("status", [500, 403])
async def test_what_the_server_refuses_is_taken_back_and_said(
    tab: Tab, client: LangGraphClient, network: Network, status: int
) -> None:
    ids = await seeded(client, tab, "Tides", "Moon")
    network.refuse("PATCH", f"/threads/{ids[0]}", status=status)
    for handler, arguments, said in (
        (Act.rename, {"title": "Ebb"}, text.NOT_RENAMED[0]),
        (Act.pin, {"is_pinned": True}, text.NOT_PINNED[0]),
        (Act.archive, {"is_archived": True}, text.NOT_ARCHIVED[0]),
        (Act.delete, {}, text.NOT_DELETED[0]),
    ):
        where = {"thread_id": ids[0]} if handler is Act.rename else {"thread_ids": [ids[0]]}
        await tab.do(handler, **where, **arguments)
        await tab.until(lambda said=said: problem(tab) == said)
        assert tab.var(ThreadsState, "problem_detail")
        assert titles(tab) == ["Moon", "Tides"]
        await tab.do(ThreadsState.dismiss)
        await tab.until(lambda: problem(tab) == "")


async def test_a_foreign_thread_is_one_that_does_not_exist(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    one, stranger = new_tab(), new_tab()
    stranger.person = Person(str(uuid4()))
    await one.load("/")
    await stranger.load("/")
    [foreign] = await seeded(client, one, "Tides")
    before = await metadata(client, foreign)
    told = []
    for thread_id in (foreign, str(uuid4())):
        said = []
        for handler, arguments in (
            (Act.rename, {"thread_id": thread_id, "title": "mine"}),
            (Act.pin, {"thread_ids": [thread_id], "is_pinned": True}),
            (Act.archive, {"thread_ids": [thread_id], "is_archived": True}),
            (Act.delete, {"thread_ids": [thread_id]}),
            (Act.undo, {"thread_ids": [thread_id]}),
        ):
            await stranger.do(handler, **arguments)
            said.append((problem(stranger), stranger.var(ThreadsState, "problem_detail")))
        await stranger.do(ThreadsState.find, thread_id=thread_id)
        said.append(stranger.var(ThreadsState, "found"))
        told.append(said)
    assert told[0] == told[1]
    assert await metadata(client, foreign) == before
    assert not server.deletions()._under_way


async def test_a_stranger_cannot_undo_a_deletion(
    new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    one, stranger = new_tab(), new_tab()
    stranger.person = Person(str(uuid4()))
    await one.load("/")
    await stranger.load("/")
    [thread_id] = await seeded(client, one, "Tides")
    await one.do(Act.delete, thread_ids=[thread_id])
    await stranger.do(Act.undo, thread_ids=[thread_id])
    assert thread_id in server.deletions()._under_way


@pytest.mark.parametrize(
    "ids", [None, "all", [], [5], ["nonsense"], {"a": 1}, [str(uuid4())] * 101, [[str(uuid4())]]]
)
async def test_what_names_no_threads_is_ignored(tab: Tab, ids: object) -> None:
    for handler, more in ((Act.pin, {"is_pinned": True}), (Act.delete, {}), (Act.undo, {})):
        await tab.do(handler, thread_ids=ids, **more)
    assert problem(tab) == ""


async def test_the_open_thread_far_down_in_the_list_is_found(
    tab: Tab, client: LangGraphClient
) -> None:
    ids = await seeded(client, tab, "old", *(f"chat {number}" for number in range(60)))
    assert "old" not in titles(tab)
    await tab.do(ThreadsState.find, thread_id=ids[0])
    assert [row["title"] for row in tab.var(ThreadsState, "found")] == ["old"]
    for odd in (None, 7, "x", str(uuid4())):
        await tab.do(ThreadsState.find, thread_id=odd)


@pytest.mark.parametrize("after", [None, 5, "x", "1.2", {"a": 1}])
async def test_what_is_no_cursor_reads_no_page(tab: Tab, after: object) -> None:
    await tab.do(ThreadsState.read_older, after=after, is_archived=False)
    await tab.do(ThreadsState.read_older, after="", is_archived="yes")
    assert tab.var(ThreadsState, "older")["number"] == 0
