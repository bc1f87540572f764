"""The moving parts of a quiet line: it opens, it counts seconds, its content can be copied."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SOURCE = rx.asset("disclosure.jsx", shared=True)


class Disclosure(rx.Component):
    """A line that opens: the first child is its `summary`, the others are drawn once opened."""

    library = _SOURCE.importable_path
    tag = "Disclosure"


class Elapsed(rx.Component):
    """Whole seconds `since` a moment in milliseconds since 1970; nothing where that is unknown."""

    library = _SOURCE.importable_path
    tag = "Elapsed"

    since: rx.Var[int]


class Copy(rx.Component):
    """A button that copies `value`: text as it is, anything else as JSON. `label` is its name."""

    library = _SOURCE.importable_path
    tag = "Copy"

    value: rx.Var[Any]
    label: rx.Var[str]
