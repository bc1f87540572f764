"""Threads: a conversation, its state now and its history."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from chat_app.client.errors import BadRequestError, InvalidError
from chat_app.client.http import Http, given
from chat_app.client.lifecycle import Lifecycle, read_lifecycle
from chat_app.client.sse import read_events

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from chat_app.client.events import Event
    from chat_app.client.http import Headers
    from chat_app.client.schema import (
        Checkpoint,
        IfExists,
        Json,
        SortOrder,
        StateUpdate,
        Thread,
        ThreadState,
        ThreadStatus,
        ThreadStreamMode,
    )

_NEWER = "state_updated_at"
"""A field of threads that servers before 2026 refuse to select."""


class Threads:
    """``/threads``."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def create(  # noqa: PLR0913 - the route's own fields
        self,
        *,
        metadata: Json | None = None,
        thread_id: str | None = None,
        if_exists: IfExists | None = None,
        graph_id: str | None = None,
        supersteps: Sequence[Json] | None = None,
        headers: Headers = None,
    ) -> Thread:
        """Make a thread; `thread_id` must be a UUID.

        `supersteps` are written to its state, each ``{"updates": [{"values", "as_node"}]}``; they
        need a `graph_id`. Servers without them make an empty thread.

        Raises:
            ConflictError: it exists already, unless `if_exists` is ``do_nothing``.
        """
        if graph_id:
            metadata = {**(metadata or {}), "graph_id": graph_id}
        return await self._http.post(
            "threads",
            body=given(
                metadata=metadata,
                thread_id=thread_id,
                if_exists=if_exists,
                supersteps=supersteps,
            ),
            headers=headers,
        )

    async def get(self, thread_id: str, *, headers: Headers = None) -> Thread:
        return await self._http.get("threads", thread_id, headers=headers)

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
        headers: Headers = None,
    ) -> list[Thread]:
        """List threads; `limit` is at most 1000, `metadata` must be contained exactly.

        Without `select`, or on a server that refuses it, each row carries the whole state.
        `extract` maps a name to a path such as ``values.messages[0].content``, found under
        ``extracted``.
        """
        body = given(
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
        )
        if select is None or _NEWER not in select:
            return await self._http.search("threads", "search", body=body, headers=headers)
        # One newer name must not cost an older server the whole selection.
        dialect, route = self._http.dialect, "threads/search"
        if not dialect.refuses(route, _NEWER):
            try:
                return await self._http.ask("threads", "search", body=body, headers=headers)
            except (BadRequestError, InvalidError):
                pass
        body["select"] = [name for name in select if name != _NEWER]
        rows = await self._http.search("threads", "search", body=body, headers=headers)
        dialect.remember(route, [_NEWER])
        return rows

    async def count(
        self,
        *,
        metadata: Json | None = None,
        values: Json | None = None,
        status: ThreadStatus | None = None,
        headers: Headers = None,
    ) -> int:
        body = given(metadata=metadata, values=values, status=status)
        return await self._http.ask("threads", "count", body=body, headers=headers)

    async def update(
        self, thread_id: str, *, metadata: Mapping[str, Any], headers: Headers = None
    ) -> Thread:
        """Merge `metadata` into the thread's own."""
        body = {"metadata": metadata}
        return await self._http.patch("threads", thread_id, body=body, headers=headers)

    async def delete(self, thread_id: str, *, headers: Headers = None) -> None:
        await self._http.delete("threads", thread_id, headers=headers)

    async def copy(self, thread_id: str, *, headers: Headers = None) -> Thread:
        """Make a new thread with the same state and history."""
        return await self._http.post("threads", thread_id, "copy", body={}, headers=headers)

    async def join_stream(
        self,
        thread_id: str,
        *,
        last_event_id: str | None = None,
        stream_mode: ThreadStreamMode | Sequence[ThreadStreamMode] = "run_modes",
        headers: Headers = None,
        silence: float = 15,
    ) -> AsyncGenerator[Event, None]:
        """Yield the events of all runs of the thread, without end, each with an id.

        ``run_modes`` tells what each run was asked to stream, ``lifecycle`` only that runs begin
        and end. `last_event_id` replays what came after it (``-``: all that the server has kept).
        `silence` is the longest time in seconds without a byte; the server's heartbeat comes every
        5. A broken connection is not reopened: join again with the last id.

        Raises:
            LangGraphError: the stream could not be opened, as on servers that have none, or broke.
        """
        sent = {**(headers or {})} | ({"last-event-id": last_event_id} if last_event_id else {})
        modes = [stream_mode] if isinstance(stream_mode, str) else list(stream_mode)
        path, params = ("threads", thread_id, "stream"), {"stream_modes": modes}
        async with (
            self._http.stream(
                "GET", *path, params=params, headers=sent, silence=silence
            ) as response,
            aclosing(read_events(response)) as events,
        ):
            async for event in events:
                yield event

    async def lifecycle(self, thread_id: str, *, silence: float) -> AsyncGenerator[Lifecycle, None]:
        """Yield when runs of the thread start and end, those of other programs included.

        The first event, without a run, says that the subscription is active: read the state then.
        `silence` is the longest time in seconds without a byte; the server's heartbeat comes every
        5. Ends where the server closes the stream.

        Raises:
            LangGraphError: the stream could not be opened, as on servers that have none, or broke.
        """
        async with aclosing(read_lifecycle(self._http, thread_id, silence=silence)) as events:
            async for event in events:
                yield event

    async def get_state(  # noqa: PLR0913 - the route's own parameters
        self,
        thread_id: str,
        checkpoint: Checkpoint | None = None,
        checkpoint_id: str | None = None,
        *,
        subgraphs: bool = False,
        select: Sequence[str] | None = None,
        headers: Headers = None,
    ) -> ThreadState:
        """The state now, or at a checkpoint.

        `select` names what is wanted of it, such as ``next`` or ``values.messages``; a server that
        refuses it gives all.
        """
        path = ["threads", thread_id, "state"]
        if checkpoint:
            asked = {"checkpoint": checkpoint, "subgraphs": subgraphs} | given(select=select)

            async def send(fields: Json) -> ThreadState:
                return await self._http.ask(*path, "checkpoint", body=fields, headers=headers)
        else:
            path += [checkpoint_id] if checkpoint_id else []
            asked = {"subgraphs": str(subgraphs).lower()} | given(select=select)

            async def send(fields: Json) -> ThreadState:
                return await self._http.get(*path, params=fields, headers=headers)

        route = "checkpoint" if checkpoint else "state"
        return await self._http.dialect.ask(route, send, asked, optional=["select"])

    async def update_state(  # noqa: PLR0913 - the route's own fields
        self,
        thread_id: str,
        values: Json | Sequence[Json] | None,
        *,
        as_node: str | None = None,
        checkpoint: Checkpoint | None = None,
        checkpoint_id: str | None = None,
        headers: Headers = None,
    ) -> StateUpdate:
        """Save `values` as if the node `as_node` had returned them.

        Raises:
            ConflictError: a run is going on.
        """
        where = given(as_node=as_node, checkpoint=checkpoint, checkpoint_id=checkpoint_id)
        body = {"values": values} | where
        return await self._http.post("threads", thread_id, "state", body=body, headers=headers)

    async def get_history(  # noqa: PLR0913 - the route's own fields
        self,
        thread_id: str,
        *,
        limit: int = 10,
        before: str | Checkpoint | None = None,
        metadata: Json | None = None,
        checkpoint: Checkpoint | None = None,
        select: Sequence[str] | None = None,
        headers: Headers = None,
    ) -> list[ThreadState]:
        """States of all branches, newest first; `before` is a checkpoint or its id.

        `select` is that of `get_state`.
        """
        return await self._http.search(
            "threads",
            thread_id,
            "history",
            body=given(
                limit=limit,
                before=_configurable(before),
                metadata=metadata,
                checkpoint=checkpoint,
                select=select,
            ),
            headers=headers,
        )


def _configurable(before: str | Checkpoint | None) -> Json | None:
    """A bare checkpoint here makes the server fail with a 500; wrapped like a config it works."""
    if before is None:
        return None
    return {"configurable": {"checkpoint_id": before} if isinstance(before, str) else before}
