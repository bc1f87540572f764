"""Two texts compared line by line, as a reader wants to see what became of the first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SAME, ADDED, REMOVED, GAP = "same", "added", "removed", "gap"

AROUND = 3
"""Lines that did not change, shown on each side of those that did."""
MOST_COMPARED = 500_000
"""Lines of one text times lines of the other; beyond that all of the old is shown as removed."""
_OFTEN = 5
"""A line that a text has more often says nothing of where in it one is. Blank ones are such lines;
to compare each with each is what takes long."""


@dataclass(frozen=True)
class Change:
    """Lines that follow each other and share a fate; of a `gap` the `text` is how many there are.

    `kind` is same, added, removed or gap; `line` is the number of the first one, from 1, in the
    new text, or in the old one where they were removed.
    """

    kind: str
    text: str
    line: int


def compared(before: str, now: str) -> list[Change]:
    """What became of `before`: changes with a little of what is around them, long gaps left out."""
    old, new = before.splitlines(), now.splitlines()
    changes: list[Change] = []
    for kind, removed, added in _steps(old, new):
        if kind == GAP:
            changes.append(Change(GAP, str(len(added)), added.start + 1))
        elif kind == SAME:
            changes.append(Change(SAME, _text(new, added), added.start + 1))
        else:
            if removed:
                changes.append(Change(REMOVED, _text(old, removed), removed.start + 1))
            if added:
                changes.append(Change(ADDED, _text(new, added), added.start + 1))
    return changes


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[str, range, range]]:
    """The way from `old` to `new`, what is the same cut down to what stands around a change."""
    blocks = list(_blocks(old, new))
    for place, (kind, removed, added) in enumerate(blocks):
        if kind != SAME:
            yield kind, removed, added
            continue
        head = 0 if place == 0 else AROUND
        tail = 0 if place == len(blocks) - 1 else AROUND
        if len(added) <= head + tail + 1:
            yield SAME, removed, added
            continue
        hidden = len(added) - head - tail
        if head:
            yield SAME, removed[:head], added[:head]
        yield GAP, removed[head : head + hidden], added[head : head + hidden]
        if tail:
            yield SAME, removed[-tail:], added[-tail:]


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[str, range, range]]:
    """What is the same and what is not, in turn. The ends that both share need no comparing."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    if head:
        yield SAME, range(head), range(head)
    middle = range(head, len(old) - tail), range(head, len(new) - tail)
    if len(middle[0]) * len(middle[1]) > MOST_COMPARED:
        yield REMOVED, *middle
    else:
        left, right = old[head : len(old) - tail], new[head : len(new) - tail]
        times = Counter(right)
        matcher = SequenceMatcher(lambda line: times[line] > _OFTEN, left, right)
        for tag, a, b, c, d in matcher.get_opcodes():
            kind = SAME if tag == "equal" else REMOVED
            yield kind, range(head + a, head + b), range(head + c, head + d)
    if tail:
        yield SAME, range(len(old) - tail, len(old)), range(len(new) - tail, len(new))


def _shared(one: list[str], other: list[str]) -> int:
    """How many lines both begin with."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _text(lines: list[str], part: range) -> str:
    return "\n".join(lines[part.start : part.stop])
