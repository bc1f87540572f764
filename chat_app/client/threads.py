"""Threads: a conversation, its state now and its history."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from chat_app.client.http import Http, given
from chat_app.client.lifecycle import Lifecycle, read_lifecycle

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from chat_app.client.schema import (
        Checkpoint,
        IfExists,
        Json,
        SortOrder,
        StateUpdate,
        Thread,
        ThreadState,
        ThreadStatus,
    )


class Threads:
    """``/threads``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def create(
        self,
        *,
        metadata: Json | None = None,
        thread_id: str | None = None,
        if_exists: IfExists | None = None,
        graph_id: str | None = None,
    ) -> Thread:
        """Make a thread; `thread_id` must be a UUID.

        Raises:
            ConflictError: it exists already, unless `if_exists` is ``do_nothing``.
        """
        if graph_id:
            metadata = {**(metadata or {}), "graph_id": graph_id}
        return await self._http.post(
            "threads", body=given(metadata=metadata, thread_id=thread_id, if_exists=if_exists)
        )

    async def get(self, thread_id: str) -> Thread:
        return await self._http.get("threads", thread_id)

    async def search(  # noqa: PLR0913 - the route's own filters
        self,
        *,
        metadata: Json | None = None,
        values: Json | None = None,
        ids: Sequence[str] | None = None,
        status: ThreadStatus | None = None,
        limit: int = 10,
        offset: int = 0,
        sort_by: str | None = None,
        sort_order: SortOrder | None = None,
        select: Sequence[str] | None = None,
        extract: Mapping[str, str] | None = None,
    ) -> list[Thread]:
        """List threads; `limit` is at most 1000, `metadata` must be contained exactly.

        Without `select` each row carries the whole state. `extract` maps a name to a path such as
        ``values.messages[0].content``, found under ``extracted``.
        """
        return await self._http.ask(
            "threads",
            "search",
            body=given(
                metadata=metadata,
                values=values,
                ids=ids,
                status=status,
                limit=limit,
                offset=offset,
                sort_by=sort_by,
                sort_order=sort_order,
                select=select,
                extract=extract,
            ),
        )

    async def count(
        self,
        *,
        metadata: Json | None = None,
        values: Json | None = None,
        status: ThreadStatus | None = None,
    ) -> int:
        return await self._http.ask(
            "threads", "count", body=given(metadata=metadata, values=values, status=status)
        )

    async def update(self, thread_id: str, *, metadata: Mapping[str, Any]) -> Thread:
        """Merge `metadata` into the thread's own."""
        return await self._http.patch("threads", thread_id, body={"metadata": metadata})

    async def delete(self, thread_id: str) -> None:
        await self._http.delete("threads", thread_id)

    async def copy(self, thread_id: str) -> Thread:
        """Make a new thread with the same state and history."""
        return await self._http.post("threads", thread_id, "copy", body={})

    async def lifecycle(self, thread_id: str, *, silence: float) -> AsyncGenerator[Lifecycle, None]:
        """Yield when runs of the thread begin to execute and end, whoever started them.

        The first one, without a run, says that from now on nothing is missed: look at the state
        then. `silence` is the longest time in seconds without a byte; the server's heartbeat comes
        every 5. Ends where the server closes the stream.

        Raises:
            LangGraphError: the stream could not be opened, as on servers that have none, or broke.
        """
        async with aclosing(read_lifecycle(self._http, thread_id, silence=silence)) as events:
            async for event in events:
                yield event

    async def get_state(
        self,
        thread_id: str,
        *,
        checkpoint: Checkpoint | None = None,
        checkpoint_id: str | None = None,
        subgraphs: bool = False,
    ) -> ThreadState:
        """The state now, or at a checkpoint."""
        params = {"subgraphs": str(subgraphs).lower()}
        if checkpoint:
            body = {"checkpoint": checkpoint, "subgraphs": subgraphs}
            return await self._http.ask("threads", thread_id, "state", "checkpoint", body=body)
        if checkpoint_id:
            return await self._http.get("threads", thread_id, "state", checkpoint_id, params=params)
        return await self._http.get("threads", thread_id, "state", params=params)

    async def update_state(
        self,
        thread_id: str,
        *,
        values: Json | Sequence[Json] | None,
        as_node: str | None = None,
        checkpoint: Checkpoint | None = None,
        checkpoint_id: str | None = None,
    ) -> StateUpdate:
        """Save `values` as if the node `as_node` had returned them.

        Raises:
            ConflictError: a run is going on.
        """
        return await self._http.post(
            "threads",
            thread_id,
            "state",
            body={"values": values}
            | given(as_node=as_node, checkpoint=checkpoint, checkpoint_id=checkpoint_id),
        )

    async def get_history(
        self,
        thread_id: str,
        *,
        limit: int = 10,
        before: str | Checkpoint | None = None,
        metadata: Json | None = None,
        checkpoint: Checkpoint | None = None,
    ) -> list[ThreadState]:
        """States of all branches, newest first; `before` is a checkpoint or its id."""
        return await self._http.ask(
            "threads",
            thread_id,
            "history",
            body=given(
                limit=limit, before=_configurable(before), metadata=metadata, checkpoint=checkpoint
            ),
        )


def _configurable(before: str | Checkpoint | None) -> Json | None:
    """A bare checkpoint here makes the server fail with a 500; wrapped like a config it works."""
    if before is None:
        return None
    return {"configurable": {"checkpoint_id": before} if isinstance(before, str) else before}
