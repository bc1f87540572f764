"""A quiet line that opens to a text as it is: the server's words, a block nobody can draw."""

from __future__ import annotations

import reflex as rx

from chat_app.components.shared.error_boundary import LongText
from chat_app.components.shared.icon import icon


def folded(title: rx.Var[str] | str, body: rx.Var[str]) -> rx.Component:
    """Nothing at all where `body` is empty."""
    return rx.cond(
        body,
        rx.el.details(
            rx.el.summary(title, icon("chevron-right", class_name="chevron")),
            rx.el.pre(LongText.create(text=body)),
            class_name="disclosure",
        ),
    )


def memory_line(sentence: rx.Var[str] | str) -> rx.Component:
    """The same line where there is nothing to open."""
    return rx.el.p(sentence, class_name="disclosure")
