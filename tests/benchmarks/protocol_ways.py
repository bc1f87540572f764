"""The two ways of reading an answer, with the same connections underneath, and what each costs."""

from __future__ import annotations

import asyncio
import os
import time
from abc import ABC, abstractmethod
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import httpx

from chat_app.client.events import MessageDelta
from chat_app.client.modes import FOR_A_CHAT
from chat_app.client.wire import Wire
from tests.benchmarks.protocol_features import said
from tests.helpers.event_protocol import EventThread, begins, delta_of, ends

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from chat_app.client import LangGraphClient
    from tests.helpers.faults import FaultyProxy
    from tests.helpers.server import Server

GRAPH = "stamped"
_TICKS = os.sysconf("SC_CLK_TCK")
_PAUSE = 0.03
"""Seconds before a cut stream is opened again: the first of `QUICK`, with which the other reads."""


@dataclass
class Mark:
    """What was spent until now, in seconds, requests and bytes."""

    server: float
    reader: float
    requests: int
    bytes: int


@dataclass
class Traffic:
    """Of one way: requests, and the bytes of their answers' bodies."""

    requests: int = 0
    bytes: int = 0

    def mark(self, server: Server) -> Mark:
        return Mark(_processor(server.process.pid), time.process_time(), self.requests, self.bytes)


@dataclass
class Heard:
    """One answer as a reader got it. Times are in milliseconds."""

    number: int
    """How many tokens there are."""
    tokens: list[tuple[int, float]] = field(default_factory=list)
    """The number of each token that came, and its lag."""
    first: float = 0
    pauses: list[float] = field(default_factory=list)
    """From each cut until a token came that had left after it."""
    requests: int = 0
    bytes: int = 0
    server_ms: float = 0
    reader_ms: float = 0

    @property
    def lost(self) -> int:
        return self.number - len({number for number, _ in self.tokens})

    @property
    def doubled(self) -> int:
        return len(self.tokens) - len({number for number, _ in self.tokens})

    @property
    def pause(self) -> float:
        return median(self.pauses) if self.pauses else 0

    def lag(self, part: float) -> float:
        lags = sorted(lag for _, lag in self.tokens)
        return lags[min(len(lags) - 1, int(part * len(lags)))]

    def spent(self, before: Mark, after: Mark) -> None:
        self.requests = after.requests - before.requests
        self.bytes = after.bytes - before.bytes
        self.server_ms = 1000 * (after.server - before.server)
        self.reader_ms = 1000 * (after.reader - before.reader)


class Way(ABC):
    """Reads answers of the graph ``stamped``."""

    traffic: Traffic
    _client: LangGraphClient

    @abstractmethod
    def opened(self, thread_id: str) -> Any:
        """A context in which the thread is on the screen: what is open beside the answers."""

    @abstractmethod
    def stream(self, thread_id: str, words: str) -> AsyncGenerator[str, None]:
        """Start a run and yield the texts of its tokens until it is known how it ended."""

    @abstractmethod
    def joined(self, thread_id: str, run_id: str) -> AsyncGenerator[str, None]:
        """The texts of the tokens of a run under way, from its first one on."""

    @abstractmethod
    async def begin(self, thread_id: str, words: str) -> tuple[str, asyncio.Task[None]]:
        """Start a run; its id, and what is done when the run is."""

    async def new_thread(self) -> str:
        return (await self._client.threads.create())["thread_id"]

    async def answer(
        self,
        thread_id: str,
        words: str,
        server: Server,
        proxy: FaultyProxy | None = None,
        every: int = 0,
    ) -> Heard:
        """Ask for an answer and read it; `proxy` cuts the connection `every` so many tokens."""
        heard = Heard(int(words.split(maxsplit=1)[0]))
        before, begun = self.traffic.mark(server), time.perf_counter()
        cut_at = 0
        async with aclosing(self.stream(thread_id, words)) as texts:
            async for text in texts:
                number, left, now = *_token(text), time.time_ns()
                if not heard.tokens:
                    heard.first = 1000 * (time.perf_counter() - begun)
                heard.tokens.append((number, (now - left) / 1e6))
                if cut_at and left > cut_at:  # what left before may have been on its way here
                    heard.pauses.append((now - cut_at) / 1e6)
                    cut_at = 0
                if proxy and every and number and number % every == 0 and not cut_at:
                    await asyncio.to_thread(proxy.cut)
                    cut_at = time.time_ns()
        heard.spent(before, self.traffic.mark(server))
        return heard

    async def join(self, thread_id: str, run_id: str, after: int) -> Heard:
        """Come to a run when it has written `after` tokens, and read until a token is new."""
        heard = Heard(after)
        async with aclosing(self.joined(thread_id, run_id)) as texts:
            async for text in texts:
                if _token(text)[0] >= after:
                    break
        before, begun, begun_ns = self.traffic.bytes, time.perf_counter(), time.time_ns()
        async with aclosing(self.joined(thread_id, run_id)) as texts:
            async for text in texts:
                if _token(text)[1] > begun_ns:
                    break
        heard.pauses = [1000 * (time.perf_counter() - begun)]
        heard.bytes = self.traffic.bytes - before
        return heard


