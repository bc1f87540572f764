"""Following one run to its end, through broken connections.

A stream that closes says nothing: the server of today sends no terminal event, a cancelled run just
stops, and a cut connection looks the same. So after every silence the run itself is asked, and only
its status ends the story, told in one last `RunEnd`. A rejoined stream may lack or repeat events
(ids are milliseconds on the dev server), hence the ``reconnected`` event: who reads on reconciles.
"""

from __future__ import annotations

import asyncio
import random
import re
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from chat_app.client.errors import (
    LangGraphError,
    NotFoundError,
    StatusError,
    UnreachableError,
    UnsupportedError,
)
from chat_app.client.events import Event, Metadata, Outcome, RunEnd, RunError
from chat_app.client.repeats import Repeats
from chat_app.client.sse import read_events

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Container, Mapping, Sequence

    from chat_app.client.http import Http
    from chat_app.client.schema import Json

FROM_THE_START = "-1"
"""A ``Last-Event-ID`` that sorts below every id: the server replays all it still has."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How hard to hold on to a run whose stream broke. Times are in seconds."""

    tries: int = 5
    """Reconnections in a row that brought no event."""
    pauses: tuple[float, ...] = (0.5, 1, 2, 4)
    """Before each of them; the last one repeats."""
    jitter: float = 0.25
    """The part by which a pause may be longer, so that many watchers do not return at once."""
    silence: float = 30
    """Without a byte for so long a stream is dead: the server's heartbeat comes every 5."""

    def pause(self, tries: int) -> float:
        base = self.pauses[min(tries, len(self.pauses) - 1)]
        return base * (1 + self.jitter * random.random())  # noqa: S311 - spreads load, no secret


