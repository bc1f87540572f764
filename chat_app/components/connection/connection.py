"""The slim bar over the composer that stands while the browser cannot reach the app."""

from __future__ import annotations

import logging

import reflex as rx
from reflex.event import EventSpec

from chat_app import text
from chat_app.components.connection import JS

_log = logging.getLogger("chat_app")


class Connection(rx.Component):
    """Nothing while the socket to the app is open, or was a moment ago.

    The sentences are for a browser without a network, a socket that is down, and an app that
    failed while handling an event (see `failed`); `retry` and `reload` name the buttons.
    """

    library = JS["connection.jsx"]
    tag = "Connection"

    offline: rx.Var[str]
    lost: rx.Var[str]
    failed: rx.Var[str]
    retry: rx.Var[str]
    reload: rx.Var[str]


def connection() -> rx.Component:
    """The bar, with its sentences."""
    return Connection.create(
        offline=text.OFFLINE,
        lost=text.APP_LOST,
        failed=text.APP_FAILED,
        retry=text.RETRY_NOW,
        reload=text.RELOAD,
    )


def failed(exception: Exception) -> EventSpec:
    """Log an exception that no event handler caught, and have the bar say that there was one."""
    _log.error("An event handler failed", exc_info=exception)
    return rx.call_script("document.dispatchEvent(new Event('appfailure'))")
