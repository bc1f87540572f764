"""The arguments of a call, or any JSON value, in a few words."""

from __future__ import annotations

import json
from typing import Any

from chat_app import text

_GIST_LENGTH = 80
_LONG = 60
"""Characters of a text that is left out beside shorter ones."""
_MOST_LISTED = 3
_LEADING = (
    *("path", "file_path", "filepath", "filename", "file_name", "file"),
    *("url", "uri", "query", "q", "command", "city", "location"),
)
"""Arguments that tell the most, by their usual names: these come first."""
_BODIES = {
    *("content", "contents", "text", "file_text", "body", "data", "code", "html", "markdown"),
    *("old_string", "new_string", "old_str", "new_str", "insert_text", "patch", "diff"),
}
"""Arguments that tell little beside one of those."""

NOTHING = (None, "", [], {})


def gist(args: Any) -> str:
    """Arguments in a few words: their values, those first and alone that tell the most."""
    if not isinstance(args, dict):
        return line([args])
    told = {name: value for name, value in args.items() if value not in NOTHING}
    leading = [name for name in _LEADING if name in told]
    names = [*leading, *(name for name in told if name not in leading)]
    short = [name for name in names if _is_short(told[name]) and not (leading and name in _BODIES)]
    return line([told[name] for name in short or names])


def _is_short(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= _LONG and "\n" not in value.strip()
    return not isinstance(value, dict)


def line(values: list[Any]) -> str:
    """Values in one line, cut where it gets long."""
    said = " ".join(", ".join(map(_in_words, values)).split())
    said = said if said.isascii() else said.encode(errors="ignore").decode()
    return said if len(said) <= _GIST_LENGTH else said[: _GIST_LENGTH - 1] + "…"


def _in_words(value: Any) -> str:
    """Text as it is; of a list of objects, such as todos, the first thing that each one says."""
    match value:
        case str():
            return value
        case float():
            return min(str(value), f"{value:.6g}", key=len)
        case [dict(), *_] if all(isinstance(item, dict) for item in value):
            return ", ".join(_in_words(next(iter(item.values()), "")) for item in value)
        case [_, *_] if all(isinstance(item, str | int) for item in value):
            words = [_in_words(item) for item in value]
            more = [text.AND_MORE.format(count=len(words) - _MOST_LISTED)]
            return ", ".join(words if len(words) <= _MOST_LISTED else words[:_MOST_LISTED] + more)
    return json.dumps(value, ensure_ascii=False)
