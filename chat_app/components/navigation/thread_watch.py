"""What the sidebar shows of each thread, and what of it is told while the page is hidden."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app import text
from chat_app.components.navigation import JS
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadLink, ThreadsState

STATUS_WORDS = {
    "running": text.RUNNING,
    "asks": text.NEEDS_YOU,
    "unread": text.DONE_UNREAD,
    "failed": text.FAILED_UNREAD,
}
"""By the marks of ``news.js``."""

NOTIFY_WORDS = {
    "notify": text.NOTIFY,
    "means": text.NOTIFY_MEANS,
    "denied": text.NOTIFY_DENIED,
    "impossible": text.NOTIFY_IMPOSSIBLE,
}


def _visible(is_visible: rx.Var[bool]) -> tuple[rx.Var[bool]]:
    return (is_visible,)


class ThreadWatch(rx.Component):
    """Renders nothing, but keeps what the person has seen of the listed `threads`.

    It also tells the app whether the page is visible, as soon as that is `ready` (hydrated), and
    shows notifications.
    """

    library = JS["thread_watch.jsx"]
    tag = "ThreadWatch"

    threads: rx.Var[list[ThreadLink]]
    loaded: rx.Var[bool]
    open: rx.Var[str]
    ready: rx.Var[bool]
    words: rx.Var[dict[str, Any]]
    on_visible: rx.EventHandler[_visible]


class ThreadStatus(rx.Component):
    """The mark of one thread: running, needs the person, or done since they last looked at it."""

    library = JS["thread_watch.jsx"]
    tag = "ThreadStatus"

    thread: rx.Var[str]
    status: rx.Var[str]
    words: rx.Var[dict[str, Any]]


class NotifyButton(rx.Component):
    """Turns notifications on, for which the browser asks the person, and off."""

    library = JS["notifications.jsx"]
    tag = "NotifyButton"

    words: rx.Var[dict[str, Any]]


def thread_watch() -> rx.Component:
    """Return the watch over all listed threads."""
    return ThreadWatch.create(
        threads=ThreadsState.links,
        loaded=ThreadsState.loaded,
        open=RunState.thread_id,
        ready=rx.State.is_hydrated,
        words=STATUS_WORDS,
        on_visible=ThreadsState.watch,
    )


def notify_button() -> rx.Component:
    """Return the switch of notifications."""
    return NotifyButton.create(words=NOTIFY_WORDS)
