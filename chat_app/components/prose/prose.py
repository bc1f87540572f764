"""Markdown, drawn one block at a time; the one renderer for live and settled text."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import FunctionStringVar, VarData

from chat_app.components.prose import JS


class Prose(rx.Component):
    """One markdown block. A `live` one is still growing and is drawn without highlighting.

    `original` is the text as the model wrote it, where `source` was rewritten for drawing; a reader
    who copies gets that. `plain` text is no Markdown; a piece of it
    that `follows` another does not say so again.
    """

    library = JS["prose.jsx"]
    tag = "Prose"
    lib_dependencies: list[str] = [  # noqa: RUF012 - a field of Reflex's, copied per component
        "lucide-react@1.26.0",
        "mermaid@12.3.0",
        "react-markdown@10.1.0",
        "rehype-highlight@7.0.2",
        "rehype-katex@7.0.1",
        "remark-cjk-friendly@2.3.3",
        "remark-cjk-friendly-gfm-strikethrough@2.3.2",
        "remark-gfm@4.0.1",
        "remark-math@6.0.0",
    ]

    source: rx.Var[str]
    original: rx.Var[str]
    live: rx.Var[bool]
    row: rx.Var[Any]
    """One of `grouped`: where it has pieces they are drawn, with the children as their open end."""
    path: rx.Var[str]
    """The text is such an open end, and goes on inside these elements."""
    plain: rx.Var[bool]
    follows: rx.Var[bool]


def prose(  # noqa: PLR0913 - one for each prop
    source: rx.Var[str] | str,
    *children: rx.Component,
    original: rx.Var[str] | str | None = None,
    live: bool = False,
    plain: rx.Var[bool] | None = None,
    follows: rx.Var[bool] | None = None,
    row: rx.Var[Any] | None = None,
    path: rx.Var[str] | None = None,
) -> rx.Component:
    """Draw `source`; raw HTML in it is shown as text and never live."""
    given = {"original": original, "plain": plain, "follows": follows, "row": row, "path": path}
    kept = {name: value for name, value in given.items() if value is not None}
    return Prose.create(*children, source=source, live=live, **kept)


def grouped(rows: rx.Var[Any], path: rx.Var[str] | str) -> rx.Var[list[Any]]:
    """Return `rows` with those of one block as one row; the open end goes on by `path`."""
    function = FunctionStringVar.create(
        "grouped",
        _var_data=VarData(imports={JS["pieces.js"]: [ImportVar(tag="grouped")]}),
    )
    return function.call(rows, path).to(list)
