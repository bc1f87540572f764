"""What became of a JSON value: what was added, removed, changed or moved between two of them.

The result is a tree as deep as the values differ, which leads from the old value to the new one
(`applied`). Items of a list are matched by their ``id``, as messages have one, wherever they stand;
those without one by what they are, in their order.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter, deque
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
MOST_COMPARED = 250_000
"""Items of one list times items of the other; beyond that those at the same place are compared."""
MOST_LEVELS = 100
"""How deep values are compared; what is deeper is one value."""

ABSENT: Any = object()
"""Where there is no value, not even null."""


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing is other than it was."""

    value: Any


@dataclass(frozen=True, slots=True)
class Replaced:
    """One value took the place of another; `ABSENT` where there was or is none."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ObjectDifference:
    """Of two objects: the names of both, those of the new one first, in their order."""

    fields: Mapping[str, Difference]


class Item(NamedTuple):
    """What became of one item of a list: its places in both, None where it is in one only."""

    old: int | None
    new: int | None
    difference: Difference
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class ListDifference:
    """Of two lists: the items in the order of the new one, those removed where they were."""

    items: tuple[Item, ...]


Difference: TypeAlias = Same | Replaced | ObjectDifference | ListDifference


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `path` leads there in the new value; of what was removed, in the old one."""

    path: tuple[str | int, ...]
    kind: str
    before: Any = ABSENT
    after: Any = ABSENT
    was: int | None = None
    """Of an item that moved: its place in the old list."""


def difference(before: Any, after: Any) -> Difference:
    """Compare two JSON values; 1, 1.0 and true are three values. Neither is changed."""
    return _Comparison().of(before, after, 0)


def applied(before: Any, found: Difference) -> Any:
    """The new value, made of the old one and of what became of it."""
    match found:
        case Same():
            return before
        case Replaced(_, after):
            return after
        case ObjectDifference(fields):
            return {
                name: applied(before.get(name, ABSENT), inner)
                for name, inner in fields.items()
                if not is_gone(inner)
            }
        case ListDifference(items):
            return [
                applied(ABSENT if one.old is None else before[one.old], one.difference)
                for one in items
                if one.new is not None
            ]


def changes(found: Difference, path: tuple[str | int, ...] = ()) -> Iterator[Change]:
    """All differences one by one, in the order of the new value."""
    match found:
        case Replaced(before, after):
            yield Change(path, kind_of(found), before, after)
        case ObjectDifference(fields):
            for name, inner in fields.items():
                yield from changes(inner, (*path, name))
        case ListDifference(items):
            for one in items:
                place = one.old if one.new is None else one.new
                at = (*path, place if place is not None else 0)
                if one.is_moved:
                    yield Change(at, MOVED, was=one.old)
                yield from changes(one.difference, at)


def kind_of(found: Difference) -> str:
    """What became of the value as a whole; empty where it is the same or another inside."""
    match found:
        case Replaced(before, after):
            if before is ABSENT:
                return ADDED
            return REMOVED if after is ABSENT else CHANGED
    return ""


def is_gone(found: Difference) -> bool:
    """Whether the new value does not have it."""
    return isinstance(found, Replaced) and found.after is ABSENT


def id_of(value: Any) -> str:
    """The id of an item, as messages have one; empty where it has none."""
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


