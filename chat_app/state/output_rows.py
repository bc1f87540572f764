"""Rows of what is no message: the values of an input that was filled in, and those of a state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.state import safe_json
from chat_app.state.rows import InputValue, JsonValue, OutputRow
from chat_app.transcript.forms import as_json

if TYPE_CHECKING:
    from chat_app.transcript.message import Given, Output

VALUE_LIMIT = 16_000
"""Characters of a value's JSON that are shown as a tree; of a longer one the beginning, as text."""
_WORDS_LIMIT = 2000
"""Characters of one value of an input that a person's turn shows."""


def output_row(key: str, part: Output) -> OutputRow:
    """A value under its name; a text has its row below, so `name` alone. See `is_words`."""
    name = label(part.name)
    if is_words(part):
        return OutputRow(key, name)
    if part.value is None and not part.name:
        return OutputRow(key, empty=True)
    shown = _shown(part.value)
    if isinstance(shown, JsonValue):
        return OutputRow(key, name, tree=shown)
    return OutputRow(key, name, json=shown)


def is_words(part: Output) -> bool:
    """Whether a value is to be read as Markdown."""
    return isinstance(part.value, str)


def _shown(value: Any) -> JsonValue | str:
    """A value to be drawn as a tree, or the beginning of its JSON: it is too long or too deep."""
    written = as_json(value)
    try:
        if len(written) <= VALUE_LIMIT:
            return JsonValue(safe_json.parse(written))
    except ValueError:
        pass
    return safe_json.sendable(written[:VALUE_LIMIT])


def given_values(part: Given) -> tuple[str, list[InputValue]]:
    """An input as a text, and as named values where it has names."""
    value = part.value
    if not isinstance(value, dict):
        return (_words(value), []) if _is_plain(value) else ("", [_input_value("", value)])
    return "", [_input_value(label(str(name)), inner) for name, inner in value.items()]


def label(name: str) -> str:
    """A key as a person reads it."""
    spoken = " ".join(name.replace("_", " ").split())
    return spoken[:1].upper() + spoken[1:]


def _input_value(name: str, value: Any) -> InputValue:
    if _is_plain(value):
        return InputValue(name, _words(value))
    if isinstance(value, list) and value and all(map(_is_plain, value)):
        return InputValue(name, ", ".join(map(_words, value)))
    shown = _shown(value)
    if isinstance(shown, JsonValue):
        return InputValue(name, value=shown.value)
    return InputValue(name, shown)


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
