"""A person's turn as the input of a run, and such an input as a person's turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chat_app.transcript.forms import as_json
from chat_app.transcript.media import content_of
from chat_app.transcript.message import Given, Message, Role
from chat_app.transcript.read import CONTINUES
from chat_app.transcript.shapes import MESSAGES

_KINDS = frozenset(
    {"human", "user", "ai", "assistant", "system", "developer", "tool", "function", "remove"}
)


def input_of(message: Message, key: str = MESSAGES) -> Any:
    """What a run is given: the message under `key`, or the list alone where `key` is empty.

    A `Given` part goes beside it; where there is nothing else it is the whole input.
    """
    given = [part.value for part in message.parts if isinstance(part, Given)]
    rest = [part for part in message.parts if not isinstance(part, Given)]
    if given and not rest:
        return given[0]
    asked: list[dict[str, Any]] = [{"type": "human", "content": content_of(rest), "id": message.id}]
    if message.continues:
        asked[0]["additional_kwargs"] = {CONTINUES: True}
    if not key:
        return asked
    beside = given[0] if given and isinstance(given[0], dict) else {}
    return {**beside, key: asked}


def key_in(given: Any, key: str = MESSAGES) -> str | None:
    """Where an input holds messages: `key`, or what else looks like it; None where nothing does.

    Empty where the input is a list of messages itself.
    """
    if isinstance(given, list):
        return "" if given and all(map(is_message, given)) else None
    if not isinstance(given, dict):
        return None
    names = sorted(given, key=lambda name: (name != key, name != MESSAGES))
    return next((name for name in names if _holds_messages(given[name], name, key)), None)


def _holds_messages(value: Any, name: str, key: str) -> bool:
    listed = value if isinstance(value, list) else [value]
    if name in {key, MESSAGES} and (isinstance(value, dict) or not isinstance(value, list)):
        return is_message(value)
    return bool(listed) and all(map(is_message, listed))


def is_message(value: Any) -> bool:
    """Whether a value is a message in one of the spellings that servers have for it."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("kwargs"), dict) and isinstance(value.get("id"), list):
        return str(value["id"][-1:]).rstrip("']").endswith(("Message", "MessageChunk"))
    kind = value.get("type") if "type" in value else value.get("role")
    kind = str(kind).removesuffix("Chunk").removesuffix("Message").lower()
    return kind in _KINDS and ("content" in value or kind == "remove")


def beside(given: Any, key: str | None) -> tuple[Given, ...]:
    """What an input holds beside its messages, as a part of the person's turn."""
    if key is None:
        return (Given(given),)
    rest = {name: value for name, value in given.items() if name != key} if key else {}
    return (Given(rest),) if rest else ()


def in_words(value: Any) -> str:
    """An input in one line, for a list or a title."""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_said(item)}" for name, item in value.items())
    return _said(value)


def _said(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)


def asked_of(given: Any, messages: tuple[Message, ...], key: str | None, *, id: str) -> Message:
    """The person's turn in an input: the last of its `messages` by a person, and the rest."""
    people = [message for message in messages if message.is_request]
    if people and people[-1].continues:
        return replace(people[-1], id=id)
    parts = people[-1].parts if people else ()
    return Message(id, Role.HUMAN, (*parts, *beside(given, key)))
