"""Links by which everyone who has one may read one thread, and nothing else of the app.

A thread's metadata say which links it has, so nothing about a thread is kept here only, and one
search finds the thread of a link or all links of a person:

============================ ===========================================================
key                          value
============================ ===========================================================
``chat_share_HASH``          true, or false once the link is revoked
``chat_share_HASH_made_for`` the thread's id and its owner: a copy has the keys, too
``chat_share_HASH_is``       ``{"kind", "at", "by", "nonce", "checkpoint_id", "title"}``
``chat_shared_by_PERSON``    whether that person has a link here that is not revoked
============================ ===========================================================

``HASH`` is that of the link, and ``PERSON`` that of the person's id. A link cannot be computed from
the metadata, which other programs read: it is the nonce, signed with the app's own secret. So the
app can show it again to its owner, and stores it nowhere. After a change of the secret a link still
leads to its thread and can be revoked, but it cannot be shown again.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app import text
from chat_app.auth.secret import signing_secret
from chat_app.config import settings
from chat_app.runs import thread_metadata
from chat_app.runs.checkpoints import id_of
from chat_app.runs.locks import Locks
from chat_app.runs.permission import NotThereError
from chat_app.runs.shown_branch import chosen
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.auth.gate import Gate
    from chat_app.auth.person import Person
    from chat_app.client import LangGraphClient

PREFIX = "/s/"
"""Of the addresses of shared threads; see `chat_app.routes.shared`."""
MOST_LINKS = 20
"""Of one thread that are valid at a time."""
MOST_MADE = 200
"""Of one thread, the revoked ones included: a key of metadata cannot be removed."""
PAGE = 50
"""Threads that are looked at for one page of a person's links."""

_making = Locks()
"""One link to a thread is made at a time."""
_KEY = "chat_share_"
_MADE_FOR = "_made_for"
_IS = "_is"
_BY = "chat_shared_by_"
_OCTETS = 24
_MOST_COPIES = 20
_LINK = re.compile(r"[A-Za-z0-9_-]{43}")
_HASH = re.compile(r"[0-9a-f]{64}")
_HEAD = ("thread_id", "metadata", "status", "updated_at", "state_updated_at")


class Kind(Enum):
    """What a link shows."""

    SNAPSHOT = "snapshot"
    """The thread as it was when the link was made."""
    LIVE = "live"
    """The thread as it is whenever the link is opened."""


