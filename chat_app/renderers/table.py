"""A table for `ui` messages called ``table``.

Props: ``rows`` is a list of objects with the same keys, which head the columns; ``title`` and
``note`` are text and may be left out.
"""

from __future__ import annotations

import reflex as rx

from chat_app.components.content.value import Value
from chat_app.components.renderers import UiVar, renders_ui


@renders_ui("table", requires=("rows",))
def table(ui: UiVar) -> rx.Component:
    """The rows, under the title."""
    return rx.el.figure(
        rx.cond(ui.props["title"], rx.el.figcaption(ui.props["title"].to(str))),
        Value.create(value=ui.props["rows"]),
        rx.cond(ui.props["note"], rx.el.small(ui.props["note"].to(str))),
        class_name="figure",
    )
