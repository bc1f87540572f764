"""The dialogs of share links without a browser: what they show, and for whom they act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from chat_app import text
from chat_app.auth import share_links
from chat_app.auth.person import Person
from chat_app.auth.share_links import PREFIX, Kind
from chat_app.config import settings
from chat_app.runs import thread_metadata
from chat_app.state.sharing import SharedLinksState, ShareState
from tests.helpers.network import UPDATE_THREAD
from tests.helpers.shared import answer, human, path_to, thread_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from chat_app.client import LangGraphClient
    from tests.helpers.network import Network
    from tests.helpers.tab import Tab


def links(tab: Tab) -> list[dict[str, Any]]:
    return tab.var(ShareState, "links")


def all_links(tab: Tab) -> list[dict[str, Any]]:
    return tab.var(SharedLinksState, "links")


@pytest.fixture
async def shared_tab(tab: Tab, client: LangGraphClient) -> Tab:
    """A tab with the dialog of a chat."""
    await tab.load(f"/t/{await thread_of(client, tab.person, human('One?'), answer('An answer'))}")
    await tab.do(ShareState.open)
    return tab


async def test_a_link_is_made_shown_again_and_revoked(
    shared_tab: Tab, client: LangGraphClient
) -> None:
    tab = shared_tab
    assert (tab.var(ShareState, "is_open"), links(tab)) == (True, [])
    await tab.do(ShareState.create, kind="snapshot")
    await tab.do(ShareState.create, kind="live")
    live, snapshot = links(tab)
    assert (live["kind"], snapshot["kind"]) == ("live", "snapshot")
    assert tab.var(ShareState, "made") == live["id"]
    for one in (live, snapshot):
        found = await share_links.shared_thread(client, one["path"].removeprefix(PREFIX))
        assert found == tab.thread_id
    await tab.do(ShareState.close)
    assert links(tab) == []
    await tab.do(ShareState.open)
    assert links(tab) == [live, snapshot]
    await tab.do(ShareState.revoke, link=live["id"])
    assert links(tab) == [snapshot]
    assert await share_links.shared_thread(client, live["path"].removeprefix(PREFIX)) is None


async def test_a_new_chat_cannot_be_shared_yet(tab: Tab) -> None:
    await tab.load("/")
    await tab.do(ShareState.open)
    assert tab.var(ShareState, "problem") == text.SHARE_AFTER_FIRST
    await tab.do(ShareState.create, kind="live")
    assert links(tab) == []


async def test_no_snapshot_is_made_of_a_chat_without_a_state(
    tab: Tab, client: LangGraphClient
) -> None:
    await tab.load(f"/t/{await thread_of(client, tab.person)}")
    await tab.do(ShareState.open)
    await tab.do(ShareState.create, kind="snapshot")
    assert tab.var(ShareState, "problem") == text.SHARE_AFTER_FIRST


@pytest.mark.parametrize("odd", ["", "both", None, 7, [], {"kind": "live"}, "SNAPSHOT"])
async def test_only_the_two_kinds_are_made(shared_tab: Tab, odd: object) -> None:
    await shared_tab.do(ShareState.create, kind=odd)
    assert links(shared_tab) == []
    assert shared_tab.var(ShareState, "problem") == ""


@pytest.mark.parametrize("odd", ["", "x", None, 7, [], {}, "a" * 64, "A" * 64, "../x"])
async def test_what_is_no_link_to_this_chat_revokes_nothing(
    shared_tab: Tab, client: LangGraphClient, odd: object
) -> None:
    tab = shared_tab
    other = await path_to(client, tab.person, await thread_of(client, tab.person, human("Two?")))
    await tab.do(ShareState.create, kind="live")
    await tab.do(ShareState.revoke, link=odd)
    hashed = share_links.hash_of(other.removeprefix(PREFIX))
    await tab.do(ShareState.revoke, link=hashed)
    assert len(links(tab)) == 1
    assert await share_links.shared_thread(client, other.removeprefix(PREFIX))


async def test_a_dialog_that_was_not_opened_does_nothing(tab: Tab, client: LangGraphClient) -> None:
    thread_id = await thread_of(client, tab.person, human("One?"))
    path = await path_to(client, tab.person, thread_id)
    await tab.load(f"/t/{thread_id}")
    hashed = share_links.hash_of(path.removeprefix(PREFIX))
    await tab.do(ShareState.create, kind="live")
    await tab.do(ShareState.revoke, link=hashed)
    await tab.do(SharedLinksState.revoke, thread_id=thread_id, link=hashed)
    await tab.do(SharedLinksState.revoke_all)
    await tab.do(SharedLinksState.show_more)
    assert await share_links.shared_thread(client, path.removeprefix(PREFIX)) == thread_id
    metadata = (await client.threads.get(thread_id))["metadata"]
    assert sum(key.endswith("_made_for") for key in metadata) == 1


async def test_a_stranger_sees_makes_and_revokes_no_link(
    shared_tab: Tab, new_tab: Callable[[], Tab], client: LangGraphClient
) -> None:
    await shared_tab.do(ShareState.create, kind="live")
    [link] = links(shared_tab)
    stranger = new_tab()
    stranger.person = Person(str(uuid4()))
    await stranger.load(f"/t/{shared_tab.thread_id}")
    await stranger.do(ShareState.open)
    await stranger.do(ShareState.create, kind="live")
    await stranger.do(ShareState.revoke, link=link["id"])
    assert links(stranger) == []
    await stranger.do(SharedLinksState.open)
    await stranger.do(SharedLinksState.revoke, thread_id=link["thread_id"], link=link["id"])
    await stranger.do(SharedLinksState.revoke_all)
    assert all_links(stranger) == []
    assert link["path"] not in "".join(stranger.sent)
    assert await share_links.shared_thread(client, link["path"].removeprefix(PREFIX))
    await shared_tab.do(ShareState.open)
    assert links(shared_tab) == [link]


async def test_all_links_of_a_person_are_listed_by_pages_and_revoked(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_links, "PAGE", 2)
    threads = [await thread_of(client, tab.person, human("?"), title=f"T{n}") for n in range(5)]
    for thread_id in threads:
        await path_to(client, tab.person, thread_id, Kind.SNAPSHOT)
    foreign = Person(str(uuid4()))
    left = await path_to(client, foreign, await thread_of(client, foreign, human("?")))
    await tab.load("/")
    await tab.do(SharedLinksState.open)
    assert len(all_links(tab)) == 2
    assert tab.var(SharedLinksState, "has_more")
    while tab.var(SharedLinksState, "has_more"):
        await tab.do(SharedLinksState.show_more)
    assert sorted(one["title"] for one in all_links(tab)) == [f"T{n}" for n in range(5)]
    first = all_links(tab)[0]
    await tab.do(SharedLinksState.revoke, thread_id=first["thread_id"], link=first["id"])
    assert len(all_links(tab)) == 4
    await tab.do(SharedLinksState.open)
    await tab.do(SharedLinksState.revoke_all)
    assert all_links(tab) == []
    for thread_id in threads:
        metadata = (await client.threads.get(thread_id))["metadata"]
        assert True not in metadata.values()
    assert await share_links.shared_thread(client, left.removeprefix(PREFIX))


async def test_links_of_a_page_are_sent_only_while_a_dialog_is_open(
    shared_tab: Tab, new_tab: Callable[[], Tab]
) -> None:
    await shared_tab.do(ShareState.create, kind="live")
    [link] = links(shared_tab)
    other = new_tab()
    await other.load(f"/t/{shared_tab.thread_id}")
    assert link["path"] not in "".join(other.sent)
    await shared_tab.do(ShareState.close)
    assert link["path"] not in await shared_tab.state()


async def test_a_server_that_refuses_is_told(network: Network, shared_tab: Tab) -> None:
    refused = network.refuse(*UPDATE_THREAD, status=403)
    await shared_tab.do(ShareState.create, kind="live")
    assert shared_tab.var(ShareState, "problem")
    assert not shared_tab.var(ShareState, "is_busy")
    refused.end()
    await shared_tab.do(ShareState.create, kind="live")
    assert shared_tab.var(ShareState, "problem") == ""
    assert len(links(shared_tab)) == 1


async def test_a_list_costs_one_request(
    network: Network, tab: Tab, client: LangGraphClient
) -> None:
    for _ in range(3):
        thread_id = await thread_of(client, tab.person, human("?"))
        await path_to(client, tab.person, thread_id)
    before = len(network.requests)
    await tab.do(SharedLinksState.open)
    asked = [one for one in network.requests[before:] if one.path == "/threads/search"]
    assert len(all_links(tab)) == 3
    assert len(asked) <= 2  # one may be of the sidebar's list


async def test_a_dialog_says_at_once_that_sharing_is_off(
    tab: Tab, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "share_links", False)
    await tab.load(f"/t/{await thread_of(client, tab.person, human('?'))}")
    await tab.do(ShareState.open)
    assert tab.var(ShareState, "problem") == text.SHARING_IS_OFF
    await tab.do(ShareState.create, kind="live")
    assert links(tab) == []


async def test_a_temporary_chat_is_not_shared(tab: Tab, client: LangGraphClient) -> None:
    thread_id = await thread_of(client, tab.person, human("?"))
    await client.threads.update(thread_id, metadata={thread_metadata.TEMPORARY: True})
    await tab.load(f"/t/{thread_id}")
    await tab.do(ShareState.open)
    await tab.do(ShareState.create, kind="snapshot")
    assert tab.var(ShareState, "problem") == text.TEMPORARY_NOT_SHARED
