"""A link to read a thread: random, only for its owner to make, and of no use once it is revoked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

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
