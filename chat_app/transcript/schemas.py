"""JSON Schemas of servers: hostile, maybe broken, and never a reason to fetch anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chat_app.client.events import Json

_MOST_REFERENCES = 10


def resolved(schema: Any, root: Any) -> Json:
    """`schema` with what it refers to inside `root` put in its place, at the top and one below.

    A reference to anywhere else, or in circles, leaves nothing. The definitions come along.
    """
    schema = _followed(schema, root)
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list):
            schema = {**schema, key: [_followed(branch, root) for branch in schema[key]]}
    definitions = root.get("$defs") if isinstance(root, dict) else None
    return {**schema, "$defs": definitions} if schema and definitions else schema


def _followed(schema: Any, root: Any) -> Json:
    for _ in range(_MOST_REFERENCES):
        if not isinstance(schema, dict):
            return {}
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        found = _at(root, reference)
        schema = {**found, **beside} if isinstance(found, dict) else {}
    return {}


def _at(root: Any, reference: str) -> Any:
    start, *path = reference.split("/")
    if start != "#":
        return None
    for key in path:
        root = (
            root.get(key.replace("~1", "/").replace("~0", "~")) if isinstance(root, dict) else None
        )
    return root
