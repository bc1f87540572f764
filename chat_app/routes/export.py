"""``GET /export/{thread id}.{md, json or html}``: a conversation as a file to keep.

The person has to be one who may use the thread; to any other there is none. The branch that is
shown is exported, whole. ``?view`` serves the HTML page for being looked at, which is how the app
prints; everything else is a download. Nothing of it is kept by a cache.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import PlainTextResponse, Response

from chat_app import text
from chat_app.client import LangGraphError, NotFoundError
from chat_app.config import settings
from chat_app.export.files import TYPES, file_of, name_of
from chat_app.export.html.page import policy
from chat_app.middleware.authentication import login_of, still_login_of
from chat_app.state import server
from chat_app.state.threads import thread_uuid
from chat_app.state.view import NEVER

if TYPE_CHECKING:
    from starlette.requests import Request

    from chat_app.transcript.record import SavedThread

PREFIX = "/export/"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Vary": "Cookie",
}
_NOT_A_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

MOST_WAITING = 3
"""Files that one person may have made at once."""
_WITHIN = 120.0
"""Seconds for one file."""
_reading = asyncio.Lock()
"""Threads are read and written one at a time: each may be a hundred megabytes."""
_waiting: Counter[str] = Counter()
"""How many files people have asked for and did not get yet, by their ids."""


async def download(request: Request) -> Response:
    """The file; 404 where there is no such thread for this person."""
    stem, _, ending = request.path_params["name"].rpartition(".")
    thread_id, login = thread_uuid(stem), login_of(request.scope)
    if login is None or thread_id is None or ending not in TYPES:
        return _plain(text.NOT_A_PAGE, 404)
    person = login.person
    if _waiting[person.id] >= MOST_WAITING:
        return _plain(text.EXPORT_TOO_MANY, 429)
    _waiting[person.id] += 1
    try:
        async with asyncio.timeout(_WITHIN), _reading:
            saved = await server.gate().read_saved(person, thread_id)
            content = await asyncio.to_thread(_written, saved, ending)
    except NotFoundError:
        return _plain(text.THREAD_GONE, 404)
    except (LangGraphError, TimeoutError):
        return _plain(text.EXPORT_FAILED, 503)
    finally:
        _waiting[person.id] -= 1
        if not _waiting[person.id]:
            del _waiting[person.id]
    if still_login_of(request.scope) is None:
        return _plain(text.NOT_A_PAGE, 404)
    is_view = ending == "html" and "view" in request.query_params
    return Response(content, headers=_headers(saved, ending, is_view=is_view))


def _written(saved: SavedThread, ending: str) -> bytes:
    configured = settings()
    file = file_of(
        saved,
        ending,
        now=datetime.now(UTC),
        app=configured.title,
        steps=configured.steps != NEVER,
    )
    return file.encode(errors="replace")


def _headers(saved: SavedThread, ending: str, *, is_view: bool) -> dict[str, str]:
    how = "inline" if is_view else "attachment"
    name = quote(name_of(saved, ending), safe="")
    return _HEADERS | {
        "Content-Type": f"{TYPES[ending]}; charset=utf-8",
        "Content-Disposition": f"{how}; filename*=UTF-8''{name}",
        "Content-Security-Policy": f"{policy()}; frame-ancestors 'self'"
        if is_view
        else _NOT_A_PAGE,
    }


def _plain(sentence: str, status: int) -> Response:
    return PlainTextResponse(sentence, status, _HEADERS)
