"""The server's long-term store for the inspector: its namespaces, and items in them.

A store knows no owners. So `Reach` says which namespaces a person may see and change, and `Memory`
asks for nothing else and passes nothing else on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chat_app import text
from chat_app.client import ConflictError, NotFoundError
from chat_app.client.errors import BadRequestError, InvalidError, ServerError, UnsupportedError
from chat_app.runs import feedback, langsmith
from chat_app.runs.locks import Locks
from chat_app.timeline.written_json import written
from chat_app.transcript.error_text import AppError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from chat_app.client import LangGraphClient
    from chat_app.client.events import Json

Namespace = tuple[str, ...]

PAGE = 20
"""Items that are read at a time."""
MOST_NAMESPACES = 1_000
MOST_LOOKED_AT = 500
"""Items in which a text is looked for where the server does not search by meaning."""
MOST_NAMES, LONGEST_NAME, LONGEST_KEY = 10, 200, 500
LONGEST_VALUE = 200_000
"""Characters of JSON."""
_LISTED = 100
_writing = Locks()
"""One item is changed by one request of this process at a time."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What one person may see of the store: namespaces in which one of these names stands."""

    own: frozenset[str]
    is_all: bool = False
    """Also namespaces without an owner, or of others; but not what the app keeps of others."""
    is_admin: bool = False
    """Also that."""

    def may_see(self, namespace: Sequence[str]) -> bool:
        """Whether the person may see the items of a namespace, and of those below it."""
        first = namespace[0] if namespace else ""
        if first == langsmith.NAMESPACE:
            return False  # such an address is enough to rate, so it stays with the app
        if first == feedback.NAMESPACE and not self.is_admin:
            return not self.own.isdisjoint(namespace)
        return self.is_all or not self.own.isdisjoint(namespace)

    def may_change(self, namespace: Sequence[str]) -> bool:
        """Whether the person may write there: not what the app itself keeps."""
        kept = {feedback.NAMESPACE, langsmith.NAMESPACE}
        return bool(namespace) and namespace[0] not in kept and self.may_see(namespace)


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it was read. Times are the server's, in ISO 8601."""

    namespace: Namespace
    key: str
    value: Json
    created_at: str = ""
    updated_at: str = ""
    score: float | None = None
    """How near it is to what was searched for, by meaning."""

    @property
    def json(self) -> str:
        """Its value as it is edited."""
        return written(self.value)


@dataclass(frozen=True, slots=True)
class Found:
    """Items under a namespace."""

    items: tuple[Item, ...]
    has_more: bool = False
    is_by_meaning: bool | None = None
    """Whether the server has searched so; None where nothing was searched for."""


class NotInReachError(AppError, NotFoundError):
    """There is no such item, as far as the person may know."""

    def __init__(self) -> None:
        super().__init__(text.ITEM_GONE)


class ItemChangedError(AppError, ConflictError):
    """The item is not what it was when the person read it; `now` is None where it is gone."""

    def __init__(self, now: Item | None) -> None:
        super().__init__(text.ITEM_CHANGED if now else text.ITEM_DELETED_MEANWHILE)
        self.now = now


class NotAnItemError(AppError, InvalidError):
    """What was given is no item; `sentence` says why."""


