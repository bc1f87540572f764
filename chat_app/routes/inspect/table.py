"""The routes of the inspector: a row for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from chat_app.routes.inspect import events, graphs, spans, states
from chat_app.routes.inspect.access import for_inspectors
from chat_app.state.inspector.addresses import PREFIX

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from chat_app.routes.inspect.access import Asked


def _route(path: str, answer: Callable[[Asked], Awaitable[Any]]) -> Route:
    return Route(f"{PREFIX}{{sealed}}/{path}", for_inspectors(answer), methods=["GET"])


INSPECT = [
    _route("events", events.listed),
    _route("events/{number}", events.whole),
    _route("events.jsonl", events.download),
    _route("spans", spans.changed),
    _route("spans/{span:path}", spans.whole),
    _route("graph", graphs.drawn),
    _route("state", states.state),
    _route("history", states.history),
    _route("difference", states.differences),
]
