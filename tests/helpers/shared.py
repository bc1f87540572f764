"""Threads with messages that no model wrote, and the links to them; for tests of shared chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app.auth import share_links
from chat_app.auth.gate import Gate
from chat_app.auth.share_links import Kind
from chat_app.runs import thread_metadata
from tests.helpers.work import backend_of

if TYPE_CHECKING:
    from chat_app.auth.person import Person
    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json

PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAA"
    "DUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A PNG of one pixel."""


def human(text: Any, id: str = "") -> Json:
    return {"type": "human", "content": text} | ({"id": id} if id else {})


def answer(text: Any, id: str = "") -> Json:
    return {"type": "ai", "content": text} | ({"id": id} if id else {})


async def thread_of(
    client: LangGraphClient,
    person: Person,
    *messages: Json,
    title: str = "A title",
    graph: str = "slow",
) -> str:
    """A thread of a person with these messages; returns its id."""
    metadata = thread_metadata.made_for(person.id, title)
    thread_id = (await client.threads.create(metadata=metadata, graph_id=graph))["thread_id"]
    if messages:
        await said(client, thread_id, *messages)
    return thread_id


async def said(client: LangGraphClient, thread_id: str, *messages: Json) -> None:
    """Add messages to a thread."""
    await client.threads.update_state(thread_id, {"messages": list(messages)}, as_node="model")


async def path_to(
    client: LangGraphClient, person: Person, thread_id: str, kind: Kind = Kind.LIVE
) -> str:
    """The path of a new link to a thread."""
    link = await share_links.create(Gate(backend_of(client)), person, thread_id, kind)
    return share_links.PREFIX + link
