"""A form for `ui` messages called ``form``; what is filled in goes to the agent as a message.

Props: ``fields`` is a list of ``{"name", "kind", "options", "value", "required"}`` of which only
the name is needed; `kind` is text (unless it says otherwise), long, number, date, choice or
yes_no, and `options` are those of a choice. ``title``, ``note`` and ``submit`` are text.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar

from chat_app import text
from chat_app.components.renderers import UiVar, renders_ui, send_form


@renders_ui("form", requires=("fields",))
def form(ui: UiVar) -> rx.Component:
    """One field below the other, and a button."""
    title, submit = ui.props["title"].to(str), ui.props["submit"].to(str)
    return rx.el.form(
        rx.cond(title, rx.el.h4(title)),
        rx.foreach(ui.props["fields"].to(ArrayVar, list[dict[str, Any]]), _field),
        rx.cond(ui.props["note"], rx.el.small(ui.props["note"].to(str))),
        rx.el.button(rx.cond(submit, submit, text.SEND), type="submit", class_name="button"),
        on_submit=send_form(rx.cond(title, title, "")),
        class_name="figure form",
    )


def _field(field: ObjectVar[dict[str, Any]]) -> rx.Component:
    name = field["name"].to(str)
    same = {"name": name, "required": field["required"].bool()}
    given = {**same, "default_value": field["value"].to(str)}
    control = rx.match(
        field["kind"].to(str),
        ("long", rx.el.textarea(rows="3", **given)),
        ("number", rx.el.input(type="number", step="any", **given)),
        ("date", rx.el.input(type="date", **given)),
        (
            "choice",
            rx.el.select(rx.foreach(field["options"].to(ArrayVar, list[str]), _option), **given),
        ),
        ("yes_no", rx.el.input(type="checkbox", **same)),
        rx.el.input(type="text", **given),
    )
    return rx.el.label(rx.el.span(name), control, data_kind=field["kind"].to(str))


def _option(option: rx.Var[str]) -> rx.Component:
    return rx.el.option(option, value=option)
