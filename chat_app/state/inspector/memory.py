"""The Memory tab of the inspector: the server's long-term store, as far as the person may see it.

What may be seen is decided by `chat_app.auth.memories`; each request asks it anew. An item that was
opened stays here as it was read, so that one which has changed since is not overwritten unseen.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import reflex as rx

from chat_app import text as words
from chat_app.auth.memories import reach_of
from chat_app.client import LangGraphError
from chat_app.runs.inspector.store import (
    LONGEST_VALUE,
    PAGE,
    ItemChangedError,
    Memory,
    NotAnItemError,
    NotInReachError,
    checked_key,
    checked_namespace,
    checked_value,
    parsed,
)
from chat_app.state import server
from chat_app.state.inbox import milliseconds
from chat_app.state.inspector.panel import may_inspect
from chat_app.state.person import person_of
from chat_app.state.safe_json import sendable
from chat_app.timeline.written_json import written
from chat_app.transcript.error_text import describe

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from chat_app.client.events import Json
    from chat_app.runs.inspector.store import Found, Item, Namespace, Reach

MOST = 500
"""Items that are shown of one search."""
LONGEST_QUERY = 1_000
_LONGEST_PREVIEW = 200


@dataclass(frozen=True)
class SpaceRow:
    """One namespace. `names` are those of its path."""

    names: list[str]
    can_change: bool


@dataclass(frozen=True)
class ItemRow:
    """One item in the list. `updated` is in milliseconds since 1970, UTC; 0 where not known."""

    names: list[str]
    key: str
    preview: str
    updated: int
    score: str


@dataclass(frozen=True)
class OpenItem:
    """The item that is open: its value as `json`. Times as in `ItemRow`."""

    names: list[str] = field(default_factory=list)
    key: str = ""
    json: str = ""
    created: int = 0
    updated: int = 0
    can_change: bool = False
    is_long: bool = False
    """`json` is only its beginning."""


class _Current:
    """What a tab has open and searches for. No proxy of a state stands before it."""

    def __init__(self) -> None:
        self.seen: Item | None = None
        """The item that is open, as it was read."""
        self.now: Item | None = None
        """The item as it is by now, in a conflict."""
        self.search_anew()

    def search_anew(self, query: str = "", fields: Json | None = None) -> None:
        """List the first page of the items that these find; of all without."""
        self.query, self.fields, self.most = query, fields, PAGE


class MemoryState(rx.State):
    """Namespaces, the items of the chosen one, the item that is open."""

    loaded: rx.Field[bool] = rx.field(False)
    missing: rx.Field[str] = rx.field("")
    """Why there is no store, in a sentence."""
    spaces: rx.Field[list[SpaceRow]] = rx.field(default_factory=list)
    more_spaces: rx.Field[bool] = rx.field(False)
    """There are more than are shown."""
    can_all: rx.Field[bool] = rx.field(False)
    """The person may list the items of all namespaces at once."""
    can_write: rx.Field[bool] = rx.field(False)
    """There is a namespace in which the person may write."""
    chosen: rx.Field[list[str]] = rx.field(default_factory=list)
    """The names of the namespace whose items are listed; empty: of all."""
    items: rx.Field[list[ItemRow]] = rx.field(default_factory=list)
    has_more: rx.Field[bool] = rx.field(False)
    searched: rx.Field[str] = rx.field("")
    """How the items were searched: ``meaning``, ``text``, or empty where they were not."""
    item: rx.Field[OpenItem] = rx.field(default_factory=OpenItem)
    """The one that is open; none without a key."""
    theirs: rx.Field[str] = rx.field("")
    """The item as it is by now, where it has changed since it was opened."""
    conflict: rx.Field[bool] = rx.field(False)
    """The item has changed, or was deleted, since it was opened: a person has to decide."""
    problem: rx.Field[str] = rx.field("")
    problem_detail: rx.Field[str] = rx.field("")
    settled: rx.Field[int] = rx.field(0)
    """How many requests were dealt with, for better or worse."""
    said: rx.Field[str] = rx.field("")
    """What was done last, in a sentence."""

    _is_unread: bool = False
    """The problem is that the store cannot be read."""
    _current_kept: Any = None
    """The `_Current`."""

    @rx.event(background=True, supersedes=True)
    async def load(self):
        """Read the namespaces, and the items of the chosen one."""
        async with _asked(self, reads=True) as memory:
            if memory is None:
                return
            if not await memory.exists():
                async with self:
                    self.missing, self.loaded = words.NO_STORE, True
                return
            spaces, more = await memory.namespaces()
            async with self:
                reach = reach_of(person_of(self))
                rows = [_space(one, reach) for one in spaces]
                if rows != self.spaces:
                    self.spaces = rows
                self.missing, self.more_spaces, self.loaded = "", more, True
                self.can_all = reach.is_all
                self.can_write = reach.is_all or any(row.can_change for row in rows)
                is_gone = self.chosen and not _is_under(spaces, tuple(self.chosen))
                if is_gone or (not self.chosen and not reach.is_all):
                    self.chosen = [] if reach.is_all or not rows else rows[0].names
                can_list = bool(self.chosen) or reach.is_all
            if can_list:
                await _list_items(self, memory)
            else:
                async with self:
                    self.items, self.has_more = [], False

    @rx.event(background=True, supersedes=True)
    async def choose(self, names: list[str]):
        """List the items of a namespace, whatever was searched for; of all without any names."""
        async with _asked(self) as memory:
            if memory is None:
                return
            chosen = list(checked_namespace(names)) if names != [] else []
            async with self:
                if not reach_of(person_of(self)).may_see(chosen):
                    raise NotInReachError
                self.chosen = chosen
                self._current().search_anew()
            await _list_items(self, memory)

    @rx.event(background=True, supersedes=True)
    async def search(self, query: str, fields: str):
        """List only items that are near to a text, and whose fields are as a JSON object says."""
        async with _asked(self) as memory:
            if memory is None or not isinstance(query, str) or not isinstance(fields, str):
                return
            given = fields.strip()
            if len(given) > LONGEST_VALUE:
                raise NotAnItemError(words.VALUE_TOO_LONG)
            compared = parsed(given) if given else None
            async with self:
                self._current().search_anew(query.strip()[:LONGEST_QUERY], compared)
            await _list_items(self, memory)

    @rx.event(background=True, supersedes=True)
    async def show_more(self):
        """List another page of items."""
        async with _asked(self) as memory:
            if memory is None or not self.has_more:
                return
            async with self:
                current = self._current()
                current.most = min(current.most + PAGE, MOST)
            await _list_items(self, memory)

    @rx.event(background=True, supersedes=True)
    async def open(self, names: list[str], key: str):
        """Open an item."""
        async with _asked(self) as memory:
            if memory is None:
                return
            found = await memory.get(checked_namespace(names), checked_key(key))
            async with self:
                self._open(found)

    @rx.event
    def close(self):
        """Close the item, and forget what was wrong with it."""
        self._open(None)
        self.problem = self.problem_detail = ""

    @rx.event(background=True)
    async def save(self, value: str, is_sure: bool = False):  # noqa: FBT001, FBT002 - an event's argument
        """Write the value of the open item; where it has changed, only if the person `is_sure`."""
        async with _asked(self, said=words.ITEM_SAVED) as memory:
            if memory is None:
                return None
            async with self:
                current, is_meant = self._current(), is_sure is True and self.conflict
                opened, seen = current.seen, current.now if is_meant else current.seen
            if opened is None:
                raise NotInReachError
            given = checked_value(value)
            saved = await memory.write(opened.namespace, opened.key, given, seen=seen)
            async with self:
                self._open(saved)
        return MemoryState.load

    @rx.event(background=True)
    async def create(self, names: list[str], key: str, value: str):
        """Write a new item."""
        async with _asked(self, said=words.ITEM_CREATED) as memory:
            if memory is None:
                return None
            namespace, named = checked_namespace(names), checked_key(key)
            given = checked_value(value)
            try:
                async with self:
                    may_write = reach_of(person_of(self)).may_change(namespace)
                if not may_write:
                    raise NotAnItemError(words.NAMESPACE_NOT_YOURS)
                made = await memory.write(namespace, named, given, seen=None)
            except ItemChangedError:
                raise NotAnItemError(words.ITEM_EXISTS) from None
            async with self:
                self._open(made)
                self.chosen = list(namespace)
                self._current().search_anew()
        return MemoryState.load

    @rx.event(background=True)
    async def delete(self, is_sure: bool = False):  # noqa: FBT001, FBT002 - an event's argument
        """Delete the open item; where it has changed, only if the person `is_sure`."""
        async with _asked(self, said=words.ITEM_DELETED) as memory:
            if memory is None:
                return None
            async with self:
                current, is_meant = self._current(), is_sure is True and self.conflict
                seen = current.now if is_meant else current.seen
            if seen is None and not is_meant:
                raise NotInReachError
            if seen:
                await memory.delete(seen)
            async with self:
                self._open(None)
        return MemoryState.load

    @rx.event
    def take_theirs(self):
        """Open the item as it is by now, without what was changed here."""
        if self.conflict and may_inspect(self):
            self._open(self._current().now)
            self.problem = self.problem_detail = ""

    def _current(self) -> _Current:
        """Needs the tab's lock."""
        if self._current_kept is None:
            self._current_kept = _Current()
        return self._current_kept

    def _open(self, item: Item | None) -> None:
        current = self._current()
        current.seen, current.now = item, None
        self.conflict, self.theirs = False, ""
        self.item = _opened(item, reach_of(person_of(self))) if item else OpenItem()

    def _conflict(self, now: Item | None) -> None:
        self._current().now, self.conflict = now, True
        self.theirs = sendable(now.json[:LONGEST_VALUE]) if now else ""


