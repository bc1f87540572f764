"""The page of unknown addresses: a sentence, and a link to a new chat."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.navigation.header import PageTitle
from chat_app.components.navigation.link import link
from chat_app.state.view import ViewState

ROUTE = "404"


def not_found() -> rx.Component:
    """Return the page for any address without one."""
    return rx.el.main(
        rx.el.h1(text.PAGE_NOT_FOUND),
        rx.el.p(text.NOT_A_PAGE),
        link(text.NEW_CHAT, to="/", class_name="button"),
        PageTitle.create(title=text.PAGE_NOT_FOUND, app=ViewState.title),
        class_name="lost",
    )
