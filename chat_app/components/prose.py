"""Markdown, drawn one block at a time; the one renderer for live and settled text."""

from __future__ import annotations

import reflex as rx

_SOURCE = rx.asset("prose.jsx", shared=True)


class Prose(rx.Component):
    """One markdown block. A `live` one is still growing and is drawn without highlighting."""

    library = _SOURCE.importable_path
    tag = "Prose"
    lib_dependencies: list[str] = [  # noqa: RUF012 - a field of Reflex's, copied per component
        "react-markdown@10.1.0",
        "rehype-highlight@7.0.2",
        "rehype-katex@7.0.1",
        "remark-gfm@4.0.1",
        "remark-math@6.0.0",
    ]

    source: rx.Var[str]
    live: rx.Var[bool]


def prose(source: rx.Var[str] | str, *, live: bool = False) -> rx.Component:
    """Draw `source`; raw HTML in it is shown as text and never live."""
    return rx.el.div(Prose.create(source=source, live=live), class_name="prose")
