"""What is kept in a spool, and what every spool can do."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEPT = 1200.0
"""Seconds after the last sign of its tab that something is kept: longer than the tab's state is."""
LEFT = 150.0
"""The same once the page was closed. A page that was only loaded anew, by another process perhaps,
says within a minute that it is there."""


class SpoolError(Exception):
    """The spool did not do what it was asked."""


class SpoolFullError(SpoolError):
    """A limit of bytes is reached: of the person, of the address, or of all together."""


class SpoolDownError(SpoolError):
    """It cannot be read or written at the moment."""


@dataclass(frozen=True)
class Limits:
    """Bytes of all entries together, and by kind of key those that count for one key.

    Each entry counts for `least` bytes at least: all are looked through when one is put, so that
    their number has to have a limit, too.
    """

    total: int
    per: Mapping[str, int] = field(default_factory=dict)
    least: int = 0


@dataclass(frozen=True)
class Entry:
    """All about one thing but its content."""

    id: str
    """Hexadecimal, as of `uuid4().hex`."""
    thread_id: str = ""
    """Of the message that it is for; empty in a new chat."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What its user has to know of the content: small, and JSON."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Whom it counts for: a kind of `Limits.per` to a hexadecimal key."""
    begun: float = field(default_factory=time.time)
    """When it began to arrive, in seconds since 1970: entries are in this order."""
    size: int = 0
    """Bytes of the content; `put` fills it in."""


class Spool(Protocol):
    """Where entries are kept. Each method may raise a `SpoolDownError`."""

    async def put(
        self, owner: str, entry: Entry, content: bytes, *, is_limited: bool = True
    ) -> Entry:
        """Keep an entry; returns it as it is kept.

        One of the new chat that has become a thread after the entry `begun` is the thread's.

        Raises:
            SpoolFullError: a limit would be exceeded, and `is_limited`.
        """
        ...

    async def list(self, owner: str) -> list[Entry]:
        """All entries of an owner, in order."""
        ...

    async def read(self, owner: str, id: str) -> bytes | None:
        """The content of an entry; None where there is none."""
        ...

    async def take(self, owner: str, ids: Sequence[str]) -> dict[str, tuple[Entry, bytes]] | None:
        """Remove entries and return them; None, and nothing removed, if one is missing.

        Of two processes that take the same entry one gets it.
        """
        ...

    async def drop(self, owner: str, id: str) -> None:
        """Remove an entry, if it is there."""
        ...

    async def move(self, owner: str, thread_id: str) -> None:
        """The new chat has become a thread, and its entries go along, also those under way."""
        ...

    async def touch(self, owner: str) -> None:
        """The tab is there: keep what it has for `KEPT` seconds from now on."""
        ...

    async def leave(self, owner: str) -> None:
        """The page is closed: keep what it has for `LEFT` seconds, unless it is back by then."""
        ...

    async def clean_up(self) -> int:
        """Remove what is older; returns of how many owners."""
        ...

    async def used(self) -> int:
        """Bytes of all entries together."""
        ...
