"""Markdown, drawn one block at a time; the one renderer for live and settled text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import reflex as rx
from reflex.utils.imports import ImportVar
from reflex.vars import FunctionStringVar, VarData

import chat_app.components.error_boundary  # noqa: F401 - the modules of here import its modules

# All of them, for they import each other.
_MODULES = {
    file.name: rx.asset(file.name, shared=True).importable_path
    for file in sorted(Path(__file__).parent.glob("*.js*"))
}


class Prose(rx.Component):
    """One markdown block. A `live` one is still growing and is drawn without highlighting.

    `original` is the text as the model wrote it, where `source` was rewritten for drawing; a reader
    who copies gets that. `plain` text is no Markdown: see `chat_app.state.block_rows`.
    """

    library = _MODULES["prose.jsx"]
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
    plain: rx.Var[Any]


class Image(rx.Component):
    """An image that is fetched only from hosts the person allowed.

    `inline` lets `src` be the image itself: `data:image/(png|jpeg|gif|webp);base64,...`.
    """

    library = _MODULES["image.jsx"]
    tag = "Image"

    src: rx.Var[str]
    alt: rx.Var[str]
    inline: rx.Var[bool]


class ImageHosts(rx.Component):
    """Tells the page the `hosts` that images may always come from; draws nothing."""

    library = _MODULES["image.jsx"]
    tag = "ImageHosts"

    hosts: rx.Var[list[str]]


def prose(  # noqa: PLR0913 - one for each prop
    source: rx.Var[str] | str,
    *children: rx.Component,
    original: rx.Var[str] | str | None = None,
    live: bool = False,
    plain: rx.Var[Any] | None = None,
    row: rx.Var[Any] | None = None,
    path: rx.Var[str] | None = None,
) -> rx.Component:
    """Draw `source`; raw HTML in it is shown as text and never live."""
    given = {"original": original, "plain": plain, "row": row, "path": path}
    kept = {name: value for name, value in given.items() if value is not None}
    return Prose.create(*children, source=source, live=live, **kept)


def grouped(rows: rx.Var[Any], path: rx.Var[str] | str) -> rx.Var[list[Any]]:
    """Return `rows` with those of one block as one row; the open end goes on by `path`."""
    function = FunctionStringVar.create(
        "grouped",
        _var_data=VarData(imports={_MODULES["pieces.js"]: [ImportVar(tag="grouped")]}),
    )
    return function.call(rows, path).to(list)
