"""Runs: start one, follow it, stop it."""

from __future__ import annotations

import re
from collections import deque
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Unpack

from chat_app.client.errors import InvalidError, NotFoundError, UnreachableError
from chat_app.client.follow import Follow
from chat_app.client.http import Http, given
from chat_app.client.repeats import FROM_THE_START, Repeats
from chat_app.client.schema import RunOptions
from chat_app.client.started import find_started

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable, Sequence

    from chat_app.client.events import Event
    from chat_app.client.patience import Patience
    from chat_app.client.schema import CancelAction, Json, Run, RunStatus, StreamMode, TokenMode

_TOKEN_MODES: dict[TokenMode, tuple[StreamMode, ...]] = {
    "auto": ("messages-tuple", "messages"),
    "messages-tuple": ("messages-tuple",),
    "messages": ("messages",),
}
_BESIDE_TOKENS: tuple[StreamMode, ...] = ("values", "updates", "custom")
_AS_USUAL: RunOptions = {"stream_resumable": True, "stream_subgraphs": True}
_REMEMBERED_CANCELS = 1000
_NOTHING_TO_CANCEL = re.compile(r"\bno (matching )?runs (found )?to cancel", re.IGNORECASE)


class Runs:
    """``/threads/{thread_id}/runs``."""

    def __init__(self, http: Http, *, token_mode: TokenMode, patience: Patience) -> None:
        self._http = http
        self._patience = patience
        self._token_modes = _TOKEN_MODES[token_mode]
        self._cancelled: deque[str] = deque(maxlen=_REMEMBERED_CANCELS)

    async def stream(
        self,
        thread_id: str,
        assistant_id: str,
        *,
        on_run_created: Callable[[str], None] | None = None,
        hurry: asyncio.Event | None = None,
        gate: asyncio.Event | None = None,
        **options: Unpack[RunOptions],
    ) -> AsyncGenerator[Event, None]:
        """Start a run and yield its events; the last one, and only that, is a `RunEnd`.

        `assistant_id` may be a graph's name. Without a `stream_mode` tokens, values, updates and
        custom events are asked for, of subgraphs too. `on_run_created` gets the run's id as soon
        as the server answers, up to a second before the first event. Closing the iterator closes
        the connection; the run goes on unless `on_disconnect` is ``cancel``.

        A broken connection is made again: before the pause a `Reconnecting` comes, unless the
        stream had just ended quietly, and once it stands an `Event` named ``reconnected``. Setting
        `hurry` ends such a pause at once. A run whose start was sent and never answered is looked
        for and joined where its `metadata` has a unique ``chat_message`` or ``chat_request``.

        While `gate` is cleared the stream may be left unread: for whoever takes events in batches,
        one large read costs less than many small ones.

        Raises:
            LangGraphError: at the first iteration, where the run could not be started.
        """
        wanted: RunOptions = {**_AS_USUAL, "on_disconnect": "continue", **options}
        chosen = wanted.get("stream_mode")
        attempts = self._token_modes
        for token_mode in attempts:
            modes = chosen or [token_mode, *_BESIDE_TOKENS]
            body = _body(assistant_id, {**wanted, "stream_mode": modes})
            follow = Follow(
                http=self._http,
                thread_id=thread_id,
                requested=[modes] if isinstance(modes, str) else modes,
                heard=Repeats(FROM_THE_START if wanted.get("stream_resumable") else None),
                patience=self._patience,
                cancelled=self._cancelled,
                on_run_created=on_run_created,
                hurry=hurry,
                gate=gate,
            )
            try:
                async with aclosing(follow.start(body)) as events:
                    async for event in events:
                        if not chosen:
                            self._token_modes = (token_mode,)
                        yield event
            except InvalidError as refused:
                if chosen or token_mode == attempts[-1] or not _is_about_modes(refused):
                    raise
            else:
                return

    async def join_stream(  # noqa: PLR0913 - most have a default
        self,
        thread_id: str,
        run_id: str,
        *,
        last_event_id: str | None = None,
        stream_mode: StreamMode | Sequence[StreamMode] | None = None,
        hurry: asyncio.Event | None = None,
        gate: asyncio.Event | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Follow a run that exists, with the promises of `stream`.

        `last_event_id` replays what a resumable run sent after it (``-1``: all of it); without
        it only later events come. `stream_mode` leaves out the run's other modes.

        Raises:
            LangGraphError: at the first iteration, where the stream could not be opened.
        """
        modes = [stream_mode] if isinstance(stream_mode, str) else list(stream_mode or ())
        follow = Follow(
            http=self._http,
            thread_id=thread_id,
            requested=modes,
            heard=Repeats(last_event_id),
            patience=self._patience,
            cancelled=self._cancelled,
            hurry=hurry,
            gate=gate,
        )
        params = {"stream_mode": modes} if modes else None
        async with aclosing(follow.join(run_id, params=params)) as events:
            async for event in events:
                yield event

    async def create(self, thread_id: str, assistant_id: str, **options: Unpack[RunOptions]) -> Run:
        """Start a run without watching it; it can be joined like one that `stream` started.

        Where the answer never came the run is looked for, as `stream` does.

        Raises:
            LangGraphError: the run could not be started.
        """
        wanted: RunOptions = {**_AS_USUAL, **options}
        chosen = wanted.get("stream_mode")
        *tried_first, last = self._token_modes
        for token_mode in tried_first:
            try:
                return await self._create(thread_id, assistant_id, wanted, token_mode)
            except InvalidError as refused:
                if chosen or not _is_about_modes(refused):
                    raise
        return await self._create(thread_id, assistant_id, wanted, last)

    async def _create(
        self, thread_id: str, assistant_id: str, options: RunOptions, token_mode: StreamMode
    ) -> Run:
        modes = options.get("stream_mode") or [token_mode, *_BESIDE_TOKENS]
        body = _body(assistant_id, {**options, "stream_mode": modes})
        try:
            return await self._http.post("threads", thread_id, "runs", body=body)
        except UnreachableError as broken:
            if not (run_id := await find_started(self._http, thread_id, body, broken)):
                raise
            return await self.get(thread_id, run_id)

    async def list(
        self,
        thread_id: str,
        *,
        limit: int = 10,
        offset: int = 0,
        status: RunStatus | None = None,
        select: Sequence[str] | None = None,
    ) -> list[Run]:
        """The runs of a thread, newest first.

        Without `select`, or on a server that does not know it, each one carries its whole input.
        """
        params = given(limit=limit, offset=offset, status=status, select=select)
        return await self._http.get("threads", thread_id, "runs", params=params)

    async def get(self, thread_id: str, run_id: str) -> Run:
        return await self._http.get("threads", thread_id, "runs", run_id)

    async def delete(self, thread_id: str, run_id: str) -> None:
        """Remove a run; one that is gone already is a success.

        One that still waits for its turn will then never be executed.
        """
        self._cancelled.append(run_id)
        with suppress(NotFoundError):
            await self._http.delete("threads", thread_id, "runs", run_id)

    async def cancel(
        self,
        thread_id: str,
        run_id: str,
        *,
        wait: bool = False,
        action: CancelAction = "interrupt",
    ) -> None:
        """Stop a run; one that is over already is a success.

        ``interrupt`` keeps the state of the last finished step, ``rollback`` removes the run and
        all it changed. With `wait` the run is over on return.
        """
        self._cancelled.append(run_id)
        params = {"wait": str(wait).lower(), "action": action}
        path = ("threads", thread_id, "runs", run_id, "cancel")
        try:
            await self._http.post(*path, body={}, params=params)
        except NotFoundError as error:
            if not _NOTHING_TO_CANCEL.search(error.detail):
                raise


def _is_about_modes(refused: InvalidError) -> bool:
    return bool(re.search("stream_mode|messages-tuple", refused.detail))


def _body(assistant_id: str, options: RunOptions) -> Json:
    if unknown := options.keys() - RunOptions.__annotations__.keys():
        # The server would ignore them in silence.
        raise TypeError(f"unknown run options: {', '.join(sorted(unknown))}")
    return {"assistant_id": assistant_id} | given(**options)
