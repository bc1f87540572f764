"""Runs: start one, follow it, stop it."""

from __future__ import annotations

import re
from collections import deque
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Unpack

from chat_app.client.errors import (
    BadRequestError,
    InvalidError,
    LangGraphError,
    NotFoundError,
    RunFailedError,
    UnreachableError,
)
from chat_app.client.http import Http, given
from chat_app.client.recover import find_started
from chat_app.client.replay import FROM_THE_START, Replay
from chat_app.client.resume import ResumableStream
from chat_app.client.retry import wait
from chat_app.client.schema import RunOptions

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable, Sequence
    from typing import Any

    from chat_app.client.events import Event
    from chat_app.client.http import Headers
    from chat_app.client.modes import Modes
    from chat_app.client.retry import RetryPolicy
    from chat_app.client.schema import (
        BulkCancelStatus,
        CancelAction,
        Json,
        Run,
        RunCreated,
        RunStatus,
        StreamMode,
    )

_LIKE_THE_SDK: RunOptions = {
    "stream_mode": "values",
    "stream_subgraphs": False,
    "stream_resumable": False,
}
_REFUSALS = (InvalidError, BadRequestError)
_REMEMBERED_CANCELS = 1000
_NOTHING_TO_CANCEL = re.compile(r"\bno (matching )?runs (found )?to cancel", re.IGNORECASE)


