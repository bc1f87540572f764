"""Who asks for what: the checks that every route of the inspector has, and its answers."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.responses import PlainTextResponse, Response

from chat_app import text
from chat_app.auth.inspecting import may_inspect
from chat_app.client import LangGraphError, NotFoundError
from chat_app.middleware.authentication import login_of, still_login_of
from chat_app.runs.inspector.inspection import of
from chat_app.state import server
from chat_app.state.inspector.addresses import opened
from chat_app.state.threads import thread_uuid
from chat_app.timeline.listing import as_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from chat_app.auth.person import Person
    from chat_app.client import LangGraphClient
    from chat_app.runs.inspector.recording import Recorder
    from chat_app.runs.session import ThreadSession

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Vary": "Cookie",
}
MOST_AT_ONCE = 6
"""Requests that one person may have under way: a browser sends no more to one host, either."""
_WITHIN = 60.0
"""Seconds for one answer."""
_DIGITS = 9
"""Of a number in an address; more can be no event's, and Python does not read thousands."""

_under_way: Counter[str] = Counter()


class WrongRequestError(Exception):
    """A part of the address is not what it has to be."""


class Asked(NamedTuple):
    """A request of someone who may inspect this thread."""

    request: Request
    person: Person
    thread_id: str
    client: LangGraphClient
    session: ThreadSession

    @property
    def recorder(self) -> Recorder | None:
        """What is recorded of the thread."""
        inspection = of(self.session.inspection)
        return inspection.recorder if inspection else None

    def number(self, name: str, default: int = 0) -> int:
        """A number of the query or the path, which is not negative.

        Raises:
            WrongRequestError: it is something else.
        """
        told = self.request.path_params.get(name, self.request.query_params.get(name, ""))
        if not told:
            return default
        if not (told.isascii() and told.isdigit() and len(told) <= _DIGITS):
            raise WrongRequestError(name)
        return int(told)

    def word(self, name: str, most: int = 200) -> str:
        """A text of the query; empty where there is none.

        Raises:
            WrongRequestError: it is longer than `most` characters.
        """
        told = self.request.query_params.get(name, "")
        if len(told) > most:
            raise WrongRequestError(name)
        return told

    def run(self) -> str:
        """The id of a run in the query; empty where there is none.

        Raises:
            WrongRequestError: it is none.
        """
        told = self.word("run")
        run_id = thread_uuid(told) if told else ""
        if run_id is None:
            raise WrongRequestError("run")
        return run_id


def for_inspectors(
    answer: Callable[[Asked], Awaitable[Any]],
) -> Callable[[Request], Awaitable[Response]]:
    """A route whose `answer` is a response, or JSON that is sent as one.

    It is asked only for someone who may inspect the thread of the address. Where it raises a
    `NotFoundError` there is nothing, and other errors of the server are told as such.
    """

    async def route(request: Request) -> Response:
        login = login_of(request.scope)
        thread_id = opened(request.path_params["sealed"], login.person) if login else None
        if not (login and thread_id and may_inspect(login.person)):
            return plain(text.NOT_A_PAGE, 404)
        person = login.person
        if _under_way[person.id] >= MOST_AT_ONCE:
            return plain(text.INSPECTOR_BUSY, 429)
        _under_way[person.id] += 1
        try:
            async with asyncio.timeout(_WITHIN):
                gate = server.gate()
                client = await gate.client(person, thread_id)
                session = await gate.visit(person, thread_id)
                found = await answer(Asked(request, person, thread_id, client, session))
                answered = found if isinstance(found, Response) else as_response(found)
        except WrongRequestError:
            answered = plain(text.NOT_A_PAGE, 400)
        except NotFoundError:
            answered = plain(text.THREAD_GONE, 404)
        except (LangGraphError, TimeoutError, RecursionError):
            answered = plain(text.INSPECTOR_FAILED, 503)
        finally:
            _under_way[person.id] -= 1
            if not _under_way[person.id]:
                del _under_way[person.id]
        if still_login_of(request.scope) is None:
            return plain(text.NOT_A_PAGE, 404)
        return answered

    return route


def as_response(value: Any) -> Response:
    """`value` as JSON."""
    return Response(as_json(value), headers=HEADERS, media_type="application/json")


def plain(sentence: str, status: int) -> Response:
    """A sentence, for a request that gets nothing else."""
    return PlainTextResponse(sentence, status, HEADERS)
