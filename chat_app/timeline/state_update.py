"""What to send so that the state of a thread becomes another one.

A graph combines what it is sent with what it has, each key in a way of its own, which no schema
tells. Of messages it is known: one with an id that is there takes its place, others are added, and
some can be removed. Of all other keys the whole new value is sent, as most take that one's place.
"""

from __future__ import annotations

from typing import Any

from chat_app.timeline.difference import Same, difference, id_of

Json = dict[str, Any]

REMOVE_ALL = "__remove_all__"
_KINDS = frozenset(
    {"human", "user", "ai", "assistant", "system", "developer", "tool", "function", "remove"}
)


class CannotRemoveError(ValueError):
    """A key of a state cannot be removed; `key` is the first one that would have to be."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def update_of(before: Json, after: Json) -> Json:
    """The values to send, by their keys; empty where nothing is to change.

    Raises:
        CannotRemoveError: a key is to be removed, which a graph has no way for.
    """
    for key in before:
        if key not in after:
            raise CannotRemoveError(key)
    sent: Json = {}
    for key, value in after.items():
        was = before.get(key)
        if key in before and isinstance(difference(was, value), Same):
            continue
        is_of_messages = are_messages(value) and (key not in before or are_messages(was))
        sent[key] = _messages(was or [], value) if is_of_messages and (was or value) else value
    return sent


def not_as_asked(asked: Json, now: Json, sent: Json) -> tuple[str, ...]:
    """The keys that were sent and are other than they were to be: the graph combines them.

    Of messages only how many there are counts: a graph may give ids to new ones.
    """

    def is_other(key: str) -> bool:
        wanted, found = asked.get(key), now.get(key)
        if isinstance(wanted, list) and are_messages(wanted) and isinstance(found, list):
            return len(wanted) != len(found)
        return not isinstance(difference(wanted, found), Same)

    return tuple(key for key in sent if is_other(key))


def are_messages(value: Any) -> bool:
    """Whether a value is a list of messages, as a state has them; an empty list is one, too."""
    return isinstance(value, list) and all(map(_is_message, value))


def _is_message(value: Any) -> bool:
    kind = (value.get("type") or value.get("role")) if isinstance(value, dict) else None
    return isinstance(kind, str) and kind.removesuffix("Chunk").lower() in _KINDS | {"aimessage"}


def _messages(before: list[Any], after: list[Any]) -> list[Any]:
    old, new = list(map(id_of, before)), list(map(id_of, after))
    kept = [name for name in new if name in old]
    is_in_place = (
        all(old)
        and len({*old}) == len(old)
        and [name for name in old if name in kept] == kept
        and new[: len(kept)] == kept
    )
    if not is_in_place:
        return [_removal(REMOVE_ALL), *after]
    known = dict(zip(old, before, strict=True))
    changed = [
        one
        for name, one in zip(new, after, strict=True)
        if name not in known or not isinstance(difference(known[name], one), Same)
    ]
    return [*(_removal(name) for name in old if name not in kept), *changed]


def _removal(id: str) -> Json:
    return {"type": "remove", "id": id, "content": ""}
