"""Attachments of messages that are not sent yet: per tab, in the spool, in order.

Each is for the message of one thread, or of the new chat, whose thread is the empty string until
sending makes one. What waits in the queue of a thread is in the memory of its process, and has the
same limits.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from base64 import b64decode, b64encode
from collections import defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from chat_app.auth.secret import signing_secret
from chat_app.spool import Entry, SpoolDownError, SpoolError, spool
from chat_app.state.media_row import size_of
from chat_app.transcript.message import Media, Raw

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from chat_app.transcript.message import Carried

MAX_QUEUED = 400_000_000
"""Bytes of the messages that wait in all queues together."""
MAX_QUEUED_PER = {"person": 150_000_000, "address": 200_000_000}
"""Of those of one person, or of one address."""
_TOUCH_EVERY = 45.0
"""Seconds; a page that is there is looked after every minute."""
Key = tuple[str, str]
"""A kind of `MAX_QUEUED_PER`, and which: ``("person", "…")``."""


def owner_of(token: str, purpose: str = "attachments") -> str:
    """The name of a tab in the spool: it tells nothing of the tab's token."""
    says = f"spool\n{purpose}\n{token}".encode()
    return hmac.digest(signing_secret(), says, sha256).hex()[:40]


def counted_for(keys: Iterable[Key]) -> dict[str, str]:
    """Whom an entry of the spool counts for, by names that tell nothing of them."""
    return {
        kind: hmac.digest(signing_secret(), f"{kind}\n{which}".encode(), sha256).hex()[:16]
        for kind, which in keys
    }


@dataclass(frozen=True)
class PendingAttachment:
    """One attachment of a message that is not sent yet. `id` is how the page names it."""

    id: str
    part: Carried
    """Without its data, which is in the spool; whole where the spool did not take it."""
    thread_id: str = ""
    is_returned: bool = False
    """It was sent, and the server never took it."""
    size: int = 0
    """Bytes."""

    @property
    def type(self) -> str:
        """The media type; empty where it is none."""
        return self.part.mime_type if isinstance(self.part, Media) else ""


@dataclass
class Upload:
    """One upload under way in this process."""

    thread_id: str
    begun: float
    """Seconds since 1970."""


class PendingAttachments:
    """One tab's, as of the last look into the spool."""

    def __init__(self, token: str) -> None:
        self.owner = owner_of(token)
        self._attachments: dict[str, PendingAttachment] = {}
        self._unspooled: dict[str, PendingAttachment] = {}
        """What messages carried that were not sent after all, and the spool did not take."""
        self.quota_keys: tuple[Key, ...] = ()
        """What the bytes count for."""
        self.is_known = False
        """The spool has been looked into."""
        self._touched_at = -_TOUCH_EVERY

    @property
    def shown(self) -> list[PendingAttachment]:
        """What the composer shows, in all threads."""
        return [*self._attachments.values(), *self._unspooled.values()]

    def returned(self, thread_id: str) -> list[str]:
        """The ids of what the server never took of a thread's message."""
        of_thread = (each for each in self.shown if each.thread_id == thread_id)
        return [each.id for each in of_thread if each.is_returned]

    def count(self, thread_id: str | None = None) -> int:
        """How many are attached to the message of a thread, or in all; also those under way."""
        all_there = [*self.shown, *_uploads.get(self.owner, ())]
        return sum(1 for each in all_there if thread_id in (None, each.thread_id))

    async def refresh(self) -> None:
        """See what other processes have put and taken; of a spool that is down, nothing new."""
        try:
            entries = await spool().list(self.owner)
        except SpoolDownError:
            return
        self._attachments = {entry.id: _attachment(entry) for entry in entries}
        self.is_known = True
        self._touched_at = -_TOUCH_EVERY
        await self.touch()

    async def touch(self) -> None:
        """The tab is there: what it has is kept. May be called often."""
        if self._attachments and time.monotonic() - self._touched_at > _TOUCH_EVERY:
            self._touched_at = time.monotonic()
            with suppress(SpoolDownError):
                await spool().touch(self.owner)

    async def leave(self) -> None:
        """The page was closed. Another process may have it again."""
        with suppress(SpoolDownError):
            await spool().leave(self.owner)

    @contextmanager
    def uploading(self, thread_id: str) -> Generator[Upload]:
        """Count an upload under way until the block ends."""
        upload = Upload(thread_id, time.time())
        _uploads[self.owner].append(upload)
        try:
            yield upload
        finally:
            _uploads[self.owner].remove(upload)
            if not _uploads[self.owner]:
                del _uploads[self.owner]

    async def put(self, media: Media, thread_id: str, begun: float = 0) -> PendingAttachment:
        """Keep what was uploaded, in the order in which the uploads have `begun`.

        Raises:
            SpoolError: a limit of bytes is reached, or the spool is down.
        """
        entry, content = await asyncio.to_thread(
            _entry, media, thread_id, begun or time.time(), self.quota_keys
        )
        kept = _attachment(await spool().put(self.owner, entry, content))
        self._attachments[kept.id] = kept
        return kept

    async def put_back(
        self, parts: Iterable[Carried], thread_id: str, *, is_returned: bool = False
    ) -> list[str]:
        """Keep what messages carried that were not sent after all; return the ids."""
        ids = []
        for part in parts:
            entry, content = await asyncio.to_thread(
                _entry, part, thread_id, time.time(), self.quota_keys, is_returned=is_returned
            )
            try:
                entry = await spool().put(self.owner, entry, content, is_limited=False)
                self._attachments[entry.id] = _attachment(entry)
            except SpoolError:
                size = size_of(part) if isinstance(part, Media) else 0
                kept = PendingAttachment(entry.id, part, thread_id, is_returned, size)
                self._unspooled[entry.id] = kept
            ids.append(entry.id)
        return ids

    async def move(self, thread_id: str) -> None:
        """The new chat has become a thread, and what is or will be attached in it goes along."""
        for upload in _uploads.get(self.owner, ()):
            upload.thread_id = upload.thread_id or thread_id
        if any(not each.thread_id for each in self.shown):
            with suppress(SpoolDownError):
                await spool().move(self.owner, thread_id)
                await self.refresh()

    async def take(self, ids: Iterable[str]) -> tuple[Carried, ...] | None:
        """Remove and return attachments, in this order; None if one is missing.

        Raises:
            SpoolDownError: they cannot be read at the moment.
        """
        wanted = list(dict.fromkeys(ids))
        spooled = [name for name in wanted if name not in self._unspooled]
        found = await spool().take(self.owner, spooled) if spooled else {}
        if found is None:
            return None
        for name in spooled:
            self._attachments.pop(name, None)
        parts = await asyncio.to_thread(lambda: {name: _part(*found[name]) for name in found})
        return tuple(
            parts[name] if name in parts else self._unspooled.pop(name).part for name in wanted
        )

    async def drop(self, id: str) -> None:
        """Remove an attachment, if it is there."""
        self._attachments.pop(id, None)
        if self._unspooled.pop(id, None) is None:
            with suppress(SpoolDownError):
                await spool().drop(self.owner, id)

    def can_queue(self, size: int) -> bool:
        """Whether a message of so many bytes may be queued: what is attached does not count."""
        queued = _waiting()
        if sum(one.size for one in queued) + size > MAX_QUEUED:
            return False
        return all(
            sum(one.size for one in queued if key in one.keys) + size <= MAX_QUEUED_PER[key[0]]
            for key in self.quota_keys
        )

    def count_queued(self, size: int, is_waiting: Callable[[], bool]) -> None:
        """Count the bytes of a message that was sent for as long as it waits in a queue."""
        _queued.append(_Queued(size, self.quota_keys, is_waiting))


