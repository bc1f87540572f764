"""A row that opens to plain text: an error of the server, content of an unknown type."""

from __future__ import annotations

import reflex as rx

from chat_app.components.shared.error_boundary import LongText
from chat_app.components.shared.icon import icon


def folded(title: rx.Var[str] | str, body: rx.Var[str]) -> rx.Component:
    """Return the row; nothing if `body` is empty."""
    return rx.cond(
        body,
        rx.el.details(
            rx.el.summary(title, icon("chevron-right", class_name="chevron")),
            rx.el.pre(LongText.create(text=body)),
            class_name="disclosure",
        ),
    )


def memory_line(sentence: rx.Var[str] | str) -> rx.Component:
    """Return the same row without anything to open."""
    return rx.el.p(sentence, class_name="disclosure")
