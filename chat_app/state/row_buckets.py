"""Rows in three lists, so that adding one does not send them all.

A Reflex delta carries the whole of each var that changed. Kept in one list, an answer of n rows
would be sent n times over. Like a log-structured store, new rows gather in a short list; when that
is full they move on to a longer one, and from there to the one that hardly ever changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.state.rows import Row

NEW_LIMIT = 6
"""Rows in the newest list before it is emptied into the middle one."""
MIDDLE_LIMIT = 40
"""Rows in the middle list before it is emptied into the oldest one."""

Changed = dict[str, "list[Row]"]
"""The lists that changed, by name: always new lists, for the old ones were given away."""


class Levels:
    """Three lists that read as one: `old`, then `middle`, then `new`."""

    def __init__(self) -> None:
        self.old: list[Row] = []
        self.middle: list[Row] = []
        self.new: list[Row] = []

    def __len__(self) -> int:
        return len(self.old) + len(self.middle) + len(self.new)

    def last(self) -> Row | None:
        """The newest row."""
        newest = self.new or self.middle or self.old
        return newest[-1] if newest else None

    def place(self, keep: int, rows: Sequence[Row]) -> Changed:
        """Let the first `keep` rows stand and put `rows` behind them."""
        old = self.old[:keep]
        middle = self.middle[: max(keep - len(self.old), 0)]
        new = self.new[: max(keep - len(self.old) - len(self.middle), 0)] + list(rows)
        if len(new) > NEW_LIMIT:
            middle, new = middle + new, []
        if len(middle) > MIDDLE_LIMIT:
            old, middle = old + middle, []
        return self._set(old, middle, new)

    def put_before(self, rows: Sequence[Row]) -> Changed:
        """Put `rows` before all others."""
        return self._set([*rows, *self.old], self.middle, self.new)

    def drop(self, count: int) -> Changed:
        """Take the first `count` rows away."""
        past_old = max(count - len(self.old), 0)
        past_middle = max(past_old - len(self.middle), 0)
        return self._set(self.old[count:], self.middle[past_old:], self.new[past_middle:])

    def swap(self, row: Row) -> Changed:
        """Put `row` in the place of the one with its key."""
        lists = ([row if r.key == row.key else r for r in rows] for rows in self._lists())
        return self._set(*lists)

    def _lists(self) -> tuple[list[Row], list[Row], list[Row]]:
        return self.old, self.middle, self.new

    def _set(self, old: list[Row], middle: list[Row], new: list[Row]) -> Changed:
        named = (("old", old), ("middle", middle), ("new", new))
        changed = {name: now for name, now in named if now != getattr(self, name)}
        for name, now in changed.items():
            setattr(self, name, now)
        return changed
