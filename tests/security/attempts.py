"""Everything that a page may call by name, with arguments that no page would send."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from reflex.state import State
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.utils.format import format_event_handler

from chat_app.chat_app import app
from chat_app.export.files import TYPES
from chat_app.middleware import authentication
from chat_app.routes import export
from chat_app.routes.router import ROUTES
from chat_app.routes.sign_in import SIGN_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from reflex.state import BaseState

HUGE = 100_000
_LONG = 10_000
"""Characters that a path or a header may have."""
_ODD = ("0", "../../etc/passwd", "%00", "%2e%2e%2f", "x" * _LONG, "%E2%80%AE", "{}", "null")


def states(state: type[BaseState] = State) -> Iterator[type[BaseState]]:
    """Every state of the app, those of Reflex included."""
    yield state
    for below in state.get_substates():
        yield from states(below)


def attempts(thread_id: str) -> list[tuple[str, dict[str, Any]]]:
    """The names of all event handlers that are registered now, each with many payloads.

    Each argument in turn gets each value: the foreign thread, in many forms, and what is wrong for
    any argument. `setvar` and what a browser's storage may set are tried with every var.
    """
    named = [
        (state.get_full_name(), name) for state in states() for name in (*state.vars, "_internal")
    ]
    stored = {f"{state}.{name}": thread_id for state, name in named}
    marked = {f"{state}.{name}{FIELD_MARKER}": thread_id for state, name in named}
    found: list[tuple[str, dict[str, Any]]] = []
    for state in states():
        for name, handler in state.event_handlers.items():
            full = format_event_handler(handler)
            arguments = list(inspect.signature(handler.fn).parameters)[1:]
            if name == "setvar":
                values = [*state.vars, "_canvas", "__class__", "get_state"]
                found += [(full, {"var_name": one, "value": thread_id}) for one in values]
            found += [(full, {}), (full, dict.fromkeys(arguments, thread_id))]
            for argument in arguments:
                usual = dict.fromkeys(arguments, thread_id)
                found += [(full, {**usual, argument: value}) for value in _values(thread_id)]
                if argument == "vars":
                    found += [(full, {argument: stored}), (full, {argument: marked})]
    return found


async def said_by_routes(
    web: httpx.AsyncClient, names: list[str], *, with_odd: bool = True
) -> bytes:
    """All that the app answers to such `requests`. Nothing may break it."""
    said = []
    for odd in requests([*names, *(_ODD if with_odd else ())]):
        answer = await web.request(odd.method, odd.path, headers=odd.headers, content=odd.body)
        assert answer.status_code < 500, odd
        said.append(answer.content)
    return b"\n".join(said)


class Odd(NamedTuple):
    """A request that no page would send."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def requests(names: list[str]) -> list[Odd]:
    """Requests of all routes that are there now, the app's and Reflex's own, and of pages.

    Each names something by each of the `names`: something foreign, or something odd.
    """
    assert app._api
    paths = {str(getattr(route, "path", "")) for route in (*ROUTES, *app._api.routes)}
    paths |= {"/", "/t/{thread}", authentication.WHO_AM_I, "/_login.js", "/_upload/{path}"}
    found: list[Odd] = []
    for path in sorted(paths, key=lambda path: (path == SIGN_OUT, path)):  # that one last
        for value in [*names, *_files(path, names)]:
            at = path.partition("{")[0] + value if "{" in path else f"{path}?id={value}"
            headers = {"x-chat-thread": value, "x-chat-tab": value, "x-file-name": value}
            sent = {name: quote(each)[:_LONG] for name, each in headers.items()}
            for method in ("GET", "POST", "PUT", "DELETE"):
                body = b"" if method == "GET" else value.encode()
                found.append(Odd(method, at, {**sent, "range": f"bytes=0-{value[:40]}"}, body))
    return found


def _files(path: str, names: list[str]) -> list[str]:
    """The names of files that a route makes, which end with their type."""
    if not path.startswith(export.PREFIX):
        return []
    return [f"{name}.{ending}" for name in names for ending in TYPES]


def _values(thread_id: str) -> list[Any]:
    nested: Any = thread_id
    for _ in range(50):
        nested = {"thread_id": nested}
    return [
        *(None, True, False, -1, 2**63, 1.5, "", [], {}),
        *([thread_id], {"thread_id": thread_id}, nested, [[thread_id]] * 50),
        *(f"/t/{thread_id}", f"{thread_id}|", "x" * HUGE, "../" * 30, "\x00\x1b[2J"),
        {str(number): thread_id for number in range(1000)},
    ]
