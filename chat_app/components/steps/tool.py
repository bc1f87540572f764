"""A tool call: one quiet line that opens to its arguments and result."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app.components.content.media import media
from chat_app.components.renderers import rendered
from chat_app.components.shared.icon import icon
from chat_app.components.steps.agent import agent
from chat_app.components.steps.call import arguments, result
from chat_app.components.steps.disclosure import Disclosure
from chat_app.components.steps.status import mark, state
from chat_app.state.rows import Row


def tool(row: ObjectVar[Row]) -> rx.Component:
    """The line of one call, and what its renderer makes of the result."""
    return rx.fragment(rx.cond(row.agent, agent(row), _line(row)), _carried(row), rendered(row))


def handoff(row: ObjectVar[Row]) -> rx.Component:
    """The line of a call that hands control to another agent."""
    return Disclosure.create(
        rx.el.summary(
            rx.cond(row.status == "back", icon("corner-down-left"), icon("corner-down-right")),
            rx.el.span(row.title, class_name="said", dir="auto"),
            rx.el.span(row.gist, class_name="gist"),
            icon("chevron-right", class_name="chevron"),
        ),
        rx.el.div(arguments(row), result(row), class_name="card"),
        class_name="disclosure tool handoff",
    )


def _carried(row: ObjectVar[Row]) -> rx.Component:
    """The pictures and files of the result, which nobody should have to open a line for."""
    return rx.fragment(rx.cond(row.media, rx.el.div(media(row), class_name="drawn carried")))


def _line(row: ObjectVar[Row]) -> rx.Component:
    return Disclosure.create(
        rx.el.summary(
            mark(row),
            rx.el.code(row.name),
            rx.el.span(row.gist, class_name="gist"),
            state(row),
            icon("chevron-right", class_name="chevron"),
        ),
        rx.el.div(arguments(row), result(row), class_name="card"),
        class_name="disclosure tool",
        data_status=row.status,
    )
