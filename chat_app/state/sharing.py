"""The links by which others read chats of the person at this tab: see `chat_app.auth.share_links`.

A link is a secret. So the lists are read when a dialog is opened, and forgotten when it is closed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text as words
from chat_app.auth import share_links
from chat_app.auth.share_links import PREFIX, Kind
from chat_app.base_path import address
from chat_app.client import LangGraphError
from chat_app.state import server
from chat_app.state.person import person_of
from chat_app.state.safe_json import sendable
from chat_app.state.tab_session import tab_session
from chat_app.state.threads import thread_uuid
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from chat_app.auth.person import Person
    from chat_app.auth.share_links import ShareLink

_KINDS = {kind.value: kind for kind in Kind}
_MOST_PAGES = 40
"""Of links that one press of "Revoke all" reads."""


@dataclass(frozen=True)
class SharedLink:
    """One link, as a list shows it."""

    id: str
    """The hash of the link."""
    thread_id: str
    title: str
    kind: str
    """``snapshot`` or ``live``."""
    at: int
    """Milliseconds since 1970; 0 where that is unknown."""
    path: str
    """Empty where the link cannot be shown again."""


class ShareState(rx.State):
    """The dialog with the links to the open chat."""

    is_open: rx.Field[bool] = rx.field(False)
    is_busy: rx.Field[bool] = rx.field(False)
    links: rx.Field[list[SharedLink]] = rx.field(default_factory=list)
    made: rx.Field[str] = rx.field("")
    """The id of the link that was made last."""
    problem: rx.Field[str] = rx.field("")
    detail: rx.Field[str] = rx.field("")

    _thread_id: str = ""

    @rx.event(background=True)
    async def open(self):
        """Show the links to the open chat."""
        async with self:
            self.reset()
            self.is_open = True
            self._thread_id = tab_session(self).thread_id
            person, thread_id = person_of(self), self._thread_id
            self.is_busy = bool(thread_id)
            if not share_links.are_offered():
                self.problem = words.SHARING_IS_OFF
            elif not thread_id:
                self.problem = words.SHARE_AFTER_FIRST
        if thread_id:
            await _show_links(self, person, thread_id)

    @rx.event
    def close(self):
        """The dialog is closed."""
        self.reset()

    @rx.event(background=True)
    async def create(self, kind: str):
        """Make a link to the chat: a snapshot of it, or live."""
        chosen = _KINDS.get(kind) if isinstance(kind, str) else None
        async with self:
            person, thread_id = person_of(self), self._thread_id
            if chosen is None or not (self.is_open and thread_id) or self.is_busy:
                return
            self.is_busy, self.problem, self.detail = True, "", ""
        made, failure = "", None
        try:
            made = await share_links.create(server.gate(), person, thread_id, chosen)
        except LangGraphError as refused:
            failure = refused
        await _show_links(
            self, person, thread_id, made=share_links.hash_of(made) if made else "", failure=failure
        )

    @rx.event(background=True)
    async def revoke(self, link: str):
        """End a link to the chat."""
        async with self:
            person, thread_id = person_of(self), self._thread_id
            if not (self.is_open and thread_id and share_links.is_hash(link)):
                return
            self.problem = self.detail = ""
        failure = None
        try:
            await share_links.revoke(server.gate(), person, thread_id, link)
        except LangGraphError as refused:
            failure = refused
        await _show_links(self, person, thread_id, failure=failure)


class SharedLinksState(rx.State):
    """The dialog with all links of the person."""

    is_open: rx.Field[bool] = rx.field(False)
    is_busy: rx.Field[bool] = rx.field(False)
    links: rx.Field[list[SharedLink]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)
    problem: rx.Field[str] = rx.field("")
    detail: rx.Field[str] = rx.field("")

    _following: int | None = None

    @rx.event(background=True)
    async def open(self):
        """Show the first page of them."""
        async with self:
            self.reset()
            self.is_open = self.is_busy = True
            person = person_of(self)
        await _show_page(self, person, 0)

    @rx.event
    def close(self):
        """The dialog is closed."""
        self.reset()

    @rx.event(background=True)
    async def show_more(self):
        """Show one page more."""
        async with self:
            person, following = person_of(self), self._following
            if not self.is_open or self.is_busy or following is None:
                return
            self.is_busy = True
        await _show_page(self, person, following)

    @rx.event(background=True)
    async def revoke(self, thread_id: str, link: str):
        """End one link."""
        named = thread_uuid(thread_id)
        async with self:
            person = person_of(self)
            if not (self.is_open and named and share_links.is_hash(link)):
                return
            self.problem = self.detail = ""
        try:
            await share_links.revoke(server.gate(), person, named, link)
        except LangGraphError as failure:
            async with self:
                self.problem, self.detail = describe(failure)
            return
        async with self:
            self.links = [one for one in self.links if one.id != link]

    @rx.event(background=True)
    async def revoke_all(self):
        """End all links of the person, also those on pages that are not shown."""
        async with self:
            person = person_of(self)
            if not self.is_open or self.is_busy:
                return
            self.is_busy, self.problem, self.detail = True, "", ""
        failure = None
        try:
            await _revoke_all(person)
        except LangGraphError as refused:
            failure = refused
        await _show_page(self, person, 0, failure=failure)


async def _show_links(
    tab: ShareState,
    person: Person,
    thread_id: str,
    *,
    made: str = "",
    failure: LangGraphError | None = None,
) -> None:
    """Show the links to a chat as they are by now, and what went wrong before."""
    links: list[SharedLink] | None = None
    try:
        found = await share_links.links_to(server.gate(), person, thread_id)
        links = [_shown(one) for one in found]
    except LangGraphError as refused:
        failure = failure or refused
    async with tab:
        if not tab.is_open or tab._thread_id != thread_id:  # noqa: SLF001 - this module's own
            return
        tab.is_busy = False
        if links is not None:
            tab.links = links
        if made:
            tab.made = made
        if failure:
            tab.problem, tab.detail = describe(failure)


async def _show_page(
    tab: SharedLinksState, person: Person, offset: int, *, failure: LangGraphError | None = None
) -> None:
    page = None
    try:
        page = await share_links.links_of(await server.ready_for(person), person, offset)
    except LangGraphError as refused:
        failure = failure or refused
    async with tab:
        if not tab.is_open:
            return
        tab.is_busy = False
        if page:
            known = {one.id for one in tab.links} if offset else set()
            new = [_shown(one) for one in page.links if one.hashed not in known]
            tab.links = [*tab.links, *new] if offset else new
            tab._following = page.following  # noqa: SLF001 - this module's own
            tab.has_more = page.following is not None
        if failure:
            tab.problem, tab.detail = describe(failure)


async def _revoke_all(person: Person) -> None:
    """Revoke page by page; what cannot be revoked is passed over.

    Raises:
        LangGraphError: the server does not list them, or refused the last one.
    """
    client = await server.ready_for(person)
    found: list[ShareLink] = []
    offset: int | None = 0
    for _ in range(_MOST_PAGES):
        page = await share_links.links_of(client, person, offset)
        found += page.links
        offset = page.following
        if offset is None:
            break
    failure = None
    for link in found:
        try:
            await share_links.revoke(server.gate(), person, link.thread_id, link.hashed)
        except LangGraphError as refused:
            failure = refused
    if failure:
        raise failure


def _shown(link: ShareLink) -> SharedLink:
    return SharedLink(
        link.hashed,
        link.thread_id,
        sendable(link.title or words.NEW_CHAT),
        link.kind.value,
        link.at,
        address(f"{PREFIX}{link.link}") if link.link else "",
    )
