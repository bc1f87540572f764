"""What was filled into a form, as values again.

The type of a text is decided here, by its field. So an unedited number, date or nested object keeps
its exact value, also inside a list whose other items changed.
"""

from __future__ import annotations

import json
import re
from math import isfinite
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from chat_app import text as words
from chat_app.transcript.form_errors import Fault, FormError
from chat_app.transcript.forms import ABSENT, Field, as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_DIGITS = 1000
"""Of a number. Python itself refuses whole numbers of a few thousand."""
_NUMBER = re.compile(r"-?\d*\.?\d+([eE][+-]?\d+)?")


def filled_in(
    values: Mapping[str, Any],
    fields: tuple[Field, ...],
    given: Mapping[str, Any],
    *,
    is_new: bool = False,
) -> dict[str, Any]:
    """`values` with what was `given` for some of the fields by name, in the order they had.

    Given is a text; for a list or choices also a list of texts, in which empty ones that were not
    there before do not count; for a group also a dict of what is given for its parts. Of values
    that are new as a whole a required list or group that nothing was given for is an empty one.

    Raises:
        FormError: something given does not stand for a value of its field.
    """
    if not given.keys() <= {field.name for field in fields}:
        raise FormError(words.NO_ANSWER)
    filled = {name: value for name, value in values.items() if value is not ABSENT}
    faults = list[Fault]()
    for field in fields:
        before, new = values.get(field.name, ABSENT), given.get(field.name)
        if field.kind == "rest":
            before = _beside(fields, values)
        if new is None and before is ABSENT and is_new and field.required and not field.nullable:
            new = {"list": [], "choices": [], "group": {}}.get(field.kind)
        try:
            value = before if new is None else _value(field, before, new)
        except FormError as error:
            faults += [fault.below(field.name) for fault in error.faults]
            continue
        if field.kind == "rest":
            filled = {name: filled[name] for name in filled if name not in before} | value
        elif value is ABSENT:
            filled.pop(field.name, None)
        else:
            filled[field.name] = value
    if faults:
        raise FormError(*faults)
    return filled


def read(field: Field, given: Any, before: Any = ABSENT) -> Any:
    """The value that stands for what was given in a field; `ABSENT` where there is to be none.

    Raises:
        FormError: it stands for none.
    """
    match field.kind, given:
        case _, str():
            return _one(field, given)
        case "group", dict():
            values = before if isinstance(before, dict) else {}
            return filled_in(values, field.parts, given, is_new=not values)
        case "list" | "choices", list() if all(isinstance(text, str) for text in given):
            return _items(field, given, before if isinstance(before, list) else [])
    raise FormError(words.NO_ANSWER)


def counted(field: Field, texts: Iterable[str]) -> list[str]:
    """The items of a list without the empty ones, unless one was empty before."""
    return [text for text in texts if text or "" in field.items]


def read_free(text: str) -> Any:
    """The value of a text that is JSON, or else the text; not of one that began as JSON.

    Raises:
        FormError: it looks like JSON and is none.
    """
    try:
        return _json(text)
    except FormError:
        if text.lstrip().startswith(("{", "[", '"')):
            raise
        return text.strip()


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The names whose values differ as JSON: 1, 1.0 and true are three values."""
    names = {**before, **after}
    return tuple(str(name) for name in names if _json_of(before, name) != _json_of(after, name))


def _json_of(values: Mapping[str, Any], name: str) -> str:
    return as_json(values[name]) if name in values else ""


def _value(field: Field, before: Any, given: Any) -> Any:
    """As `read`, but what is as it was at first is the value that was there."""
    if isinstance(given, str) and given == field.text:
        return before
    value = read(field, given, before)
    is_new_and_empty = before in (ABSENT, None) and value in ({}, [])
    return before if is_new_and_empty and (field.nullable or not field.required) else value


def _beside(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that have no field of their own."""
    own = {field.name for field in fields if field.kind != "rest"}
    return {name: v for name, v in values.items() if name not in own and v is not ABSENT}


def _one(field: Field, text: str) -> Any:
    may_be_empty = field.kind == "rest" or (field.kind in {"text", "long"} and not field.format)
    if not text.strip() and not may_be_empty:
        return _nothing(field)
    match field.kind:
        case "text" | "long":
            return None if field.nullable and not text else text
        case "number" | "integer":
            return _number(field, text.strip())
        case "free":
            return read_free(text)
        case "rest":
            if not isinstance(value := _json(text or "{}"), dict):
                raise FormError(words.NOT_AN_OBJECT)
            return value
        case "boolean" if text not in {"true", "false"}:
            raise FormError(words.NOT_A_CHOICE)
        case "choice" if text not in dict(field.options):
            raise FormError(words.NOT_A_CHOICE)
    return _json(text)


def _items(field: Field, texts: list[str], before: list[Any]) -> list[Any]:
    # As the page has them: without halves of characters, which do not get there.
    known = {
        text.encode(errors="ignore").decode(): value
        for text, value in zip(field.items, before, strict=True)
    }
    is_choices = field.kind == "choices"
    item = Field("", "choice", options=field.options) if is_choices else field.parts[0]
    counting = dict.fromkeys(texts) if is_choices else counted(field, texts)
    items, faults = list[Any](), list[Fault]()
    for place, text in enumerate(counting):
        try:
            items.append(known[text] if text in known else _one(item, text))
        except FormError as error:
            faults += [fault.below(place) for fault in error.faults]
    if faults:
        raise FormError(*faults)
    return items


def _nothing(field: Field) -> Any:
    if field.nullable:
        return None
    if field.required or field.kind == "free":
        raise FormError(words.NEEDED)
    return ABSENT


def _number(field: Field, text: str) -> int | float:
    if re.fullmatch(r"-?\d+", text) and len(text) <= MOST_DIGITS:
        return int(text)
    if not _NUMBER.fullmatch(text) or len(text) > MOST_DIGITS:
        raise FormError(words.NOT_A_NUMBER)
    if field.kind == "integer":
        raise FormError(words.NOT_WHOLE)
    if not isfinite(number := float(text)):
        raise FormError(words.NOT_A_NUMBER)
    return number


def _json(text: str) -> Any:
    try:
        value = from_json(text.encode(errors="ignore"), allow_inf_nan=False)
        json.dumps(value, allow_nan=False)  # 1e999 is JSON, and infinite all the same
    except ValueError as error:
        raise FormError(words.NOT_JSON.format(why=error)) from None
    return value
