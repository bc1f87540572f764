"""Markdown, rendered one block at a time, by the same component while it grows and after."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import FunctionStringVar, VarData

from chat_app.components.prose import JS


class Prose(rx.Component):
    """One Markdown block. A `live` one still grows and is rendered without highlighting.

    `original` is the text of the model if `source` was rewritten for rendering; it is what is
    copied. `plain` text is no Markdown; a piece of it that `follows` another has no notice.
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
    """One of `grouped`: if it has pieces they are rendered, with the children as the open end."""
    path: rx.Var[str]
    """The text is such an open end, which continues inside these elements."""
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
    """Render `source`; raw HTML in it is not interpreted, but for a few harmless elements."""
    given = {"original": original, "plain": plain, "follows": follows, "row": row, "path": path}
    kept = {name: value for name, value in given.items() if value is not None}
    return Prose.create(*children, source=source, live=live, **kept)


def grouped(rows: rx.Var[Any], path: rx.Var[str] | str) -> rx.Var[list[Any]]:
    """Group the `rows` of one block into one; `path` is that of the open end."""
    function = FunctionStringVar.create(
        "grouped",
        _var_data=VarData(imports={JS["pieces.js"]: [ImportVar(tag="grouped")]}),
    )
    return function.call(rows, path).to(list)