@asynccontextmanager
async def _asked(
    tab: MemoryState, *, reads: bool = False, said: str = ""
) -> AsyncGenerator[Memory | None]:
    """The store as the person at a tab may see it; what goes wrong is shown, or else `said`.

    Gives None where the person may not inspect, or where there is no server. Where it only `reads`,
    what was shown before of something else stays.
    """
    async with tab:
        allowed = may_inspect(tab)
        person = person_of(tab)
    if not allowed:
        yield None
        return
    failure: LangGraphError | None = None
    memory: Memory | None = None
    try:
        memory = Memory(await server.ready_for(person), reach_of(person))
    except LangGraphError as refused:
        failure = refused
    try:
        yield memory
    except LangGraphError as refused:
        failure = refused
    changed = failure if isinstance(failure, ItemChangedError) else None
    async with tab:
        if failure or not reads or tab._is_unread:  # noqa: SLF001 - this module's own
            tab.problem, tab.problem_detail = describe(failure) if failure else ("", "")
            tab._is_unread = reads and failure is not None  # noqa: SLF001
        if not reads:
            tab.said = said if failure is None else ""
        if changed:
            tab._conflict(changed.now)  # noqa: SLF001 - this module's own
        tab.settled += 1


async def _list_items(tab: MemoryState, memory: Memory) -> None:
    """List the items of the chosen namespace.

    Raises:
        LangGraphError: the server does not tell.
    """
    async with tab:
        chosen = tuple(tab.chosen)
        current = tab._current()  # noqa: SLF001 - this module's own
        query, fields, most = current.query, current.fields, current.most
    found = await memory.find(chosen, query=query, fields=fields, most=most)
    async with tab:
        if tuple(tab.chosen) == chosen:
            tab.items = [_row(one) for one in found.items]
            tab.has_more = found.has_more and most < MOST
            tab.searched = _searched(found)


def _searched(found: Found) -> str:
    if found.is_by_meaning is None:
        return ""
    return "meaning" if found.is_by_meaning else "text"


def _is_under(spaces: list[Namespace], chosen: Namespace) -> bool:
    return any(one[: len(chosen)] == chosen for one in spaces)


def _space(names: Namespace, reach: Reach) -> SpaceRow:
    return SpaceRow([sendable(name) for name in names], reach.may_change(names))


def _row(item: Item) -> ItemRow:
    preview = written(item.value, None)[:_LONGEST_PREVIEW]
    score = "" if item.score is None else f"{item.score:.2f}"
    names = [sendable(name) for name in item.namespace]
    at = milliseconds(item.updated_at)
    return ItemRow(names, sendable(item.key), sendable(preview), at, score)


def _opened(item: Item, reach: Reach) -> OpenItem:
    whole = item.json
    is_long = len(whole) > LONGEST_VALUE
    return OpenItem(
        [sendable(name) for name in item.namespace],
        sendable(item.key),
        sendable(whole[:LONGEST_VALUE]),
        milliseconds(item.created_at),
        milliseconds(item.updated_at),
        reach.may_change(item.namespace) and not is_long,
        is_long,
    )
