"""Assistants: which graphs there are, what they take and how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat_app.client.http import Http, given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chat_app.client.schema import Assistant, GraphDrawing, GraphSchemas, Json, SortOrder


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
    ) -> list[Assistant]:
        """List assistants; `limit` is at most 1000."""
        return await self._http.ask(
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
        )

    async def count(
        self, *, metadata: Json | None = None, graph_id: str | None = None, name: str | None = None
    ) -> int:
        return await self._http.ask(
            "assistants", "count", body=given(metadata=metadata, graph_id=graph_id, name=name)
        )

    async def get(self, assistant_id: str) -> Assistant:
        """Fetch one by its UUID: here and in `get_schemas` servers refuse a graph's name."""
        return await self._http.get("assistants", assistant_id)

    async def get_schemas(self, assistant_id: str) -> GraphSchemas:
        return await self._http.get("assistants", assistant_id, "schemas")

    async def get_graph(self, assistant_id: str, *, xray: int | bool = False) -> GraphDrawing:
        """Nodes and edges; `xray` opens subgraphs, all of them or to a depth."""
        depth = str(xray).lower() if isinstance(xray, bool) else xray
        return await self._http.get("assistants", assistant_id, "graph", params={"xray": depth})
