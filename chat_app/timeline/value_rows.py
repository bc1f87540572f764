"""A JSON value as rows of a tree, a few at a time: of any size, with keys and texts of any length.

A row is named by the places of its parents and its own, such as ``2.0.14``: keys may be longer than
an address can be. Where the value is compared with an older one the rows tell what became of each,
and those that were removed are among them.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from chat_app.timeline.difference import (
    ABSENT,
    Difference,
    ListDifference,
    ObjectDifference,
    Replaced,
    Same,
    changes,
    id_of,
    is_gone,
    kind_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chat_app.timeline.difference import Change

    Json = dict[str, Any]

PAGE = 100
"""Rows below one row that are given at a time."""
OPENED = 60
"""Rows below others that are given unasked: where something has changed in them, and of the value
itself where they are few."""
_SHORT = 20
PREVIEW = 300
"""Characters of a text in a row, and of a key."""
_LEVELS = 6
"""How deep rows are given unasked."""
_MOST_PLACES = 200


class NoRowError(LookupError):
    """The value has no such row."""


class _Child(NamedTuple):
    key: str | int
    difference: Difference
    old: int | None = None
    """Of an item that has moved: where it was."""


def places_in(text: str) -> tuple[int, ...]:
    """Read the name of a row; empty is that of the value itself.

    Raises:
        NoRowError: it is none.
    """
    if not text:
        return ()
    parts = text.split(".")
    if len(parts) > _MOST_PLACES or not all(
        part.isascii() and part.isdigit() and len(part) < 10 for part in parts
    ):
        raise NoRowError
    return tuple(map(int, parts))


def rows_at(found: Difference, at: Sequence[int] = (), start: int = 0) -> Json:
    """The rows below one row.

    Args:
        found: the value, as what became of an older one; `Same` where there is none.
        at: the row.
        start: how many of its rows to pass over.

    Returns:
        ``rows``, at most `PAGE`, each maybe with such an object under ``below``; ``count`` of all,
        and ``start``.

    Raises:
        NoRowError: there is no such row.
    """
    level = 1 if at else 0
    return _page(_at(found, at), ".".join(map(str, at)), max(0, start), _Budget(OPENED), level)


def value_at(found: Difference, at: Sequence[int] = ()) -> Any:
    """The whole value of a row; of one that was removed, what it was.

    Raises:
        NoRowError: there is no such row.
    """
    return _shown(_at(found, at))


def change_rows(found: Difference, start: int = 0, most: int = PAGE) -> Json:
    """The differences one by one: ``rows``, at most so many, whether there is ``more``."""
    listed = list(islice(changes(found), start, start + most + 1))
    rows = [_change_row(one) for one in listed[:most]]
    return {"rows": rows, "start": start, "more": len(listed) > most}


def gist_of(value: Any) -> str:
    """A value in a few words: of a message who says what."""
    match value:
        case str():
            return value[:PREVIEW]
        case dict():
            return _cut(_gist_of_object(value))[0]
        case list():
            return ""
        case None | bool():
            return {None: "null", True: "true", False: "false"}[value]
    return _cut(str(value))[0]


def _gist_of_object(value: Json) -> str:
    who = value.get("type") if isinstance(value.get("type"), str) else value.get("role")
    said = value.get("content")
    if isinstance(who, str) and isinstance(said, str | list):
        return f"{who}: {said if isinstance(said, str) else _texts(said)}"
    return ", ".join(map(str, islice(value, 12)))


class _Budget:
    """How many more rows may be given unasked."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, count: int) -> bool:
        if count > self.left:
            return False
        self.left -= count
        return True


def _page(found: Difference, name: str, start: int, budget: _Budget, level: int) -> Json:
    count = _count(found)
    children = islice(_children(found), start, start + PAGE)
    rows = [
        _row(child, f"{name}.{place}" if name else str(place), budget, level)
        for place, child in enumerate(children, start)
    ]
    return {"rows": rows, "start": start, "count": count}


def _row(child: _Child, name: str, budget: _Budget, level: int) -> Json:
    found = child.difference
    value, mark = _shown(found), kind_of(found)
    key, is_cut = _cut(str(child.key))
    row: Json = {"at": name, "key": key, "kind": _kind(value), "text": gist_of(value)}
    if is_cut:
        row["keyLength"] = len(str(child.key))
    if isinstance(child.key, int):
        row["isItem"] = True
    if isinstance(value, str | dict | list):
        row["size"] = len(value)
    if mark:
        row["mark"] = mark
    if child.old is not None:
        row |= {"moved": child.old}
    match found:
        case Replaced(before, after) if before is not ABSENT and after is not ABSENT:
            row["was"] = gist_of(before) or _kind(before)
        case ObjectDifference() | ListDifference():
            row["inside"] = True
    count = _count(found)
    is_opened = level < _LEVELS if "inside" in row else level == 0 and 0 < count <= _SHORT
    if is_opened and budget.take(min(count, PAGE)):
        row["below"] = _page(found, name, 0, budget, level + 1)
    return row


def _change_row(change: Change) -> Json:
    path = [_cut(str(step))[0] if isinstance(step, str) else step for step in change.path]
    row: Json = {"path": path, "kind": change.kind}
    if change.was is not None:
        row["from"] = change.was
    for name, value in (("before", change.before), ("after", change.after)):
        if value is not ABSENT:
            row[name] = {"kind": _kind(value), "text": gist_of(value)}
            if isinstance(value, str | dict | list):
                row[name]["size"] = len(value)
    return row


def _at(found: Difference, at: Sequence[int]) -> Difference:
    for place in at:
        child = next(islice(_children(found), place, None), None)
        if child is None:
            raise NoRowError
        found = child.difference
    return found


def _children(found: Difference) -> Iterator[_Child]:
    match found:
        case ObjectDifference(fields):
            for name, inner in fields.items():
                yield _Child(name, inner)
        case ListDifference(items):
            for one in items:
                place = one.old if one.new is None else one.new
                yield _Child(place or 0, one.difference, one.old if one.is_moved else None)
        case _:
            value = _shown(found)
            named = value.items() if isinstance(value, dict) else ()
            named = enumerate(value) if isinstance(value, list) else named
            for key, inner in named:
                yield _Child(key, Same(inner))


def _count(found: Difference) -> int:
    match found:
        case ObjectDifference(fields):
            return len(fields)
        case ListDifference(items):
            return len(items)
    value = _shown(found)
    return len(value) if isinstance(value, dict | list) else 0


def _shown(found: Difference) -> Any:
    match found:
        case Same(value):
            return value
        case Replaced(before, after):
            return before if is_gone(found) else after
        case ObjectDifference(fields):
            return {name: _shown(inner) for name, inner in fields.items() if not is_gone(inner)}
        case ListDifference(items):
            return [_shown(one.difference) for one in items if one.new is not None]


def _kind(value: Any) -> str:
    match value:
        case dict():
            return "message" if _is_message(value) else "object"
        case list():
            return "list"
        case str():
            return "string"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
    return "null"


def _is_message(value: Json) -> bool:
    return bool(id_of(value)) and "content" in value and isinstance(value.get("type"), str)


def _texts(content: list[Any]) -> str:
    texts = (block.get("text") for block in content if isinstance(block, dict))
    return " ".join(text for text in texts if isinstance(text, str))


def _cut(text: str) -> tuple[str, bool]:
    return (text[: PREVIEW - 1] + "…", True) if len(text) > PREVIEW else (text, False)
