"""What the graph asks a person, read from the value of an interrupt.

The dialects, each as its library writes it:

- the `HumanInterrupt` of ``langgraph.prebuilt.interrupt``: ``{"action_request": {"action",
  "args"}, "config": {"allow_accept", "allow_edit", "allow_respond", "allow_ignore"},
  "description"}``, alone or in a list;
- the requests of LangChain's ``HumanInTheLoopMiddleware``: ``{"action_requests": [{"name", "args",
  "description"}], "review_configs": [{"action_name", "allowed_decisions", "args_schema"}]}``; the
  one for JavaScript writes them in camel case, the first alphas ``arguments`` for ``args``;
- the same middleware's ``{"type": "tool_approval", "name", "args", "description"}``, an interrupt
  for each call, whose `response_schema` says what may be decided. The state of a thread lacks that
  schema, so after a reload all four decisions are offered, and the graph itself refuses;
- a static breakpoint, which asks nothing, and any other value: a text is a question in words.

A value that is not quite of its shape is one of those others: it can be answered all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from chat_app.transcript.load import BREAKPOINT
from chat_app.transcript.schemas import resolved

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client.events import Json
    from chat_app.transcript.message import Interrupt


class Choice(Enum):
    """What can be decided about an action."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    RESPOND = "respond"
    IGNORE = "ignore"


class Dialect(Enum):
    """In which words a decision is expected."""

    LEGACY = "a list of `HumanResponse`"
    LEGACY_ALONE = "one `HumanResponse`"
    BATCH = "decisions in snake case"
    BATCH_CAMEL = "decisions in camel case"
    BATCH_ALPHA = "decisions with `arguments`"
    CALL = "one decision"


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the agent is about to do. `schema` is that of its arguments, if known."""

    name: str
    args: Json
    allowed: tuple[Choice, ...]
    description: str = ""
    schema: Json | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """Actions to decide about, each by itself and in this order."""

    dialect: Dialect
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A question to be answered in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """Anything to be answered with what the schema wants."""

    value: Any
    schema: Json


@dataclass(frozen=True, slots=True)
class Free:
    """Anything to be answered with anything."""

    value: Any


@dataclass(frozen=True, slots=True)
class Pause:
    """A static breakpoint: there is nothing to say but to go on."""


Question = Review | Words | Form | Free | Pause

_LEGACY = {
    "allow_accept": Choice.APPROVE,
    "allow_edit": Choice.EDIT,
    "allow_respond": Choice.RESPOND,
    "allow_ignore": Choice.IGNORE,
}
_DECISIONS = (Choice.APPROVE, Choice.EDIT, Choice.REJECT, Choice.RESPOND)
_MACHINE_MADE = "\n\nTool: {name}\nArgs: "
"""How LangChain begins the part of a description that only repeats the call."""
_USUAL = "Tool execution requires approval"


def question_of(asked: Interrupt) -> Question:
    """The question in an interrupt, whatever its value is."""
    if asked == BREAKPOINT:
        return Pause()
    return _review(asked) or _other(asked)


def _review(asked: Interrupt) -> Review | None:
    match asked.value:
        case [_, *_] as requests:
            return _reviewing(Dialect.LEGACY, [_legacy(request) for request in requests])
        case {"action_request": _}:
            return _reviewing(Dialect.LEGACY_ALONE, [_legacy(asked.value)])
        case {"action_requests": [_, *_] as requests, "review_configs": list(configs)}:
            alpha = any(isinstance(one, dict) and "arguments" in one for one in requests)
            dialect = Dialect.BATCH_ALPHA if alpha else Dialect.BATCH
            return _reviewing(dialect, _batch(requests, configs))
        case {"actionRequests": [_, *_] as requests, "reviewConfigs": list(configs)}:
            return _reviewing(Dialect.BATCH_CAMEL, _batch(requests, configs))
        case {"type": "tool_approval"}:
            return _reviewing(Dialect.CALL, [_call(asked)])
    return None


def _reviewing(dialect: Dialect, actions: list[Action | None]) -> Review | None:
    known = tuple(action for action in actions if action and action.allowed)
    return Review(dialect, known) if len(known) == len(actions) else None


def _legacy(request: Any) -> Action | None:
    match request:
        case {
            "action_request": {"action": str(name), "args": dict(args)},
            "config": dict(config),
        }:
            allowed = tuple(choice for key, choice in _LEGACY.items() if config.get(key) is True)
            return Action(name, args, allowed, _described(request, name))
    return None


def _batch(requests: Sequence[Any], configs: Sequence[Any]) -> list[Action | None]:
    named = {
        name: config
        for config in reversed(configs)
        if isinstance(name := _either(config, "action_name", "actionName"), str)
    }
    return [_action(request, named) for request in requests]


def _action(request: Any, configs: dict[str, Json]) -> Action | None:
    name, args = _either(request, "name"), _either(request, "args", "arguments")
    config = configs.get(name) if isinstance(name, str) else None
    if config is None or not isinstance(name, str) or not isinstance(args, dict):
        return None
    allowed = _choices(_either(config, "allowed_decisions", "allowedDecisions"))
    schema = _either(config, "args_schema", "argsSchema", "arguments_schema")
    description = _described(request, name) or _described(config, name)
    return Action(name, args, allowed, description, schema if isinstance(schema, dict) else None)


def _call(asked: Interrupt) -> Action | None:
    match asked.value:
        case {"name": str(name), "args": dict(args)}:
            branches = _branches(asked.schema)
            allowed = tuple(choice for choice in _DECISIONS if choice in branches)
            edit = branches.get(Choice.EDIT, {})
            description = _described(asked.value, name)
            return Action(
                name,
                args,
                allowed or _DECISIONS,
                description,
                _inside(edit, asked.schema, "edited_action", "args"),
            )
    return None


def _branches(schema: Json | None) -> dict[Choice, Json]:
    """The schemas of single decisions in that of a decision, which may be one of them itself."""
    whole = resolved(schema, schema)
    listed = whole.get("oneOf") or whole.get("anyOf") or [whole]
    found = {}
    for branch in listed if isinstance(listed, list) else []:
        kind = _inside(branch, schema, "type") or {}
        for choice in _choices([kind.get("const"), *_listed(kind.get("enum"))]):
            found[choice] = branch
    return found


def _inside(schema: Any, root: Json | None, *path: str) -> Json | None:
    """The schema of a property of a property; None where there is none."""
    for name in path:
        properties = resolved(schema, root).get("properties")
        schema = properties.get(name) if isinstance(properties, dict) else None
    return resolved(schema, root) or None


def _choices(listed: Any) -> tuple[Choice, ...]:
    return tuple(choice for choice in _DECISIONS if choice.value in _listed(listed))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _either(found: Any, *keys: str) -> Any:
    """The value under the first of the keys that there is."""
    if not isinstance(found, dict):
        return None
    return next((found[key] for key in keys if key in found), None)


def _described(found: Json, name: str) -> str:
    """The description, without what only repeats the name and the arguments."""
    described = found.get("description")
    if not isinstance(described, str):
        return ""
    own = described.partition(_MACHINE_MADE.format(name=name))[0].strip()
    return "" if own == _USUAL else own


def _other(asked: Interrupt) -> Question:
    value, schema = asked.value, asked.schema
    if schema and (schema.get("type") != "string" or "enum" in schema):
        return Form(value, schema)
    return Words(value) if isinstance(value, str) and value.strip() else Free(value)
