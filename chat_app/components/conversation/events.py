"""Custom events and `ui` messages of a graph: progress, and components that it pushes."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.content.value import Value
from chat_app.components.renderers import rendered_event, rendered_ui
from chat_app.components.shared.icon import icon
from chat_app.state.rows import EventRow, WidgetRow


def event(row: ObjectVar[EventRow]) -> rx.Component:
    """Return a custom event: by its renderer, or else as a row of text."""
    return rendered_event(row, otherwise=_told(row))


def widget(row: ObjectVar[WidgetRow]) -> rx.Component:
    """Return a `ui` message: by its renderer, or else its name and props, collapsed."""
    return rendered_ui(row, otherwise=_undrawn(row))


def _told(row: ObjectVar[EventRow]) -> rx.Component:
    """The latest event; it opens to its other fields and the events before it."""
    earlier = rx.cond(
        row.earlier,
        rx.el.span(
            f"{text.AND_EARLIER[0]} ",
            row.earlier.length(),
            f" {text.AND_EARLIER[1]}",
            class_name="seconds",
        ),
    )
    return rx.cond(
        row.fields.bool() | row.earlier.bool(),
        rx.el.details(
            rx.el.summary(_line(row), earlier, icon("chevron-right", class_name="chevron")),
            rx.el.div(
                rx.cond(row.earlier, rx.el.ol(rx.foreach(row.earlier, rx.el.li))),
                rx.cond(row.fields, Value.create(value=row.fields)),
                class_name="card",
            ),
            class_name="disclosure event",
        ),
        rx.el.p(_line(row), class_name="disclosure event"),
    )


def _line(row: ObjectVar[EventRow]) -> rx.Component:
    name = rx.cond(row.name, rx.el.code(row.name))
    return rx.fragment(
        icon("activity"),
        rx.cond(row.text, rx.el.span(row.text, class_name="said", dir="auto"), name),
        rx.cond(row.gist, rx.el.span(row.gist, class_name="gist")),
        rx.cond(
            row.percent,
            rx.el.progress(value=row.percent, max="100", aria_label=row.amount),
        ),
        rx.cond(row.amount, rx.el.span(row.amount, class_name="seconds")),
    )


def _undrawn(row: ObjectVar[WidgetRow]) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            icon("component"),
            rx.el.code(row.name),
            rx.el.span(row.gist, class_name="gist"),
            icon("chevron-right", class_name="chevron"),
        ),
        rx.el.div(Value.create(value=row.props), class_name="card"),
        class_name="disclosure event",
    )
