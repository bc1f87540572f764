"""Attachments of messages that are not sent yet: per tab, in memory, in order.

Each is for the message of one thread, or of the new chat, whose thread is the empty string until
sending makes one. What waits in the queue of a thread counts for the same limits.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import uuid4
from weakref import WeakSet

from chat_app.state.media_row import size_of
from chat_app.transcript.message import Media

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from chat_app.transcript.message import Carried

MAX_BYTES = 400_000_000
"""Of all tabs together."""
MAX_BYTES_PER = {"person": 150_000_000, "address": 200_000_000}
"""Of the tabs of one person, or of one address."""
Key = tuple[str, str]
"""A kind of `MAX_BYTES_PER`, and which: ``("person", "…")``."""


class AttachmentsFullError(Exception):
    """A limit of bytes is reached: of the person, of the address, or of all tabs together."""


@dataclass(frozen=True)
class PendingAttachment:
    """One attachment of a message that is not sent yet. `id` is how the page names it."""

    id: str
    part: Carried
    thread_id: str = ""
    is_returned: bool = False
    """It was sent, and the server never took it."""

    @property
    def size(self) -> int:
        """Bytes."""
        return size_of(self.part) if isinstance(self.part, Media) else 0


@dataclass
class Upload:
    """One upload under way."""

    thread_id: str


class PendingAttachments:
    """One tab's; it is gone with the tab."""

    def __init__(self) -> None:
        self._uploads: list[Upload] = []
        self._attachments: dict[str, PendingAttachment] = {}
        self.quota_keys: tuple[Key, ...] = ()
        """What the bytes count for."""
        _of_all_tabs.add(self)

    @property
    def shown(self) -> list[PendingAttachment]:
        """What the composer shows, in all threads."""
        return list(self._attachments.values())

    def returned(self, thread_id: str) -> list[str]:
        """The ids of what the server never took of a thread's message."""
        of_thread = (each for each in self.shown if each.thread_id == thread_id)
        return [each.id for each in of_thread if each.is_returned]

    def count(self, thread_id: str | None = None) -> int:
        """How many are attached to the message of a thread, or in all; also those under way."""
        all_there = [*self.shown, *self._uploads]
        return sum(1 for each in all_there if thread_id in (None, each.thread_id))

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(attachment.size for attachment in self.shown)

    @contextmanager
    def uploading(self, thread_id: str) -> Generator[Upload]:
        """Count an upload under way until the block ends."""
        upload = Upload(thread_id)
        self._uploads.append(upload)
        try:
            yield upload
        finally:
            self._uploads.remove(upload)

    def put(self, media: Media, thread_id: str) -> PendingAttachment:
        """Keep what was uploaded.

        Raises:
            AttachmentsFullError: a limit of bytes is reached.
        """
        attachment = PendingAttachment(uuid4().hex, media, thread_id)
        if total_size() + attachment.size > MAX_BYTES:
            raise AttachmentsFullError
        for key in self.quota_keys:
            if size_of_key(key) + attachment.size > MAX_BYTES_PER[key[0]]:
                raise AttachmentsFullError
        self._attachments[attachment.id] = attachment
        return attachment

    def put_back(
        self, parts: Iterable[Carried], thread_id: str, *, is_returned: bool = False
    ) -> list[str]:
        """Keep what messages carried that were not sent after all; return the ids."""
        back = [PendingAttachment(uuid4().hex, part, thread_id, is_returned) for part in parts]
        self._attachments |= {attachment.id: attachment for attachment in back}
        return [attachment.id for attachment in back]

    def move(self, thread_id: str) -> None:
        """The new chat has become a thread, and what is or will be attached in it goes along."""
        for name, attachment in self._attachments.items():
            if not attachment.thread_id:
                self._attachments[name] = replace(attachment, thread_id=thread_id)
        for upload in self._uploads:
            upload.thread_id = upload.thread_id or thread_id

    def take(self, ids: Iterable[str]) -> tuple[Carried, ...] | None:
        """Remove and return attachments, in this order; None if one is missing."""
        wanted = dict.fromkeys(ids)
        if not wanted.keys() <= self._attachments.keys():
            return None
        return tuple(self._attachments.pop(name).part for name in wanted)

    def drop(self, id: str) -> None:
        """Remove an attachment, if it is there."""
        self._attachments.pop(id, None)

    def can_queue(self, size: int) -> bool:
        """Whether a message of so many bytes may be queued: what is attached does not count."""
        queued = _waiting()
        if sum(one.size for one in queued) + size > MAX_BYTES:
            return False
        return all(
            sum(one.size for one in queued if key in one.keys) + size <= MAX_BYTES_PER[key[0]]
            for key in self.quota_keys
        )

    def count_queued(self, size: int, is_waiting: Callable[[], bool]) -> None:
        """Count the bytes of a message that was sent for as long as it waits in a queue."""
        _queued.append(_Queued(size, self.quota_keys, is_waiting))


@dataclass(frozen=True)
class _Queued:
    size: int
    keys: tuple[Key, ...]
    is_waiting: Callable[[], bool]


_of_all_tabs: WeakSet[PendingAttachments] = WeakSet()
_queued: list[_Queued] = []


def _waiting() -> list[_Queued]:
    _queued[:] = [one for one in _queued if one.is_waiting()]
    return _queued


def total_size() -> int:
    """Bytes of all tabs together, and of all queues."""
    return sum(tab.size for tab in _of_all_tabs) + sum(one.size for one in _waiting())


def size_of_key(key: Key) -> int:
    """Bytes of the tabs and queues of one person or address."""
    attached = sum(tab.size for tab in _of_all_tabs if key in tab.quota_keys)
    return attached + sum(one.size for one in _waiting() if key in one.keys)
