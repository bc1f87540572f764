"""``GET /_media/{sealed}``: the media of a message, served so that they cannot run scripts.

The address is good for the person for whom it was made (see `chat_app.state.addresses`). The bytes
come from the cache of recently painted media, else from the state at the LangGraph server that was
painted. Types that a browser cannot display are served for download only, and so is every type
with ``?download``. Media at other addresses are never fetched from here.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64decode
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from starlette.responses import PlainTextResponse, Response

from chat_app import text
from chat_app.auth.rights import rights_of
from chat_app.client import LangGraphError
from chat_app.file_types import TEXT
from chat_app.middleware.authentication import login_of, still_login_of
from chat_app.routes.sniff import type_of
from chat_app.runs import history
from chat_app.spool import SpoolError
from chat_app.state import media_cache, server
from chat_app.state.addresses import Shown, in_spool, opened
from chat_app.state.media_row import all_media
from chat_app.state.pending_attachments import read_content
from chat_app.transcript.inputs import key_in
from chat_app.transcript.load import saved
from chat_app.transcript.shapes import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from chat_app.auth.person import Person
    from chat_app.client import LangGraphClient
    from chat_app.client.schema import ThreadState
    from chat_app.state.addresses import MediaRef
    from chat_app.transcript.message import Media

_SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", TEXT}
_SHOWN_FAMILIES = {"audio", "video"}
_ANY = "application/octet-stream"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, max-age=3600, immutable",
    "Vary": "Cookie",
    "Accept-Ranges": "bytes",
}
_NOTHING_ELSE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_POLICY = f"{_NOTHING_ELSE}; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"
_PDF_POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""A browser's own reader of PDFs is a sandbox, and does not run in another."""
_RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)", re.IGNORECASE)
_DIGITS = 18
"""Of a place in a file; more can be no place in any, and Python does not read thousands."""

_reading = asyncio.Lock()
"""Threads are read one at a time: each may be a hundred megabytes."""


class _Served(NamedTuple):
    data: bytes
    type: str
    is_shown: bool


async def media(request: Request) -> Response:
    """The media of an address; 404 if it is invalid or there is none."""
    login = login_of(request.scope)
    place = opened(request.path_params["sealed"], rights_of(login.person)) if login else None
    try:
        found = await _found(place, login.person) if login and place else None
        if found is None or still_login_of(request.scope) is None:
            return _nothing()
        served = await asyncio.to_thread(_served, found.data)
    except (LangGraphError, SpoolError, ValueError):  # of what is no base64, too
        return _nothing()
    headers = _headers(found.name, served, download="download" in request.query_params)
    return _whole_or_part(served, headers, request.headers.get("range", ""))


async def _found(place: MediaRef, person: Person) -> Media | None:
    viewer = rights_of(person)
    if found := media_cache.get(place, viewer):
        return found
    if waiting := in_spool(place):
        return await read_content(*waiting)
    if not place.thread_id:
        return None
    async with _reading:
        if found := media_cache.get(place, viewer):
            return found
        client = await server.gate().client(person, place.thread_id)
        everything = await _read(client, place)
        for where, what in everything.items():
            media_cache.put(where, what, viewer)
    return everything.get(place)


async def _read(client: LangGraphClient, place: MediaRef) -> dict[MediaRef, Media]:
    """The media of the state that has a message; those of older ones where its memory was cut."""
    thread_id, leaf = place.thread_id, place.leaf
    state = await client.threads.get_state(thread_id, checkpoint_id=leaf or None)
    found = _in(state, place)
    if place not in found:
        for older in await history.earlier(client, thread_id, state):
            found = _in(older, place) | found
    return found


def _in(state: ThreadState, place: MediaRef) -> dict[MediaRef, Media]:
    key = key_in(state.get("values"))
    messages = saved(state, MESSAGES if key is None else key)
    return dict(all_media(messages, Shown(place.thread_id, leaf=place.leaf)))


def _nothing() -> Response:
    return PlainTextResponse(text.NOT_A_PAGE, 404)


def _served(base64: str) -> _Served:
    data = b64decode(base64, validate=True)
    mime_type = type_of(data)
    is_shown = mime_type in _SHOWN or mime_type.partition("/")[0] in _SHOWN_FAMILIES
    return _Served(data, mime_type if is_shown else _ANY, is_shown)


def _headers(name: str, served: _Served, *, download: bool) -> dict[str, str]:
    how = "inline" if served.is_shown and not download else "attachment"
    named = f"; filename*=UTF-8''{quote(name, safe='')}" if name else ""
    return _HEADERS | {
        "Content-Type": f"{TEXT}; charset=utf-8" if served.type == TEXT else served.type,
        "Content-Disposition": f"{how}{named}",
        "Content-Security-Policy": _PDF_POLICY if served.type == "application/pdf" else _POLICY,
    }


def _whole_or_part(served: _Served, headers: Mapping[str, str], wanted: str) -> Response:
    """All bytes, or the range that a player requested."""
    size = len(served.data)
    found = _RANGE.fullmatch(wanted)
    if not found or not any(found.groups()):
        return Response(served.data, headers=headers)
    first, last = found.groups()
    if max(len(first), len(last)) > _DIGITS:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    start = int(first) if first else max(0, size - int(last))
    stop = min(int(last) + 1, size) if first and last else size
    if start >= stop:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    part = {"Content-Range": f"bytes {start}-{stop - 1}/{size}"}
    return Response(served.data[start:stop], 206, headers={**headers, **part})
