"""What is no message: the values that a person filled in, and those that a run wrote."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar

from chat_app.components.content.value import Value
from chat_app.components.conversation import JS
from chat_app.state.rows import Row


class Given(rx.Component):
    """The values of an input, each with its name."""

    library = JS["given.jsx"]
    tag = "Given"

    facts: rx.Var[list[dict[str, Any]]]


def output(row: ObjectVar[Row]) -> rx.Component:
    """A value of the state under its name; a text follows in a row of its own."""
    return rx.el.div(
        rx.cond(row.name, rx.el.h3(row.name, class_name="output-name", dir="auto")),
        rx.cond(row.text, rx.el.p(row.text, class_name="output-nothing")),
        rx.cond(row.detail, rx.el.pre(row.detail, class_name="output-raw")),
        rx.cond(
            row.args,
            Value.create(value=row.args.to(dict)["value"]),
        ),
        class_name="output",
    )
