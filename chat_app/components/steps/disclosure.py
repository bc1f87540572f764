"""Parts of the row of a step: it opens, it counts seconds, its content can be copied."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app.components.steps import JS


class Disclosure(rx.Component):
    """A row that opens: the first child is its `summary`, the others are rendered once opened."""

    library = JS["disclosure.jsx"]
    tag = "Disclosure"


class Elapsed(rx.Component):
    """Whole seconds `since` a time in milliseconds since 1970; nothing if that is unknown."""

    library = JS["disclosure.jsx"]
    tag = "Elapsed"

    since: rx.Var[int]


class Copy(rx.Component):
    """A button that copies `value`: text as it is, other values as JSON. `label` is its name."""

    library = JS["disclosure.jsx"]
    tag = "Copy"

    value: rx.Var[Any]
    label: rx.Var[str]
