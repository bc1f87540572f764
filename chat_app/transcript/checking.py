"""Validation of values by a JSON Schema, with the errors at the fields of a form."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

import jsonschema_rs

from chat_app import text as words
from chat_app.transcript.form_errors import Fault
from chat_app.transcript.forms import as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from chat_app.client.events import Json
    from chat_app.transcript.forms import Field

MOST_FAULTS = 20
_LONGEST = 300


def faults_in(value: Any, schema: Json | None) -> tuple[Fault, ...]:
    """The errors of `value`, at most `MOST_FAULTS`; empty if it is valid.

    An invalid schema gives no errors.
    """
    if not schema:
        return ()
    try:
        checker = jsonschema_rs.validator_for(
            schema, retriever=_fetches_nothing, validate_formats=True, formats=_LENIENT
        )
        found = _branches(checker.iter_errors(value))
        return tuple(map(_fault, islice(found, MOST_FAULTS)))
    except (ValueError, RecursionError):
        return ()


def placed(fault: Fault, fields: tuple[Field, ...]) -> Fault:
    """The fault at the innermost field or item that the form has for it; at none, it says where."""
    path = tuple(_known(fault.path, fields))
    return Fault(fault.text, path) if path else Fault(str(fault))


def _known(path: tuple[str | int, ...], fields: tuple[Field, ...]) -> Iterator[str | int]:
    if not path:
        return
    field = next((field for field in fields if field.name == path[0]), None)
    if field is None:
        return
    yield path[0]
    if field.kind == "list":
        yield from path[1:2]
    elif field.kind == "group":
        yield from _known(path[1:], field.parts)


def _branches(
    errors: Iterable[jsonschema_rs.ValidationError],
) -> Iterator[jsonschema_rs.ValidationError]:
    """The errors, of those about what may also be null the ones about what else it may be."""
    for error in errors:
        inner = [
            branch
            for branch in (getattr(error.kind, "context", None) or [])
            if not any(
                one.instance_path == error.instance_path and _is_of_type(one) for one in branch
            )
        ]
        if len(inner) == 1:
            yield from inner[0]
        else:
            yield error


def _is_of_type(error: jsonschema_rs.ValidationError) -> bool:
    return error.kind.name == "type"


def _fault(error: jsonschema_rs.ValidationError) -> Fault:
    path = tuple(error.instance_path)
    wanted = error.kind.as_dict()
    match error.kind.name, wanted:
        case "required", {"property": str(name)}:
            return Fault(words.NEEDED, (*path, name))
        case "format", {"format": str(name)} if name in words.NOT_OF_FORMAT:
            return Fault(words.NOT_OF_FORMAT[name], path)
        case "type", {"types": [str(name)]} if name in words.NOT_OF_TYPE:
            return Fault(words.NOT_OF_TYPE[name], path)
        case keyword, _ if keyword in words.NOT_OF_SCHEMA:
            limits = {name: _plain(value) for name, value in wanted.items()}
            said = words.NOT_OF_SCHEMA[keyword].format(value=_plain(error.instance), **limits)
        case _:
            said = error.message
    return Fault(said if len(said) <= _LONGEST else said[:_LONGEST] + "…", path)


def _plain(value: Any) -> str:
    """What a schema wants, to be read: names without quotes, anything else as JSON."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return words.listed(sorted(value))
    return value if isinstance(value, str) else as_json(value)


def _fetches_nothing(uri: str) -> NoReturn:
    raise ValueError(uri)


def _with_or_without_zone(name: str) -> Callable[[str], bool]:
    """A check that Python's own dates pass, too: their schema wants a zone, they may have none."""
    strict = jsonschema_rs.validator_for({"format": name}, validate_formats=True)
    return lambda text: strict.is_valid(text) or strict.is_valid(f"{text}Z")


_LENIENT = {name: _with_or_without_zone(name) for name in ("date-time", "time")}
