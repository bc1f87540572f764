"""A tool call: a row that opens to its arguments and result."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app.components.content.media import media
from chat_app.components.renderers import rendered
from chat_app.components.shared.icon import icon
from chat_app.components.steps.agent import called_agent
from chat_app.components.steps.call import arguments, result, tool_arguments
from chat_app.components.steps.disclosure import Disclosure
from chat_app.components.steps.status import mark, state
from chat_app.state.rows import HandoffRow, ToolRow


def tool(row: ObjectVar[ToolRow]) -> rx.Component:
    """Return the row of a call, and the component of its renderer below."""
    line = rx.cond(row.namespace, called_agent(row), _line(row))
    return rx.fragment(line, _carried(row), rendered(row))


def handoff(row: ObjectVar[HandoffRow]) -> rx.Component:
    """Return the row of a call that hands control to another agent."""
    return Disclosure.create(
        rx.el.summary(
            rx.cond(row.back, icon("corner-down-left"), icon("corner-down-right")),
            rx.el.span(row.sentence, class_name="said", dir="auto"),
            rx.el.span(row.task, class_name="gist"),
            icon("chevron-right", class_name="chevron"),
        ),
        rx.el.div(arguments(row), class_name="card"),
        class_name="disclosure tool handoff",
    )


def _carried(row: ObjectVar[ToolRow]) -> rx.Component:
    """The images and files of the result, which are visible without opening the row."""
    return rx.fragment(rx.cond(row.media, rx.el.div(media(row.media), class_name="drawn carried")))


def _line(row: ObjectVar[ToolRow]) -> rx.Component:
    return Disclosure.create(
        rx.el.summary(
            mark(row),
            rx.el.code(rx.cond(row.title, row.title, row.name)),
            rx.el.span(row.gist, class_name="gist"),
            state(row),
            icon("chevron-right", class_name="chevron"),
        ),
        rx.el.div(
            rx.cond(row.title, rx.el.code(row.name)),
            tool_arguments(row),
            result(row),
            class_name="card",
        ),
        class_name="disclosure tool",
        data_status=row.status,
    )