class Memory:
    """The store, as far as one person may see it."""

    def __init__(self, client: LangGraphClient, reach: Reach) -> None:
        self._store = client.store
        self._reach = reach

    async def exists(self) -> bool:
        """Whether the server has a store at all."""
        try:
            await self._store.list_namespaces(limit=1)
        except (NotFoundError, UnsupportedError, InvalidError):
            return False
        return True

    async def namespaces(self) -> tuple[list[Namespace], bool]:
        """All namespaces that have items, in order, and whether these are not all.

        Raises:
            LangGraphError: the server does not tell.
        """
        found: set[Namespace] = set()
        for prefix in self._prefixes():
            async for namespace in self._listed(prefix):
                if self._reach.may_see(namespace):
                    found.add(namespace)
                if len(found) > MOST_NAMESPACES:
                    return sorted(found)[:MOST_NAMESPACES], True
        return sorted(found), False

    def _prefixes(self) -> list[list[str] | None]:
        """What namespaces are asked for: all, or those with a name of the person's somewhere."""
        if self._reach.is_all:
            return [None]
        return [[*(["*"] * place), name] for place in range(MOST_NAMES) for name in self._reach.own]

    async def _listed(self, prefix: list[str] | None) -> AsyncGenerator[Namespace]:
        for offset in range(0, MOST_NAMESPACES + _LISTED, _LISTED):
            answer: Any = await self._store.list_namespaces(
                prefix=prefix, limit=_LISTED, offset=offset
            )
            listed = answer.get("namespaces") if isinstance(answer, dict) else answer
            page = [one for one in listed or [] if isinstance(one, list | tuple)]
            for one in page:
                yield tuple(map(str, one))
            if len(page) < _LISTED:
                return

    async def find(
        self,
        prefix: Namespace,
        *,
        query: str = "",
        fields: Json | None = None,
        most: int = PAGE,
    ) -> Found:
        """The first items under a namespace.

        Args:
            prefix: where.
            query: what is searched for: by meaning, or as a part of the key or the value where the
                server cannot do that.
            fields: what the fields of the values are compared with.
            most: how many.

        Raises:
            NotInReachError: the person may not see the namespace.
            LangGraphError: the server does not tell.
        """
        if not self._reach.may_see(prefix):
            raise NotInReachError
        items, has_more = await self._read(prefix, fields, most, query)
        if not query:
            return Found(items[:most], has_more)
        if any(item.score is not None for item in items):
            return Found(items[:most], has_more, is_by_meaning=True)
        items, _ = await self._read(prefix, fields, MOST_LOOKED_AT, "")
        wanted = query.casefold()
        holds = [one for one in items if wanted in _words(one).casefold()]
        return Found(tuple(holds[:most]), len(holds) > most, is_by_meaning=False)

    async def _read(
        self, prefix: Namespace, fields: Json | None, most: int, query: str
    ) -> tuple[tuple[Item, ...], bool]:
        """The first `most` items that the person may see, and whether there are more."""
        found: list[Item] = []
        first: list[Any] = []
        offset = 0
        while len(found) <= most:
            size = min(most + 1, _LISTED)
            try:
                answer: Any = await self._store.search_items(
                    prefix, filter=fields or None, limit=size, offset=offset, query=query or None
                )
            except (BadRequestError, InvalidError, ServerError) as refused:
                if fields:  # it raises where a field cannot be compared
                    raise NotAnItemError(text.FILTER_REFUSED, str(refused)) from None
                raise
            rows = answer.get("items") if isinstance(answer, dict) else None
            if offset and rows == first:
                break  # the server does not know the offset: it would answer so for ever
            first = first or rows or []
            page = [item for row in rows or [] if (item := _item(row))]
            # Some servers compare the letters of a prefix, and not its names.
            under = [one for one in page if one.namespace[: len(prefix)] == prefix]
            found += [one for one in under if self._reach.may_see(one.namespace)]
            offset += size
            if len(rows or []) < size:
                return tuple(found[:most]), len(found) > most
        return tuple(found[:most]), True

    async def get(self, namespace: Namespace, key: str) -> Item:
        """Read one item.

        Raises:
            NotInReachError: there is none, or the person may not see it.
            LangGraphError: the server does not tell.
        """
        found = await self._get(namespace, key) if self._reach.may_see(namespace) else None
        if found is None:
            raise NotInReachError
        return found

    async def write(
        self, namespace: Namespace, key: str, value: Json, *, seen: Item | None
    ) -> Item:
        """Write an item in place of the one that was `seen`, or a new one; returns it.

        Raises:
            ItemChangedError: it is not what was seen; or a new one is there already.
            NotInReachError: the person may not write there.
            LangGraphError: the server did not do it.
        """
        if not self._reach.may_change(namespace):
            raise NotInReachError
        async with _writing.held("\0".join((*namespace, key))):
            await self._check(namespace, key, seen)
            await self._store.put_item(namespace, key, value)
            return await self._get(namespace, key) or Item(namespace, key, value)

    async def delete(self, seen: Item) -> None:
        """Delete an item, if it still is as it was seen. Raises as `write`."""
        if not self._reach.may_change(seen.namespace):
            raise NotInReachError
        async with _writing.held("\0".join((*seen.namespace, seen.key))):
            await self._check(seen.namespace, seen.key, seen)
            await self._store.delete_item(seen.namespace, seen.key)

    async def _check(self, namespace: Namespace, key: str, seen: Item | None) -> None:
        now = await self._get(namespace, key)
        if (now is None) != (seen is None):
            raise ItemChangedError(now)
        if now and seen and (now.updated_at, now.value) != (seen.updated_at, seen.value):
            raise ItemChangedError(now)

    async def _get(self, namespace: Namespace, key: str) -> Item | None:
        return _item(await self._store.get_item(namespace, key))


def checked_namespace(given: object) -> Namespace:
    """The names of a namespace.

    Raises:
        NotAnItemError: it is none.
    """
    names = given if isinstance(given, list | tuple) else []
    if not 0 < len(names) <= MOST_NAMES or not all(map(_is_name, names)):
        raise NotAnItemError(text.NAMESPACE_WRONG)
    return tuple(names)


def checked_key(given: object) -> str:
    """The key of an item; raises as `checked_namespace`."""
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST_KEY:
        raise NotAnItemError(text.KEY_WRONG)
    return given


def checked_value(given: object) -> Json:
    """The value of an item, from JSON; raises as `checked_namespace`."""
    if not isinstance(given, str):
        raise NotAnItemError(text.VALUE_NOT_JSON)
    if len(given) > LONGEST_VALUE:
        raise NotAnItemError(text.VALUE_TOO_LONG)
    return parsed(given)


def parsed(given: str) -> Json:
    """A JSON object.

    Raises:
        NotAnItemError: it is none; the details say where.
    """
    try:
        value = json.loads(given, parse_constant=_refused)
    except (ValueError, RecursionError) as wrong:
        raise NotAnItemError(text.VALUE_NOT_JSON, str(wrong)) from None
    if not isinstance(value, dict):
        raise NotAnItemError(text.VALUE_NOT_OBJECT)
    return value


def _words(item: Item) -> str:
    return f"{item.key}\n{json.dumps(item.value, ensure_ascii=False)}"


def _refused(name: str) -> Any:
    raise ValueError(name)


def _is_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name.strip()) <= LONGEST_NAME and "." not in name


def _item(row: Any) -> Item | None:
    match row:
        case {"namespace": list(namespace), "key": str(key), "value": dict(value)}:
            score = row.get("score")
            return Item(
                tuple(map(str, namespace)),
                key,
                value,
                str(row.get("created_at") or ""),
                str(row.get("updated_at") or ""),
                float(score) if isinstance(score, int | float) else None,
            )
    return None
