"""``POST /_attachments``: one file for the next message of the tab that sends it.

The body is the file itself. ``X-Chat-Tab`` is the tab's own token, ``X-Chat-Thread`` the thread
that its message is for, if there is one yet, and ``X-File-Name`` the name, percent-encoded. The
file is kept in the spool (see `chat_app.spool`) for a tab of the person whose cookie comes along,
whichever process has the tab's socket. The answer is ``{"id", "type"}``, or
``{"problem"}`` with a sentence for the person: both with status 200, because the browser would log
any other status as an error of the page.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from chat_app import text
from chat_app.auth import cookies
from chat_app.auth.tabs import token_for
from chat_app.config import settings
from chat_app.file_types import BINARY, DISPLAYED, TEXT, ending, is_accepted
from chat_app.middleware.authentication import login_of, still_login_of
from chat_app.middleware.bodies import CLIENT_KEYS
from chat_app.origin import parse_origin
from chat_app.routes.sniff import type_of, words_in
from chat_app.spool import SpoolDownError, SpoolFullError
from chat_app.state import tab_session
from chat_app.state.pending_attachments import PendingAttachments
from chat_app.state.threads import thread_uuid
from chat_app.transcript.media import kind_of, text_file
from chat_app.transcript.message import Media

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.requests import Request
    from starlette.responses import Response

    from chat_app.state.pending_attachments import PendingAttachment


PATH = "/_attachments"
_log = logging.getLogger(__name__)

_NAME_LENGTH = 120
_MESSAGES = 5
"""The most drafts per tab with the maximum number of files."""
_SAID = {
    last: kind
    for kind in (*DISPLAYED, "application/pdf", "audio/wav", "audio/mpeg", "audio/flac")
    for last in BINARY[kind]
}
"""Endings that say what must be in a file. One of these kinds may go by the name of another of its
family: a picture is a picture."""
_NAMES = {
    "image/*": "images",
    "audio/*": "sounds",
    "video/*": "videos",
    "text/*": "text",
    "application/pdf": "PDF",
}

_judging = asyncio.Semaphore(2)
"""Looking at a file and encoding it takes several times its memory."""


class _RefusedError(Exception):
    """Its text is a sentence for the person."""


async def upload(request: Request) -> Response:
    """Keep a file until its message is sent, it is removed, or the tab is gone."""
    login = login_of(request.scope)
    token = token_for(login, request.headers.get("x-chat-tab")) if login else None
    if not is_own_page(request):
        return JSONResponse({}, 403)
    if token is None:
        return JSONResponse({}, 401)
    try:
        attachment = await _kept(request, token)
    except _RefusedError as refused:
        return JSONResponse({"problem": str(refused)})
    except ClientDisconnect:
        return JSONResponse({}, 400)  # the client has disconnected
    if attachment is None:
        return JSONResponse({}, 401)
    return JSONResponse({"id": attachment.id, "type": attachment.type})


async def _kept(request: Request, token: str) -> PendingAttachment | None:
    """Keep what is in a request for a tab; None where its login has ended meanwhile."""
    attachments = _attachments_of(token)
    attachments.quota_keys = request.scope.get(CLIENT_KEYS, ())
    await attachments.refresh()
    thread_id = thread_uuid(request.headers.get("x-chat-thread")) or ""
    _check_count(attachments, thread_id)
    with attachments.uploading(thread_id) as upload:
        data = await _body(request)
        async with _judging:
            media = await asyncio.to_thread(_judged, data, _name(request.headers))
        if still_login_of(request.scope) is None:
            return None
        try:
            return await attachments.put(media, upload.thread_id, upload.begun)
        except SpoolFullError as full:
            raise _RefusedError(text.FILES_NOWHERE) from full
        except SpoolDownError as problem:
            _log.warning("A file could not be kept: %s", problem)
            raise _RefusedError(text.FILES_UNKEPT) from problem


def _attachments_of(token: str) -> PendingAttachments:
    """Those of a tab, which may be at another process."""
    tab = tab_session.find(token)
    return tab.attachments if tab else PendingAttachments(token)


def is_own_page(request: Request) -> bool:
    """Whether it comes from a page of this origin, as the browser reports it.

    Without HTTPS a browser reports `Origin` alone, and a proxy may have replaced `Host`.
    """
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    page = parse_origin(request.headers.get("origin", ""))
    return page is not None and page == cookies.served_at(request.scope)


def _check_count(attachments: PendingAttachments, thread_id: str) -> None:
    most = settings().files
    if attachments.count(thread_id) >= most:
        raise _RefusedError(text.FILES_TOO_MANY.format(most=most))
    if attachments.count() >= most * _MESSAGES:
        raise _RefusedError(text.FILES_IN_OTHER_CHATS)


async def _body(request: Request) -> bytes:
    most = settings().file_mb * 1_000_000
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        raise _too_large(int(said), most)
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise _too_large(len(data), most)
    return bytes(data)


def _too_large(octets: int, most: int) -> _RefusedError:
    sizes = {"size": text.size(octets), "most": text.size(most)}
    return _RefusedError(text.FILE_TOO_LARGE.format(**sizes))


def _name(headers: Headers) -> str:
    """The last part of the name, without what could be mistaken for more than a name."""
    name = unquote(headers.get("x-file-name", "")).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in name if letter.isprintable() and letter not in '<>"')
    if len(name) > _NAME_LENGTH:
        stem, dot, ending = name.rpartition(".")
        kept = f"{dot}{ending}" if stem and len(ending) < 10 else ""
        name = name[: _NAME_LENGTH - len(kept) - 1] + "…" + kept
    return name.strip()


def _judged(data: bytes, name: str) -> Media:
    """The file as a message will carry it."""
    if not data:
        raise _RefusedError(text.FILE_EMPTY)
    found = type_of(data)
    said = _SAID.get(ending(name), "")
    if said and not _is_of_family(found, said):
        named = said.rpartition("/")[2].upper()
        raise _RefusedError(text.FILE_NAMED_WRONG.format(named=named))
    allowed = settings().file_types
    if not is_accepted(found, name, allowed):
        kinds = [_NAMES.get(kind, kind) for kind in allowed]
        raise _RefusedError(text.FILE_UNKNOWN.format(kinds=", ".join(kinds)))
    if found == TEXT:
        return text_file(name, words_in(data) or "")
    return Media(kind_of(found), found, name, data=b64encode(data).decode())


def _is_of_family(found: str, said: str) -> bool:
    return found == said or (found in DISPLAYED and said in DISPLAYED)
