r"""What a server sent, as text that a terminal shows and does not obey.

A model or a tool can write any character: escape sequences that colour, move, retitle or answer,
``\x9b`` that begins one without an escape, marks that reverse the order of letters.
"""

from __future__ import annotations

import json
import re
from typing import Any

from chat_app.transcript import terminal

_UNSEEN = (
    "\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
)
_STEERING = re.compile(f"[\x00-\x08\x0b-\x1f{_UNSEEN}]")
_UNSEEN_IN_JSON = re.compile(f"[{_UNSEEN}]")
_TOO_DEEP = "…"


def shown(text: str) -> str:
    """Lines as a terminal would show them, without what steers it."""
    return _STEERING.sub("", terminal.plain(text))


def one_line(text: object) -> str:
    """The same on one line, such as a name or a title."""
    return " ".join(shown(str(text)).split())


def in_python(value: Any) -> str:
    """A value as Python's `print` writes it, which is what the how-to does with an event's data.

    In a list or an object Python writes what cannot be seen as an escape sequence of its own.
    """
    if isinstance(value, str):
        return shown(value)
    try:
        return str(value)
    except RecursionError:
        return _TOO_DEEP


def in_json(value: Any) -> str:
    """A value as JSON on one line; what cannot be seen is escaped, all else stands as it is."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        text = json.dumps(_TOO_DEEP)
    return _UNSEEN_IN_JSON.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
