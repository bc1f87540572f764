"""A bar chart for `ui` messages called ``chart``.

Props: ``bars`` is ``[{"label": "Oslo", "value": 12.5}, ...]``; ``title``, ``unit`` and ``note`` are
text and may be left out. What has no finite number for a value is left out, too.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app.components.renderers import UiVar, renders_ui

_SOURCE = rx.asset("chart.jsx", shared=True)


@renders_ui("chart", requires=("bars",))
def chart(ui: UiVar) -> rx.Component:
    """A table whose values are drawn as bars, so that it can be read without seeing them."""
    return rx.el.figure(
        rx.cond(ui.props["title"], rx.el.figcaption(ui.props["title"].to(str))),
        _Bars.create(bars=ui.props["bars"], unit=ui.props["unit"], title=ui.props["title"]),
        rx.cond(ui.props["note"], rx.el.small(ui.props["note"].to(str))),
        class_name="figure",
    )


class _Bars(rx.Component):
    library = _SOURCE.importable_path
    tag = "Bars"

    bars: rx.Var[Any]
    unit: rx.Var[Any]
    title: rx.Var[Any]
