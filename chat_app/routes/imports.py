"""``POST /_import``: a file that holds a conversation, to be looked at before it is imported.

The body is the file, JSON or HTML as the app exports them; ``X-Chat-Tab`` is the tab's own token.
It is kept for the tab, whichever process has that (see `chat_app.state.opened_file`). The answer is
``{}``, or ``{"problem"}`` with a sentence for the person: both with status 200, as for uploads.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from weakref import ref

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from chat_app import text
from chat_app.auth.tabs import token_for
from chat_app.export.read_file import LONGEST, InvalidFileError
from chat_app.middleware.authentication import login_of, still_login_of
from chat_app.middleware.bodies import CLIENT_KEYS
from chat_app.routes.uploads import is_own_page
from chat_app.spool import SpoolDownError, SpoolFullError
from chat_app.state import opened_file, tab_session

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from chat_app.state.tab_session import TabSession
    from chat_app.transcript.record import SavedThread

PATH = "/_import"
_log = logging.getLogger(__name__)
MOST_KEPT = 150_000_000
"""Bytes of the files that all tabs together have open."""
_kept: list[tuple[ref[TabSession], int]] = []
"""The tabs with files, and how large these are; the first one was sent first."""
_reading = asyncio.Semaphore(1)
"""Reading a file takes several times its memory."""


async def take(request: Request) -> Response:
    """Read a file; the tab keeps what is in it until another one is read, or it is gone."""
    login = login_of(request.scope)
    token = token_for(login, request.headers.get("x-chat-tab")) if login else None
    if not is_own_page(request):
        return JSONResponse({}, 403)
    if token is None:
        return JSONResponse({}, 401)
    try:
        is_kept = await _taken(request, token)
    except InvalidFileError as refused:
        return JSONResponse({"problem": str(refused)})
    except ClientDisconnect:
        return JSONResponse({}, 400)
    return JSONResponse({}, 200 if is_kept else 401)


async def _taken(request: Request, token: str) -> bool:
    """Keep the file of a request for a tab; False where its login has ended meanwhile."""
    data = await _body(request)
    async with _reading:
        saved = await asyncio.to_thread(_saved, data)
    if still_login_of(request.scope) is None:
        return False
    try:
        file_id = await opened_file.keep(token, data, request.scope.get(CLIENT_KEYS, ()))
    except SpoolFullError as full:
        raise InvalidFileError(text.FILES_NOWHERE) from full
    except SpoolDownError as problem:
        _log.warning("A file could not be kept: %s", problem)
        raise InvalidFileError(text.FILES_UNKEPT) from problem
    if tab := tab_session.find(token):
        tab.file_id = file_id
        _keep(tab, saved, len(data))
    return True


def _keep(tab: TabSession, saved: SavedThread, size: int) -> None:
    """Let the tab have it; the tabs that opened a file first lose theirs where all is too much."""
    tab.file = saved
    _kept[:] = [(one, octets) for one, octets in _kept if (own := one()) and own is not tab]
    _kept.append((ref(tab), size))
    while sum(octets for _, octets in _kept) > MOST_KEPT and len(_kept) > 1:
        first = _kept.pop(0)[0]()
        if first is not None:
            first.forget_file()


async def _body(request: Request) -> bytes:
    said = request.headers.get("content-length", "")
    data = bytearray()
    if said.isdecimal() and int(said) > LONGEST:
        raise InvalidFileError(text.IMPORT_TOO_LARGE)
    async for chunk in request.stream():
        data += chunk
        if len(data) > LONGEST:
            raise InvalidFileError(text.IMPORT_TOO_LARGE)
    return bytes(data)


def _saved(data: bytes) -> SavedThread:
    try:
        return opened_file.read(data)
    except UnicodeDecodeError as odd:
        raise InvalidFileError(text.IMPORT_INVALID) from odd