class Runs:
    """``/threads/{thread_id}/runs``, and ``/runs`` where the `thread_id` is None.

    Such a run has a thread of its own, which the server removes at its end.
    """

    def __init__(self, http: Http, *, modes: Modes, retry: RetryPolicy) -> None:
        self._http = http
        self._retry = retry
        self._modes = modes
        self._cancelled: deque[str] = deque(maxlen=_REMEMBERED_CANCELS)

    async def stream(  # noqa: PLR0913 - most have a default
        self,
        thread_id: str | None,
        assistant_id: str,
        *,
        on_run_created: Callable[[RunCreated], None] | None = None,
        hurry: asyncio.Event | None = None,
        gate: asyncio.Event | None = None,
        headers: Headers = None,
        **options: Unpack[RunOptions],
    ) -> AsyncGenerator[Event, None]:
        """Start a run and yield its events; the last one, and only that, is a `RunEnd`.

        `assistant_id` may be a graph's name. Without a `stream_mode` values are asked for; ``chat``
        stands for tokens, values, updates and custom events, as far as the server has them, or for
        the `chat_modes` (see `modes`). `on_run_created` is called as soon as the server answers, up
        to a second before the first event. Closing the iterator closes the connection; with
        `on_disconnect` ``continue`` the run goes on.

        A broken connection is reopened: before the pause a `Reconnecting` is yielded, unless the
        stream had just ended without an error, and once it is open an `Event` named
        ``reconnected``. Setting `hurry` ends the pause at once. Lost events are requested again
        if the run is `stream_resumable`. A run whose start was never answered is searched for
        and joined if its `metadata` has a unique ``chat_message`` or ``chat_request``.

        While `gate` is cleared the stream may be left unread: one large read costs less than many
        small ones.

        Raises:
            LangGraphError: at the first iteration, where the run could not be started.
        """
        negotiation = self._modes.negotiate({**_LIKE_THE_SDK, **options})
        while True:
            asked, has_begun = negotiation.options, False
            follow = ResumableStream(
                http=self._http,
                thread_id=thread_id,
                requested=negotiation.requested,
                heard=Replay(FROM_THE_START if asked.get("stream_resumable") else None),
                retry=self._retry,
                cancelled=self._cancelled,
                headers=headers,
                on_run_created=on_run_created,
                hurry=hurry,
                gate=gate,
            )
            try:
                async with aclosing(follow.start(_body(assistant_id, asked))) as events:
                    async for event in events:
                        if not has_begun:
                            has_begun = True
                            negotiation.succeeded()
                        yield event
            except _REFUSALS as refused:
                if not negotiation.gives_way(refused):
                    raise
            else:
                return

    async def join_stream(  # noqa: PLR0913 - most have a default
        self,
        thread_id: str,
        run_id: str,
        *,
        cancel_on_disconnect: bool = False,
        stream_mode: StreamMode | Sequence[StreamMode] | None = None,
        last_event_id: str | None = None,
        hurry: asyncio.Event | None = None,
        gate: asyncio.Event | None = None,
        headers: Headers = None,
    ) -> AsyncGenerator[Event, None]:
        """Follow a run that exists, with the guarantees of `stream`.

        `last_event_id` replays what a resumable run sent after it (``-1``: all of it); without
        it only later events come. `stream_mode` leaves out the run's other modes.

        Raises:
            LangGraphError: at the first iteration, where the stream could not be opened.
        """
        modes = [stream_mode] if isinstance(stream_mode, str) else list(stream_mode or ())
        follow = ResumableStream(
            http=self._http,
            thread_id=thread_id,
            requested=modes,
            heard=Replay(last_event_id),
            retry=self._retry,
            cancelled=self._cancelled,
            headers=headers,
            hurry=hurry,
            gate=gate,
        )
        cancels = "true" if cancel_on_disconnect else None
        params = given(stream_mode=modes or None, cancel_on_disconnect=cancels)
        async with aclosing(follow.join(run_id, params=params or None)) as events:
            async for event in events:
                yield event

    async def create(
        self,
        thread_id: str | None,
        assistant_id: str,
        *,
        on_run_created: Callable[[RunCreated], None] | None = None,
        headers: Headers = None,
        **options: Unpack[RunOptions],
    ) -> Run:
        """Start a run without watching it; it can be joined like one that `stream` started.

        Where the answer never came the run is looked for, as `stream` does.

        Raises:
            LangGraphError: the run could not be started.
        """
        negotiation = self._modes.negotiate({**_LIKE_THE_SDK, **options})
        while True:
            try:
                body = _body(assistant_id, negotiation.options)
                run = await self._create(thread_id, body, headers)
            except _REFUSALS as refused:
                if not negotiation.gives_way(refused):
                    raise
            else:
                negotiation.succeeded()
                if on_run_created:
                    on_run_created({"run_id": run["run_id"], "thread_id": run["thread_id"]})
                return run

    async def _create(self, thread_id: str | None, body: Json, headers: Headers) -> Run:
        try:
            return await self._http.post(*_path(thread_id), body=body, headers=headers)
        except UnreachableError as broken:
            run_id = await find_started(self._http, thread_id, body, broken, headers=headers)
            if not (run_id and thread_id):
                raise
            return await self.get(thread_id, run_id, headers=headers)

    def request_of(self, assistant_id: str, **options: Unpack[RunOptions]) -> Json:
        """The body with which `stream` would start a run now; nothing is sent."""
        return _body(assistant_id, self._modes.negotiate({**_LIKE_THE_SDK, **options}).options)

    async def wait(
        self,
        thread_id: str | None,
        assistant_id: str,
        *,
        raise_error: bool = True,
        headers: Headers = None,
        **options: Unpack[RunOptions],
    ) -> Any:
        """Start a run, wait for its end and return the values of the state then.

        Where the connection breaks the run is looked for, as `stream` does, and joined.

        Raises:
            RunFailedError: the run raised; without `raise_error` its ``__error__`` is returned.
            LangGraphError: the run could not be started, or was lost.
        """
        body = _body(assistant_id, options)
        try:
            values = await self._http.post(*_path(thread_id), "wait", body=body, headers=headers)
        except UnreachableError as broken:
            run_id = await find_started(self._http, thread_id, body, broken, headers=headers)
            if not (run_id and thread_id):
                raise
            values = await self.join(thread_id, run_id, headers=headers)
        error = values.get("__error__") if isinstance(values, dict) else None
        if raise_error and isinstance(error, dict):
            raise RunFailedError(f"{error.get('error')}: {error.get('message')}")
        return values

    async def join(self, thread_id: str, run_id: str, *, headers: Headers = None) -> Any:
        """Wait for the end of a run and return the values of the state then.

        A broken connection is made again.

        Raises:
            LangGraphError: the run is not known, or the server cannot be reached.
        """
        tries = 0
        while True:
            try:
                return await self._http.get(*_path(thread_id), run_id, "join", headers=headers)
            except LangGraphError as trouble:
                if not trouble.retryable or tries >= self._retry.tries:
                    raise
                await wait(self._retry.pause(tries, trouble))
                tries += 1

    async def list(  # noqa: PLR0913 - the route's own filters
        self,
        thread_id: str,
        *,
        limit: int = 10,
        offset: int = 0,
        status: RunStatus | None = None,
        select: Sequence[str] | None = None,
        headers: Headers = None,
    ) -> list[Run]:
        """The runs of a thread, newest first.

        Without `select`, or on a server that does not know it, each one carries its whole input.
        """

        async def send(params: Json) -> list[Run]:
            return await self._http.get(*_path(thread_id), params=params, headers=headers)

        params = given(limit=limit, offset=offset, status=status, select=select)
        return await self._http.dialect.ask("runs/list", send, params, optional=["select"])

    async def get(self, thread_id: str, run_id: str, *, headers: Headers = None) -> Run:
        return await self._http.get(*_path(thread_id), run_id, headers=headers)

    async def delete(self, thread_id: str, run_id: str, *, headers: Headers = None) -> None:
        """Remove a run; one that is gone already is a success.

        A pending run will then never be executed.
        """
        self._cancelled.append(run_id)
        with suppress(NotFoundError):
            await self._http.delete(*_path(thread_id), run_id, headers=headers)

    async def cancel(
        self,
        thread_id: str,
        run_id: str,
        *,
        wait: bool = False,
        action: CancelAction = "interrupt",
        headers: Headers = None,
    ) -> None:
        """Stop a run; one that is over already is a success.

        ``interrupt`` keeps the state of the last finished step, ``rollback`` removes the run and
        all it changed. With `wait` the run is over on return.
        """
        self._cancelled.append(run_id)
        # Some servers take only numbers here; without it none waits.
        params = {"action": action} | ({"wait": 1} if wait else {})
        path = (*_path(thread_id), run_id, "cancel")
        try:
            await self._http.post(*path, body={}, params=params, headers=headers)
        except NotFoundError as error:
            if not _NOTHING_TO_CANCEL.search(error.detail):
                raise

    async def cancel_many(
        self,
        *,
        thread_id: str | None = None,
        run_ids: Sequence[str] | None = None,
        status: BulkCancelStatus | None = None,
        action: CancelAction = "interrupt",
        headers: Headers = None,
    ) -> None:
        """Stop runs of a thread by their ids, or all on the server that have that status."""
        self._cancelled.extend(run_ids or ())
        body = given(thread_id=thread_id, run_ids=run_ids, status=status)
        params = {"action": action}
        await self._http.post("runs", "cancel", body=body, params=params, headers=headers)


def _path(thread_id: str | None) -> tuple[str, ...]:
    return ("runs",) if thread_id is None else ("threads", thread_id, "runs")


def _body(assistant_id: str, options: RunOptions) -> Json:
    if unknown := options.keys() - RunOptions.__annotations__.keys():
        # The server would ignore them without an error.
        raise TypeError(f"unknown run options: {', '.join(sorted(unknown))}")
    body: Json = {"assistant_id": assistant_id} | given(**options)
    if command := body.get("command"):
        body["command"] = given(**command)
    if "langsmith_tracing" in body:
        body["langsmith_tracer"] = body.pop("langsmith_tracing")
    return body
