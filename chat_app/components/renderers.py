"""The registry of renderers: how the result of a tool looks below its line, in Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import and_
from typing import Any, NamedTuple

import reflex as rx
from reflex.vars import ObjectVar, StringVar

from chat_app.state.rows import Row

_SOURCE = rx.asset("shelter.jsx", shared=True)
_DONE = "done"


class ToolVar:
    """One call of a tool, as vars."""

    def __init__(self, row: ObjectVar[Row]) -> None:
        self.args = row.args.to(ObjectVar, dict[str, Any])
        """The arguments by name; undefined where a call has none."""
        self.result = row.result.to(ObjectVar, dict[str, Any])
        """What the tool returned as a JSON object; undefined where it was something else."""
        self.text = row.detail.to(StringVar)
        """What the tool returned where that was no JSON object or array."""
        self.status = row.status.to(StringVar)
        self.is_done = self.status == _DONE


Renderer = Callable[[ToolVar], rx.Component]


class RendererError(Exception):
    """A renderer that cannot be used; the text names it."""


class _Registered(NamedTuple):
    draw: Renderer
    requires: Sequence[str]

    def name(self) -> str:
        return f"{self.draw.__module__}.{self.draw.__qualname__}"


_renderers: dict[str, _Registered] = {}


def renders(tool: str, *, requires: Sequence[str] = ()) -> Callable[[Renderer], Renderer]:
    """Draw the results of the tool of that name with the decorated function.

    It stands below the line of a call that succeeded. Results without one of the fields that it
    `requires` keep the ordinary line only, and so do those with which drawing fails.

    Raises:
        RendererError: there is one for this tool already.
    """

    def register(draw: Renderer) -> Renderer:
        added = _Registered(draw, requires)
        if tool in _renderers:
            both = f"{_renderers[tool].name()} and {added.name()}"
            raise RendererError(f"The tool {tool!r} has two renderers: {both}.")
        _renderers[tool] = added
        return draw

    return register


def rendered(row: ObjectVar[Row]) -> rx.Component:
    """The result of the call in `row`, drawn by the renderer of its tool; nothing without one."""
    if not _renderers:
        return rx.fragment()
    is_whole = (row.status == _DONE) & ~row.size.bool()
    is_known = rx.Var.create(list(_renderers)).contains(row.name)
    return rx.cond(is_whole & is_known, _Shelter.create(rendered_result(row=row)))


@rx.memo
def rendered_result(row: rx.Var[Row]) -> rx.Component:
    """A component of its own, so that whatever goes wrong in it ends at the shelter around it."""
    row_var = row.to(ObjectVar)
    drawn = ((tool, _drawn(tool, row_var)) for tool in _renderers)
    return rx.fragment(rx.match(row_var.name, *drawn, rx.fragment()))


def _drawn(tool: str, row: ObjectVar[Row]) -> rx.Component:
    renderer = _renderers[tool]
    call = ToolVar(row)
    try:
        component = rx.el.div(renderer.draw(call), class_name="drawn", data_testid="drawn")
    except Exception as error:
        raise RendererError(
            f"The renderer {renderer.name()} of the tool {tool!r} failed: {error}"
        ) from error
    fields = [call.result[field].is_not_none() for field in renderer.requires]
    return rx.fragment(rx.cond(reduce(and_, fields), component) if fields else component)


class _Shelter(rx.Component):
    """Draws its children, or nothing where they cannot be drawn."""

    library = _SOURCE.importable_path
    tag = "Shelter"
