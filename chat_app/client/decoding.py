"""JSON from a server: fast where it is strict, and lenient where it is nearly JSON."""

from __future__ import annotations

import json
from typing import Any

import orjson


def from_json(text: str | bytes) -> Any:
    """The value of `text`; an unpaired surrogate in it becomes a question mark: it is no UTF-8.

    Raises:
        ValueError: this is no JSON.
        RecursionError: it is nested thousands of levels deep.
    """
    try:
        return orjson.loads(text)
    except ValueError:
        # NaN, large numbers, unpaired surrogates: the reader of the standard library accepts them.
        value = json.loads(text)
        return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
