"""The header of the conversation: its title, and on phones the buttons for navigation."""

from __future__ import annotations

from typing import cast

import reflex as rx

from chat_app import text
from chat_app.components.inspector.inspector import inspector_button
from chat_app.components.navigation import JS
from chat_app.components.navigation.chat_menu import chat_menu
from chat_app.components.navigation.link import link
from chat_app.components.navigation.look import Presentation, ShowSidebar, TextSize
from chat_app.components.navigation.sidebar import sidebar_button
from chat_app.components.navigation.temporary import temporary_button, temporary_note
from chat_app.components.navigation.thread_list import header_title
from chat_app.components.shared.icon import icon
from chat_app.shortcuts import hint
from chat_app.state.inbox import InboxState
from chat_app.state.run import RunState
from chat_app.state.view import ViewState


class PageTitle(rx.Component):
    """The document's title: the `title` of the open chat, then that of the `app`."""

    library = JS["page_title.jsx"]
    tag = "PageTitle"

    title: rx.Var[str]
    app: rx.Var[str]


def header() -> rx.Component:
    """Return the header; in a new chat it has no title."""
    title = _unless_inbox(RunState.title, inbox=text.INBOX, schedules=text.SCHEDULES)
    thread = _unless_inbox(RunState.thread_id, inbox="", schedules="")
    return rx.el.header(
        sidebar_button(),
        ShowSidebar.create(),
        rx.cond(title, header_title(title, thread)),
        PageTitle.create(title=title, app=ViewState.title),
        temporary_button(),
        TextSize.create(),
        inspector_button(),
        Presentation.create(class_name="presentation"),
        chat_menu(),
        link(
            icon("square-pen"),
            to="/",
            class_name="icon-button only-narrow new-chat-link",
            aria_label=text.NEW_CHAT,
            **hint("new-chat"),
        ),
        temporary_note(),
        class_name="header",
    )


def _unless_inbox(usual: rx.Var[str], *, inbox: str, schedules: str) -> rx.Var[str]:
    """`usual`, but in the inbox and among the schedules what is said for these."""
    chosen = rx.match(InboxState.place, ("inbox", inbox), ("schedules", schedules), usual)
    return cast("rx.Var[str]", chosen)
