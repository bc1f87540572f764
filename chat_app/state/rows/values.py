"""Rows of what is no message: values of a graph's state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from chat_app.state.rows.base import BaseRow, Sparse


@dataclass(frozen=True)
class JsonValue:
    """A JSON value, to be drawn as a tree: an object of its own, for null and 0 are values too."""

    value: Any


@dataclass(frozen=True)
class InputValue(Sparse):
    """A named value of an input that a person filled in: `text` or else `value`."""

    name: str = ""
    """The label of the value; empty where the input is that value alone."""
    text: str = ""
    value: Any = None
    """A JSON object or array."""


@dataclass(frozen=True)
class OutputRow(BaseRow):
    """A value that a run wrote into the state. One that is text follows in rows of its own."""

    kind: Literal["output"] = field(default="output", init=False)
    name: str = ""
    """The label of the value; empty where the state is that value alone."""
    tree: JsonValue | None = None
    json: str = ""
    """The beginning of a value whose JSON is too long for a tree."""
    empty: bool = False
    """The run returned nothing."""
