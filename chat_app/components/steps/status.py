"""The status of a step on its row: an icon, a label, and its duration."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.shared.icon import icon
from chat_app.components.steps.disclosure import Elapsed
from chat_app.state.rows import AgentRow, ToolRow

Step = ObjectVar[ToolRow] | ObjectVar[AgentRow]


def mark(row: Step) -> rx.Component:
    """Return the status as an icon, and as text for screen readers."""
    return rx.fragment(
        rx.match(
            row.status,
            ("done", _said(text.DONE, icon("check", class_name="good"))),
            ("error", icon("x", class_name="bad")),
            ("rejected", icon("ban")),
            ("unanswered", icon("minus")),
            ("waiting", icon("hand", class_name="asks")),
            _said(text.RUNNING, icon("loader-circle", class_name="spin")),
        )
    )


def state(row: Step) -> rx.Component:
    """Return the label of the status and the duration."""
    took = rx.cond(row.took, rx.el.span(row.took, class_name="seconds"))
    return rx.fragment(
        rx.match(
            row.status,
            ("done", took),
            ("error", rx.fragment(rx.el.span(text.CALL_FAILED, class_name="bad"), took)),
            ("rejected", rx.el.span(text.CALL_REJECTED, class_name="seconds")),
            ("unanswered", rx.el.span(text.CALL_UNANSWERED, class_name="seconds")),
            ("waiting", rx.el.span(text.NEEDS_YOU, class_name="asks")),
            Elapsed.create(since=row.at),
        )
    )


def _said(status: str, sign: rx.Component) -> rx.Component:
    return rx.fragment(sign, rx.el.span(status, class_name="unseen"))
