"""The app's own keys in a thread's metadata, and the migration from the keys of its first version.

Metadata is shared: LangGraph's authentication examples and Aegra write an ``owner`` of their own,
other programs a ``title``. So each key of this app has a prefix. The first version had none.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

from chat_app.client import LangGraphError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json
    from chat_app.client.schema import Thread

_log = logging.getLogger("chat_app.runs")

OWNER, TITLE, PAUSED = "chat_owner", "chat_title", "chat_paused"
_OLD_OWNER, _OLD_TITLE = "owner", "title"

_PAGE = 100


def made_for(owner: str, title: str) -> Json:
    """The metadata of a new thread."""
    return {TITLE: title, OWNER: owner}


def title_of(metadata: Mapping[str, Any] | None) -> str:
    """The title that this app gave a thread; empty where it gave none."""
    metadata = metadata or {}
    title = metadata.get(TITLE)
    if title is None and _is_of_the_first_version(metadata):
        title = metadata[_OLD_TITLE]
    return title if isinstance(title, str) else ""


def paused_in(metadata: Mapping[str, Any] | None) -> list[str]:
    """The cancelled runs whose inputs are the paused messages of a thread, next one first."""
    known = (metadata or {}).get(PAUSED)
    return [one for one in known if isinstance(one, str)] if isinstance(known, list) else []


async def migrate(client: LangGraphClient, owner: str) -> bool:
    """Write the present keys into the threads that the first version of this app made for `owner`.

    The oldest update comes first, so that their order by time stays. What the server will not
    change is left as it is.

    Returns:
        Whether that is done: False where it is to be tried again later.
    """
    try:
        old = await _made_by_the_first_version(client, owner)
    except LangGraphError:
        return False
    for thread in reversed(old):
        metadata = made_for(owner, thread["metadata"][_OLD_TITLE])
        try:
            await client.threads.update(thread["thread_id"], metadata=metadata)
        except LangGraphError as refused:
            _log.info("thread %s: metadata not migrated: %r", thread["thread_id"], refused)
            if refused.retryable:
                return False
    return True


async def _made_by_the_first_version(client: LangGraphClient, owner: str) -> list[Thread]:
    """Those without the present keys, the newest update first."""
    found: list[Thread] = []
    offset = 0
    while True:
        page = await client.threads.search(
            metadata={_OLD_OWNER: owner},
            limit=_PAGE,
            offset=offset,
            sort_by="updated_at",
            sort_order="desc",
            select=["thread_id", "metadata", "updated_at"],
        )
        found += [thread for thread in page if _is_old(thread.get("metadata"), owner)]
        offset += len(page)
        if len(page) < _PAGE:
            return found


def _is_old(metadata: Mapping[str, Any] | None, owner: str) -> bool:
    """Whether that is a thread of `owner` without the present keys.

    Compared here too: a server with authentication may put its own ``owner`` into the search, and
    then finds other people's threads.
    """
    metadata = metadata or {}
    is_owned = metadata.get(_OLD_OWNER) == owner
    return is_owned and OWNER not in metadata and _is_of_the_first_version(metadata)


def _is_of_the_first_version(metadata: Mapping[str, Any]) -> bool:
    """Whether these keys are this app's: its owners are random UUIDs, beside a title."""
    owner, title = metadata.get(_OLD_OWNER), metadata.get(_OLD_TITLE)
    if not isinstance(owner, str) or not isinstance(title, str):
        return False
    try:
        return UUID(owner).version == 4
    except ValueError:
        return False
