"""The long-term store: JSON items under a namespace, across threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from chat_app.client.errors import NotFoundError
from chat_app.client.http import Http, given

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chat_app.client.schema import Item, Json, SearchItems


class Store:
    """``/store/items``. A namespace is a path of names, none of which holds a dot."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def put_item(
        self,
        namespace: Sequence[str],
        /,
        key: str,
        *,
        value: Mapping[str, Any],
        index: Literal[False] | Sequence[str] | None = None,
    ) -> None:
        """Write an item; `index` names the fields to search by meaning, False for none."""
        await self._http.put(
            "store",
            "items",
            body={"namespace": list(namespace), "key": key, "value": value} | given(index=index),
        )

    async def get_item(self, namespace: Sequence[str], /, key: str) -> Item | None:
        """Read an item; None where there is none."""
        params = {"namespace": ".".join(namespace), "key": key}
        try:
            return await self._http.get("store", "items", params=params)
        except NotFoundError:
            return None

    async def delete_item(self, namespace: Sequence[str], /, key: str) -> None:
        await self._http.delete("store", "items", body={"namespace": list(namespace), "key": key})

    async def search_items(
        self,
        namespace_prefix: Sequence[str],
        /,
        *,
        filter: Json | None = None,
        query: str | None = None,
        limit: int = 10,
        offset: int = 0,
    ) -> SearchItems:
        """Items under a prefix; `filter` compares fields, `query` searches by meaning."""
        return await self._http.ask(
            "store",
            "items",
            "search",
            body={"namespace_prefix": list(namespace_prefix)}
            | given(filter=filter, query=query, limit=limit, offset=offset),
        )
