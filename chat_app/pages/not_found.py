"""The page of unknown addresses: a sentence, and a link to a new chat."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.navigation.link import link

ROUTE = "404"


def not_found() -> rx.Component:
    """Return the page for any address without one."""
    return rx.el.main(
        rx.el.p(text.NOT_A_PAGE),
        link(text.NEW_CHAT, to="/", class_name="button"),
        class_name="lost",
    )
