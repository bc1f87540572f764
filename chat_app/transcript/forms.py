"""Values as fields to fill in, made from the values that are there and from a JSON Schema.

A form carries text alone; what was filled in is read by `chat_app.transcript.filling`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from chat_app import text as words
from chat_app.transcript.schemas import resolved

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chat_app.client.events import Json

Kind = Literal[
    "text",
    "long",
    "number",
    "integer",
    "boolean",
    "choice",
    "json",
    "free",
    "list",
    "choices",
    "group",
    "rest",
]

LONG = 60
"""Characters from which on a text gets a box of several lines."""
MOST_FIELDS = 200
"""Of a form, items and choices included; what is beyond them is one field."""
MOST_PARTS = 30
"""Of an object that gets a field for each of its values."""
_LEVELS = 2
"""How deep such objects may be inside each other; on the last level there may be lists."""
_FLAT = -1
"""In a list there is neither."""

_SCALARS: dict[str, Kind] = {
    "string": "text",
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
}
_TIME = r"\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?"
_FORMATS = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "date-time": re.compile(rf"\d{{4}}-\d\d-\d\dT{_TIME}"),
    "email": re.compile(r"[^\r\n]*"),
    "uri": re.compile(r"[^\r\n]*"),
}
"""The formats with an input of their own, and the texts that such an input can show."""
_SEVERAL_LINES = {"multiline", "multi-line", "textarea"}
"""What schemas write as `format` of a text with several lines; there is no standard."""
ABSENT: Any = object()
"""Where there is no value, not even null."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a form. `text` is what stands in it at first, empty where there is nothing.

    ======= =======================================================================
    kind    the text is
    ======= =======================================================================
    text    the string itself; `long` is one of several lines
    number  a number as JSON writes it; `integer` one without a fraction
    boolean ``true`` or ``false``
    choice  one of the `options`, each the JSON of a value and its label
    json    JSON
    free    JSON, or else a string that does not look as if it were meant to be JSON
    list    JSON of all; `items` are the texts of each, `parts` one field for any
    choices JSON of all; `items` are those that are chosen of the `options`
    group   JSON of all; `parts` are the fields of the object's values
    rest    JSON of an object with all values that have no field of their own
    ======= =======================================================================
    """

    name: str
    kind: Kind
    text: str = ""
    title: str = ""
    help: str = ""
    required: bool = False
    nullable: bool = False
    """Empty means null."""
    options: tuple[tuple[str, str], ...] = ()
    format: str = ""
    """Of a text: ``date``, ``date-time``, ``email`` or ``uri``, where an input of that kind shows
    it as it is. None of them is ever empty."""
    items: tuple[str, ...] = ()
    parts: tuple[Field, ...] = ()


def fields_of(
    values: Mapping[str, Any],
    schema: Json | None = None,
    *,
    root: Json | None = None,
    levels: int = _LEVELS,
) -> tuple[Field, ...]:
    """A field for each value, then one for each property of the schema that has none.

    `root` is what references in the schema look into, if it is not that schema itself.
    """
    root = schema if root is None else root
    schema = resolved(schema, root)
    names = [*{**values, **_properties(schema)}]
    shown, more = names[:MOST_FIELDS], names[MOST_FIELDS:]
    levels = levels if len(names) <= MOST_PARTS else 0
    fields = _each(shown, values, schema, root, levels)
    while levels > _FLAT and sum(map(_size, fields)) > MOST_FIELDS:
        levels -= 1
        fields = _each(shown, values, schema, root, levels)
    return (*fields, _rest(values, shown, more)) if more else fields


def defaults_of(schema: Json) -> Json:
    """By name what the schema has each property be at first, `ABSENT` where it says nothing."""
    whole = default_of(schema)
    given = whole if isinstance(whole, dict) else {}
    properties = _properties(schema)
    own = {name: default_of(resolved(inner, schema)) for name, inner in properties.items()}
    return {**own, **given}


def default_of(schema: Json) -> Any:
    """The value that the schema proposes, or `ABSENT`; to propose null is to propose nothing."""
    default = schema.get("default")
    return ABSENT if default is None else default


def field_of(
    name: str,
    value: Any = ABSENT,
    schema: Json | None = None,
    *,
    root: Json | None = None,
    levels: int = _LEVELS,
) -> Field:
    """The field of one value, or of none yet. `schema` has its references resolved."""
    schema = schema or {}
    inner, nullable = _without_null(schema)
    nullable = nullable or (value is None and not schema)
    field = _several(value, inner, root, levels, nullable=nullable) or _one(
        value, inner, nullable=nullable
    )
    return replace(
        field,
        name=name,
        text=_text(value, field.kind),
        title=_said(schema, "title"),
        help=_said(schema, "description"),
        nullable=nullable,
    )


def _each(
    names: list[str], values: Mapping[str, Any], schema: Json, root: Json | None, levels: int
) -> tuple[Field, ...]:
    properties, required = _properties(schema), schema.get("required")
    required = required if isinstance(required, list) else []
    return tuple(
        replace(
            field_of(
                str(name),
                values.get(name, ABSENT),
                resolved(properties.get(name), root),
                root=root,
                levels=levels,
            ),
            required=name in required,
        )
        for name in names
    )


def _rest(values: Mapping[str, Any], shown: list[str], more: list[str]) -> Field:
    name = words.AND_MORE.format(count=f"{len(more):,}")
    while name in shown:
        name += "…"
    there = {other: values[other] for other in more if values.get(other, ABSENT) is not ABSENT}
    return Field(name, "rest", text=as_json(there, indent=2))


def _size(field: Field) -> int:
    """How many boxes a field takes, if it is not a single one."""
    if field.kind == "group":
        return sum(map(_size, field.parts))
    return max(1, len(field.items), len(field.options) if field.kind == "choices" else 0)


def as_json(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON text on one line, or with indents; nothing where it is too deep for that."""
    try:
        return json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    except RecursionError:
        return '"…"'


