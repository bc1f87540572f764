"""The nearly empty bar over the conversation: what it is about, and on phones the way elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from chat_app import text
from chat_app.components.icon import icon
from chat_app.components.link import link
from chat_app.components.sidebar import sidebar_button
from chat_app.state.run import RunState
from chat_app.state.threads import ThreadLink, ThreadsState

if TYPE_CHECKING:
    from reflex.vars import ObjectVar


def top_bar() -> rx.Component:
    """The title of the open thread; nothing but the buttons of narrow screens in a new chat."""
    return rx.el.header(
        sidebar_button(),
        rx.foreach(ThreadsState.links, _title_if_open),
        link(
            icon("square-pen"),
            to="/",
            class_name="icon-button only-narrow",
            aria_label=text.NEW_CHAT,
            title=text.NEW_CHAT,
        ),
        class_name="top",
    )


def _title_if_open(thread: ObjectVar[ThreadLink]) -> rx.Component:
    return rx.cond(
        thread.id == RunState.thread_id,
        rx.el.h1(thread.title, dir="auto", title=thread.title, data_testid="title"),
    )
