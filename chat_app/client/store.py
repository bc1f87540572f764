"""The long-term store: JSON items under a namespace, across threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from chat_app.client.errors import NotFoundError
from chat_app.client.http import Http, given

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chat_app.client.http import Headers
    from chat_app.client.schema import Item, Namespaces, SearchItems


class Store:
    """``/store``. A namespace is a path of names, none of which holds a dot."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def put_item(  # noqa: PLR0913, PLR0917 - the route's own fields
        self,
        namespace: Sequence[str],
        /,
        key: str,
        value: Mapping[str, Any],
        index: Literal[False] | Sequence[str] | None = None,
        ttl: int | None = None,
        headers: Headers = None,
    ) -> None:
        """Write an item; `index` names the fields to search by meaning, False for none.

        It is forgotten `ttl` minutes after it was last used.
        """
        item = {"namespace": _checked(namespace), "key": key, "value": value}
        body = item | given(index=index, ttl=ttl)
        await self._http.put("store", "items", body=body, headers=headers)

    async def get_item(
        self,
        namespace: Sequence[str],
        /,
        key: str,
        *,
        refresh_ttl: bool | None = None,
        headers: Headers = None,
    ) -> Item | None:
        """Read an item; None where there is none."""
        refresh = None if refresh_ttl is None else str(refresh_ttl).lower()
        params = {"namespace": ".".join(_checked(namespace)), "key": key}
        params |= given(refresh_ttl=refresh)
        try:
            return await self._http.get("store", "items", params=params, headers=headers)
        except NotFoundError:
            return None

    async def delete_item(
        self, namespace: Sequence[str], /, key: str, headers: Headers = None
    ) -> None:
        body = {"namespace": _checked(namespace), "key": key}
        await self._http.delete("store", "items", body=body, headers=headers)

    async def search_items(  # noqa: PLR0913, PLR0917 - the route's own filters
        self,
        namespace_prefix: Sequence[str],
        /,
        filter: Mapping[str, Any] | None = None,
        limit: int = 10,
        offset: int = 0,
        query: str | None = None,
        refresh_ttl: bool | None = None,  # noqa: FBT001 - as langgraph_sdk has it
        headers: Headers = None,
    ) -> SearchItems:
        """Items under a prefix; `filter` compares fields, `query` searches by meaning."""
        body = {"namespace_prefix": list(namespace_prefix)} | given(
            filter=filter, limit=limit, offset=offset, query=query, refresh_ttl=refresh_ttl
        )
        return await self._http.ask("store", "items", "search", body=body, headers=headers)

    async def list_namespaces(  # noqa: PLR0913, PLR0917 - the route's own filters
        self,
        prefix: Sequence[str] | None = None,
        suffix: Sequence[str] | None = None,
        max_depth: int | None = None,
        limit: int = 100,
        offset: int = 0,
        headers: Headers = None,
    ) -> Namespaces:
        """Namespaces that begin and end so, cut to `max_depth` names."""
        body = given(prefix=prefix, suffix=suffix, max_depth=max_depth, limit=limit, offset=offset)
        return await self._http.ask("store", "namespaces", body=body, headers=headers)


def _checked(namespace: Sequence[str]) -> list[str]:
    """The namespace.

    Raises:
        ValueError: a name in it has a dot, which the server would take for two names.
    """
    if any("." in name for name in namespace):
        raise ValueError(f"a name in the namespace {namespace!r} holds a dot")
    return list(namespace)
