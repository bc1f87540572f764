"""The frame of a row, and the registry of the functions that render each kind of row.

The transcript registers them. The registry is a module of its own because rows are rendered in two
places: by the transcript, and within the row of an agent, which has a transcript of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import reflex as rx
from reflex.vars import ObjectVar

from chat_app.components.shared.error_boundary import ErrorBoundary
from chat_app.state.rows import BaseRow, MediaRow, PlainTextRow, Row, TextRow, ToolRow

_AnyRow = TypeVar("_AnyRow", bound=BaseRow)

_draw_by_kind: dict[str, Callable[[ObjectVar[Row]], rx.Component]] = {}


def register(of: type[_AnyRow], draw: Callable[[ObjectVar[_AnyRow]], rx.Component]) -> None:
    """Have the rows of a class drawn by `draw`, which gets a var of that class.

    A field that the class does not have raises a `VarAttributeError` when the page is built. A
    kind for which nothing is registered draws nothing.
    """
    _draw_by_kind[of.kind] = lambda row: draw(row.to(ObjectVar, of))


@rx.memo
def row_view(row: rx.Var[Row], rest: rx.RestProp) -> rx.Component:
    """One row; it is rendered again only if the row itself has changed."""
    seen = row.to(ObjectVar, Row)
    of_person = seen.to(ObjectVar, MediaRow).sent
    return rx.el.div(
        ErrorBoundary.create(row_content(row=row), source=row),
        rest,
        class_name="row",
        data_testid="row",
        data_key=seen.key,
        data_kind=rx.cond(seen.kind == PlainTextRow.kind, TextRow.kind, seen.kind),
        data_name=seen.name,
        data_status=rx.cond(of_person, "sent", seen.status),
        data_stays=seen.to(ObjectVar, ToolRow).stays,
    )


@rx.memo
def row_content(row: rx.Var[Row]) -> rx.Component:
    """A component of its own, so that its errors are caught by the boundary around it."""
    seen = row.to(ObjectVar, Row)
    drawn = ((kind, draw(seen)) for kind, draw in _draw_by_kind.items())
    return rx.fragment(rx.match(seen.kind, *drawn, rx.fragment()))
