"""Any JSON value, drawn to be read: a tree, or a table where it is one."""

from __future__ import annotations

from typing import Any

import reflex as rx

_SOURCE = rx.asset("value.jsx", shared=True)


class Value(rx.Component):
    """Objects and arrays open and close, long ones show their beginning; strings are only text."""

    library = _SOURCE.importable_path
    tag = "Value"

    value: rx.Var[Any]
