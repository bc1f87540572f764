"""Inputs and outputs that are no messages: values of a form, values that a run wrote."""

from __future__ import annotations

import reflex as rx
from reflex.vars import ObjectVar

from chat_app import text
from chat_app.components.content.value import Value
from chat_app.components.conversation import JS
from chat_app.state.rows import InputValue, JsonValue, OutputRow


class InputValues(rx.Component):
    """The values of an input, each with its name."""

    library = JS["input_values.jsx"]
    tag = "InputValues"

    inputs: rx.Var[list[InputValue]]


def output(row: ObjectVar[OutputRow]) -> rx.Component:
    """Return a value of the state with its name; a text follows in a row of its own."""
    return rx.el.div(
        rx.cond(row.name, rx.el.h3(row.name, class_name="output-name", dir="auto")),
        rx.cond(row.empty, rx.el.p(text.NOTHING_RETURNED, class_name="output-nothing")),
        rx.cond(row.json, rx.el.pre(row.json, class_name="output-raw")),
        rx.cond(row.tree, Value.create(value=row.tree.to(ObjectVar, JsonValue).value)),
        class_name="output",
    )