def _several(
    value: Any, schema: Json, root: Json | None, levels: int, *, nullable: bool
) -> Field | None:
    """The field of a list or an object that is simple enough to have fields for what is in it."""
    if levels == _FLAT or _options(schema):
        return None
    if value is ABSENT or (value is None and nullable and schema):
        inside = {"array": [], "object": {}}.get(str(schema.get("type")))
    else:
        inside = value
    match inside, schema.get("type"):
        case list(), None | "array" if "prefixItems" not in schema:
            return _list(inside, resolved(schema.get("items"), root))
        case dict(), None | "object" if levels:
            return _group(inside, schema, root, levels - 1)
    return None


def _list(values: list[Any], schema: Json) -> Field | None:
    if len(values) > MOST_FIELDS:
        return None
    if options := _options(schema):
        chosen = tuple(map(as_json, values))
        fits = len({*chosen}) == len(chosen) and {*chosen} <= dict(options).keys()
        return Field("", "choices", options=options, items=chosen) if fits else None
    each = [field_of("", value, schema, levels=_FLAT) for value in values or [ABSENT]]
    kinds = {"text" if one.kind == "long" else one.kind for one in each}
    if len(kinds) > 1 or not kinds <= {"text", "number", "integer"} or each[0].nullable:
        return None
    any_one = replace(each[0], text="", title="", help="")
    if any_one.kind in {"text", "long"}:
        is_long = any("\n" in one.text for one in each)
        formats = {one.format for one in each}
        any_one = replace(
            any_one,
            kind="long" if is_long else "text",
            format=formats.pop() if len(formats) == 1 else "",
        )
    return Field("", "list", items=tuple(one.text for one in each[: len(values)]), parts=(any_one,))


def _group(values: Json, schema: Json, root: Json | None, levels: int) -> Field | None:
    if not 0 < len({**values, **_properties(schema)}) <= MOST_PARTS:
        return None
    parts = fields_of(values, schema, root=root, levels=levels)
    is_simple = any(part.kind != "json" for part in parts)
    return Field("", "group", parts=parts) if is_simple else None


def _one(value: Any, schema: Json, *, nullable: bool) -> Field:
    """What a field is for: as the schema has it, unless the value that is there is another."""
    if not schema:
        return Field("", _kind_of_value(value))
    options, declared = _options(schema), schema.get("type")
    kind: Kind = "choice" if options else _SCALARS.get(str(declared), "json")
    if value is ABSENT or (value is None and nullable):
        if kind == "boolean":  # which an empty box cannot be
            return Field("", "choice", options=(("true", words.YES), ("false", words.NO)))
    elif not _fits(value, kind, options):
        return Field("", "json")
    if kind != "text":
        return Field("", kind, options=options)
    return _words(value if isinstance(value, str) else "", schema)


def _words(value: str, schema: Json) -> Field:
    named, most = _said(schema, "format"), schema.get("maxLength")
    if named in _FORMATS and (not value or _FORMATS[named].fullmatch(value)):
        return Field("", "text", format=named)
    is_long = named in _SEVERAL_LINES or (isinstance(most, int) and most > 3 * LONG)
    return Field("", "long" if is_long else _kind_of_value(value))


def _fits(value: Any, kind: Kind, options: tuple[tuple[str, str], ...]) -> bool:
    match kind:
        case "choice":
            return as_json(value) in dict(options)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "text":
            return isinstance(value, str)
    return kind == _kind_of_value(value)


def _kind_of_value(value: Any) -> Kind:
    match value:
        case bool():
            return "boolean"
        case int():
            return "number"
        case float() if isfinite(value):
            return "number"
        case str():
            return "long" if len(value) > LONG or "\n" in value else "text"
        case None:
            return "free"
    return "json"


def _text(value: Any, kind: Kind) -> str:
    if value is ABSENT or (value is None and kind != "json"):
        return ""
    if kind in {"text", "long"}:
        return str(value)
    written = as_json(value)
    return written if len(written) <= LONG else as_json(value, indent=2)


def _without_null(schema: Json) -> tuple[Json, bool]:
    """A schema that may also be null, as the one of what else it may be."""
    for key in ("anyOf", "oneOf"):
        branches = schema.get(key)
        if isinstance(branches, list):
            others = [one for one in branches if one != {"type": "null"}]
            if len(others) == 1 and len(branches) == 2 and isinstance(others[0], dict):
                return others[0], True
    declared = schema.get("type")
    if isinstance(declared, list) and "null" in declared and len(declared) == 2:
        other = next((one for one in declared if one != "null"), None)
        return {**schema, "type": other}, True
    return schema, False


def _properties(schema: Json) -> Json:
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}


def _options(schema: Json) -> tuple[tuple[str, str], ...]:
    listed = [schema["const"]] if "const" in schema else schema.get("enum")
    if not isinstance(listed, list):
        return ()
    return tuple((as_json(v), v if isinstance(v, str) else as_json(v)) for v in listed)


def _said(schema: Json | None, key: str) -> str:
    said = (schema or {}).get(key)
    return said if isinstance(said, str) else ""
