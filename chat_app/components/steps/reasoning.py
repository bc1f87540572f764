"""What the agent thought before it spoke: a quiet line that opens to its thoughts."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.shared.error_boundary import LongText
from chat_app.components.shared.icon import icon
from chat_app.state.rows import ReasoningRow


def reasoning(row: ObjectVar[ReasoningRow]) -> rx.Component:
    """The folded line of a thought that is over."""
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
    """The thoughts themselves, also while they come."""
    return rx.el.div(LongText.create(text=words), class_name="thought", dir="auto")