def _entry(
    part: Carried, thread_id: str, begun: float, keys: tuple[Key, ...], *, is_returned: bool = False
) -> tuple[Entry, bytes]:
    """What the spool keeps of an attachment, and its content."""
    about: dict[str, Any]
    if isinstance(part, Media):
        content = _decoded(part.data)
        about = {
            "kind": part.kind,
            "mime_type": part.mime_type,
            "name": part.name,
            "url": part.url,
            "is_as_given": content is None,
        }
        content = part.data.encode() if content is None else content
    else:
        about = {"type": str(part.block.get("type"))}
        content = json.dumps(part.block).encode()
    about["is_returned"] = is_returned
    return Entry(uuid4().hex, thread_id, about, counted_for(keys), begun), content


def _decoded(data: str) -> bytes | None:
    """The bytes that become this base64 again; None where there are none, as of a foreign file."""
    try:
        content = b64decode(data)
    except ValueError:
        return None
    return content if b64encode(content).decode() == data else None


def _attachment(entry: Entry) -> PendingAttachment:
    about = entry.about
    is_media = "kind" in about
    part = _media(entry) if is_media else Raw({"type": about.get("type")})
    size = entry.size if is_media else 0
    return PendingAttachment(entry.id, part, entry.thread_id, bool(about["is_returned"]), size)


def _part(entry: Entry, content: bytes) -> Carried:
    return _media(entry, content) if "kind" in entry.about else Raw(json.loads(content))


def _media(entry: Entry, content: bytes = b"") -> Media:
    about = entry.about
    data = (content if about["is_as_given"] else b64encode(content)).decode()
    return Media(about["kind"], about["mime_type"], about["name"], about["url"], data)


async def read_content(owner: str, id: str) -> Media | None:
    """An attachment with its data, for who has its address; None where there is none.

    Raises:
        SpoolDownError: it cannot be read at the moment.
    """
    found = next((entry for entry in await spool().list(owner) if entry.id == id), None)
    content = await spool().read(owner, id) if found and "kind" in found.about else None
    return _media(found, content) if found and content is not None else None


@dataclass(frozen=True)
class _Queued:
    size: int
    keys: tuple[Key, ...]
    is_waiting: Callable[[], bool]


_uploads: defaultdict[str, list[Upload]] = defaultdict(list)
_queued: list[_Queued] = []


def _waiting() -> list[_Queued]:
    _queued[:] = [one for one in _queued if one.is_waiting()]
    return _queued


def are_uploading() -> bool:
    """Whether a file is on its way to this process."""
    return bool(_uploads)


def queued_size() -> int:
    """Bytes of all messages that wait in a queue."""
    return sum(one.size for one in _waiting())
