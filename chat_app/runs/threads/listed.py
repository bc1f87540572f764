"""A thread as a list shows it, read from a row of the server's search; and which rows are shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from chat_app.runs import thread_metadata

SELECT = ("thread_id", "metadata", "status", "updated_at", "state_updated_at")
"""What is asked for of each thread: never its values."""
_SECOND = 1_000_000


class Scope(Enum):
    """Which threads are in a list."""

    OWN = "own"
    WITH_UNOWNED = "with unowned"
    """Also those that other programs made."""
    ALL = "all"
    """Those of all people."""


@dataclass(frozen=True)
class Listed:
    """One thread. `status` is the server's: idle, busy, interrupted, error.

    `changed` is the time of the last change of its state, as the server writes it; empty while a
    run is under way, and until the server is known to tell the time of the last one.

    `at` and `touched` are microseconds since 1970, UTC, and 0 where the server tells none. `at`:
    something happened in the thread, which is what the list is ordered by. `touched`: anything of
    it was changed, the metadata included, which is what the server orders by; never before `at`.
    """

    id: str
    title: str
    status: str
    changed: str = ""
    at: int = 0
    touched: int = 0
    is_pinned: bool = False
    is_archived: bool = False
    is_hidden: bool = False
    """In no list: a temporary chat, or one that is being deleted."""
    deleted_at: float = 0.0
    """When a person deleted it, in seconds since 1970; 0 where it is not deleted."""


@dataclass(frozen=True)
class Whose:
    """The threads of a list: those of `owner`, and what the scope adds."""

    owner: str
    scope: Scope

    def has(self, row: Any) -> bool:
        """Whether a row may be listed: not every server does filter by metadata."""
        if not field(row, "thread_id"):
            return False
        owner = thread_metadata.owner_in(field(row, "metadata"))
        is_unowned = self.scope is Scope.WITH_UNOWNED and not owner
        return self.scope is Scope.ALL or is_unowned or owner == self.owner


def field(row: Any, name: str) -> Any:
    """A field of a row, whatever the server has sent for one."""
    return row.get(name) if isinstance(row, dict) else None


def listed(row: Any) -> Listed:
    """Read a row that has an id."""
    metadata = field(row, "metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    updated, state = field(row, "updated_at"), field(row, "state_updated_at")
    touched = instant(updated)
    return Listed(
        str(row["thread_id"]),
        thread_metadata.title_of(metadata),
        str(field(row, "status") or ""),
        str(state or updated or ""),
        at=min(instant(state) or touched, touched or instant(state)),
        touched=touched,
        is_pinned=metadata.get(thread_metadata.PINNED) is True,
        is_archived=metadata.get(thread_metadata.ARCHIVED) is True,
        is_hidden=thread_metadata.is_hidden(metadata),
        deleted_at=thread_metadata.deleted_at(metadata),
    )


def instant(text: Any) -> int:
    """A time of the server in microseconds since 1970, UTC; 0 where it is none."""
    try:
        then = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return 0
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    whole = then - datetime(1970, 1, 1, tzinfo=UTC)
    return max(0, (whole.days * 86_400 + whole.seconds) * _SECOND + whole.microseconds)
