"""A bar for events shaped ``{"type": "progress", "done": 3, "of": 10, "label": "Reading"}``."""

from __future__ import annotations

import reflex as rx

from chat_app import text
from chat_app.components.renderers import EventVar, renders_event
from chat_app.components.shared.icon import icon


@renders_event("progress", requires=("done", "of"))
def progress(event: EventVar) -> rx.Component:
    """What is done, how much of it, and a bar; events with the same `id` move the same bar."""
    label = rx.cond(event.text, event.text, text.UNDER_WAY)
    return rx.el.div(
        rx.el.p(
            rx.cond(event.percent == "100", icon("check", class_name="good")),
            rx.el.span(label, dir="auto"),
            rx.el.span(event.amount, class_name="amount"),
        ),
        rx.el.progress(value=event.percent, max="100", aria_label=label),
        class_name="progress",
    )