class NotShareableError(AppError):
    """A thread of which no link can be made, and why, in a sentence."""


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A valid link to a thread."""

    hashed: str
    thread_id: str
    title: str
    kind: Kind = Kind.LIVE
    at: int = 0
    """When it was made: milliseconds since 1970; 0 where that is unknown."""
    by: str = ""
    """Who made it: the id of a person."""
    checkpoint_id: str = ""
    """The state that a snapshot shows."""
    shown_title: str = ""
    """The title that the page has: that of a snapshot is of then, too."""
    link: str = ""
    """The secret part of the address; empty where another secret signed it."""


class Shared(NamedTuple):
    """What a link leads to."""

    link: ShareLink
    thread: Mapping[str, Any]
    """The head of the thread: its metadata, `status` and `updated_at`."""


class Page(NamedTuple):
    """Links of a person; `following` is the offset of the next page, None after the last."""

    links: list[ShareLink]
    following: int | None


def are_offered() -> bool:
    """Whether threads can be shared here.

    Not where the server asks each request for a person: one who opens a link is none.
    """
    return settings().share_links and settings().forward_identity == "off"


async def create(
    gate: Gate,
    person: Person,
    thread_id: str,
    kind: Kind = Kind.LIVE,
    *,
    checkpoint_id: str = "",
) -> str:
    """A new link to a thread: 43 letters.

    Args:
        gate: to the threads.
        person: who makes it.
        thread_id: the thread.
        kind: what it shows.
        checkpoint_id: the state that a snapshot shows, if not the one that is shown now.

    Raises:
        NotThereError: there is no such thread, or it is not this person's to share.
        NotShareableError: there can be no link to it, or not one more.
        LangGraphError: the server does not do it.
    """
    if not are_offered():
        raise NotShareableError(text.SHARING_IS_OFF)
    async with _making.held(thread_id):
        return await _made(gate, person, thread_id, kind, checkpoint_id)


async def _made(gate: Gate, person: Person, thread_id: str, kind: Kind, checkpoint_id: str) -> str:
    client, metadata = await _own(gate, person, thread_id)
    if thread_metadata.deleted_at(metadata):
        raise NotThereError
    if thread_metadata.is_temporary(metadata):
        raise NotShareableError(text.TEMPORARY_NOT_SHARED)
    if kind is Kind.SNAPSHOT and not checkpoint_id:
        shown = await chosen(client, {"thread_id": thread_id, "metadata": metadata})
        checkpoint_id = id_of(shown.state)
        if not checkpoint_id:
            raise NotShareableError(text.SHARE_AFTER_FIRST)
    made_for = _made_for(thread_id, metadata)
    if len(_valid(thread_id, metadata)) >= MOST_LINKS:
        raise NotShareableError(text.TOO_MANY_LINKS)
    if sum(key.startswith(_KEY) and key.endswith(_MADE_FOR) for key in metadata) >= MOST_MADE:
        raise NotShareableError(text.TOO_MANY_LINKS_EVER)
    nonce = secrets.token_urlsafe(_OCTETS)
    link = _signed(nonce)
    key = _KEY + hash_of(link)
    said = {"kind": kind.value, "at": time.time_ns() // 1_000_000, "by": person.id, "nonce": nonce}
    if kind is Kind.SNAPSHOT:
        said |= {"checkpoint_id": checkpoint_id, "title": thread_metadata.title_of(metadata)}
    kept = {key: True, key + _MADE_FOR: made_for, key + _IS: said, _marker(person.id): True}
    await client.threads.update(thread_id, metadata=kept)
    return link


async def links(gate: Gate, person: Person, thread_id: str) -> list[str]:
    """The hashes of the links to a thread that are valid; raises as `create`."""
    return [one.hashed for one in await links_to(gate, person, thread_id)]


async def links_to(gate: Gate, person: Person, thread_id: str) -> list[ShareLink]:
    """The links to a thread that are valid, the newest first; raises as `create`."""
    _, metadata = await _own(gate, person, thread_id)
    return _valid(thread_id, metadata)


async def links_of(client: LangGraphClient, person: Person, offset: int = 0) -> Page:
    """The links of a person to any thread, those of the thread that changed last first.

    Raises:
        LangGraphError: the server does not tell.
    """
    found = await client.threads.search(
        metadata={_marker(person.id): True},
        limit=PAGE,
        offset=offset,
        sort_by="updated_at",
        sort_order="desc",
        select=_HEAD,
    )
    rows = found if isinstance(found, list) else []
    known = [
        link
        for row in rows
        for link in _valid(str(row["thread_id"]), row.get("metadata") or {})
        if _is_of(person, link, row.get("metadata") or {})
    ]
    return Page(known, offset + PAGE if len(rows) == PAGE else None)


async def revoke(gate: Gate, person: Person, thread_id: str, hashed: str | None = None) -> None:
    """End the link of this hash, or all links to a thread; raises as `create`."""
    client, metadata = await _own(gate, person, thread_id)
    ended = [one for one in _hashes(metadata) if hashed in (None, one)]
    if ended:
        # Metadata are merged: a key can be changed, and not removed.
        gone: dict[str, Any] = dict.fromkeys((_KEY + one for one in ended), False)
        gone |= dict.fromkeys((_KEY + one + _IS for one in ended), None)
        left = [one for one in _valid(thread_id, metadata) if one.hashed not in ended]
        makers = {one.by for one in _valid(thread_id, metadata)} | {person.id}
        gone |= dict.fromkeys(map(_marker, makers - {one.by for one in left}), False)
        await client.threads.update(thread_id, metadata=gone)


async def find(client: LangGraphClient, link: object) -> Shared | None:
    """What a link leads to, for reading it; None where it leads nowhere.

    Raises:
        LangGraphError: the server does not tell.
    """
    if not isinstance(link, str) or not _LINK.fullmatch(link):
        return None
    hashed = hash_of(link)
    found = await client.threads.search(
        metadata={_KEY + hashed: True}, limit=_MOST_COPIES, select=_HEAD
    )
    for row in found if isinstance(found, list) else []:
        metadata = row.get("metadata") or {}
        if thread_metadata.is_hidden(metadata):
            continue
        for valid in _valid(str(row["thread_id"]), metadata):  # not every server filters
            if valid.hashed == hashed:
                return Shared(valid, row)
    return None


async def shared_thread(client: LangGraphClient, link: object) -> str | None:
    """The id of the thread that a link leads to; None where it leads nowhere.

    Raises:
        LangGraphError: the server does not tell.
    """
    found = await find(client, link)
    return found.link.thread_id if found else None


def hash_of(link: str) -> str:
    """What the metadata have of a link."""
    return sha256(link.encode()).hexdigest()


def is_hash(value: object) -> bool:
    """Whether it could be the hash of a link."""
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _signed(nonce: str) -> str:
    signature = hmac.digest(signing_secret(), f"share link\n{nonce}".encode(), "sha256")
    return urlsafe_b64encode(signature).decode().rstrip("=")


def _marker(person_id: str) -> str:
    return _BY + sha256(person_id.encode(errors="replace")).hexdigest()[:32]


def _made_for(thread_id: str, metadata: Mapping[str, Any]) -> list[str]:
    """A link is to this thread, for as long as it has this owner."""
    return [thread_id, thread_metadata.owner_in(metadata)]


def _is_of(person: Person, link: ShareLink, metadata: Mapping[str, Any]) -> bool:
    """Whether a link stands in a person's list: it is to the person's thread, or made there."""
    if thread_metadata.is_hidden(metadata):
        return False
    owner = thread_metadata.owner_in(metadata)
    return owner == person.id or (not owner and link.by == person.id)


def _valid(thread_id: str, metadata: Mapping[str, Any]) -> list[ShareLink]:
    made_for = _made_for(thread_id, metadata)
    valid = [one for one in _hashes(metadata) if metadata.get(_KEY + one + _MADE_FOR) == made_for]
    found = [_read(one, thread_id, metadata) for one in valid]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _read(hashed: str, thread_id: str, metadata: Mapping[str, Any]) -> ShareLink:
    said = metadata.get(_KEY + hashed + _IS)
    said = said if isinstance(said, dict) else {}
    at, nonce, kind = said.get("at"), _word(said.get("nonce")), said.get("kind")
    link = _signed(nonce) if nonce else ""
    title, of_then = thread_metadata.title_of(metadata), said.get("title")
    return ShareLink(
        hashed,
        thread_id,
        title,
        Kind.SNAPSHOT if kind == Kind.SNAPSHOT.value else Kind.LIVE,
        at if isinstance(at, int) and 0 <= at < _LATEST else 0,
        _word(said.get("by")),
        _word(said.get("checkpoint_id")),
        of_then if isinstance(of_then, str) else title,
        link if hash_of(link) == hashed else "",
    )


_LATEST = 253402300800000
"""Milliseconds since 1970 of the year 10000, where calendars end."""


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


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
