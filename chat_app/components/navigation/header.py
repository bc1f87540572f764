"""The nearly empty bar over the conversation: what it is about, and on phones the way elsewhere."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.navigation import JS
from chat_app.components.navigation.link import link
from chat_app.components.navigation.sidebar import sidebar_button
from chat_app.components.shared.icon import icon
from chat_app.state.run import RunState
from chat_app.state.view import ViewState


class PageTitle(rx.Component):
    """The name of the browser's tab: the `title` of the open chat, then that of the `app`."""

    library = JS["page_title.jsx"]
    tag = "PageTitle"

    title: rx.Var[str]
    app: rx.Var[str]


def header() -> rx.Component:
    """The title of the open thread; nothing but the buttons of narrow screens in a new chat."""
    return rx.el.header(
        sidebar_button(),
        rx.cond(
            RunState.title,
            rx.el.h1(RunState.title, dir="auto", title=RunState.title, data_testid="title"),
        ),
        PageTitle.create(title=RunState.title, app=ViewState.title),
        link(
            icon("square-pen"),
            to="/",
            class_name="icon-button only-narrow",
            aria_label=text.NEW_CHAT,
            title=text.NEW_CHAT,
        ),
        class_name="header",
    )