@dataclass(slots=True, kw_only=True)
class Follow:
    """One run's stream. Use either `start` or `join`, once."""

    http: Http
    thread_id: str
    requested: Sequence[str]
    """The stream modes asked for: see `decode`."""
    cursor: str | None
    """The id of the last event that is known."""
    patience: Patience
    cancelled: Container[str]
    """Runs that were stopped on purpose: that one of them is gone is no loss."""
    on_run_created: Callable[[str], None] | None = None
    run_id: str = field(default="", init=False)
    _error: RunError | None = field(default=None, init=False)
    _ended: bool = field(default=False, init=False)
    _progressed: bool = field(default=False, init=False)
    _trouble: str = field(default="", init=False)

    def start(self, body: Json) -> AsyncGenerator[Event, None]:
        """Start a run and follow it.

        Raises:
            LangGraphError: the run could not be started; never after the first event.
        """
        return self._follow(self._read("POST", *self._path("stream"), body=body), None)

    def join(
        self, run_id: str, *, params: Mapping[str, Any] | None = None
    ) -> AsyncGenerator[Event, None]:
        """Follow a run that exists.

        Raises:
            LangGraphError: the stream could not be opened; never after the first event.
        """
        self.run_id = run_id
        return self._follow(self._rejoin(params), params)

    async def _follow(
        self, first: AsyncGenerator[Event, None], params: Mapping[str, Any] | None
    ) -> AsyncGenerator[Event, None]:
        for stretch in (first, self._hold_on(params)):
            async with aclosing(stretch) as events:
                async for event in events:
                    yield event

    async def _hold_on(self, params: Mapping[str, Any] | None) -> AsyncGenerator[Event, None]:
        """After a stream stopped: reconnect until the run is over or patience is."""
        tries = 0
        while (end := await self._verdict()) is None:
            if self._progressed:
                tries, self._progressed = 0, False
            if tries == self.patience.tries:
                end = self._end(Outcome.LOST, self._trouble)
                break
            await asyncio.sleep(self.patience.pause(tries))
            tries += 1
            # A run is often marked as over just after its stream closed.
            if (end := await self._verdict()) is not None:
                break
            try:
                async with aclosing(self._rejoin(params, reconnected=True)) as events:
                    async for event in events:
                        yield event
            except LangGraphError as refused:
                self._trouble = str(refused)
        yield end

    def _rejoin(
        self, params: Mapping[str, Any] | None, *, reconnected: bool = False
    ) -> AsyncGenerator[Event, None]:
        """Open the run's stream at the cursor.

        The path is our own, not the server's ``Location``: that may name another origin, which
        must not get the key, and it ignores a prefix under which a proxy serves the API.
        """
        headers = {"last-event-id": self.cursor} if self.cursor else None
        path = self._path(self.run_id, "stream")
        return self._read("GET", *path, params=params, headers=headers, reconnected=reconnected)

    def _path(self, *rest: str) -> tuple[str, ...]:
        return ("threads", self.thread_id, "runs", *rest)

    async def _read(
        self,
        method: str,
        *path: str,
        body: Json | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        reconnected: bool = False,
    ) -> AsyncGenerator[Event, None]:
        """Yield what one response brings; raise only where it could not be opened."""
        opened = False
        repeats = Repeats() if headers else None
        try:
            async with self.http.stream(
                method,
                *path,
                body=body,
                params=params,
                headers=headers,
                silence=self.patience.silence,
            ) as response:
                opened = True
                self._created(run_id_of(response.headers))
                if reconnected:
                    yield Event(event="reconnected")
                async with aclosing(read_events(response, requested=self.requested)) as events:
                    async for event in events:
                        self._progressed = True
                        if event.event == "end":
                            self._ended = True
                            return
                        if repeats and repeats.has(event):
                            continue
                        self._note(event)
                        yield event
        except UnreachableError as broken:
            if not opened:
                raise
            self._trouble = str(broken)
            # Heartbeats may get lost in a proxy: a quiet run costs no try while it runs.
            self._progressed |= isinstance(broken.__cause__, httpx.ReadTimeout)

    def _note(self, event: Event) -> None:
        self.cursor = event.id or self.cursor
        if isinstance(event, Metadata):
            self._created(event.run_id)
            self._error = None
        elif isinstance(event, RunError):
            self._error = event

    def _created(self, run_id: str) -> None:
        if run_id and not self.run_id:
            self.run_id = run_id
            if self.on_run_created:
                self.on_run_created(run_id)

    async def _verdict(self) -> RunEnd | None:
        """How the run ended, or None while it goes on or cannot be asked about."""
        if not self.run_id:
            return self._unknown()
        try:
            run = await self.http.get(*self._path(self.run_id))
        except (NotFoundError, UnsupportedError):
            return self._unknown()
        except LangGraphError as error:
            self._trouble = str(error)
            final = isinstance(error, StatusError) and not error.retryable
            return self._end(Outcome.LOST, self._trouble) if final else None
        return await self._judge(run.get("status") if isinstance(run, dict) else None)

    async def _judge(self, status: str | None) -> RunEnd | None:
        if status in {"pending", "running", None}:
            return None
        if status in {"error", "timeout"}:
            return self._end(Outcome.FAILED, await self._failure() or status)
        # A run that paused for a person counts as a success; only the thread tells.
        if status == "interrupted" or (await self._thread()).get("status") == "interrupted":
            return self._end(Outcome.INTERRUPTED)
        return self._end(Outcome.FINISHED)

    def _unknown(self) -> RunEnd:
        """The end of a run the server has no record of."""
        error = self._error
        gone = error is not None and "run not found" in error.message.lower()
        if self.run_id in self.cancelled:
            return self._end(Outcome.INTERRUPTED)
        if error and not gone:
            return self._end(Outcome.FAILED, error.message or error.error)
        if self._ended and not gone:
            return self._end(Outcome.FINISHED)
        return self._end(Outcome.LOST, error.message if error else self._trouble)

    async def _failure(self) -> str:
        if self._error:
            return self._error.message or self._error.error
        error = (await self._thread()).get("error")
        if isinstance(error, dict):
            error = error.get("message") or error.get("error")
        return str(error or "")

    async def _thread(self) -> Json:
        try:
            return await self.http.get("threads", self.thread_id)
        except LangGraphError:
            return {}

    def _end(self, outcome: Outcome, error: str = "") -> RunEnd:
        return RunEnd(event="end", outcome=outcome, run_id=self.run_id, error=error)


def run_id_of(headers: Mapping[str, str]) -> str:
    """The run a response is about, or empty. ``Content-Location`` and ``Location`` name it."""
    for name in ("content-location", "location"):
        if found := re.search(r"/runs/([^/?#]+)", headers.get(name, "")):
            return found[1]
    return ""
