"""The notice above the composer while the browser cannot reach the app."""

from __future__ import annotations

import logging

import reflex as rx
from reflex.event import EventSpec

from chat_app import text
from chat_app.built_page.events import page_event
from chat_app.components.connection import JS
from chat_app.observability import metrics

_log = logging.getLogger("chat_app")


class Connection(rx.Component):
    """Nothing while the socket to the app is open, or was a moment ago.

    The sentences are for a browser that is offline, a socket that is down, one that the app refuses
    as there are too many, and an exception in an event handler of the app (see `failed`), and an
    outage of what the app's processes share, during which the page goes on (`limited`); `retry`
    and `reload` are the labels of the buttons.
    """

    library = JS["connection.jsx"]
    tag = "Connection"

    offline: rx.Var[str]
    lost: rx.Var[str]
    crowded: rx.Var[str]
    failed: rx.Var[str]
    limited: rx.Var[str]
    retry: rx.Var[str]
    reload: rx.Var[str]


def connection() -> rx.Component:
    """Return the notice, with its sentences."""
    return Connection.create(
        offline=text.OFFLINE,
        lost=text.APP_LOST,
        crowded=text.APP_CROWDED,
        failed=text.APP_FAILED,
        limited=text.APP_LIMITED,
        retry=text.RETRY_NOW,
        reload=text.RELOAD,
    )


def reported(exception: Exception) -> None:
    """Log what a browser says of an error in its page."""
    metrics.failed("page")
    _log.error("A page reports an error: %.300s", exception)


def failed(exception: Exception) -> EventSpec:
    """Log an unhandled exception of an event handler, and show that there was one."""
    metrics.failed("handler")
    _log.error("An event handler failed", exc_info=exception)
    return page_event("appfailure")
