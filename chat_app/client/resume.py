"""Following one run to its end, through broken connections.

The end of a stream is ambiguous: current servers send no terminal event, a cancelled run just
stops, and a broken connection looks the same. So when a stream ends, the run's status is requested,
and only a terminal status ends the stream of events, with a last `RunEnd`. Events lost with a
connection are requested again and deduplicated (see `replay`), also when the run is over by then.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chat_app.client.errors import (
    Cause,
    LangGraphError,
    NotFoundError,
    StatusError,
    UnreachableError,
    UnsupportedError,
)
from chat_app.client.events import Event, Metadata, Outcome, Reconnecting, RunEnd, RunError
from chat_app.client.recover import find_started
from chat_app.client.replay import FROM_THE_START, Replay
from chat_app.client.retry import wait
from chat_app.client.schema import ACTIVE, RunCreated
from chat_app.client.sse import read_events

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Container, Mapping, Sequence

    from chat_app.client.http import Headers, Http
    from chat_app.client.retry import RetryPolicy
    from chat_app.client.schema import Json

_log = logging.getLogger("chat_app.client")

_LAST_TRIES = 3
"""Reconnections for the rest of a run that is over. What they do not return is in the state."""


@dataclass(slots=True, kw_only=True)
class ResumableStream:
    """One run's stream. Use either `start` or `join`, once."""

    http: Http
    thread_id: str | None
    """None: the run has a temporary thread of its own."""
    requested: Sequence[str]
    """The stream modes asked for: see `decode`."""
    heard: Replay
    retry: RetryPolicy
    cancelled: Container[str]
    """Runs that were cancelled by this client: if one of them no longer exists, it is not lost."""
    headers: Headers = None
    """More headers for every request."""
    on_run_created: Callable[[RunCreated], None] | None = None
    hurry: asyncio.Event | None = None
    """Set by the caller to end the current pause; cleared here."""
    gate: asyncio.Event | None = None
    """While it is cleared the stream may be left unread, as `Wire` says."""
    run_id: str = field(default="", init=False)
    _attempt: int = field(default=0, init=False)
    _error: RunError | None = field(default=None, init=False)
    _ended: bool = field(default=False, init=False)
    _progressed: bool = field(default=False, init=False)
    _stood: bool = field(default=False, init=False)
    """The last stream was open for at least the timeout for silence."""
    _trouble: LangGraphError | None = field(default=None, init=False)
    """Why the last attempt to read the stream or the status failed."""
    _torn: bool = field(default=False, init=False)
    """The last stream broke or was refused: there may be more events."""

    def start(self, body: Json) -> AsyncGenerator[Event, None]:
        """Start a run and follow it.

        Raises:
            LangGraphError: the run could not be started; never after the first event.
        """
        return self._follow(self._start(body), None)

    def join(
        self, run_id: str, *, params: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[Event, None]:
        """Follow a run that exists, also where its server cannot be reached right now.

        Raises:
            LangGraphError: the stream cannot be opened; never after the first event.
        """
        self.run_id = run_id
        return self._follow(self._first_join(params), params)

    async def _follow(
        self, first: AsyncGenerator[Event, None], params: Mapping[str, Any] | None
    ) -> AsyncGenerator[Event, None]:
        for stretch in (first, self._hold_on(params)):
            async with aclosing(stretch) as events:
                async for event in events:
                    yield event

    async def _start(self, body: Json) -> AsyncGenerator[Event, None]:
        try:
            async with aclosing(self._read("POST", *self._path("stream"), body=body)) as events:
                async for event in events:
                    yield event
        except UnreachableError as broken:
            run_id = await find_started(
                self.http, self.thread_id, body, broken, headers=self.headers
            )
            if not run_id:
                raise
            self.heard = Replay(FROM_THE_START)
            self._tear(broken)
            self._created(run_id)

    async def _first_join(self, params: Mapping[str, Any] | None) -> AsyncGenerator[Event, None]:
        try:
            async with aclosing(self._join(params)) as events:
                async for event in events:
                    yield event
        except LangGraphError as refused:
            if not refused.retryable:
                raise
            self._tear(refused)

    async def _hold_on(self, params: Mapping[str, Any] | None) -> AsyncGenerator[Event, None]:
        """After a stream ended: reconnect until the run is over and all its events were read."""
        tries, end = 0, None
        while self._torn or (end := await self._verdict()) is None:
            # There is no limit for a run that is silent and still running.
            if self._progressed or (self._stood and end is None):
                tries, self._progressed = 0, False
            if not self._may_try(end, tries):
                break
            seconds = self.retry.pause(tries, self._trouble)
            exception = self._why()
            self._say(f"cut, again in {seconds:.1f} s: {exception}")
            tries += 1
            # A stream that ends without an error is not reported: often the run's status changes
            # just after it, and some proxies close long responses.
            loud = bool(self._trouble) or tries > 1
            if loud:
                yield Reconnecting(
                    event="reconnecting", exception=exception, seconds=seconds, tries=tries
                )
            await wait(seconds, self.hurry)
            if self._torn and (end := await self._verdict()) and not self._torn:
                break
            async with aclosing(self._rejoin(params, loud=loud)) as events:
                async for event in events:
                    yield event
        if self._torn and end:
            yield _reconnected()
        yield end or self._end(Outcome.LOST, exception=self._why())

    def _may_try(self, end: RunEnd | None, tries: int) -> bool:
        if end is None:
            return tries < self.retry.tries
        return tries < _LAST_TRIES and bool(self._trouble and self._trouble.retryable)

    async def _rejoin(
        self, params: Mapping[str, Any] | None, *, loud: bool
    ) -> AsyncGenerator[Event, None]:
        """Join again; report it at once if `loud`, else with the first new event."""
        greeting, told = _reconnected(), loud
        try:
            async with aclosing(self._join(params, greeting=greeting)) as events:
                async for event in events:
                    if event is greeting:
                        self._say("resumed")
                        if not told:
                            continue
                    elif not told:
                        told = True
                        yield greeting
                    yield event
        except LangGraphError as refused:
            self._tear(refused)

    def _join(
        self, params: Mapping[str, Any] | None, *, greeting: Event | None = None
    ) -> AsyncGenerator[Event, None]:
        """Open the run's stream after the last event that was read.

        The path is made here, not taken from the server's ``Location``: that may name another
        origin, which must not get the key, and it ignores a proxy's path prefix.
        """
        path = self._path(self.run_id, "stream")
        headers = None
        if cursor := self.heard.cursor:
            headers = {"last-event-id": cursor}
            self.heard.rejoin()
        return self._read("GET", *path, params=params, headers=headers, greeting=greeting)

    def _path(self, *rest: str) -> tuple[str, ...]:
        of_thread = () if self.thread_id is None else ("threads", self.thread_id)
        return (*of_thread, "runs", *rest)

    async def _read(
        self,
        method: str,
        *path: str,
        body: Json | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        greeting: Event | None = None,
    ) -> AsyncGenerator[Event, None]:
        """Yield `greeting` and the events of one response; raise only where it was not opened."""
        silence = self.retry.silence
        opened: float | None = None
        try:
            async with self.http.stream(
                method,
                *path,
                body=body,
                params=params,
                headers={**(self.headers or {}), **(headers or {})},
                silence=silence,
                gate=self.gate,
            ) as response:
                opened = time.monotonic()
                self._trouble, self._torn = None, False
                self._created(run_id_of(response.headers))
                if greeting:
                    yield greeting
                async with aclosing(read_events(response, requested=self.requested)) as events:
                    async for event in events:
                        if event.event == "end":
                            self._ended = self._progressed = True
                            return
                        if self.heard.has(event):
                            continue
                        self._progressed = True
                        yield self._noted(event)
        except UnreachableError as broken:
            if opened is None:
                raise
            self._tear(broken)
        finally:
            self._stood = opened is not None and time.monotonic() - opened >= silence

    def _noted(self, event: Event) -> Event:
        if isinstance(event, Metadata):
            self._created(event.run_id)
            self._error = None
            # After a restart the server repeats the run and counts from 1.
            self._attempt = max(event.attempt, self._attempt + 1)
            if event.attempt != self._attempt:
                return replace(event, attempt=self._attempt)
        elif isinstance(event, RunError):
            self._error = event
        return event

    def _created(self, run_id: str) -> None:
        if run_id and not self.run_id:
            self.run_id = run_id
            if self.on_run_created:
                of_thread = {} if self.thread_id is None else {"thread_id": self.thread_id}
                self.on_run_created(RunCreated(run_id=run_id, **of_thread))

    def _tear(self, trouble: LangGraphError) -> None:
        self._trouble, self._torn = trouble, True

    async def _verdict(self) -> RunEnd | None:
        """How the run ended, or None while it is running or its status cannot be requested."""
        if not self.run_id or self.thread_id is None:
            return self._verdict_without_a_status()
        try:
            async with asyncio.timeout(self.retry.silence):
                run = await self.http.get(*self._path(self.run_id), headers=self.headers)
        except TimeoutError:
            self._trouble = UnreachableError(cause=Cause.READ_TIMEOUT)
            return None
        except (NotFoundError, UnsupportedError):
            return self._unknown()
        except LangGraphError as error:
            self._trouble = error
            if (isinstance(error, StatusError) and not error.retryable) or self.http.is_closed:
                self._torn = False
                return self._end(Outcome.LOST, exception=error)
            return None
        return await self._judge(run.get("status") if isinstance(run, dict) else None)

    async def _judge(self, status: str | None) -> RunEnd | None:
        if status in ACTIVE or status is None:
            return None
        if status in {"error", "timeout"}:
            return self._end(Outcome.FAILED, await self._failure() or status)
        # A run that paused for a person counts as a success; only the thread tells.
        if status == "interrupted":
            return self._end(Outcome.INTERRUPTED)
        if (await self._thread()).get("status") == "interrupted":
            return replace(self._end(Outcome.INTERRUPTED), waits=True)
        return self._end(Outcome.FINISHED)

    def _verdict_without_a_status(self) -> RunEnd | None:
        """The same for a run whose status cannot be requested: from its stream alone."""
        if not self.run_id or (self._trouble and not self._trouble.retryable):
            return self._unknown()
        if self._torn:
            return None
        if self._error:
            return self._end(Outcome.FAILED, self._error.message or self._error.error)
        return self._end(Outcome.FINISHED)

    def _unknown(self) -> RunEnd:
        """The end of a run that the server does not know and has no more events of."""
        self._torn = False
        error = self._error
        gone = error is not None and "run not found" in error.message.lower()
        if self.run_id in self.cancelled:
            return self._end(Outcome.INTERRUPTED)
        if error and not gone:
            return self._end(Outcome.FAILED, error.message or error.error)
        if self._ended and not gone:
            return self._end(Outcome.FINISHED)
        if error:
            return self._end(Outcome.LOST, error.message)
        return self._end(Outcome.LOST, exception=self._why())

    async def _failure(self) -> str:
        if self._error:
            return self._error.message or self._error.error
        error = (await self._thread()).get("error")
        if isinstance(error, dict):
            error = error.get("message") or error.get("error")
        return str(error or "")

    async def _thread(self) -> Json:
        try:
            return await self.http.get("threads", self.thread_id or "", headers=self.headers)
        except LangGraphError:
            return {}

    def _why(self) -> LangGraphError:
        return self._trouble or UnreachableError(cause=Cause.STREAM_ENDED)

    def _say(self, what: str) -> None:
        _log.info("thread %s, run %s: %s", self.thread_id, self.run_id, what)

    def _end(
        self, outcome: Outcome, error: str = "", *, exception: LangGraphError | None = None
    ) -> RunEnd:
        return RunEnd(
            event="end", outcome=outcome, run_id=self.run_id, error=error, exception=exception
        )


def _reconnected() -> Event:
    return Event(event="reconnected")


def run_id_of(headers: Mapping[str, str]) -> str:
    """The run a response is about, or empty. ``Content-Location`` and ``Location`` name it."""
    for name in ("content-location", "location"):
        if found := re.search(r"/runs/([^/?#]+)", headers.get(name, "")):
            return found[1]
    return ""
