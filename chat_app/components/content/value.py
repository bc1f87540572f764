"""Any JSON value, as a tree, or as a table if it is a list of similar objects."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app.components.content import JS


class Value(rx.Component):
    """Objects and arrays can be opened, long ones are truncated; strings are shown as text."""

    library = JS["value.jsx"]
    tag = "Value"

    value: rx.Var[Any]
