"""What will go with the next message, as the composer shows it.

The bytes come by a route of their own (see `chat_app.routes.uploads`) and wait in the spool (see
`chat_app.spool`); how far an upload is, and why one was refused, the page knows itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import reflex as rx

from chat_app import text
from chat_app.auth.rights import rights_of
from chat_app.config import settings
from chat_app.file_types import accept
from chat_app.state.addresses import address_of, spooled
from chat_app.state.media_row import item
from chat_app.state.pending_attachments import PendingAttachment
from chat_app.state.person import person_of
from chat_app.state.rows import MediaItem
from chat_app.state.tab_session import tab_session
from chat_app.transcript.message import Media


@dataclass(frozen=True)
class Chip:
    """One attachment of the message to that thread; `id` is what the page sends for it."""

    id: str
    item: MediaItem
    thread: str


class AttachmentsState(rx.State):
    """The chips over the text boxes of all threads, and what may be attached, by the settings."""

    chips: rx.Field[list[Chip]] = rx.field(default_factory=list)
    is_known: rx.Field[bool] = rx.field(False)
    """The spool was asked for them: until then that there are none says nothing."""
    most: rx.Field[int] = rx.field(default_factory=lambda: settings().files)
    """Of one message; 0: nothing can be attached."""
    most_bytes: rx.Field[int] = rx.field(default_factory=lambda: settings().file_mb * 1_000_000)
    """Of one file."""
    types: rx.Field[list[str]] = rx.field(default_factory=lambda: accept(settings().file_types))
    """What may be chosen, as a file input takes it."""

    @rx.event
    async def look(self):
        """Show what the tab has attached by now, whichever process has taken it."""
        await tab_session(self).attachments.refresh()
        await show_attachments(self)

    @rx.event
    async def remove(self, id: str):
        """Forget an attachment."""
        if isinstance(id, str):
            await tab_session(self).attachments.drop(id)
            await show_attachments(self)


async def show_attachments(tab: rx.State) -> None:
    """Show what the tab has attached. Needs the tab's lock."""
    state = await tab.get_state(AttachmentsState)
    viewer = rights_of(person_of(tab))
    attachments = tab_session(tab).attachments
    now = [_chip(attachment, attachments.owner, viewer) for attachment in attachments.shown]
    if now != state.chips:
        state.chips = now
    if attachments.is_known and not state.is_known:
        state.is_known = True


def _chip(attachment: PendingAttachment, owner: str, viewer: str) -> Chip:
    if isinstance(attachment.part, Media):
        place = spooled(owner, attachment.id)
        shown = item(attachment.part, place, viewer)
        if attachment.size:
            address, size = address_of(place, viewer), text.size(attachment.size)
            shown = replace(shown, address=address, size=size)
    else:
        shown = MediaItem("file", str(attachment.part.block.get("type")))
    return Chip(attachment.id, shown, attachment.thread_id)
