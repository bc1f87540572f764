"""What went wrong in a tab of the inspector."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.shared.folded import folded


def trouble(problem: rx.Var[str], detail: rx.Var[str]) -> rx.Component:
    """Return the sentence, and the server's words folded; nothing where all is well."""
    return rx.cond(
        problem,
        rx.el.div(
            rx.el.p(problem, role="alert", data_testid="inspector-problem"),
            folded(text.DETAILS, detail),
            class_name="inspector-trouble",
        ),
    )
