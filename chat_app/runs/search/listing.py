"""The threads that are a person's to find, as the server lists them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.client import BadRequestError, InvalidError, NotFoundError
from chat_app.runs import thread_metadata
from chat_app.runs.search.index import ListedThread
from chat_app.runs.search.times import PAGE
from chat_app.runs.threads.listed import Scope
from chat_app.runs.threads.session_notes import BUSY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from chat_app.client import LangGraphClient

_SELECT = ("thread_id", "metadata", "status", "updated_at", "state_updated_at")


class Whose(NamedTuple):
    """The threads of a person. `rights` are equal for those who may find the same."""

    owner: str
    rights: str
    scope: Scope = Scope.OWN

    def has(self, metadata: Mapping[str, Any] | None) -> bool:
        """Whether a thread with this metadata is one of them: none that is temporary or deleted."""
        if thread_metadata.is_hidden(metadata):
            return False
        owner = thread_metadata.owner_in(metadata)
        is_unowned = self.scope is Scope.WITH_UNOWNED and not owner
        return self.scope is Scope.ALL or is_unowned or owner == self.owner


class Page(NamedTuple):
    """Some of them, the newest first; `others` were in the server's list, but are not theirs."""

    threads: list[ListedThread]
    others: list[str]
    is_last: bool


class Listing:
    """Asks the server."""

    def __init__(self, whose: Whose, connect: Callable[[], Awaitable[LangGraphClient]]) -> None:
        self._whose = whose
        self._connect = connect

    async def page(self, offset: int) -> Page:
        """A page of the threads, after so many newer ones.

        Raises:
            LangGraphError: the server does not tell.
        """
        client = await self._connect()
        is_own = self._whose.scope is Scope.OWN
        rows = await client.threads.search(
            metadata={thread_metadata.OWNER: self._whose.owner} if is_own else None,
            limit=PAGE,
            offset=offset,
            sort_by="updated_at",
            sort_order="desc",
            select=_SELECT,
        )
        rows = [row for row in _rows(rows) if row.get("thread_id")]
        theirs = [row for row in rows if self._whose.has(_metadata(row))]
        listed = {str(row["thread_id"]) for row in theirs}
        others = [str(row["thread_id"]) for row in rows if str(row["thread_id"]) not in listed]
        return Page(list(map(_listed, theirs)), others, is_last=len(rows) < PAGE)

    async def there(self, thread_ids: Sequence[str]) -> set[str]:
        """Which of these threads exist, and are still the person's.

        Raises:
            LangGraphError: the server does not tell.
        """
        if not thread_ids:
            return set()
        client, asked = await self._connect(), set(thread_ids)
        try:
            rows = await client.threads.search(
                ids=list(thread_ids), limit=len(thread_ids), select=("thread_id", "metadata")
            )
        except (BadRequestError, InvalidError):
            rows = []
        known: dict[str, dict[str, Any] | None] = {
            str(row.get("thread_id")): _metadata(row) for row in _rows(rows)
        }
        # A server that cannot be asked for ids has listed others.
        left = [one for one in asked if one not in known]
        known |= dict(await asyncio.gather(*(_asked(client, one) for one in left)))
        return {one for one in asked if known[one] is not None and self._whose.has(known[one])}


async def _asked(client: LangGraphClient, thread_id: str) -> tuple[str, Any]:
    """The metadata of a thread; None where there is none."""
    try:
        return thread_id, _metadata(await client.threads.get(thread_id))
    except (NotFoundError, InvalidError):
        return thread_id, None


def _rows(answer: Any) -> list[dict[str, Any]]:
    return [row for row in answer if isinstance(row, dict)] if isinstance(answer, list) else []


def _metadata(row: Mapping[str, Any]) -> dict[str, Any]:
    found = row.get("metadata")
    return found if isinstance(found, dict) else {}


def _listed(row: Mapping[str, Any]) -> ListedThread:
    metadata = _metadata(row)
    updated = row.get("state_updated_at") or row.get("updated_at") or ""
    return ListedThread(
        str(row["thread_id"]),
        thread_metadata.title_of(metadata),
        str(updated),
        is_archived=thread_metadata.is_archived(metadata),
        is_busy=row.get("status") == BUSY,
        assistant=str(metadata.get("assistant_id") or metadata.get("graph_id") or ""),
        branch="".join(thread_metadata.shown_branch(metadata) or ()),
    )
