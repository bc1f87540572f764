"""Two versions of a message or an answer, side by side in a dialog."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app.components.conversation import JS
from chat_app.components.prose.prose import grouped
from chat_app.components.rows import row_view
from chat_app.state.branches import BranchState
from chat_app.state.comparison import Compared, ComparisonState
from chat_app.state.rows import Row


def _two(
    id: rx.Var[str], left: rx.Var[int], right: rx.Var[int]
) -> tuple[rx.Var[str], rx.Var[int], rx.Var[int]]:
    return id, left, right


def _numbered(id: rx.Var[str], number: rx.Var[int]) -> tuple[rx.Var[str], rx.Var[int]]:
    return id, number


class Compare(rx.Component):
    """The dialog while something is `compared`; its two children are the versions."""

    library = JS["compare.jsx"]
    tag = "Compare"

    compared: rx.Var[Compared]
    on_choose: rx.EventHandler[_two]
    on_show: rx.EventHandler[_numbered]
    on_close: rx.EventHandler[rx.event.no_args_event_spec]


def comparison() -> rx.Component:
    """Return the dialog; it is closed while nothing is compared."""
    return Compare.create(
        _rows(ComparisonState.left),
        _rows(ComparisonState.right),
        compared=ComparisonState.compared,
        on_choose=ComparisonState.compare,
        on_show=BranchState.show,
        on_close=ComparisonState.close,
    )


def _rows(rows: rx.Var[Any]) -> rx.Component:
    shown = grouped(rows, "").to(list[Row])
    return rx.el.div(
        rx.foreach(shown, lambda row: row_view(row=row, key=row.key)), class_name="compare-log"
    )
