"""The newest threads of whoever sits at this browser.

A thread carries its owner in its metadata (see `chat_app.runs.thread_metadata`). Without sign-in
the owner is a random id that the browser keeps: it lists the browser's own threads, while a
thread's link works for everybody who has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import reflex as rx

from chat_app import text as words
from chat_app.client import LangGraphError
from chat_app.runs import thread_metadata
from chat_app.state import server

if TYPE_CHECKING:
    from chat_app.client.schema import Thread

BUSY = "busy"
"""The status of a thread with a run under way, in the server's words."""
_MOST = 50
_TITLE_LENGTH = 60


@dataclass(frozen=True)
class ThreadLink:
    """One thread in the sidebar. `status` is the server's: idle, busy, interrupted, error."""

    id: str
    title: str
    status: str


class OwnerState(rx.State):
    """Who sits at this browser, as far as we know."""

    owner: str = rx.LocalStorage("", name="chat_owner")
    migrated: str = rx.LocalStorage("", name="chat_migrated")
    """The owner whose threads have the present keys in their metadata."""


class ThreadsState(rx.State):
    """The sidebar's list, newest first."""

    links: rx.Field[list[ThreadLink]] = rx.field(default_factory=list)
    loaded: rx.Field[bool] = rx.field(False)

    @rx.event(background=True)
    async def refresh(self):
        """Read the list from the server; where that fails the old one stays."""
        async with self:
            owner = await owner_of(self)
            is_migrated = (await self.get_state(OwnerState)).migrated == owner
        try:
            client = await server.ready()
            if not is_migrated and await thread_metadata.migrate(client, owner):
                async with self:
                    (await self.get_state(OwnerState)).migrated = owner
            found = await client.threads.search(
                metadata={thread_metadata.OWNER: owner},
                limit=_MOST,
                sort_by="updated_at",
                sort_order="desc",
                select=["thread_id", "metadata", "status", "updated_at"],
            )
        except LangGraphError:
            return  # whatever is wrong is said where the person looks, not in the list
        async with self:
            links = [_link(row) for row in found]
            listed = {link.id for link in links}
            # A thread whose first message is on its way may not be there yet.
            new = [one for one in self.links if one.status == BUSY and one.id not in listed]
            self.links = [*new, *links]
            self.loaded = True


async def owner_of(tab: rx.State) -> str:
    """The id of whoever sits at this browser, made up the first time. Needs the tab's lock."""
    state = await tab.get_state(OwnerState)
    if thread_uuid(state.owner) is None:
        state.owner = state.migrated = str(uuid4())
    return state.owner


def thread_uuid(text: object) -> str | None:
    """`text` as a UUID in its usual form, or None where it is none."""
    try:
        return str(UUID(text)) if isinstance(text, str) else None
    except ValueError:
        return None


def title_of(message: str) -> str:
    """The first words of a message, on one line."""
    line = " ".join(message[: _TITLE_LENGTH * 10].split())
    return line if len(line) <= _TITLE_LENGTH else line[: _TITLE_LENGTH - 1].rstrip() + "…"


def title_in(thread: Thread) -> str:
    """The title that a thread carries; any other thread is a chat without a name."""
    return thread_metadata.title_of(thread.get("metadata")) or words.NEW_CHAT


def _link(row: Thread) -> ThreadLink:
    return ThreadLink(str(row["thread_id"]), title_in(row), str(row.get("status") or ""))
