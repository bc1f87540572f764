"""``GET /s/{link}``: one chat, for everyone who has a link to it (see `auth.share_links`).

The page is HTML without a script, and nothing of the app is on it or can be reached from it. It
needs no sign-in in any mode and sets no cookie. A link that was never made, one that is revoked and
one whose chat is gone get the same answer, by the same request to the agent server.
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import HTMLResponse, Response

from chat_app import text
from chat_app.auth import share_links
from chat_app.auth.database import UNAVAILABLE
from chat_app.auth.identify import authenticator
from chat_app.auth.share_links import Kind
from chat_app.client import LangGraphError
from chat_app.config import settings
from chat_app.export.document import Document
from chat_app.export.html.page import html_page, policy
from chat_app.middleware.client_address import client_address, limit_key
from chat_app.middleware.rates import Buckets, Rate
from chat_app.routes.shared_cache import PageCache
from chat_app.routes.shared_message import message_page, message_policy
from chat_app.runs import thread_metadata
from chat_app.runs.shared_thread import read_live, read_snapshot
from chat_app.state import server
from chat_app.state.view import NEVER
from chat_app.trusted_peers import networks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from chat_app.auth.share_links import Shared
    from chat_app.client import LangGraphClient
    from chat_app.runs.shared_thread import SharedThread

PATH = f"{share_links.PREFIX}{{link:path}}"

REFRESH = 5
"""Seconds after which a page loads itself again, while an answer is being written."""
_LIVE_FOR = 2.0
"""Seconds for which the page of a live link is not made again, unless the chat changes."""
_RATE = Rate(per_second=2, burst=60)
"""Pages for one address: some people behind one router, each with a live page."""
_MEDIA = 8_000_000
"""Characters of base64 of all media on a page, which is sent whole each time; others are named."""
_WITHIN = 30.0
"""Seconds for all that a page needs."""
_MOST_WAITING = 50

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Frame-Options": "DENY",
}
_NO_FRAME = "; frame-ancestors 'none'"


class _Page(NamedTuple):
    html: str
    is_running: bool = False


class _Readers:
    """Of one process: how often an address may ask, and the pages that were made lately."""

    def __init__(self) -> None:
        self.rates = Buckets(_RATE)
        self.pages: PageCache[_Page] = PageCache()
        self.reading = asyncio.Lock()
        """Threads are read and written as HTML one at a time: each may be large."""
        self.waiting = 0


_readers = _Readers()


def forget() -> None:
    """Be as at the start."""
    global _readers  # noqa: PLW0603 - made again for another event loop
    _readers = _Readers()


async def shared(request: Request) -> Response:
    """The page of a link, or one that says why there is none."""
    address = limit_key(client_address(request.scope, networks(settings().trusted_proxies)))
    if wait := _wait(address):
        retry = {"Retry-After": str(math.ceil(wait))}
        return _message(text.SHARED_TOO_OFTEN, text.SHARED_TOO_OFTEN_MEANS, 429, retry)
    try:
        async with asyncio.timeout(_WITHIN):
            page = await _page(request.scope["path"].removeprefix(share_links.PREFIX))
    except (LangGraphError, TimeoutError, *UNAVAILABLE):
        unavailable = text.SHARED_UNAVAILABLE, text.SHARED_UNAVAILABLE_MEANS
        return _message(*unavailable, 503, {"Retry-After": "10"})
    if page is None:
        return _message(text.NO_SHARED_CHAT, text.NO_SHARED_CHAT_MEANS, 404)
    refresh = {"Refresh": str(REFRESH)} if page.is_running else {}
    headers = _HEADERS | refresh | {"Content-Security-Policy": policy() + _NO_FRAME}
    return HTMLResponse(page.html, headers=headers)


def _wait(address: str) -> float:
    """Seconds that an address has to wait; 0 where it may ask now."""
    now = time.monotonic()
    return 0 if _readers.rates.allow(address, 1, now) else 1 / _RATE.per_second


def _message(
    title: str, sentence: str, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """A page that says one thing."""
    ours = _HEADERS | {"Content-Security-Policy": message_policy()} | dict(headers or {})
    return HTMLResponse(message_page(title, sentence), status, ours)


async def _page(link: str) -> _Page | None:
    """The page of a link; None where it leads nowhere.

    Raises:
        LangGraphError: the server does not tell.
    """
    if not share_links.are_offered():
        return None
    client = await server.ready()
    found = await share_links.find(client, link)
    if found is None or not await _is_owners_to_share(found):
        return None
    key = _version(found)
    if known := _readers.pages.get(key):
        return known
    if _readers.waiting >= _MOST_WAITING:
        raise TimeoutError
    _readers.waiting += 1
    try:
        async with _readers.reading:
            if known := _readers.pages.get(key):
                return known  # another reader of the same link has waited for it
            page = await _made(client, found)
    finally:
        _readers.waiting -= 1
    if page:
        lasts = _LIVE_FOR if found.link.kind is Kind.LIVE else None
        _readers.pages.put(key, page, size=len(page.html), lasts=lasts)
    return page


async def _is_owners_to_share(found: Shared) -> bool:
    """Not where the owner's account is removed or locked."""
    owner = thread_metadata.owner_in(found.thread.get("metadata"))
    return not owner or await asyncio.to_thread(authenticator().may_come_in, owner)


def _version(found: Shared) -> tuple[str, ...]:
    """What is another one once the page would be another one."""
    link, thread = found.link, found.thread
    if link.kind is Kind.SNAPSHOT:
        return link.hashed, link.shown_title
    changes = ("status", "updated_at", "state_updated_at")
    return link.hashed, link.shown_title, *(str(thread.get(name)) for name in changes)


async def _made(client: LangGraphClient, found: Shared) -> _Page | None:
    link, backend = found.link, server.gate().backend
    if link.kind is Kind.LIVE:
        read = await read_live(client, backend, found.thread)
    else:
        read = await read_snapshot(
            client, backend, found.thread, checkpoint_id=link.checkpoint_id, at=link.at
        )
    if read is None:
        return None
    return _Page(await asyncio.to_thread(_html, found, read), read.is_running)


def _html(found: Shared, read: SharedThread) -> str:
    link = found.link
    # The words of an error may be about the server, and are for those who use the app.
    transcript = replace(read.transcript, failure=None)
    document = Document(
        transcript,
        title=link.shown_title or text.SHARED_UNTITLED,
        app=text.SHARED_CHAT,
        steps=settings().steps != NEVER,
    )
    return html_page(document, notice=_notice(found, read), inline_limit=_MEDIA)


def _notice(found: Shared, read: SharedThread) -> str:
    link = found.link
    if link.kind is Kind.SNAPSHOT:
        said = text.SHARED_SNAPSHOT.format(date=_date(link.at / 1000))
    elif read.is_running:
        said = text.SHARED_RUNNING
    else:
        said = text.SHARED_LIVE.format(date=_date(time.time()))
    return f"{text.SHARED_CHAT} · {said}"


def _date(at: float) -> str:
    """A time in seconds since 1970, as text; the reader's own zone is not known here."""
    return f"{datetime.fromtimestamp(at, UTC):%d %B %Y, %H:%M} UTC"
