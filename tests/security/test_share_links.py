"""A link to read a thread: random, only for its owner to make, and of no use once it is revoked."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from chat_app import text
from chat_app.auth import share_links
from chat_app.auth.gate import Gate
from chat_app.auth.person import Person
from chat_app.config import settings
from chat_app.runs import thread_metadata
from chat_app.runs.permission import NotThereError
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    from chat_app.client import LangGraphClient

ADA, BOB = Person("password:ada"), Person("password:bob", is_admin=True)


@pytest.fixture
def gate(client: LangGraphClient) -> Gate:
    return Gate(backend_of(client))


@pytest.fixture
async def thread_id(client: LangGraphClient) -> str:
    metadata = thread_metadata.made_for(ADA.id, "A title")
    return (await client.threads.create(metadata=metadata))["thread_id"]


async def test_a_link_leads_to_its_thread_until_it_is_revoked(
    gate: Gate, client: LangGraphClient, thread_id: str
) -> None:
    one, two = [await share_links.create(gate, ADA, thread_id) for _ in range(2)]
    assert one != two
    assert [await share_links.shared_thread(client, link) for link in (one, two)] == [thread_id] * 2
    hashes = await share_links.links(gate, ADA, thread_id)
    assert sorted(hashes) == sorted(map(share_links.hash_of, (one, two)))
    await share_links.revoke(gate, ADA, thread_id, share_links.hash_of(one))
    assert await share_links.shared_thread(client, one) is None
    assert await share_links.shared_thread(client, two) == thread_id
    await share_links.revoke(gate, ADA, thread_id)
    assert await share_links.shared_thread(client, two) is None
    assert await share_links.links(gate, ADA, thread_id) == []


async def test_the_thread_has_the_links_hash_and_not_the_link(
    gate: Gate, client: LangGraphClient, thread_id: str
) -> None:
    link = await share_links.create(gate, ADA, thread_id)
    whole = json.dumps(await client.threads.get(thread_id))
    assert link not in whole
    assert thread_id not in link
    assert await share_links.shared_thread(client, share_links.hash_of(link)) is None


@pytest.mark.parametrize("link", ["", "x", "a" * 43, "é" * 43, "a" * 10_000, None, 7, ["a"], {}])
async def test_what_is_no_link_leads_nowhere(
    client: LangGraphClient, thread_id: str, link: object
) -> None:
    assert await share_links.shared_thread(client, link) is None
    assert await share_links.shared_thread(client, thread_id) is None


async def test_only_the_owner_makes_lists_or_revokes_links_and_no_admin(
    gate: Gate, client: LangGraphClient, thread_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await share_links.create(gate, ADA, thread_id)
    for sees_all in (False, True):
        monkeypatch.setattr(settings(), "admins_see_all", sees_all)
        for tried in (share_links.create, share_links.links, share_links.revoke):
            with pytest.raises(NotThereError):
                await tried(gate, BOB, thread_id)
            with pytest.raises(NotThereError):
                await tried(gate, BOB, str(uuid4()))
    assert await share_links.shared_thread(client, link) == thread_id


async def test_a_link_does_not_lead_to_a_copy_of_its_deleted_thread(
    gate: Gate, client: LangGraphClient, thread_id: str
) -> None:
    link = await share_links.create(gate, ADA, thread_id)
    metadata = (await client.threads.get(thread_id))["metadata"]
    copy = await client.threads.create(metadata=metadata)  # what a copy has
    assert await share_links.links(gate, ADA, copy["thread_id"]) == []
    await client.threads.delete(thread_id)
    assert await share_links.shared_thread(client, link) is None


async def test_a_link_ends_when_the_thread_gets_another_owner(
    gate: Gate, client: LangGraphClient, thread_id: str
) -> None:
    link = await share_links.create(gate, ADA, thread_id)
    await client.threads.update(thread_id, metadata={thread_metadata.OWNER: "password:bob"})
    assert await share_links.shared_thread(client, link) is None


async def test_a_link_can_be_shown_again_to_its_owner_and_not_after_a_change_of_the_secret(
    gate: Gate, thread_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await share_links.create(gate, ADA, thread_id)
    assert [one.link for one in await share_links.links_to(gate, ADA, thread_id)] == [link]
    with monkeypatch.context() as patch:
        patch.setattr(share_links, "signing_secret", lambda: b"another secret of 32 characters..")
        [shown] = await share_links.links_to(gate, ADA, thread_id)
        assert (shown.link, shown.hashed) == ("", share_links.hash_of(link))


async def test_a_link_says_what_it_shows_since_when_and_who_made_it(
    gate: Gate, client: LangGraphClient, thread_id: str
) -> None:
    live = await share_links.create(gate, ADA, thread_id)
    snapshot = await share_links.create(
        gate, ADA, thread_id, share_links.Kind.SNAPSHOT, checkpoint_id="a-checkpoint"
    )
    await client.threads.update(thread_id, metadata={thread_metadata.TITLE: "A later title"})
    found = {one.link: one for one in await share_links.links_to(gate, ADA, thread_id)}
    assert found[live].kind is share_links.Kind.LIVE
    assert found[live].shown_title == "A later title"
    assert found[snapshot].kind is share_links.Kind.SNAPSHOT
    assert found[snapshot].shown_title == "A title"
    assert found[snapshot].checkpoint_id == "a-checkpoint"
    assert {one.by for one in found.values()} == {ADA.id}
    assert all(abs(one.at - time.time() * 1000) < 60_000 for one in found.values())


async def test_a_person_lists_all_own_links_by_pages_and_no_other_persons(
    gate: Gate, client: LangGraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_links, "PAGE", 2)
    ada, bob = Person(f"password:{uuid4()}"), Person(f"password:{uuid4()}")
    made = set()
    for person in (ada, ada, ada, bob):
        metadata = thread_metadata.made_for(person.id, "A title")
        thread = await client.threads.create(metadata=metadata)
        link = await share_links.create(gate, person, thread["thread_id"])
        made |= {link} if person is ada else set()
    found, offset = [], 0
    while offset is not None:
        page = await share_links.links_of(client, ada, offset)
        found += [one.link for one in page.links]
        offset = page.following
    assert len(found) == 3
    assert set(found) == made
    assert len((await share_links.links_of(client, bob)).links) == 1


async def test_a_list_has_no_link_that_is_revoked_or_whose_thread_is_gone_or_another_persons(
    gate: Gate, client: LangGraphClient
) -> None:
    ada = Person(f"password:{uuid4()}")
    threads = []
    for _ in range(3):
        metadata = thread_metadata.made_for(ada.id, "A title")
        threads.append((await client.threads.create(metadata=metadata))["thread_id"])
        await share_links.create(gate, ada, threads[-1])
    await share_links.revoke(gate, ada, threads[0])
    await client.threads.delete(threads[1])
    await client.threads.update(threads[2], metadata={thread_metadata.OWNER: BOB.id})
    assert await share_links.links_of(client, ada) == share_links.Page([], None)
    assert await client.threads.search(metadata={share_links._marker(ada.id): True}) != []


async def test_an_unowned_threads_link_stands_in_the_list_of_its_maker_alone(
    gate: Gate, client: LangGraphClient
) -> None:
    one, two = Person(str(uuid4())), Person(str(uuid4()))
    thread_id = (await client.threads.create())["thread_id"]
    link = await share_links.create(gate, one, thread_id)
    other = await share_links.create(gate, two, thread_id)
    assert [each.link for each in (await share_links.links_of(client, one)).links] == [link]
    await share_links.revoke(gate, two, thread_id, share_links.hash_of(link))
    assert (await share_links.links_of(client, one)).links == []
    assert [each.link for each in (await share_links.links_of(client, two)).links] == [other]


async def test_there_is_a_limit_of_links_to_a_thread(
    gate: Gate, thread_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_links, "MOST_LINKS", 2)
    monkeypatch.setattr(share_links, "MOST_MADE", 4)
    for _ in range(2):
        for _ in range(2):
            await share_links.create(gate, ADA, thread_id)
        with pytest.raises(share_links.NotShareableError):
            await share_links.create(gate, ADA, thread_id)
        await share_links.revoke(gate, ADA, thread_id)
    with pytest.raises(share_links.NotShareableError) as refused:
        await share_links.create(gate, ADA, thread_id)
    assert refused.value.sentence == text.TOO_MANY_LINKS_EVER


async def test_a_temporary_thread_is_not_shared_and_a_link_to_one_leads_nowhere(
    gate: Gate, client: LangGraphClient, thread_id: str
) -> None:
    link = await share_links.create(gate, ADA, thread_id)
    await client.threads.update(thread_id, metadata={thread_metadata.TEMPORARY: True})
    with pytest.raises(share_links.NotShareableError):
        await share_links.create(gate, ADA, thread_id)
    assert await share_links.shared_thread(client, link) is None


async def test_a_link_leads_nowhere_from_the_moment_its_thread_is_deleted_until_that_is_undone(
    gate: Gate, client: LangGraphClient, thread_id: str
) -> None:
    link = await share_links.create(gate, ADA, thread_id)
    await client.threads.update(thread_id, metadata={thread_metadata.DELETED: time.time()})
    assert await share_links.shared_thread(client, link) is None
    assert [
        one for one in (await share_links.links_of(client, ADA)).links if one.link == link
    ] == []
    with pytest.raises(NotThereError):
        await share_links.create(gate, ADA, thread_id)
    await client.threads.update(thread_id, metadata={thread_metadata.DELETED: None})
    assert await share_links.shared_thread(client, link) == thread_id


async def test_many_links_asked_for_at_once_are_no_more_than_are_allowed(
    gate: Gate, thread_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(share_links, "MOST_LINKS", 3)
    asked = [share_links.create(gate, ADA, thread_id) for _ in range(12)]
    made = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(one, str) for one in made) == 3
    assert len(await share_links.links(gate, ADA, thread_id)) == 3


@pytest.mark.parametrize(
    "setting", [("share_links", False), ("forward_identity", "identity")], ids=lambda one: one[0]
)
async def test_no_link_is_made_where_sharing_is_off(
    gate: Gate, thread_id: str, setting: tuple[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), *setting)
    with pytest.raises(share_links.NotShareableError):
        await share_links.create(gate, ADA, thread_id)


@pytest.mark.parametrize(
    "odd",
    [{}, None, 7, [], {"at": "x", "nonce": 1, "kind": []}, {"at": -1}, {"at": 10**30}, {"by": {}}],
)
async def test_odd_metadata_of_a_link_are_passed_over(
    gate: Gate, client: LangGraphClient, thread_id: str, odd: object
) -> None:
    link = await share_links.create(gate, ADA, thread_id)
    key = f"chat_share_{share_links.hash_of(link)}_is"
    await client.threads.update(thread_id, metadata={key: odd})
    [shown] = await share_links.links_to(gate, ADA, thread_id)
    assert (shown.at, shown.kind, shown.by) == (0, share_links.Kind.LIVE, "")
