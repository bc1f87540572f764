"""Any JSON value, drawn to be read: a tree, or a table where it is one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from chat_app.components.content import JS


class Value(rx.Component):
    """Objects and arrays open and close, long ones show their beginning; strings are only text."""

    library = JS["value.jsx"]
    tag = "Value"

    value: rx.Var[Any]
