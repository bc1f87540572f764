"""JSON text as values that a browser shows as they were written, also while it is being written."""

from __future__ import annotations

import math
from typing import Any

from pydantic_core import from_json

MOST_LEVELS = 60
"""What is nested deeper is too deep to be read, and to be sent."""
_LARGEST = 2**53 - 1
"""The largest integer that a browser keeps exactly."""


def parse(text: str) -> Any:
    """The value of `text`. Numbers that a browser would change become strings.

    Raises:
        ValueError: this is no JSON, or it is nested deeper than `MOST_LEVELS`.
    """
    return _exact(from_json(sendable(text)), MOST_LEVELS)


def parse_beginning(text: str) -> Any:
    """The value of a text that may be cut anywhere, as far as it goes.

    Raises:
        ValueError: this is not the beginning of JSON, or it is nested deeper than `MOST_LEVELS`.
    """
    return _exact(from_json(sendable(text), allow_partial="trailing-strings"), MOST_LEVELS)


def sendable(text: str) -> str:
    """`text` without halves of surrogate pairs, which UTF-8 cannot hold."""
    return text if text.isascii() else text.encode(errors="ignore").decode()


def _exact(value: Any, levels: int) -> Any:
    match value:
        case dict() | list() if not levels:
            raise ValueError("nested too deeply")
        case dict():
            return {name: _exact(item, levels - 1) for name, item in value.items()}
        case list():
            return [_exact(item, levels - 1) for item in value]
        case int() if abs(value) > _LARGEST:
            return str(value)
        case float() if not math.isfinite(value):
            return str(value)
        case _:
            return value
