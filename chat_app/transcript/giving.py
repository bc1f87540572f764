"""The form of a graph's input: its fields, and the input that they were filled in for.

Everything given comes from a browser and is checked against the schema.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from chat_app import text as words
from chat_app.transcript import deciding
from chat_app.transcript.asking import Form
from chat_app.transcript.form_errors import FormError
from chat_app.transcript.forms import as_json, fields_of

if TYPE_CHECKING:
    from chat_app.client.events import Json
    from chat_app.transcript.forms import Field
    from chat_app.transcript.shapes import Shape

LONGEST = 200_000
"""Characters of what is given."""
_MOST_TOLD = 1000


def fields_for(shape: Shape) -> tuple[Field, ...]:
    """The fields of a form, or of what may go beside a message; a lone field has no name."""
    schema = shape.schema
    if schema is None or shape.takes == "text" or _is_empty(schema):
        return ()
    return deciding.fields_for(Form(None, schema))


def told_of(shape: Shape) -> str:
    """What the schema says of the input as a whole."""
    if shape.schema is None or shape.takes == "messages":
        return ""
    said = shape.schema.get("description")
    said = said.strip() if isinstance(said, str) else ""
    return said if len(said) <= _MOST_TOLD else said[:_MOST_TOLD] + "…"


def filled(shape: Shape, given: Any) -> Any:
    """The input that `given` stands for.

    Args:
        shape: what the graph takes.
        given: what was changed by name of the field (see `chat_app.transcript.filling`).

    Raises:
        FormError: it stands for none; each fault says at which field.
    """
    if not isinstance(given, dict) or len(as_json(given)) > LONGEST:
        raise FormError(words.NO_ANSWER)
    if shape.schema is None or shape.takes == "text":
        raise FormError(words.NO_ANSWER)
    if _is_empty(shape.schema):
        return {}
    value = deciding.filled_in(Form(None, shape.schema), given)
    if value == {}:
        raise FormError(words.FILL_IN_SOMETHING)
    return value


def meant(shape: Shape, message: str) -> Any:
    """The input that words alone stand for, as those of a starter: JSON, or the first text.

    Raises:
        FormError: they stand for none.
    """
    if shape.takes == "text":
        return message
    with suppress(ValueError):
        if isinstance(value := json.loads(message), dict):
            return value
    texts = (field.name for field in fields_for(shape) if field.kind in {"text", "long"})
    return filled(shape, {name: message for name in [next(texts, None)] if name is not None})


def beside(shape: Shape, given: Any) -> Json:
    """What goes beside a message; empty where nothing was filled in.

    Raises:
        FormError: as `filled`.
    """
    if not given:
        return {}
    if shape.takes != "messages" or shape.schema is None or not isinstance(given, dict):
        raise FormError(words.NO_ANSWER)
    if len(as_json(given)) > LONGEST:
        raise FormError(words.NO_ANSWER)
    value = deciding.filled_in(Form(None, shape.schema), given)
    return {name: value[name] for name in given if name in value}


def given_for(shape: Shape, value: Any) -> Json:
    """What fills a form so that it stands for `value`, to be changed and sent again."""
    if not isinstance(value, dict):
        return {"": value if isinstance(value, str) else as_json(value)}
    by_name = {field.name: field for field in fields_of(value, shape.schema)}
    known = {field.name for field in fields_for(shape)}
    return {name: _given(by_name[name]) for name in value if name in known and name in by_name}


def _given(field: Field) -> Any:
    if field.kind in {"list", "choices"}:
        return list(field.items)
    if field.kind == "group":
        return {part.name: _given(part) for part in field.parts}
    return field.text


def _is_empty(schema: Json) -> bool:
    """Whether it is an object without any property."""
    return schema.get("properties") == {} and schema.get("type") in (None, "object")
