"""Assistants: graphs with a configuration, their versions, what they take and how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.client.http import Http, given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client.http import Headers
    from chat_app.client.schema import (
        Assistant,
        AssistantVersion,
        GraphDrawing,
        GraphSchemas,
        IfExists,
        Json,
        SortOrder,
    )


class Assistants:
    """``/assistants``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def search(  # noqa: PLR0913 - the route's own filters
        self,
        *,
        metadata: Json | None = None,
        graph_id: str | None = None,
        name: str | None = None,
        limit: int = 10,
        offset: int = 0,
        sort_by: str | None = None,
        sort_order: SortOrder | None = None,
        select: Sequence[str] | None = None,
        headers: Headers = None,
    ) -> list[Assistant]:
        """List assistants; `limit` is at most 1000."""
        return await self._http.search(
            "assistants",
            "search",
            body=given(
                metadata=metadata,
                graph_id=graph_id,
                name=name,
                limit=limit,
                offset=offset,
                sort_by=sort_by,
                sort_order=sort_order,
                select=select,
            ),
            headers=headers,
        )

    async def count(
        self,
        *,
        metadata: Json | None = None,
        graph_id: str | None = None,
        name: str | None = None,
        headers: Headers = None,
    ) -> int:
        body = given(metadata=metadata, graph_id=graph_id, name=name)
        return await self._http.ask("assistants", "count", body=body, headers=headers)

    async def get(self, assistant_id: str, *, headers: Headers = None) -> Assistant:
        """Fetch one by its UUID: here and in `get_schemas` servers refuse a graph's name."""
        return await self._http.get("assistants", assistant_id, headers=headers)

    async def get_schemas(self, assistant_id: str, *, headers: Headers = None) -> GraphSchemas:
        return await self._http.get("assistants", assistant_id, "schemas", headers=headers)

    async def get_graph(
        self, assistant_id: str, *, xray: int | bool = False, headers: Headers = None
    ) -> GraphDrawing:
        """Nodes and edges; `xray` opens subgraphs, all of them or to a depth of at least 1.

        Raises:
            InvalidError: the graph cannot be drawn, or not with its subgraphs.
        """
        params = {"xray": str(xray).lower() if isinstance(xray, bool) else xray}
        path = ("assistants", assistant_id, "graph")
        return await self._http.get(*path, params=params, headers=headers)

    async def get_subgraphs(
        self,
        assistant_id: str,
        namespace: str | None = None,
        recurse: bool = False,  # noqa: FBT001, FBT002 - as langgraph_sdk has it
        *,
        headers: Headers = None,
    ) -> dict[str, GraphSchemas]:
        """The schemas of the graphs inside, by namespace; with `recurse` also of those in them."""
        path = ["assistants", assistant_id, "subgraphs", *([namespace] if namespace else [])]
        params = {"recurse": str(recurse).lower()}
        return await self._http.get(*path, params=params, headers=headers)

    async def create(  # noqa: PLR0913 - the route's own fields
        self,
        graph_id: str | None,
        config: Json | None = None,
        *,
        context: Json | None = None,
        metadata: Json | None = None,
        assistant_id: str | None = None,
        if_exists: IfExists | None = None,
        name: str | None = None,
        headers: Headers = None,
        description: str | None = None,
    ) -> Assistant:
        """Make an assistant of a graph; `assistant_id` must be a UUID.

        Raises:
            ConflictError: it exists already, unless `if_exists` is ``do_nothing``.
        """
        body = {"graph_id": graph_id} | given(
            config=config,
            context=context,
            metadata=metadata,
            assistant_id=assistant_id,
            if_exists=if_exists,
            name=name,
            description=description,
        )
        return await self._http.post("assistants", body=body, headers=headers)

    async def update(  # noqa: PLR0913 - the route's own fields
        self,
        assistant_id: str,
        *,
        graph_id: str | None = None,
        config: Json | None = None,
        context: Json | None = None,
        metadata: Json | None = None,
        name: str | None = None,
        headers: Headers = None,
        description: str | None = None,
    ) -> Assistant:
        """Make a new version: `metadata` is merged, the rest takes the place of what was there."""
        body = given(
            graph_id=graph_id,
            config=config,
            context=context,
            metadata=metadata,
            name=name,
            description=description,
        )
        return await self._http.patch("assistants", assistant_id, body=body, headers=headers)

    async def delete(
        self, assistant_id: str, *, delete_threads: bool = False, headers: Headers = None
    ) -> None:
        """Remove an assistant and all its versions, with `delete_threads` also its threads."""
        params = {"delete_threads": "true"} if delete_threads else None
        await self._http.delete("assistants", assistant_id, params=params, headers=headers)

    async def get_versions(
        self,
        assistant_id: str,
        metadata: Json | None = None,
        limit: int = 10,
        offset: int = 0,
        *,
        headers: Headers = None,
    ) -> list[AssistantVersion]:
        """The versions of an assistant, newest first."""
        body = given(metadata=metadata, limit=limit, offset=offset)
        path = ("assistants", assistant_id, "versions")
        return await self._http.ask(*path, body=body, headers=headers)

    async def set_latest(
        self, assistant_id: str, version: int, *, headers: Headers = None
    ) -> Assistant:
        """Let an assistant be as it was in that version."""
        path = ("assistants", assistant_id, "latest")
        return await self._http.post(*path, body={"version": version}, headers=headers)
