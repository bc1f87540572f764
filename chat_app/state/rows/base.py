"""What all rows have in common: a key, a kind, and how they are sent to the browser."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any

import reflex as rx


class Sparse:
    """A dataclass of which a field with its default value is not sent."""


@dataclass(frozen=True)
class BaseRow(Sparse):
    """A row. `kind` is a constant of each subclass; the page finds the component by it.

    `key` names the row within the page, and stays the same while the row changes.
    """

    key: str
    kind: str = field(init=False)


@rx.serializer
def serialize_sparse(value: Sparse) -> dict[str, Any]:
    """Return the fields that do not have their default value."""
    defaults = _defaults(type(value))
    return {
        name: filled
        for name, filled in vars(value).items()
        if name not in defaults or filled != defaults[name]
    }


# Below the one of its base class: of several that fit Reflex takes the one registered last.
@rx.serializer
def serialize_row(row: BaseRow) -> dict[str, Any]:
    """Return the fields that are sent: `kind`, and those that do not have their default value."""
    return {"kind": row.kind, **serialize_sparse(row)}


@cache
def _defaults(of: type[Any]) -> dict[str, Any]:
    """Return the default value of each field that has one."""
    known = {one.name: one.default for one in fields(of) if one.default is not MISSING}
    made = {
        one.name: one.default_factory() for one in fields(of) if one.default_factory is not MISSING
    }
    return known | made