class _Comparison:
    """One comparison. What each value is in words is kept, as inner ones are asked for again."""

    def __init__(self) -> None:
        self._words: dict[int, str] = {}

    def of(self, before: Any, after: Any, level: int) -> Difference:
        if before is after or self._word(before) == self._word(after):
            return Same(after)
        if level < MOST_LEVELS:
            match before, after:
                case dict(), dict():
                    return self._objects(before, after, level + 1)
                case list(), list():
                    return ListDifference(tuple(self._lists(before, after, level + 1)))
        return Replaced(before, after)

    def _objects(self, before: Any, after: Any, level: int) -> ObjectDifference:
        names = {**after, **before}
        return ObjectDifference(
            {
                name: self.of(before[name], after[name], level)
                if name in before and name in after
                else Replaced(before.get(name, ABSENT), after.get(name, ABSENT))
                for name in names
            }
        )

    def _lists(self, before: list[Any], after: list[Any], level: int) -> Iterator[Item]:
        pairs = self._by_id(before, after)
        moved = pairs.keys() - _in_order(pairs)
        at_old, gone = 0, {*range(len(before))} - {*pairs}
        new_to_old = {new: old for old, new in pairs.items()}
        anchors = [(old, new) for old, new in pairs.items() if old not in moved]
        at_new = 0
        for old, new in [*anchors, (len(before), len(after))]:
            here = [place for place in range(at_old, old) if place in gone]
            there = list(range(at_new, new))
            yield from self._between(before, after, here, there, new_to_old, level)
            if old < len(before):
                yield Item(old, new, self.of(before[old], after[new], level))
            at_old, at_new = old + 1, new + 1

    def _between(  # noqa: PLR0913, PLR0917 - both lists, and what of them
        self,
        before: list[Any],
        after: list[Any],
        here: list[int],
        there: list[int],
        moved: Mapping[int, int],
        level: int,
    ) -> Iterator[Item]:
        """Items between two that are in both; `moved` has the old places of those from elsewhere.

        The others have no id that is in both lists.
        """
        free = [new for new in there if new not in moved]
        partners = self._partners(before, after, here, free)
        taken = {*partners.values()}
        left = deque(old for old in here if old not in taken)
        for new in there:
            if (old := moved.get(new)) is not None:
                found = self.of(before[old], after[new], level)
                yield Item(old, new, found, is_moved=True)
                continue
            if (old := partners.get(new)) is not None:
                while left and left[0] < old:
                    gone = left.popleft()
                    yield Item(gone, None, Replaced(before[gone], ABSENT))
                yield Item(old, new, self.of(before[old], after[new], level))
            else:
                yield Item(None, new, Replaced(ABSENT, after[new]))
        for gone in left:
            yield Item(gone, None, Replaced(before[gone], ABSENT))

    def _partners(
        self, before: list[Any], after: list[Any], here: list[int], free: list[int]
    ) -> dict[int, int]:
        """By places of new items those of the old ones that they were, in one order."""
        return {
            new: old
            for is_same, olds, news in self._steps(before, after, here, free)
            for old, new in zip(olds, news, strict=False)
            if is_same or _may_have_become(before[old], after[new])
        }

    def _steps(
        self, before: list[Any], after: list[Any], here: list[int], free: list[int]
    ) -> Iterator[tuple[bool, Sequence[int], Sequence[int]]]:
        if not here or not free:
            return
        if len(here) * len(free) > MOST_COMPARED:
            yield False, here, free
            return
        left = [self._word(before[old]) for old in here]
        right = [self._word(after[new]) for new in free]
        matcher = SequenceMatcher(None, left, right, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag in {"equal", "replace"}:
                yield tag == "equal", here[a:b], free[c:d]

    @staticmethod
    def _by_id(before: list[Any], after: list[Any]) -> dict[int, int]:
        """By the place of each old item the place of the new one with its id, if each has it once.

        In the order of the old ones.
        """
        olds, news = list(map(id_of, before)), list(map(id_of, after))
        once = {name for name, times in Counter(olds).items() if name and times == 1}
        once &= {name for name, times in Counter(news).items() if times == 1}
        places = {name: new for new, name in enumerate(news) if name in once}
        return {old: places[name] for old, name in enumerate(olds) if name in once}

    def _word(self, value: Any) -> str:
        """The value as JSON, objects by the order of their names."""
        if not isinstance(value, dict | list):
            return _json(value)
        known = self._words.get(id(value))
        if known is None:
            known = self._words[id(value)] = _json(value)
        return known


def _may_have_become(old: Any, new: Any) -> bool:
    """Whether one item may be what another was: a different id is a different item."""
    if isinstance(old, dict | list) or isinstance(new, dict | list):
        return type(old) is type(new) and not (id_of(old) or id_of(new))
    return True


def _in_order(pairs: Mapping[int, int]) -> set[int]:
    """The most old places whose new ones go up: the others have moved."""
    ends: list[int] = []
    """The lowest last new place of a way of each length."""
    at: list[int] = []
    """The old place of each of these."""
    came_from: dict[int, int | None] = {}
    for old, new in pairs.items():
        length = bisect_left(ends, new)
        came_from[old] = at[length - 1] if length else None
        ends[length : length + 1] = [new]
        at[length : length + 1] = [old]
    kept, step = set[int](), at[-1] if at else None
    while step is not None:
        kept.add(step)
        step = came_from[step]
    return kept


def _json(value: Any) -> str:
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    except RecursionError:
        return f"…{id(value)}"  # too deep to be compared: only the very same one is the same
