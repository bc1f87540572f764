"""An address that leads nowhere: a sentence, and the way back."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.navigation.link import link

ROUTE = "404"


def not_found() -> rx.Component:
    """The page for any address that is no other."""
    return rx.el.main(
        rx.el.p(text.NOT_A_PAGE),
        link(text.NEW_CHAT, to="/", class_name="button"),
        class_name="lost",
    )
