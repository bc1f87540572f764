"""A server of another kind or age: a real one behind it, requests and answers changed on the way.

``with listening(Server2024(url)) as url``: what is asked there goes to the real server at the first
`url`. A subclass of `Gateway` says what is different.
"""

from __future__ import annotations

import json
import threading
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn
from httpx_sse import EventSource
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Generator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

_PATIENCE = 30.0
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_HEADERS_OF_ONE_HOP = {"host", "connection", "content-length", "accept-encoding"}


@dataclass
class Asked:
    """One request, to be changed at will."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    headers: dict[str, str]

    @property
    def starts_run(self) -> bool:
        ends = self.path.split("/")[-2:]
        return self.method == "POST" and "runs" in ends and ends[-1] in {"runs", "stream", "wait"}


@dataclass
class Sent:
    """One server-sent event; nothing is sent of an `id` that is empty."""

    event: str
    data: Any
    id: str = ""

    def encode(self) -> bytes:
        lines = [f"event: {self.event}", f"data: {json.dumps(self.data)}"]
        return "\r\n".join([*lines, *([f"id: {self.id}"] if self.id else []), "", ""]).encode()


class Refusal(Exception):  # noqa: N818 - an answer
    """Raised by `Gateway.request`: the server's answer, without asking the one behind it."""

    def __init__(self, status: int, detail: Any) -> None:
        super().__init__(status, detail)
        self.response = JSONResponse({"detail": detail}, status)


class Lost(Exception):  # noqa: N818 - no error of the gateway
    """Raised by `Gateway.request` and `Gateway.answered`: the connection breaks instead."""


class Gateway:
    """Passes everything on as it is."""

    hidden_headers: frozenset[str] = frozenset()
    """Headers of answers that are left out, in lower case."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self.requests: list[Asked] = []
        """What came in, as it was before it was changed."""

    async def request(self, asked: Asked) -> None:
        """Change a request.

        Raises:
            Refusal: it is answered with that.
        """

    async def answered(self, asked: Asked) -> None:
        """The server has answered, or begun to, and nothing of it was passed on yet."""

    async def answer(self, asked: Asked, body: Any) -> Any:
        """Change the JSON of an answer."""
        return body

    async def events(self, asked: Asked, sent: AsyncIterator[Sent]) -> AsyncIterator[Sent]:
        """Change what a run streams."""
        async for event in sent:
            yield event

    def app(self) -> ASGIApp:
        route = Route("/{path:path}", self._serve, methods=_METHODS)
        starlette = Starlette(routes=[route], lifespan=self._connected)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            # ASGI has no way to break a connection: uvicorn's `send` belongs to one.
            scope["break"] = getattr(getattr(send, "__self__", None), "transport", None)
            await starlette(scope, receive, send)

        return app

    @asynccontextmanager
    async def _connected(self, _: Starlette) -> AsyncGenerator[None]:
        timeout = httpx.Timeout(60, read=None)
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(
            base_url=self._upstream, timeout=timeout, limits=limits, trust_env=False
        ) as client:
            self._client = client
            yield

    async def _serve(self, request: Request) -> Response:
        asked = await _asked(request)
        self.requests.append(await _asked(request))
        try:
            await self.request(asked)
        except Refusal as refusal:
            return refusal.response
        except Lost:
            return _broken(request)
        sent = self._client.build_request(
            asked.method,
            asked.path,
            params=asked.query,
            json=asked.body,
            headers=asked.headers,
        )
        response = await self._client.send(sent, stream=True)
        try:
            await self.answered(asked)
        except (Refusal, Lost) as lost:
            await response.aclose()
            return lost.response if isinstance(lost, Refusal) else _broken(request)
        kept = {
            name: value
            for name, value in response.headers.items()
            if name in {"location", "content-location"} and name not in self.hidden_headers
        }
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            events = self._events(asked, response)
            return StreamingResponse(events, media_type="text/event-stream", headers=kept)
        raw = await response.aread()
        await response.aclose()
        if not response.is_success or not raw:
            return Response(raw, response.status_code, kept, response.headers.get("content-type"))
        body = await self.answer(asked, json.loads(raw))
        return JSONResponse(body, response.status_code, kept)

    async def _events(self, asked: Asked, response: httpx.Response) -> AsyncIterator[bytes]:
        try:
            async for event in self.events(asked, _sent(response)):
                yield event.encode()
        finally:
            await response.aclose()


def _broken(request: Request) -> Response:
    request.scope["break"].abort()
    return Response()  # which is not sent any more


async def _asked(request: Request) -> Asked:
    raw = await request.body()
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    headers = {n: v for n, v in request.headers.items() if n not in _HEADERS_OF_ONE_HOP}
    return Asked(request.method, request.url.path, query, json.loads(raw) if raw else None, headers)


async def _sent(response: httpx.Response) -> AsyncIterator[Sent]:
    async for frame in EventSource(response).aiter_sse():
        if frame.data or frame.event != "message":
            yield Sent(frame.event, json.loads(frame.data or "null"), frame.id)


@contextmanager
def listening(gateway: Gateway) -> Generator[str]:
    """The URL at which the gateway listens within the block."""
    config = uvicorn.Config(
        gateway.app(), port=0, log_level="warning", timeout_graceful_shutdown=1, lifespan="on"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="gateway", daemon=True)
    thread.start()
    deadline = time.monotonic() + _PATIENCE
    while not server.started:
        if time.monotonic() > deadline or not thread.is_alive():
            raise RuntimeError("the gateway did not start")
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
