"""The scrolling column around the transcript."""

from __future__ import annotations

import reflex as rx

from chat_app.components.conversation import JS


class Scroll(rx.Component):
    """Follows the newest line while the reader is at the end.

    A change of `thread` or `sent` (the number of messages sent here) scrolls to the end. `count` is
    the number of the thread's messages, `earlier` of those that are not loaded yet, which
    `on_earlier` requests; `more` and `latest` are the labels of the two buttons, `label` that of
    the column.
    """

    library = JS["scroll.jsx"]
    tag = "Scroll"

    thread: rx.Var[str]
    sent: rx.Var[int]
    count: rx.Var[int]
    earlier: rx.Var[int]
    more: rx.Var[str]
    latest: rx.Var[str]
    label: rx.Var[str]
    on_earlier: rx.EventHandler[rx.event.no_args_event_spec]
