"""The reasoning of a model: a row that opens to it."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.shared.error_boundary import LongText
from chat_app.components.shared.icon import icon
from chat_app.state.rows import ReasoningRow


def reasoning(row: ObjectVar[ReasoningRow]) -> rx.Component:
    """Return the collapsed row of a complete reasoning."""
    return rx.el.details(
        rx.el.summary(
            icon("check", class_name="good"),
            rx.cond(row.took, f"{text.THOUGHT_FOR} {row.took}", text.THOUGHT),
            icon("chevron-right", class_name="chevron"),
        ),
        thought(row.text),
        class_name="disclosure",
    )


def thought(words: rx.Var[str] | str) -> rx.Component:
    """Return the text of the reasoning, also while it is streamed."""
    return rx.el.div(LongText.create(text=words), class_name="thought", dir="auto")
