"""A tool call: one quiet line that opens to its arguments and result."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app.components.icon import icon
from chat_app.state.rows import Row


def tool(row: ObjectVar[Row]) -> rx.Component:
    """The line of one tool call; a failed one looks failed without opening it."""
    return rx.el.details(
        rx.el.summary(
            _mark(row),
            rx.el.code(row.name),
            rx.el.span(row.gist, class_name="gist"),
            rx.match(
                row.status,
                ("error", rx.el.span("failed", class_name="state bad")),
                ("unanswered", rx.el.span("no result", class_name="state")),
                ("writing", rx.el.span("…", class_name="state")),
                rx.fragment(),
            ),
            icon("chevron-right", class_name="chevron"),
        ),
        rx.el.div(
            _section("Arguments", row.text),
            _section("Result", row.detail),
            class_name="card",
        ),
        class_name="line tool",
        data_status=row.status,
    )


def _mark(row: ObjectVar[Row]) -> rx.Component:
    return rx.fragment(
        rx.match(
            row.status,
            ("done", _said("done", icon("check", class_name="good"))),
            ("error", icon("x", class_name="bad")),
            ("unanswered", icon("minus")),
            _said("running", icon("loader-circle", class_name="spin")),
        )
    )


def _said(status: str, mark: rx.Component) -> rx.Component:
    """A mark and the word for those who cannot see it."""
    return rx.fragment(mark, rx.el.span(status, class_name="unseen"))


def _section(title: str, body: rx.Var[str]) -> rx.Component:
    return rx.cond(body != "", rx.fragment(rx.el.h5(title), rx.el.pre(body)))
