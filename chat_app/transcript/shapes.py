"""What a graph takes as input and where its state keeps messages, read from its JSON Schemas.

Seen on servers: `input_schema` is null where the server could not make it, then the state's schema
stands in, in which every property is optional. The state of an ``@entrypoint`` has one property,
``__end__``: it is what the function returned last. Its `input_schema` says nothing where the
function takes a ``dict`` or has no annotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from chat_app.transcript.schemas import resolved

if TYPE_CHECKING:
    from chat_app.client.events import Json

Takes = Literal["messages", "text", "form"]

MESSAGES = "messages"
"""The usual key of the messages in a state."""
RETURNED = "__end__"
"""The only key in the state schema of an ``@entrypoint``."""
SHOWN_ELSEWHERE = frozenset({"todos", "files", "ui"})
"""Keys that the page draws in places of their own."""
_MANAGED = frozenset(
    {"remaining_steps", "is_last_step", "jump_to", "structured_response", "llm_input_messages"}
)
"""Keys of prebuilt agents that a person does not fill in."""
_DEFINED = ("Message", "MessageChunk", "MessageLikeRepresentation")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a graph's input and state.

    ======== ====================================================================================
    takes    the input is
    ======== ====================================================================================
    messages a list of messages under `key`, or the list itself where `key` is empty; `schema` is
             the one of what may go beside them, or None
    text     a string
    form     any other value of `schema`
    ======== ====================================================================================
    """

    takes: Takes = "messages"
    key: str = MESSAGES
    schema: Json | None = None
    keeps: bool = True
    """The state goes on from run to run; that of an ``@entrypoint`` is what it returned last."""
    is_known: bool = False
    """Whether any of this was read from a schema."""

    @property
    def has_outputs(self) -> bool:
        """Whether values other than messages may be an answer."""
        return self.takes != "messages" or not self.keeps or not self.is_known

    @property
    def needs_runs(self) -> bool:
        """Whether the state alone does not tell what was asked."""
        return self.takes != "messages" or not self.keeps


UNKNOWN = Shape()
"""Of a graph whose schemas could not be read: most take messages."""


def shape_of(schemas: Any, *, key: str = "") -> Shape:
    """What the answer of ``GET /assistants/A/schemas`` says; nothing known where it is odd.

    `key` is where the messages are, for graphs whose schema does not tell.
    """
    schemas = schemas if isinstance(schemas, dict) else {}
    state, taken = schemas.get("state_schema"), schemas.get("input_schema")
    state = resolved(state, state)
    keeps = {*_properties(state)} != {RETURNED}
    root = taken if isinstance(taken, dict) else state
    schema = resolved(root, root)
    found = key or ("" if _is_list_of_messages(schema, root) else _messages_key(schema, root))
    if found is not None:
        beside = _beside(schema, found, root) if root is taken and found else None
        return Shape("messages", found, beside, keeps, is_known=True)
    # What most graphs take is tried where nothing is said.
    if not schema or _says_nothing(schema) or (root is state and not keeps):
        return Shape(keeps=keeps, is_known=bool(state or taken))
    # The input may be a form and the answer messages all the same.
    key = _messages_key(state, state) or MESSAGES
    if schema.get("type") == "string" and not ({"enum", "const"} & schema.keys()):
        return Shape("text", key, schema, keeps, is_known=True)
    return Shape("form", key, _without_internals(schema), keeps, is_known=True)


def _says_nothing(schema: Json) -> bool:
    """Whether any object would do: no name of a property is known."""
    if {"properties", "anyOf", "oneOf", "allOf", "enum", "const", "items"} & schema.keys():
        return False
    is_open = schema.get("additionalProperties") is not False
    return is_open and schema.get("type") in (None, "object")


def _messages_key(schema: Json, root: Any) -> str | None:
    properties = _properties(schema)
    names = sorted(properties, key=lambda name: name != MESSAGES)
    for name in names:
        inner = resolved(properties[name], root)
        if _is_list_of_messages(inner, root):
            return name
        if name == MESSAGES and _may_be_messages(inner):
            return name
    return None


def _may_be_messages(schema: Json) -> bool:
    """Of what is called messages: whether nothing is said against it."""
    return schema.get("type") in (None, "array") and not schema.get("items")


def _is_list_of_messages(schema: Json, root: Any) -> bool:
    if schema.get("type") == "array":
        return _is_message(schema.get("items"), root)
    branches = schema.get("anyOf") or schema.get("oneOf")
    if not isinstance(branches, list):
        return False
    lists = (one for one in branches if isinstance(one, dict) and one.get("type") == "array")
    return any(_is_message(one.get("items"), root) for one in lists)


def _is_message(items: Any, root: Any) -> bool:
    if not isinstance(items, dict):
        return False
    if _is_named(items.get("$ref")) or _is_named(items.get("title")):
        return True
    for key in ("oneOf", "anyOf"):
        branches = items.get(key)
        if isinstance(branches, list) and any(
            isinstance(one, dict) and (_is_named(one.get("$ref")) or _is_named(one.get("title")))
            for one in branches
        ):
            return True
    names = _properties(resolved(items, root)).keys()
    return "content" in names and bool({"type", "role"} & names)


def _is_named(name: Any) -> bool:
    return isinstance(name, str) and name.endswith(_DEFINED)


def _beside(schema: Json, key: str, root: Any) -> Json | None:
    """The schema of what may go along with messages, none of it required."""
    rest = {
        name: inner
        for name, inner in _properties(schema).items()
        if name not in _MANAGED | SHOWN_ELSEWHERE | {key}
        and not name.startswith("__")
        and not _is_list_of_messages(resolved(inner, root), root)
    }
    return {**schema, "properties": rest, "required": []} if rest else None


def _without_internals(schema: Json) -> Json:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    own = {name: inner for name, inner in properties.items() if not name.startswith("__")}
    return {**schema, "properties": own}


def _properties(schema: Any) -> Json:
    properties = schema.get("properties") if isinstance(schema, dict) else None
    return properties if isinstance(properties, dict) else {}
