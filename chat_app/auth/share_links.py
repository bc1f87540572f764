"""Links by which everyone who has one may read one thread, and nothing else of the app.

A link is a random name, which is not the thread's. The thread's metadata has its hash: so nothing
about a thread is kept here only, and metadata that are read by others give no link away. They also
have what the link was made for, because a copy of a thread has its metadata too.
"""

from __future__ import annotations

import re
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chat_app.runs import thread_metadata
from chat_app.runs.permission import NotThereError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.auth.gate import Gate
    from chat_app.auth.person import Person
    from chat_app.client import LangGraphClient

_KEY = "chat_share_"
_MADE_FOR = "_made_for"
_OCTETS = 32
_MOST_COPIES = 20
_LINK = re.compile(r"[A-Za-z0-9_-]{43}")
_HASH = re.compile(r"[0-9a-f]{64}")


async def create(gate: Gate, person: Person, thread_id: str) -> str:
    """A new link to a thread: 43 letters, which cannot be read again later.

    Raises:
        NotThereError: there is no such thread, or it is not this person's to share.
        LangGraphError: the server does not do it.
    """
    client, metadata = await _own(gate, person, thread_id)
    link = secrets.token_urlsafe(_OCTETS)
    key = _KEY + hash_of(link)
    made_for = _made_for(thread_id, metadata)
    await client.threads.update(thread_id, metadata={key: True, key + _MADE_FOR: made_for})
    return link


async def links(gate: Gate, person: Person, thread_id: str) -> list[str]:
    """The hashes of the links to a thread that are valid; raises as `create`."""
    _, metadata = await _own(gate, person, thread_id)
    made_for = _made_for(thread_id, metadata)
    return [one for one in _hashes(metadata) if metadata.get(_KEY + one + _MADE_FOR) == made_for]


async def revoke(gate: Gate, person: Person, thread_id: str, hashed: str | None = None) -> None:
    """End the link of this hash, or all links to a thread; raises as `create`."""
    client, metadata = await _own(gate, person, thread_id)
    ended = [one for one in _hashes(metadata) if hashed in (None, one)]
    if ended:
        # Metadata are merged: a key can be changed, and not removed.
        gone = dict.fromkeys((_KEY + one for one in ended), False)
        await client.threads.update(thread_id, metadata=gone)


async def shared_thread(client: LangGraphClient, link: object) -> str | None:
    """The id of the thread that a link leads to, for reading it; None where it leads nowhere.

    Raises:
        LangGraphError: the server does not tell.
    """
    if not isinstance(link, str) or not _LINK.fullmatch(link):
        return None
    key = _KEY + hash_of(link)
    found = await client.threads.search(metadata={key: True}, limit=_MOST_COPIES)
    for row in found if isinstance(found, list) else []:
        thread_id, metadata = str(row["thread_id"]), row.get("metadata") or {}
        is_shared = metadata.get(key) is True  # not every server filters
        if is_shared and metadata.get(key + _MADE_FOR) == _made_for(thread_id, metadata):
            return thread_id
    return None


def _made_for(thread_id: str, metadata: Mapping[str, Any]) -> list[str]:
    """A link is to this thread, for as long as it has this owner."""
    return [thread_id, thread_metadata.owner_in(metadata)]


def hash_of(link: str) -> str:
    """What the metadata have of a link."""
    return sha256(link.encode()).hexdigest()


async def _own(
    gate: Gate, person: Person, thread_id: str
) -> tuple[LangGraphClient, Mapping[str, Any]]:
    """The client and the metadata of a thread that the person may share.

    To see the threads of all people does not mean to hand them on.
    """
    client = await gate.client(person, thread_id)
    metadata: Mapping[str, Any] = (await client.threads.get(thread_id)).get("metadata") or {}
    if thread_metadata.owner_in(metadata) not in ("", person.id):
        raise NotThereError
    return client, metadata


def _hashes(metadata: Mapping[str, Any]) -> list[str]:
    shared = (key for key, value in metadata.items() if value is True and key.startswith(_KEY))
    hashes = (key.removeprefix(_KEY) for key in shared)
    return [one for one in hashes if _HASH.fullmatch(one)]
