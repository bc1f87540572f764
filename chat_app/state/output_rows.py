"""Rows of what is no message: the values of an input that was filled in, and those of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.state import safe_json
from chat_app.state.rows import OUTPUT, Row
from chat_app.transcript.forms import as_json

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.transcript.message import Given, Output

VALUE_LIMIT = 16_000
"""Characters of a value's JSON that are shown as a tree; of a longer one the beginning, as text."""
_WORDS_LIMIT = 2000
"""Characters of one value of an input that a person's turn shows."""


def output_row(key: str, part: Output) -> Row:
    """A value under its name; a text has its row below, so `name` alone. See `is_words`."""
    name = label(part.name)
    if is_words(part):
        return Row(key, OUTPUT, name=name)
    if part.value is None and not part.name:
        return Row(key, OUTPUT, text=text.NOTHING_RETURNED)
    return Row(key, OUTPUT, name=name, **shown(part.value))


def is_words(part: Output) -> bool:
    """Whether a value is to be read as Markdown."""
    return isinstance(part.value, str)


def shown(value: Any) -> dict[str, Any]:
    """`args` with a tree, or `detail` where it is too long or too deep to be one."""
    written = as_json(value)
    try:
        if len(written) <= VALUE_LIMIT:
            return {"args": {"value": safe_json.parse(written)}}
    except ValueError:
        pass
    return {"detail": safe_json.sendable(written[:VALUE_LIMIT])}


def given_facts(part: Given) -> tuple[str, list[Json]]:
    """An input as a text, and as named values where it has names.

    Each is ``{"name", "text"}``, or ``{"name", "value"}`` for what is no text; `name` may be empty.
    """
    if not isinstance(part.value, dict):
        return (_words(part.value), []) if _is_plain(part.value) else ("", [_fact("", part.value)])
    return "", [_fact(label(str(name)), value) for name, value in part.value.items()]


def label(name: str) -> str:
    """A key as a person reads it."""
    spoken = " ".join(name.replace("_", " ").split())
    return spoken[:1].upper() + spoken[1:]


def _fact(name: str, value: Any) -> Json:
    if _is_plain(value):
        return {"name": name, "text": _words(value)}
    if isinstance(value, list) and value and all(map(_is_plain, value)):
        return {"name": name, "text": ", ".join(map(_words, value))}
    args = shown(value)
    return {"name": name, **(args.get("args") or {"text": args.get("detail", "")})}


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _words(value: Any) -> str:
    match value:
        case None:
            return text.NOT_SET
        case bool():
            return text.YES if value else text.NO
        case str():
            said = safe_json.sendable(value)
            return said if len(said) <= _WORDS_LIMIT else said[:_WORDS_LIMIT] + "…"
    return as_json(value)
