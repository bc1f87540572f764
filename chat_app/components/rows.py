"""The frame of a row, and the table of what draws which kind of row.

The transcript fills the table. It is here, below both, because rows are drawn in two places: by the
transcript, and inside the row of an agent, which has a transcript of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import reflex as rx
from reflex.vars import ObjectVar

from chat_app.components.shared.error_boundary import ErrorBoundary
from chat_app.state.rows import Row

Draw = Callable[[ObjectVar[Row]], rx.Component]

_draw_by_kind: dict[str, Draw] = {}


def register(draw_by_kind: Mapping[str, Draw]) -> None:
    """Have rows drawn by these functions; a kind without one draws nothing."""
    _draw_by_kind.update(draw_by_kind)


@rx.memo
def row_view(row: rx.Var[Row], rest: rx.RestProp) -> rx.Component:
    """One row; drawn again only when the row itself changed."""
    seen = row.to(ObjectVar)
    return rx.el.div(
        ErrorBoundary.create(row_content(row=row), source=row),
        rest,
        class_name="row",
        data_testid="row",
        data_kind=seen.kind,
        data_name=seen.name,
        data_status=seen.status,
    )


@rx.memo
def row_content(row: rx.Var[Row]) -> rx.Component:
    """A component of its own, so that whatever fails in it ends at the boundary around it."""
    seen = row.to(ObjectVar)
    drawn = ((kind, draw(seen)) for kind, draw in _draw_by_kind.items())
    return rx.fragment(rx.match(seen.kind, *drawn, rx.fragment()))