class Old(Way):
    """The protocol in use, by the app's own client; a thread's starts and ends are told beside."""

    def __init__(self, client: LangGraphClient, traffic: Traffic) -> None:
        self._client, self.traffic = client, traffic

    @asynccontextmanager
    async def opened(self, thread_id: str) -> AsyncGenerator[None]:
        stands = asyncio.Event()

        async def listen() -> None:
            while True:
                with suppress(Exception):
                    async for _ in self._client.threads.lifecycle(thread_id, silence=30):
                        stands.set()
                await asyncio.sleep(_PAUSE)

        async with _beside(listen(), stands):
            yield

    async def stream(self, thread_id: str, words: str) -> AsyncGenerator[str, None]:
        options: Any = {**FOR_A_CHAT, "on_disconnect": "continue", "input": said(words)}
        async with aclosing(self._client.runs.stream(thread_id, GRAPH, **options)) as events:
            async for event in events:
                if isinstance(event, MessageDelta) and (text := event.message.get("content")):
                    yield text

    async def joined(self, thread_id: str, run_id: str) -> AsyncGenerator[str, None]:
        joining = self._client.runs.join_stream(thread_id, run_id, last_event_id="-1")
        async with aclosing(joining) as events:
            async for event in events:
                if isinstance(event, MessageDelta) and (text := event.message.get("content")):
                    yield text

    async def begin(self, thread_id: str, words: str) -> tuple[str, asyncio.Task[None]]:
        options: Any = {**FOR_A_CHAT, "input": said(words)}
        run = await self._client.runs.create(thread_id, GRAPH, **options)
        return run["run_id"], asyncio.create_task(self._join(thread_id, run["run_id"]))

    async def _join(self, thread_id: str, run_id: str) -> None:
        await self._client.runs.join(thread_id, run_id)


class New(Way):
    """The newer protocol: one stream for an open thread, and a command for each run."""

    def __init__(self, client: LangGraphClient, http: httpx.AsyncClient, traffic: Traffic) -> None:
        self._client, self._http, self.traffic = client, http, traffic
        self._heard: dict[str, asyncio.Queue[dict[str, Any]]] = {}

    @asynccontextmanager
    async def opened(self, thread_id: str) -> AsyncGenerator[None]:
        queue = self._heard[thread_id] = asyncio.Queue()
        stands = asyncio.Event()

        async def listen() -> None:
            since: int | None = None
            thread = EventThread(self._http, thread_id)
            while True:
                with suppress(httpx.TransportError):
                    async with aclosing(thread.events(since=since, stands=stands)) as events:
                        async for event in events:
                            since = event["seq"]
                            queue.put_nowait(event)
                await asyncio.sleep(_PAUSE)

        async with _beside(listen(), stands):
            yield
        del self._heard[thread_id]

    async def stream(self, thread_id: str, words: str) -> AsyncGenerator[str, None]:
        run_id = await EventThread(self._http, thread_id).start(GRAPH, input=said(words))
        has_begun = False
        while True:
            event = await self._heard[thread_id].get()
            has_begun = has_begun or begins(event, run_id)
            if has_begun and (text := delta_of(event)):
                yield text
            if ends(event, run_id):
                return

    async def joined(self, thread_id: str, run_id: str) -> AsyncGenerator[str, None]:
        has_begun = False
        async with aclosing(EventThread(self._http, thread_id).events()) as events:
            async for event in events:
                has_begun = has_begun or begins(event, run_id)
                if has_begun and (text := delta_of(event)):
                    yield text

    async def begin(self, thread_id: str, words: str) -> tuple[str, asyncio.Task[None]]:
        run_id = await EventThread(self._http, thread_id).start(GRAPH, input=said(words))
        return run_id, asyncio.create_task(self._join(thread_id, run_id))

    async def _join(self, thread_id: str, run_id: str) -> None:
        await self._client.runs.join(thread_id, run_id)


@asynccontextmanager
async def _beside(work: Any, stands: asyncio.Event) -> AsyncGenerator[None]:
    task = asyncio.create_task(work)
    try:
        await asyncio.wait_for(stands.wait(), 30)
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def counted(traffic: Traffic) -> httpx.AsyncBaseTransport:
    """The app's transport for streams, with a count of what goes through."""
    return _Counted(traffic)


class _Counted(Wire):
    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._traffic.requests += 1
        response = await super().handle_async_request(request)
        response.stream = _Body(response.stream, self._traffic)
        return response


class _Body(httpx.AsyncByteStream):
    def __init__(self, body: Any, traffic: Traffic) -> None:
        self._body, self._traffic = body, traffic

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._body:
            self._traffic.bytes += len(piece)
            yield piece

    async def aclose(self) -> None:
        await self._body.aclose()


def _token(text: str) -> tuple[int, int]:
    """The number of a token, and when it left, in nanoseconds."""
    number, _, left = text.strip().partition("@")
    return int(number), int(left)


def _processor(pid: int) -> float:
    """User and system time of a process in seconds: see proc(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
