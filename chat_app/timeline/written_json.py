"""JSON as text in which nothing is unseen: for code to paste, and to be read and edited."""

from __future__ import annotations

import json
import re
from typing import Any


def written(value: Any, indent: int | None = 2) -> str:
    """JSON, in lines with an `indent`; what cannot be seen or encoded is written as an escape.

    So text that would turn the direction of what follows stands as what it is.
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    # Only texts have such characters, but for the breaks between lines.
    return re.sub(r"[^ -~\n]", _visible, text)


def _visible(found: re.Match[str]) -> str:
    character = found[0]
    return character if character.isprintable() else json.dumps(character)[1:-1]
